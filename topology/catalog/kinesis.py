"""Kinesis: data streams, who else may write to them, and the channels that copy them to S3.

A consumer with fan-out of its own names a part of a stream: whatever polls it says so itself.

Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning

STREAM = "kinesis.stream"
GONE = frozenset({"ResourceNotFoundException"})
NO_CHANNELS = frozenset({"UnknownOperationException"})  # a region that has none yet
AT_REST = ("FAILED", "DELETING")

service = Service(
    client="kinesis",
    title="Amazon Kinesis Data Streams",
    rate=2.5,  # of 5/s for each of the list calls
    source="https://docs.aws.amazon.com/streams/latest/dg/controlling-access.html",
    kinds=(Kind(STREAM, "data stream", Part.CHANNEL),),
    writes=(Write("put", STREAM, ("kinesis:PutRecord", "kinesis:PutRecords")),),
    edges=("kinesis.channel",),
)

streams = Call("list_streams", items="StreamSummaries")
policies = Call(
    "get_resource_policy",
    for_each=streams,
    parameters={"ResourceARN": Of("StreamARN")},
    absent=GONE,  # also said of a stream without a policy
    names=itemgetter("StreamARN"),
)
channels = Call("list_channels", items="ChannelSummaries", absent=NO_CHANNELS)
channel_details = Call(
    "describe_channel",
    for_each=channels,
    parameters={"ChannelARN": Of("ChannelARN")},
    gone=GONE,
    names=itemgetter("ChannelARN"),
)


@service.reads(streams)
def stream(here: Here, item: Item) -> Iterator[Fact]:
    """A data stream."""
    yield resource(here, item["StreamARN"], STREAM)


@service.reads(policies)
def policy(here: Here, item: Item, stream: Item) -> Iterator[Fact]:
    """Who else may write to the stream; an empty document is none."""
    document = item.get("Policy")
    kept = None if document in ("", "{}") else document
    yield resource(here, stream["StreamARN"], STREAM, policy=kept)


@service.reads(channel_details)
def channel(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A channel copies its streams into a bucket or into tables, and what fails into a bucket."""
    known = item["ChannelDescription"]
    files = known.get("S3DestinationConfiguration", {})
    tables = known.get("S3TablesDestinationConfiguration", {})
    written = [files.get("StorageConfiguration", {}).get("BucketARN")]
    written += [each["TableBucketARN"] for each in tables.get("S3TablesConfigurationList", ())]
    failed = [
        each.get("DeadLetterQueueS3Configuration", {}).get("BucketARN") for each in (files, tables)
    ]
    for source in known.get("StreamConfigurationList", ()):
        for end in dict.fromkeys(filter(None, written)):
            yield _copied(known, source["StreamARN"], end, Meaning.WRITES)
        for end in filter(None, failed):
            yield _copied(known, source["StreamARN"], end, Meaning.ON_FAILURE, "/failed")


def _copied(channel: Item, stream: str, end: str, meaning: Meaning, suffix: str = "") -> Edge:
    status = channel.get("ChannelStatus")
    return delivery(
        stream,
        end,
        meaning,
        "kinesis.channel",
        label=f"{channel['ChannelName']}{suffix}",
        dormant=f"the channel is {status}" if status in AT_REST else "",
    )
