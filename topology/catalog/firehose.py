"""Firehose: streams that transform records and write them where their configuration says.

Source: https://docs.aws.amazon.com/firehose/latest/dg/what-is-this-service.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service, Write
from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import EventSet

STREAM = "firehose.stream"

service = Service(
    client="firehose",
    title="Amazon Data Firehose",
    source="https://docs.aws.amazon.com/firehose/latest/dg/controlling-access.html",
    kinds=(Kind(STREAM, "Firehose stream", Part.CHANNEL),),
    writes=(Write("put", STREAM, ("firehose:PutRecord", "firehose:PutRecordBatch")),),
)


@service.carries("firehose.dest")
def an_object(events: EventSet, edge: Edge, bucket: Resource) -> EventSet:
    """Many records are one object; its key begins with the fixed part of the prefix.

    Source: https://docs.aws.amazon.com/firehose/latest/dg/s3-prefixes.html
    """
    fixed, _, _ = str(edge.attributes.get("prefix", "")).partition("!{")
    names = ("ObjectCreated:Put", "ObjectCreated:CompleteMultipartUpload")
    return EventSet.scalars(
        {
            ("eventName",): strings.one_of(names),
            ("s3", "object", "key"): strings.prefix(fixed),
        }
    )
