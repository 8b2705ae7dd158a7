"""SQS: queues and their dead-letter queues.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
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
    parameters={"QueueUrl": Of(), "AttributeNames": ["All"]},  # SQS refuses FIFO names elsewhere
    gone=frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}),
    names=lambda url: _place(url)[1],
)


# How long a message stays, how long it is hidden while somebody works on it, in seconds.
TIMES = {"visibility_timeout": "VisibilityTimeout", "retention": "MessageRetentionPeriod"}


@service.reads(queues)
def queue(here: Here, url: str) -> Iterator[Fact]:
    """A queue of the region being read."""
    account, name = _place(url)
    yield resource(here, f"arn:{here.partition}:sqs:{here.region}:{account}:{name}", QUEUE)


@service.reads(attributes)
def details(here: Here, item: Item, url: str) -> Iterator[Fact]:
    """Who else may send to the queue, and the queue that takes what could not be processed."""
    known = item["Attributes"]
    yield resource(
        here,
        known["QueueArn"],
        QUEUE,
        policy=known.get("Policy"),
        fifo=known.get("FifoQueue") == "true",
        **{name: int(known[key]) for name, key in TIMES.items() if key in known},
        **_redriving(known),
    )
    if known.get("RedrivePolicy"):
        yield from redrive(known["QueueArn"], known["RedrivePolicy"], "sqs.redrive")


def _redriving(attributes: Item) -> dict[str, object]:
    """After how many tries a message is given up, and which queues may leave theirs here."""
    found: dict[str, object] = {}
    with suppress(ValueError, TypeError, KeyError):  # a gap already, where the policy is malformed
        found["max_receives"] = int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])
    with suppress(ValueError, TypeError, KeyError):
        allowed = json.loads(attributes["RedriveAllowPolicy"])
        found["redrive_permission"] = str(allowed["redrivePermission"])
        found["redrive_sources"] = sorted(map(str, allowed.get("sourceQueueArns", ())))
    return found


def _place(url: str) -> tuple[str, str]:
    """Account and name: a queue's URL ends in them, whatever the host in front of it."""
    account, name = urlsplit(url).path.strip("/").split("/")
    return account, name


@service.carries("sqs.redrive")
def message(events: EventSet, edge: Edge, dead_letters: Resource) -> EventSet:
    """A message moves to the dead-letter queue as it is."""
    return events
