"""Who writes what a channel holds, and which of that a filter hears: as it is, and as edited.

What is written to a channel directly, and what other channels hand on to it, each as a set of
events. What somebody outside puts there is nobody's known write and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from topology import catalog, filters
from topology.catalog.service import Part
from topology.graph import Edge, Filter, Graph, Meaning
from topology.inference.writes import PermittedWrites
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Hop, Unknown

MOST = 200  # ways that are told
DEEPEST = 6  # channels on a way


@dataclass(frozen=True, slots=True)
class Arriving:
    """What one writer's events are when they arrive: ``way`` are the edges, the writer's first."""

    way: tuple[Edge, ...]
    events: EventSet

    @property
    def writer(self) -> str:
        """The ARN of whoever writes."""
        return self.way[0].source


@dataclass(frozen=True, slots=True)
class Reach:
    """A writer's events against two filters."""

    arriving: Arriving
    before: Hop
    after: Hop


def arriving(graph: Graph, writes: PermittedWrites, channel: str) -> tuple[list[Arriving], int]:
    """Every known way on which events come to a channel, and how many more are not told."""
    into: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        into.setdefault(edge.target, []).append(edge)
    found: list[Arriving] = []
    more = 0
    for each in _ways(graph, writes, into, channel, ()):
        if len(found) < MOST:
            found.append(each)
        else:
            more += 1
    return found, more


def reaches(ways: Sequence[Arriving], before: Filter | None, after: Filter | None) -> list[Reach]:
    """Each way against the filter there is and the one there would be; None hears everything."""
    return [Reach(each, _heard(each.events, before), _heard(each.events, after)) for each in ways]


def _ways(
    graph: Graph,
    writes: PermittedWrites,
    into: dict[str, list[Edge]],
    channel: str,
    beyond: tuple[str, ...],
) -> Iterator[Arriving]:
    for write in writes.writes:
        hub = writes.hubs.get(write.edge.target)
        if isinstance(write.hop, Cannot):
            continue
        if write.edge.target == channel:
            yield Arriving((write.edge,), write.events)
        elif hub is not None and channel in hub.channels:
            yield Arriving((write.edge,), hub.events_of(channel))
    for edge in into.get(channel, ()):
        if edge.dormant:
            continue
        kind = catalog.kinds().get(graph.resources[edge.source].kind)
        if kind is not None and kind.part is Part.CHANNEL:
            if edge.source not in beyond and len(beyond) < DEEPEST:
                before = (*beyond, channel)
                for each in _ways(graph, writes, into, edge.source, before):
                    yield from _onward(graph, each, edge)
        elif edge.meaning is not Meaning.ON_FAILURE:
            yield from _onward(graph, Arriving((), EventSet.anything()), edge)


def _onward(graph: Graph, each: Arriving, edge: Edge) -> Iterator[Arriving]:
    """What arrives beyond an edge; nothing where its filter surely hears none of it."""
    events = each.events
    if edge.filter is not None:
        if isinstance(_heard(events, edge.filter), Cannot):
            return
        try:
            events &= filters.heard(edge.filter)
        except filters.FilterError:
            events = EventSet.anything()
    carrier = catalog.carriers().get(edge.kind)
    carried = (
        carrier(events, edge, graph.resources[edge.target]) if carrier else EventSet.anything()
    )
    yield Arriving((*each.way, edge), carried)


def _heard(events: EventSet, asked: Filter | None) -> Hop:
    if asked is None:
        return Always("There is no filter: every event passes.", events.witness())
    try:
        return compare(events, filters.heard(asked))
    except filters.FilterError as error:
        return Unknown(f"The filter could not be read ({error}).")
