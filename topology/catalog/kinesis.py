"""Kinesis: data streams.

Source: https://docs.aws.amazon.com/streams/latest/dg/introduction.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service, Write
from topology.graph import Edge, Resource
from topology.sets.events import EventSet

STREAM = "kinesis.stream"

service = Service(
    client="kinesis",
    title="Amazon Kinesis Data Streams",
    source="https://docs.aws.amazon.com/streams/latest/dg/controlling-access.html",
    kinds=(Kind(STREAM, "data stream", Part.CHANNEL),),
    writes=(Write("put", STREAM, ("kinesis:PutRecord", "kinesis:PutRecords")),),
)


@service.carries("ddb.kinesis")
def change(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """A change of a table is the data of one record.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
    """
    return events.moved((), ("data",))
