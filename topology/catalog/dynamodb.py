"""DynamoDB: tables, their live streams, their Kinesis streams, and their replicas.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from topology.catalog.service import (
    Call,
    Chosen,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import ANYTHING, Constraints, EventSet, Fields, Path, Values

TABLE = "dynamodb.table"
STREAM = "dynamodb.stream"
GONE = frozenset({"ResourceNotFoundException"})
NAME, KEYS = ("eventName",), ("dynamodb", "Keys")
WRITTEN = ("INSERT", "MODIFY")

# Who deletes what has expired: a record of it says so.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
EXPIRED: Constraints = {
    NAME: strings.literal("REMOVE"),
    ("userIdentity", "type"): strings.literal("Service"),
    ("userIdentity", "principalId"): strings.literal("dynamodb.amazonaws.com"),
}


def _records(*names: str) -> EventSet:
    return EventSet.scalars({NAME: strings.one_of(names)})


# Every record carries its item's keys. Several items of one request are judged together.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
PARTITION_KEY = Chosen(
    "dynamodb:LeadingKeys", ("dynamodb", "Keys", Of("partition_key"), "S"), together=True
)

service = Service(
    client="dynamodb",
    title="Amazon DynamoDB",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html",
    kinds=(
        Kind(TABLE, "DynamoDB table", Part.CHANNEL),
        Kind(STREAM, "DynamoDB stream", Part.CHANNEL),
    ),
    writes=(
        Write(
            "put",
            TABLE,
            (
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
                "dynamodb:BatchWriteItem",
                "dynamodb:PartiQLInsert",
                "dynamodb:PartiQLUpdate",
            ),
            raises=_records(*WRITTEN),
            chosen=(PARTITION_KEY,),
        ),
        Write(
            "delete",
            TABLE,
            ("dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete"),
            raises=_records("REMOVE"),
            chosen=(PARTITION_KEY,),
        ),
    ),
    edges=("ddb.stream", "ddb.kinesis", "ddb.global"),
)

tables = Call("list_tables", items="TableNames")
description = Call(
    "describe_table",
    for_each=tables,
    parameters={"TableName": Of()},
    gone=GONE,
    names=str,
)
expiry = Call(
    "describe_time_to_live",
    for_each=description,
    where=lambda described: _has_stream(described["Table"]),
    parameters={"TableName": Of("Table.TableName")},
    gone=GONE,
    names=lambda described: described["Table"]["TableArn"],
)
streaming = Call(
    "describe_kinesis_streaming_destination",
    items="KinesisDataStreamDestinations",
    for_each=tables,
    parameters={"TableName": Of()},
    gone=GONE,
    names=str,
)
policies = Call(
    "get_resource_policy",
    for_each=description,
    parameters={"ResourceArn": Of("Table.TableArn")},
    absent=frozenset({"PolicyNotFoundException"}),
    gone=GONE,
    names=lambda described: described["Table"]["TableArn"],
)

STREAMING = ("ACTIVE", "ENABLING", "UPDATING")
NOT_REPLICATING = (
    "CREATION_FAILED",
    "REGION_DISABLED",
    "ARCHIVED",
    "REPLICATION_NOT_AUTHORIZED",
)


def _has_stream(table: Item) -> bool:
    """``LatestStreamArn`` alone outlives a stream switched off."""
    return bool(table.get("StreamSpecification", {}).get("StreamEnabled"))


@service.reads(tables)
def table(here: Here, name: str) -> Iterator[Fact]:
    """A table of the region being read."""
    yield resource(here, _arn(here, name), TABLE)


@service.reads(description)
def partition_key(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """The name of the table's partition key, if its values are strings."""
    known = item["Table"]
    keys = {(key["AttributeName"], key["KeyType"]) for key in known.get("KeySchema", ())}
    for attribute in known.get("AttributeDefinitions", ()):
        if (attribute["AttributeName"], "HASH") in keys and attribute["AttributeType"] == "S":
            name = attribute["AttributeName"]
            yield resource(here, known["TableArn"], TABLE, partition_key=name)


@service.reads(description)
def stream(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """The table's live stream; until it is read whether items expire, they may."""
    known = item["Table"]
    if _has_stream(known):
        arn = known["LatestStreamArn"]
        yield resource(here, arn, STREAM)
        yield delivery(known["TableArn"], arn, Meaning.FORWARDS, "ddb.stream", expires=True)


@service.reads(expiry)
def expiring(here: Here, item: Item, described: Item, name: str) -> Iterator[Fact]:
    """The same stream, and whether what is put into the table is deleted some day."""
    known = described["Table"]
    never = item["TimeToLiveDescription"].get("TimeToLiveStatus") == "DISABLED"
    expires: dict[str, Any] = {} if never else {"expires": True}
    arn = known["LatestStreamArn"]
    yield delivery(known["TableArn"], arn, Meaning.FORWARDS, "ddb.stream", **expires)


@service.reads(streaming)
def destination(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """A Kinesis stream that hears of every change; one switched off is shown for a day."""
    status = item.get("DestinationStatus")
    yield delivery(
        _arn(here, name),
        item["StreamArn"],
        Meaning.FORWARDS,
        "ddb.kinesis",
        dormant="" if status in STREAMING else f"the streaming destination is {status}",
        expires=True,  # perhaps: it is only asked of tables with a stream
    )


@service.reads(description)
def replicas(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """The same table elsewhere: DynamoDB applies every change to each replica."""
    for replica in item["Table"].get("Replicas", ()):
        region, status = replica["RegionName"], replica.get("ReplicaStatus")
        own = f"arn:{here.partition}:dynamodb:{region}:{here.account}:table/{name}"
        arn = replica.get("ReplicaArn", own)
        if arn != item["Table"]["TableArn"]:
            yield delivery(
                item["Table"]["TableArn"],
                arn,
                Meaning.FORWARDS,
                "ddb.global",
                dormant=f"the replica is {status}" if status in NOT_REPLICATING else "",
            )


@service.carries("ddb.stream")
def record(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """A change of the table is one record of its stream; what expires is one more."""
    return events | _expired(events) if edge.attributes.get("expires") else events


@service.carries("ddb.kinesis")
def data(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """A change of a table is the data of one record.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
    """
    return record(events, edge, stream).moved((), ("data",))


@service.carries("ddb.global")
def replicated(events: EventSet, edge: Edge, table: Resource) -> EventSet:
    """A replica's stream has a record of the same item; what was new here may be known there.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
    """

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        for names in (WRITTEN, ("REMOVE",)):
            if any(name in fields.get(NAME, ANYTHING) for name in names):
                yield {**_keys(fields), NAME: strings.one_of(names)}

    return events.rewritten(rewrite)


def _expired(events: EventSet) -> EventSet:
    """The deletions, some day, of the items that were written."""

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        if any(name in fields.get(NAME, ANYTHING) for name in WRITTEN):
            yield {**_keys(fields), **EXPIRED}

    return events.rewritten(rewrite)


def _keys(fields: Fields) -> Mapping[Path, Values]:
    return {path: values for path, values in fields.items() if path[: len(KEYS)] == KEYS}


def _arn(here: Here, name: str) -> str:
    return f"arn:{here.partition}:dynamodb:{here.region}:{here.account}:table/{name}"


@service.reads(policies)
def policy(here: Here, item: Item, described: Item, name: str) -> Iterator[Fact]:
    """Who else may write to the table."""
    yield resource(here, described["Table"]["TableArn"], TABLE, policy=item.get("Policy"))
