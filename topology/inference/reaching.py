"""Who writes what a channel holds, and which of that a filter hears: as it is, and as edited.

What is written to a channel directly, and what other channels hand on to it, each as a set of
events. What somebody outside puts there is nobody's known write and is not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from topology import catalog, filters
from topology.catalog.service import Part
from topology.graph import Edge, Filter, Graph, Meaning
from topology.inference.permitted import PermittedWrite
from topology.inference.writes import PermittedWrites
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Hop, Unknown

MOST = 200  # ways that are told
EFFORT = 5_000  # ways that are looked at
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


def arriving(graph: Graph, writes: PermittedWrites, channel: str) -> tuple[list[Arriving], bool]:
    """The known ways on which events come to a channel, and whether there may be more.

    At most ``MOST`` are told, and ``EFFORT`` looked at: what many may write to a thousand buckets
    that all tell one bus is more than anybody reads.
    """
    walk = _Walk(graph, writes)
    found = list(islice(walk.ways(channel, ()), MOST + 1))
    return found[:MOST], len(found) > MOST or walk.effort > EFFORT


def reaches(ways: Sequence[Arriving], before: Filter | None, after: Filter | None) -> list[Reach]:
    """Each way against the filter there is and the one there would be; None hears everything."""
    return [Reach(each, _heard(each.events, before), _heard(each.events, after)) for each in ways]


class _Walk:
    """From a channel back to whoever writes; ``effort`` counts what was looked at."""

    def __init__(self, graph: Graph, writes: PermittedWrites) -> None:
        self._graph, self._writes = graph, writes
        self._into: dict[str, list[Edge]] = {}
        self._written: dict[str, list[PermittedWrite]] = {}
        self.effort = 0
        for edge in graph.edges:
            if not edge.dormant:
                self._into.setdefault(edge.target, []).append(edge)
        for write in writes.writes:
            if not isinstance(write.hop, Cannot):
                self._written.setdefault(write.edge.target, []).append(write)

    def ways(self, channel: str, beyond: tuple[str, ...]) -> Iterator[Arriving]:
        """Every way to a channel that does not come by ``beyond``, while there is effort left."""
        for write in self._written.get(channel, ()):
            if self._is_spent():
                return
            yield Arriving((write.edge,), write.events)
        for name, hub in self._writes.hubs.items():
            if channel in hub.channels:
                for write in self._written.get(name, ()):
                    if self._is_spent():
                        return
                    yield Arriving((write.edge,), hub.events_of(channel))
        for edge in self._into.get(channel, ()):
            for each in self._before(edge, (*beyond, channel)):
                if self._is_spent():
                    return
                yield from _onward(self._graph, each, edge)

    def _before(self, edge: Edge, beyond: tuple[str, ...]) -> Iterator[Arriving]:
        """What takes an edge: what its channel holds, or whatever an actor makes."""
        kind = catalog.kinds().get(self._graph.resources[edge.source].kind)
        if kind is not None and kind.part is Part.CHANNEL:
            if edge.source not in beyond and len(beyond) <= DEEPEST:
                yield from self.ways(edge.source, beyond)
        elif edge.meaning is not Meaning.ON_FAILURE:
            yield Arriving((), EventSet.anything())

    def _is_spent(self) -> bool:
        self.effort += 1
        return self.effort > EFFORT


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
