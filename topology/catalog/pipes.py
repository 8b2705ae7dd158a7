"""EventBridge Pipes: from a queue or a stream, through a filter, to one target.

A pipe without enrichment and template hands on the record as its poller made it.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service
from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import NO_FIELDS, EventSet, Path

PIPE = "pipes.pipe"

service = Service(
    client="pipes",
    title="Amazon EventBridge Pipes",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-concepts.html",
    kinds=(Kind(PIPE, "pipe", Part.CHANNEL),),
)

# What its poller writes into every record of a source.
POLLERS = {
    "pipe.source.sqs": "aws:sqs",
    "pipe.source.kinesis": "aws:kinesis",
    "pipe.source.dynamodb": "aws:dynamodb",
}


@service.carries(*POLLERS)
def record(events: EventSet, edge: Edge, pipe: Resource) -> EventSet:
    """A record is what was at the source, and says what kind of source that was."""
    return events & EventSet.scalars({("eventSource",): strings.literal(POLLERS[edge.kind])})


@service.carries("pipe.target.sqs")
def in_a_queue(events: EventSet, edge: Edge, queue: Resource) -> EventSet:
    """The record is the message's text."""
    return _handed_on(events, edge, ("body",))


@service.carries("pipe.target.kinesis")
def in_a_stream(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """The record is the new record's data."""
    return _handed_on(events, edge, ("data",))


@service.carries("pipe.target.sns")
def in_a_topic(events: EventSet, edge: Edge, topic: Resource) -> EventSet:
    """The record is the message; a pipe sets no message attributes."""
    nothing_else = EventSet.scalars({("MessageAttributes",): NO_FIELDS})
    return _handed_on(events, edge, ("Message",)) & nothing_else


@service.carries("pipe.target.bus")
def on_a_bus(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """The record is the event's detail; the pipe's owner names source and type, as any other."""
    own = EventSet.scalars({("source",): ~strings.prefix("aws."), ("detail-type",): strings.ANY})
    return _handed_on(events, edge, ("detail",)) & own


def _handed_on(events: EventSet, edge: Edge, to: Path) -> EventSet:
    """The record at ``to``; anything where an enrichment or a template stands for it."""
    if "input" in edge.attributes:
        return EventSet.anything()
    return events.moved((), to)
