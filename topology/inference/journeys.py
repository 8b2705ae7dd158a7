"""Where one event goes: every delivery that hears it at a channel, and on, as AWS wraps it.

The event is concrete as long as its wrapping is known, and a set of events from there on; a write
that somebody may make is a set from the beginning. An actor ends the way: what it writes then is
a new event.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from topology import catalog, filters
from topology.catalog.service import Part
from topology.filters.single import decide, only
from topology.graph import Edge, Filter, Graph, Meaning, Resource
from topology.inference.refuters import UNMARKED, Delivery, Marks, in_doubt, marks_after, refute
from topology.inference.wrapped import Record, text, wrapped
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Hop, Sometimes, Unknown

MOST = 2_000  # deliveries that are looked at; a bus may have 300 rules of 5 targets
DEEPEST = 12  # one after another

# How a record at a channel is decoded before it is compared, where the edge has no filter.
DECODED: Mapping[str, Filter] = {
    "s3.bucket": Filter("s3.notification", '{"Events":["s3:*"]}'),
    "sqs.queue": Filter("lambda.criteria.sqs", "{}"),
    "sns.topic": Filter("sns.policy.body", "{}"),
    "kinesis.stream": Filter("lambda.criteria.kinesis", "{}"),
    "dynamodb.stream": Filter("lambda.criteria.dynamodb", "{}"),
}
# What a pipe polled says where it came from.
POLLED: Mapping[str, Filter] = {
    "aws:sqs": DECODED["sqs.queue"],
    "aws:kinesis": DECODED["kinesis.stream"],
    "aws:dynamodb": DECODED["dynamodb.stream"],
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is at a resource: a record as it is there, if that is known, and the set it is in."""

    events: EventSet
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery: ``parent`` is the number of the one before it, -1 at the first channel.

    ``record`` is what its target is handed; None where it is not heard, or not known how it
    arrives. ``ends`` says why the way ends there, where it goes no further.
    """

    parent: int
    edge: Edge
    hop: Hop
    record: Record | None
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """Every delivery, each after its parent; ``more`` were not looked at."""

    deliveries: tuple[Delivered, ...]
    more: int = 0


def parcel(record: Record, at: Resource) -> Parcel:
    """A concrete event at a channel."""
    known = DECODED.get(at.kind) or POLLED.get(str(record.get("eventSource")))
    event = filters.parse(known).decoded(record) if known else record
    return Parcel(only(event), record)


def journey(graph: Graph, channel: str, sent: Parcel) -> Journey:
    """Everything that hears what is at a channel, breadth first. Ways that come back end."""
    found: list[Delivered] = []
    waiting: deque[_Stop] = deque([_Stop(channel, sent, -1, 0, UNMARKED)])
    seen: set[object] = {_identity(channel, sent)}
    more = 0
    while waiting:
        stop = waiting.popleft()
        for edge in graph.leaving.get(stop.resource, ()):
            if edge.meaning is Meaning.WRITES:
                continue
            if len(found) >= MOST:
                more += 1
                continue
            hop, arrived = _delivered(graph, edge, stop)
            ends, record = "", None
            if arrived is not None:
                ends, record = _ends(graph, edge, arrived, stop, seen), arrived.record
                if not ends:
                    seen.add(_identity(edge.target, arrived))
                    onward = stop.depth + 1
                    waiting.append(
                        _Stop(edge.target, arrived, len(found), onward, marks_after(edge))
                    )
            found.append(Delivered(stop.parent, edge, hop, record, ends))
    return Journey(tuple(found), more)


@dataclass(frozen=True, slots=True)
class _Stop:
    resource: str
    sent: Parcel
    parent: int
    depth: int
    marks: Marks


def _ends(graph: Graph, edge: Edge, arrived: Parcel, stop: _Stop, seen: set[object]) -> str:
    """Why a way goes no further; empty where it does."""
    target = graph.resources[edge.target]
    kind = catalog.kinds().get(target.kind)
    if kind is None:
        return "Beyond is nothing that was read."
    if kind.part is Part.ACTOR:
        return "It is an input here: what is written because of it is a new event."
    if _identity(edge.target, arrived) in seen:
        return "The same has been here before: it comes back."
    if stop.depth + 1 >= DEEPEST:
        return f"Ways are followed for {DEEPEST} deliveries."
    return ""


def _identity(resource: str, sent: Parcel) -> object:
    return (resource, text(sent.record) if sent.record is not None else sent.events)


def _delivered(graph: Graph, edge: Edge, stop: _Stop) -> tuple[Hop, Parcel | None]:
    """Whether a delivery is made, and what then arrives."""
    source, target = graph.resources[edge.source], graph.resources[edge.target]
    delivery = Delivery(edge, source, target, stop.marks)
    hop = refute(delivery) or in_doubt(delivery, heard(edge, stop.sent))
    if isinstance(hop, Cannot):
        return hop, None
    record = wrapped(stop.sent.record, edge, source, target) if stop.sent.record else None
    if record is not None and _is_channel(target):
        return hop, parcel(record, target)
    return hop, Parcel(_carried(edge, stop.sent.events, target), record)


def heard(edge: Edge, sent: Parcel) -> Hop:
    """Whether the filter of an edge hears what is sent."""
    hop = _heard(edge.filter, sent)
    if edge.meaning is Meaning.ON_FAILURE and not isinstance(hop, Cannot):
        return Sometimes(
            "Only what could not be processed or delivered takes this way.", hop.witness
        )
    return hop


def _heard(asked: Filter | None, sent: Parcel) -> Hop:
    if asked is None:
        return Always("There is no filter: every event passes.", sent.record)
    try:
        parsed = filters.parse(asked)
        if sent.record is None:
            return compare(sent.events, filters.heard(asked))
        return decide(parsed, parsed.decoded(sent.record))
    except filters.FilterError as error:
        return Unknown(f"The filter could not be read ({error}).")


def _carried(edge: Edge, events: EventSet, target: Resource) -> EventSet:
    if edge.filter is not None:
        try:
            events &= filters.heard(edge.filter)
        except filters.FilterError:
            return EventSet.anything()
    carrier = catalog.carriers().get(edge.kind)
    return carrier(events, edge, target) if carrier else EventSet.anything()


def _is_channel(resource: Resource) -> bool:
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is Part.CHANNEL
