"""DynamoDB: tables and their live streams.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from __future__ import annotations

from collections.abc import Iterator

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
from topology.sets.events import EventSet

TABLE = "dynamodb.table"
STREAM = "dynamodb.stream"


def _records(*names: str) -> EventSet:
    return EventSet.scalars({("eventName",): strings.one_of(names)})


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
            raises=_records("INSERT", "MODIFY"),
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
    edges=("ddb.stream",),
)

tables = Call("list_tables", items="TableNames")
description = Call(
    "describe_table",
    for_each=tables,
    parameters={"TableName": Of()},
    gone=frozenset({"ResourceNotFoundException"}),
    names=str,
)

policies = Call(
    "get_resource_policy",
    for_each=description,
    parameters={"ResourceArn": Of("Table.TableArn")},
    absent=frozenset({"PolicyNotFoundException"}),
    gone=frozenset({"ResourceNotFoundException"}),
    names=lambda described: described["Table"]["TableArn"],
)


@service.reads(tables)
def table(here: Here, name: str) -> Iterator[Fact]:
    """A table of the region being read."""
    arn = f"arn:{here.partition}:dynamodb:{here.region}:{here.account}:table/{name}"
    yield resource(here, arn, TABLE)


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
    """The table's live stream. ``LatestStreamArn`` alone outlives a stream switched off."""
    known = item["Table"]
    if known.get("StreamSpecification", {}).get("StreamEnabled"):
        arn = known["LatestStreamArn"]
        yield resource(here, arn, STREAM)
        yield delivery(known["TableArn"], arn, Meaning.FORWARDS, "ddb.stream")


@service.carries("ddb.stream")
def record(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """A change of the table is one record of its stream."""
    return events


@service.reads(policies)
def policy(here: Here, item: Item, described: Item, name: str) -> Iterator[Fact]:
    """Who else may write to the table."""
    yield resource(here, described["Table"]["TableArn"], TABLE, policy=item.get("Policy"))
