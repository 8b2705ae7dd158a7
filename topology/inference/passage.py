"""Passage: from each write, follow the deliveries out of the channel until an actor is reached.

A loop may pass one channel twice with two different events, so places are (resource, events)
and not bare resources; writers that raise the same events share the walk (docs/design.md §4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from topology import catalog, filters
from topology.catalog.service import Part, Write
from topology.graph import Edge, Filter, Gap, Graph, Meaning, Resource
from topology.inference.writes import PermittedWrites
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.sets.strings import StringSet
from topology.verdict import Always, Cannot, Hop, Sometimes, Unknown

DECIDED = ("s3.notification",)  # the languages whose filters are compared, not only kept
UNREADABLE = "FilterNotUnderstood"


@dataclass(frozen=True, slots=True)
class Place:
    """A resource and, in a channel, the events that are there. ``number`` is its identity."""

    resource: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One hop between two places; ``leaves_hub`` marks the second half of a hub's write."""

    source: Place
    target: Place
    edge: Edge
    hop: Hop
    leaves_hub: bool = False

    @property
    def order(self) -> str:
        """A stable identity: places are numbered in the order of a sorted walk."""
        return f"{self.edge.id} {self.source.number} {self.target.number}"


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


class _Walk:
    def __init__(self, graph: Graph, writes: PermittedWrites, inside: frozenset[str]) -> None:
        self.graph, self.writes, self.inside = graph, writes, inside
        self.steps: list[Step] = []
        self.gaps: set[Gap] = set()
        self.places: dict[tuple[str, EventSet | None], Place] = {}
        self.unvisited: list[tuple[Place, EventSet]] = []

    def run(self) -> None:
        for arn in sorted(self.inside & self.graph.resources.keys()):
            if _is_actor(self.graph.resources[arn]):
                self._deliver(self._place(arn, None), EventSet.anything())
        for write in sorted(self.writes.writes, key=lambda write: write.edge):
            source, target = write.edge.source, write.edge.target
            if source not in self.inside or target not in self.inside:
                continue
            actor = self._place(source, None)
            if target in self.writes.hubs:
                self._enter_hub(actor, target, write.edge, write.hop)
            else:
                events = raised(write.write, write.keys)
                self._step(actor, target, events, write.edge, write.hop)
        while self.unvisited:
            self._deliver(*self.unvisited.pop(0))

    def _enter_hub(self, actor: Place, name: str, edge: Edge, hop: Hop) -> None:
        is_new = (name, None) not in self.places
        place = self._place(name, None)
        self.steps.append(Step(actor, place, edge, hop))
        if is_new:
            hub = self.writes.hubs[name]
            for channel in hub.channels:
                if channel in self.inside:
                    events = raised(hub.write, hub.keys_of(channel))
                    self._step(place, channel, events, edge, hop, leaves_hub=True)

    def _deliver(self, place: Place, events: EventSet) -> None:
        for edge in self.graph.leaving.get(place.resource, ()):
            if edge.target in self.inside:
                hop, passing = self._decide(edge, events)
                self._step(place, edge.target, passing, edge, hop)

    def _step(
        self,
        source: Place,
        target: str,
        events: EventSet,
        edge: Edge,
        hop: Hop,
        leaves_hub: bool = False,
    ) -> None:
        """Take a step to a channel holding ``events``, or to an actor, where a new event begins."""
        resource = self.graph.resources[target]
        place = self._place(target, None if _is_actor(resource) else events)
        self.steps.append(Step(source, place, edge, hop, leaves_hub))

    def _place(self, arn: str, events: EventSet | None) -> Place:
        place = self.places.get((arn, events))
        if place is None:
            place = self.places[arn, events] = Place(arn, len(self.places))
            if events is not None:
                self.unvisited.append((place, events))
        return place

    def _decide(self, edge: Edge, events: EventSet) -> tuple[Hop, EventSet]:
        """The hop's verdict, and the events that are on the other side."""
        if edge.dormant:
            return Cannot(f"{edge.dormant[:1].upper()}{edge.dormant[1:].rstrip('.')}."), events
        if edge.meaning is Meaning.ON_FAILURE:
            because = "Only what could not be processed or delivered takes this way."
            return Sometimes(because, events.witness()), events
        if edge.filter is None:
            return Always("There is no filter: every event passes.", events.witness()), events
        if edge.filter.language not in DECIDED:
            return Unknown(_not_compared(edge.filter), events.witness()), events
        try:
            heard = _heard(edge.filter)
        except filters.FilterError as error:
            self.gaps.add(self._gap(edge, error))
            return Unknown(f"The filter could not be read ({error})."), events
        hop = compare(events, heard)
        return hop, events if isinstance(hop, Cannot) else events & heard

    def _gap(self, edge: Edge, error: filters.FilterError) -> Gap:
        owner = self.graph.resources[edge.source]
        reason = f"the filter of {edge.kind} {edge.label!r} cannot be read: {error}"
        return Gap(owner.account, owner.region, edge.read, "", edge.source, UNREADABLE, reason)


def raised(write: Write, keys: StringSet | None) -> EventSet:
    """The events a write may put on its channel; everything unknown is unconstrained."""
    constraints: dict[tuple[str, ...], StringSet] = {}
    if write.raises:
        constraints["eventName",] = strings.one_of(write.raises)
    if keys is not None:
        constraints["s3", "object", "key"] = keys
    return EventSet.scalars(constraints)


@cache
def _heard(document: Filter) -> EventSet:
    return filters.parse(document).heard()


def _not_compared(document: Filter) -> str:
    return (
        f"The filter ({document.language}) was not compared with what is written: "
        "it may let the event pass."
    )


def _is_actor(resource: Resource) -> bool:
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is Part.ACTOR
