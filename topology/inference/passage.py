"""Passage: from each write, follow the deliveries out of the channel until an actor is reached.

A loop may pass one channel twice with two different events, so places are (resource, events)
and not bare resources; writers that raise the same events share the walk (docs/design.md §4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from topology import catalog
from topology.catalog.service import Part
from topology.graph import Edge, Evidence, Gap, Graph, Resource
from topology.inference.crossing import Crossing, as_sent
from topology.inference.listeners import Listeners
from topology.inference.permitted import PermittedWrite
from topology.inference.refuters import UNMARKED, Delivery, Marks, in_doubt, marks_after, refute
from topology.inference.ways import Way, hub_edge
from topology.inference.writes import PermittedWrites
from topology.sets.events import EventSet
from topology.verdict import Always, Cannot, Hop

MOST_EVENTS = 64  # sets of events told apart at one resource; beyond, they count as any event
MOST_ROUNDS = 8  # of one event on one way
# Where only what passes is followed, as many as take so few steps, in a component of so few places.
FEW_EVENTS, MOST_STEPS, MOST_PLACES = 3, 3_000, 100_000


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
        """A stable identity: places are numbered in the order of a sorted walk.

        Of two steps that lead the same way, the one that was seen or found in code comes first.
        """
        is_told = self.edge.evidence in (Evidence.OBSERVED, Evidence.CODED)
        return f"{0 if is_told else 1} {self.edge_id} {self.source.number} {self.target.number}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Every step events may take inside one component, and what could not be decided."""

    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]


def travel(
    graph: Graph, writes: PermittedWrites, inside: frozenset[str], stopped: bool = True
) -> Passage:
    """Walk from every write inside a component.

    A hop that cannot pass is kept with its reason, and what would be beyond it is followed;
    unless ``stopped`` hops are not asked for.
    """
    walk = _Walk(graph, writes, inside, stopped)
    walk.run()
    return Passage(tuple(walk.steps), tuple(sorted(walk.gaps)))


