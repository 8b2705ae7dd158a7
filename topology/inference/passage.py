"""Passage: from each write, follow the deliveries out of the channel until an actor is reached.

A loop may pass one channel twice with two different events, so places are (resource, events)
and not bare resources; writers that raise the same events share the walk (docs/design.md §4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from topology import catalog, filters
from topology.catalog.service import Part
from topology.graph import Edge, Evidence, Gap, Graph, Meaning, Resource
from topology.inference.permitted import PermittedWrite
from topology.inference.refuters import UNMARKED, Delivery, Marks, in_doubt, marks_after, refute
from topology.inference.writes import PermittedWrites
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Hop, Sometimes, Unknown

UNREADABLE = "FilterNotUnderstood"
LISTS = frozenset({"Records", "resources"})  # fields that AWS sends as a list, here of one
MOST_EVENTS = 64  # sets of events told apart at one resource; beyond, they count as any event


@dataclass(frozen=True, slots=True)
class Place:
    """A resource and, in a channel, the events that are there. ``number`` is its identity."""

    resource: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One hop between two places; ``leaves_hub`` marks the second half of a hub's write.

    ``edge_id`` is the edge's, worked out once for all its steps.
    """

    source: Place
    target: Place
    edge: Edge
    hop: Hop
    starts_actor: bool = False
    leaves_hub: bool = False
    edge_id: str = ""

    @property
    def order(self) -> str:
        """A stable identity: places are numbered in the order of a sorted walk."""
        return f"{self.edge_id} {self.source.number} {self.target.number}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Every step events may take inside one component, and what could not be decided."""

    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]


