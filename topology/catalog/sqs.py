"""SQS: queues and their dead-letter queues.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import redrive, resource
from topology.graph import Edge, Resource
from topology.sets.events import EventSet

QUEUE = "sqs.queue"

service = Service(
    client="sqs",
    title="Amazon SQS",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    kinds=(Kind(QUEUE, "SQS queue", Part.CHANNEL, guarded=True),),
    writes=(Write("send", QUEUE, ("sqs:SendMessage",)),),
    edges=("sqs.redrive",),
)

queues = Call(
    "list_queues",
    items="QueueUrls",
    parameters={"MaxResults": 1000},  # without it SQS gives no token and stops at 1,000
    omits_empty=True,
)
attributes = Call(
    "get_queue_attributes",
    for_each=queues,
    parameters={"QueueUrl": Of(), "AttributeNames": ["QueueArn", "Policy", "RedrivePolicy"]},
    gone=frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}),
    names=lambda url: _place(url)[1],
)


@service.reads(queues)
def queue(here: Here, url: str) -> Iterator[Fact]:
    """A queue of the region being read."""
    account, name = _place(url)
    yield resource(here, f"arn:{here.partition}:sqs:{here.region}:{account}:{name}", QUEUE)


@service.reads(attributes)
def details(here: Here, item: Item, url: str) -> Iterator[Fact]:
    """Who else may send to the queue, and the queue that takes what could not be processed."""
    known = item["Attributes"]
    yield resource(here, known["QueueArn"], QUEUE, policy=known.get("Policy"))
    if "RedrivePolicy" in known:
        yield from redrive(known["QueueArn"], known["RedrivePolicy"], "sqs.redrive")


def _place(url: str) -> tuple[str, str]:
    """Account and name: a queue's URL ends in them, whatever the host in front of it."""
    account, name = urlsplit(url).path.strip("/").split("/")
    return account, name


@service.carries("sqs.redrive")
def message(events: EventSet, edge: Edge, dead_letters: Resource) -> EventSet:
    """A message moves to the dead-letter queue as it is."""
    return events
