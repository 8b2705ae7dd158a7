"""Firehose: streams that transform records and write them where their configuration says.

Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology import arn as arns
from topology.catalog import firehose_destinations
from topology.catalog.firehose_destinations import described, host
from topology.catalog.s3 import BUCKET
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Unread, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet, Values
from topology.sets.strings import StringSet

STREAM = "firehose.stream"
AT_REST = ("CREATING_FAILED", "DELETING")

service = Service(
    client="firehose",
    title="Amazon Data Firehose",
    rate=2.5,  # of 5/s, which AWS does not raise
    source="https://docs.aws.amazon.com/firehose/latest/dev/limits.html",
    kinds=(Kind(STREAM, "Firehose stream", Part.CHANNEL),),
    writes=(Write("put", STREAM, ("firehose:PutRecord", "firehose:PutRecordBatch")),),
    edges=("firehose.source", "firehose.transform", "firehose.dest"),
)

streams = Call(
    "list_delivery_streams",
    items="DeliveryStreamNames",
    parameters={"Limit": 100},  # 10 otherwise
    token=("ExclusiveStartDeliveryStreamName", "DeliveryStreamNames[-1]"),
    more="HasMoreDeliveryStreams",
)
description = Call(
    "describe_delivery_stream",
    for_each=streams,
    parameters={"DeliveryStreamName": Of()},
    gone=frozenset({"ResourceNotFoundException"}),
    names=str,
)


@service.reads(streams)
def stream(here: Here, name: str) -> Iterator[Fact]:
    """A Firehose stream of the region being read."""
    arn = f"arn:{here.partition}:firehose:{here.region}:{here.account}:deliverystream/{name}"
    yield resource(here, arn, STREAM)


@service.reads(description)
def source(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """What the stream reads by itself: a data stream, a Kafka topic or a database."""
    known = item["DeliveryStreamDescription"]
    for start, label in _sources(known.get("Source", {})):
        yield delivery(
            start,
            known["DeliveryStreamARN"],
            Meaning.FORWARDS,
            "firehose.source",
            label=label,
            dormant=_dormant(known),
        )


@service.reads(description)
def transform(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """The functions that records go through; what they give back goes the stream's own way."""
    known = item["DeliveryStreamDescription"]
    for destination in known["Destinations"]:
        _, said = described(destination)
        processing = said.get("ProcessingConfiguration", {})
        off = "" if processing.get("Enabled") else "the transformation of records is switched off"
        for function in _functions(processing):
            yield delivery(
                known["DeliveryStreamARN"],
                function,
                Meaning.TRIGGERS,
                "firehose.transform",
                dormant=_dormant(known) or off,
            )


@service.reads(description)
def destinations(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """Where records go, and where those go that cannot be delivered."""
    known = item["DeliveryStreamDescription"]
    arn = known["DeliveryStreamARN"]
    for destination in known["Destinations"]:
        yield from firehose_destinations.destinations(here, arn, destination)
    if known.get("HasMoreDestinations"):
        yield Unread(arn, "MoreDestinations", "the stream has destinations that were not shown")


@service.carries("firehose.dest")
def an_object(events: EventSet, edge: Edge, bucket: Resource) -> EventSet:
    """Many records are one object; its key begins with the fixed part of the prefix, if told.

    Source: https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
    """
    if not _is_bucket(bucket):
        return EventSet.anything()
    names = ("ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload")
    known: dict[tuple[str, ...], StringSet | Values] = {("eventName",): strings.one_of(names)}
    if "prefix" in edge.attributes:
        known["s3", "object", "key"] = _beginning(str(edge.attributes["prefix"]))
    return EventSet.scalars(known)


def _is_bucket(end: Resource) -> bool:
    """A bucket, also one that was not read; no log group, no database and no web address."""
    return end.kind == BUCKET or (arns.is_arn(end.arn) and arns.parse(end.arn).service == "s3")


def _beginning(prefix: str) -> StringSet:
    """How keys begin: with the prefix up to its first expression, or with a year."""
    if not prefix:
        return strings.union(strings.prefix(digit) for digit in "0123456789")
    fixed, _, _ = prefix.partition("!{")
    return strings.prefix(fixed)


def _dormant(known: Item) -> str:
    status = known.get("DeliveryStreamStatus")
    return f"the stream is {status}" if status in AT_REST else ""


def _sources(known: Item) -> Iterator[tuple[str, str]]:
    """What is read, and the name of the part that is: a topic of a cluster."""
    if "KinesisStreamSourceDescription" in known:
        yield known["KinesisStreamSourceDescription"]["KinesisStreamARN"], ""
    if "MSKSourceDescription" in known:
        cluster = known["MSKSourceDescription"]
        yield cluster["MSKClusterARN"], cluster.get("TopicName", "")
    if "DatabaseSourceDescription" in known:
        database = known["DatabaseSourceDescription"]
        yield host(f"{database['Type'].lower()}://{database['Endpoint']}"), ""


def _functions(processing: Item) -> Iterator[str]:
    for processor in processing.get("Processors", ()):
        for parameter in processor.get("Parameters", ()):
            if processor["Type"] == "Lambda" and parameter["ParameterName"] == "LambdaArn":
                yield parameter["ParameterValue"]
