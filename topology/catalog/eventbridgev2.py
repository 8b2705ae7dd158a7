"""EventBridge Custom Event Buses: subscribers with patterns, and targets that are API calls.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html
"""

from __future__ import annotations

from collections.abc import Mapping

from topology.catalog.service import Kind, Part, Service, Write
from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import EventSet

BUS = "events.busv2"

service = Service(
    client="eventbridgev2",
    title="Amazon EventBridge Custom Event Bus",
    iam_prefix="events",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is.html",
    kinds=(Kind(BUS, "custom event bus", Part.CHANNEL),),
    writes=(Write("put", BUS, ("events:PutEvents", "events:PutRawEvents")),),
)


@service.carries("eb2.subscriber")
def called(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """A target's call says what it sends: of the event it puts, some fields may be fixed."""
    entry: Mapping[str, str] = edge.attributes.get("entry", {})
    return EventSet.scalars({(name,): strings.literal(text) for name, text in entry.items()})