def travel(graph: Graph, writes: PermittedWrites, inside: frozenset[str]) -> Passage:
    """Walk from every write inside a component. A hop that cannot pass is kept with its reason."""
    walk = _Walk(graph, writes, inside)
    walk.run()
    return Passage(tuple(walk.steps), tuple(sorted(walk.gaps)))


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What is at a resource: events in a channel, None in an actor, where a new event begins."""

    resource: str
    events: EventSet | None
    marks: Marks = UNMARKED


class _Walk:
    def __init__(self, graph: Graph, writes: PermittedWrites, inside: frozenset[str]) -> None:
        self.graph, self.hubs, self.inside = graph, writes.hubs, inside
        self.steps: list[Step] = []
        self.gaps: set[Gap] = set()
        self._places: dict[_Arrival, Place] = {}
        self._told_apart: Counter[str] = Counter()
        self._unvisited: list[_Arrival] = []
        self._ids: dict[int, tuple[Edge, str]] = {}  # by address; the edge keeps its own alive
        self._writing: dict[str, list[PermittedWrite]] = {
            name: [] for name in inside & graph.resources.keys() if _is_actor(graph.resources[name])
        }
        for write in writes.writes:
            if write.edge.source in self._writing:
                self._writing[write.edge.source].append(write)

    def run(self) -> None:
        for resource in sorted(self.inside & self.graph.resources.keys()):
            # Somebody outside may start an actor, or put anything on a channel.
            anything = None if resource in self._writing else EventSet.anything()
            self._place(_Arrival(resource, anything))
        for arrival in self._unvisited:  # grows while it is walked
            place = self._places[arrival]
            if arrival.resource in self.hubs:
                self._leave_hub(place)
                continue
            for write in self._writing.get(arrival.resource, ()):
                hop = refute(self._delivery(write.edge, arrival)) or write.hop
                if write.edge.target in self.hubs:
                    hub = self._place(_Arrival(write.edge.target, None))
                    edge_id = self._id(write.edge)
                    self.steps.append(Step(place, hub, write.edge, hop, edge_id=edge_id))
                elif write.edge.target in self.inside:
                    events = write.events
                    self._step(place, write.edge, _with_example(hop, events), events)
            self._deliver(place, arrival)

    def _leave_hub(self, place: Place) -> None:
        hub = self.hubs[place.resource]
        because = Always(f"It is among the channels named by `{hub.resource.name}`.")
        for channel in hub.channels:
            if channel in self.inside:
                events = hub.events_of(channel)
                edge = Edge(
                    place.resource, channel, Meaning.WRITES, "iam.hub", Evidence.PERMITTED_ANY
                )
                self._step(place, edge, _with_example(because, events), events, leaves_hub=True)

    def _deliver(self, place: Place, arrival: _Arrival) -> None:
        events = EventSet.anything() if arrival.events is None else arrival.events
        for edge in self.graph.leaving.get(place.resource, ()):
            if edge.target in self.inside:
                delivery = self._delivery(edge, arrival)
                hop = refute(delivery) or in_doubt(delivery, self._decide(edge, events))
                self._step(place, edge, hop, self._carried(edge, hop, events))

    def _delivery(self, edge: Edge, arrival: _Arrival) -> Delivery:
        hub = self.hubs.get(edge.target)
        target = hub.resource if hub else self.graph.resources[edge.target]
        return Delivery(edge, self.graph.resources[edge.source], target, arrival.marks)

    def _step(
        self, source: Place, edge: Edge, hop: Hop, events: EventSet, leaves_hub: bool = False
    ) -> None:
        """Take a step to a channel that then holds ``events``, or to an actor."""
        is_actor = _is_actor(self.graph.resources[edge.target])
        target = self._place(_Arrival(edge.target, None if is_actor else events, marks_after(edge)))
        self.steps.append(
            Step(source, target, edge, _as_sent(hop), is_actor, leaves_hub, self._id(edge))
        )

    def _id(self, edge: Edge) -> str:
        if id(edge) not in self._ids:
            self._ids[id(edge)] = edge, edge.id
        return self._ids[id(edge)][1]

    def _place(self, arrival: _Arrival) -> Place:
        if arrival not in self._places:
            if self._told_apart[arrival.resource] >= MOST_EVENTS and arrival.events is not None:
                arrival = replace(arrival, events=EventSet.anything())
            if arrival not in self._places:
                self._told_apart[arrival.resource] += 1
                self._places[arrival] = Place(arrival.resource, len(self._places))
                self._unvisited.append(arrival)
        return self._places[arrival]

    def _decide(self, edge: Edge, events: EventSet) -> Hop:
        hop: Hop = Always("There is no filter: every event passes.", events.witness())
        if edge.filter is not None:
            try:
                hop = compare(events, filters.heard(edge.filter))
            except filters.FilterError as error:
                self.gaps.add(self._gap(edge, error))
                return Unknown(f"The filter could not be read ({error}).")
        if edge.meaning is Meaning.ON_FAILURE and not isinstance(hop, Cannot):
            because = "Only what could not be processed or delivered takes this way."
            return Sometimes(because, hop.witness)
        return hop

    def _carried(self, edge: Edge, hop: Hop, events: EventSet) -> EventSet:
        """The events on the other side; beyond a hop that cannot pass, what would be there."""
        if edge.filter is not None and not isinstance(hop, Cannot):
            with suppress(filters.FilterError):  # a gap already, and everything passes
                events &= filters.heard(edge.filter)
        carrier = catalog.carriers().get(edge.kind)
        if carrier is None:
            return EventSet.anything()
        return carrier(events, edge, self.graph.resources[edge.target])

    def _gap(self, edge: Edge, error: filters.FilterError) -> Gap:
        owner = self.graph.resources[edge.source]
        reason = f"the filter of {edge.kind} {edge.label!r} cannot be read: {error}"
        return Gap(owner.account, owner.region, edge.read, "", edge.source, UNREADABLE, reason)


def _with_example(hop: Hop, events: EventSet) -> Hop:
    """A write's hop with one event that it raises."""
    return hop if isinstance(hop, Cannot) else replace(hop, witness=events.witness())


def _as_sent(hop: Hop) -> Hop:
    """The hop with its events as AWS sends them."""
    if isinstance(hop, Cannot | Always):
        return hop if hop.witness is None else replace(hop, witness=_with_lists(hop.witness))
    return replace(
        hop, witness=_with_lists(hop.witness), counterexample=_with_lists(hop.counterexample)
    )


def _with_lists(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        key: [_with_lists(inner)] if key in LISTS else _with_lists(inner)
        for key, inner in value.items()
    }


def _is_actor(resource: Resource) -> bool:
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is Part.ACTOR