def follow(
    graph: Graph, writes: PermittedWrites, cycle: Sequence[Way]
) -> tuple[tuple[Step, ...], tuple[Gap, ...]]:
    """What becomes of an event that is sent round a cycle of ways, whatever stops it.

    It begins where an actor makes a new one; in a cycle without actors with any event. Rounds
    are made until one begins as an earlier one did.
    """
    inside = frozenset(way.source for way in cycle)
    walk = _Walk(graph, writes, inside, True)
    steps = walk.round(cycle)
    return steps, tuple(sorted(walk.gaps))


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What is at a resource: events in a channel, None in an actor, where a new event begins."""

    resource: str
    events: EventSet | None
    marks: Marks = UNMARKED


class _Walk:
    def __init__(
        self, graph: Graph, writes: PermittedWrites, inside: frozenset[str], stopped: bool
    ) -> None:
        self.graph, self.hubs, self.inside = graph, writes.hubs, inside
        self._stopped = stopped
        self._crossing = Crossing(graph.resources)
        self._listening: dict[str, Listeners] = {}
        self._effort: Counter[str] = Counter()
        self.steps: list[Step] = []
        self._places: dict[_Arrival, Place] = {}
        self._told_apart: Counter[str] = Counter()
        self._arrivals: list[_Arrival] = []  # by the number of their place
        self._ids: dict[int, tuple[Edge, str]] = {}  # by address; the edge keeps its own alive
        self._writing = writes.by_source

    @property
    def gaps(self) -> set[Gap]:
        """The filters on the way that cannot be read."""
        return self._crossing.gaps

    def run(self) -> None:
        for resource in sorted(self.inside & self.graph.resources.keys()):
            # Somebody outside may start an actor, or put anything on a channel.
            anything = None if self._makes_events(resource) else EventSet.anything()
            self._place(_Arrival(resource, anything))
        for arrival in self._arrivals:  # grows while it is walked
            place = self._places[arrival]
            if arrival.resource in self.hubs:
                self._leave_hub(place)
                continue
            writing = self._writing.get(arrival.resource, ()) if arrival.events is None else ()
            for write in writing:
                if write.edge.target in self.inside:
                    self._write(place, arrival, write)
            self._deliver(place, arrival)

    def round(self, cycle: Sequence[Way]) -> tuple[Step, ...]:
        """The steps of the last round on a cycle of ways."""
        first = next((n for n, way in enumerate(cycle) if self._makes_events(way.source)), 0)
        turned = [*cycle[first:], *cycle[:first]]
        start = turned[0].source
        arrival = _Arrival(start, None if self._makes_events(start) else EventSet.anything())
        place = self._place(arrival)
        begun: set[_Arrival] = set()
        while arrival not in begun and len(begun) < MOST_ROUNDS:
            begun.add(arrival)
            self.steps.clear()
            for way in turned:
                place = self._go(way, place, arrival)
                arrival = self._arrivals[place.number]
        return tuple(self.steps)

    def _makes_events(self, name: str) -> bool:
        return name not in self.hubs and _is_actor(self.graph.resources[name])

    def _go(self, way: Way, place: Place, arrival: _Arrival) -> Place:
        if way.leaves_hub:
            self._leave_for(place, way.target)
        elif way.write is not None:
            self._write(place, arrival, way.write)
        else:
            self._take(place, arrival, way.edge)
        return self.steps[-1].target

    def _write(self, place: Place, arrival: _Arrival, write: PermittedWrite) -> None:
        hop = refute(self._delivery(write.edge, arrival)) or write.hop
        if isinstance(hop, Cannot) and not self._stopped:
            return
        if write.edge.target in self.hubs:
            hub = self._place(_Arrival(write.edge.target, None))
            edge_id = self._id(write.edge)
            self.steps.append(Step(place, hub, write.edge, hop, edge_id=edge_id))
        else:
            events = write.events
            self._step(place, write.edge, self._crossing.with_example(hop, events), events)

    def _leave_hub(self, place: Place) -> None:
        for channel in self.hubs[place.resource].channels:
            if channel in self.inside:
                self._leave_for(place, channel)

    def _leave_for(self, place: Place, channel: str) -> None:
        hub = self.hubs[place.resource]
        because = Always(f"It is among the channels named by `{hub.resource.name}`.")
        events = hub.events_of(channel)
        edge = hub_edge(place.resource, channel)
        self._step(
            place, edge, self._crossing.with_example(because, events), events, leaves_hub=True
        )

    def _deliver(self, place: Place, arrival: _Arrival) -> None:
        for edge in self._listeners(place.resource).of(arrival.events):
            self._take(place, arrival, edge)

    def _take(self, place: Place, arrival: _Arrival, edge: Edge) -> None:
        events = EventSet.anything() if arrival.events is None else arrival.events
        delivery = self._delivery(edge, arrival)
        hop = refute(delivery) or in_doubt(delivery, self._crossing.decide(edge, events))
        if self._stopped or not isinstance(hop, Cannot):
            self._step(place, edge, hop, self._crossing.carried(edge, hop, events))

    def _listeners(self, resource: str) -> Listeners:
        """The deliveries out of a resource that stay inside."""
        if resource not in self._listening:
            edges = self.graph.leading(resource, self.inside)
            self._listening[resource] = Listeners(edges, is_sorted_out=not self._stopped)
        return self._listening[resource]

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
            Step(source, target, edge, as_sent(hop), is_actor, leaves_hub, self._id(edge))
        )

    def _id(self, edge: Edge) -> str:
        if id(edge) not in self._ids:
            self._ids[id(edge)] = edge, edge.id
        return self._ids[id(edge)][1]

    def _place(self, arrival: _Arrival) -> Place:
        place = self._places.get(arrival)
        if place is None and arrival.events is not None and self._is_too_much(arrival):
            arrival = replace(arrival, events=EventSet.anything())
            place = self._places.get(arrival)
        if place is None:
            self._told_apart[arrival.resource] += 1
            place = self._places[arrival] = Place(arrival.resource, len(self._places))
            self._arrivals.append(arrival)
        return place

    def _is_too_much(self, arrival: _Arrival) -> bool:
        """Whether no more events can be told apart at a resource, for the steps they would take."""
        if self._told_apart[arrival.resource] < FEW_EVENTS:
            return False
        if self._stopped or len(self._places) > MOST_PLACES:
            return self._told_apart[arrival.resource] >= MOST_EVENTS
        self._effort[arrival.resource] += len(self._listeners(arrival.resource).of(arrival.events))
        return self._effort[arrival.resource] > MOST_STEPS


def _is_actor(resource: Resource) -> bool:
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is Part.ACTOR
