"""Connect: contact centres, the functions and bots of their flows, and where records go.

Source: https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Reader, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

INSTANCE = "connect.instance"
GONE = frozenset({"ResourceNotFoundException"})
STARTS = (
    "connect:CreateContact",
    "connect:StartChatContact",
    "connect:StartEmailContact",
    "connect:StartOutboundChatContact",
    "connect:StartOutboundEmailContact",
    "connect:StartOutboundVoiceContact",
    "connect:StartTaskContact",
    "connect:StartWebRTCContact",
)
# All but ``MEDIA_STREAMS``: video streams carry no events on.
STORED = (
    "AGENT_EVENTS",
    "ATTACHMENTS",
    "CALL_RECORDINGS",
    "CHAT_TRANSCRIPTS",
    "CONTACT_EVALUATIONS",
    "CONTACT_TRACE_RECORDS",
    "EMAIL_MESSAGES",
    "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS",
    "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS",
    "SCHEDULED_REPORTS",
    "SCREEN_RECORDINGS",
)

service = Service(
    client="connect",
    title="Amazon Connect",
    rate=1.0,  # of 2/s for each call
    source="https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html",
    kinds=(Kind(INSTANCE, "Connect instance", Part.CHANNEL),),
    # IAM knows a contact by its flow, ``instance/<id>/contact-flow/<id>``, or by the instance.
    writes=(
        Write("start flow", INSTANCE, STARTS, keyed="/", key_at=("flow",)),
        Write("start", INSTANCE, STARTS),
    ),
    edges=("connect.lambda", "connect.storage"),
)

instances = Call("list_instances", items="InstanceSummaryList")
functions = Call(
    "list_lambda_functions",
    items="LambdaFunctions",
    for_each=instances,
    parameters={"InstanceId": Of("Id")},
    gone=GONE,
    names=itemgetter("Arn"),
)
bots = Call(
    "list_bots",
    items="LexBots",
    for_each=instances,
    parameters={"InstanceId": Of("Id"), "LexVersion": "V2"},
    gone=GONE,
    names=itemgetter("Arn"),
)


def _storage(what: str) -> Call:
    return Call(
        "list_instance_storage_configs",
        items="StorageConfigs",
        for_each=instances,
        parameters={"InstanceId": Of("Id"), "ResourceType": what},
        gone=GONE,
        names=itemgetter("Arn"),
    )


@service.reads(instances)
def instance(here: Here, item: Item) -> Iterator[Fact]:
    """A contact centre."""
    yield resource(here, item["Arn"], INSTANCE)


@service.reads(functions)
def function(here: Here, arn: str, instance: Item) -> Iterator[Fact]:
    """A function that flows of the instance may invoke."""
    yield delivery(instance["Arn"], arn, Meaning.TRIGGERS, "connect.lambda")


@service.reads(bots)
def bot(here: Here, item: Item, instance: Item) -> Iterator[Fact]:
    """A bot that flows of the instance may hand a conversation to."""
    if alias := item.get("LexV2Bot", {}).get("AliasArn"):
        yield delivery(instance["Arn"], alias, Meaning.FORWARDS, "connect.lambda")


def _stored(what: str) -> Reader:
    """A reader of where one kind of records goes."""

    def storage(here: Here, item: Item, instance: Item) -> Iterator[Fact]:
        prefix = ""
        if bucket := item.get("S3Config"):
            target = f"arn:{here.partition}:s3:::{bucket['BucketName']}"
            prefix = bucket["BucketPrefix"]
        elif stream := item.get("KinesisStreamConfig"):
            target = stream["StreamArn"]
        elif firehose := item.get("KinesisFirehoseConfig"):
            target = firehose["FirehoseArn"]
        else:
            return
        source = instance["Arn"]
        yield delivery(
            source, target, Meaning.FORWARDS, "connect.storage", label=what, prefix=prefix
        )

    return storage


for what in STORED:
    service.reads(_storage(what))(_stored(what))
