"""Where loops may be: components of what permissions may mean at most, and what is judged there.

A bus that many share makes one component of half an account, of which its rules' filters leave
little. So a region is two things: the components in which an event may come back, as far as the
sources that rules ask for tell; and what of the rest is enough to show blocked loops.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import count

from topology.analysis import cycles, strong
from topology.graph import Graph
from topology.inference.listeners import parted, whole_of
from topology.inference.writes import Permissions, PermittedWrites

SMALL = 300  # resources of a region that is judged as a whole
MOST_BLOCKED = 25  # triggers of a larger one to which a blocked loop is shown


@dataclass(frozen=True, slots=True)
class Link:
    """A possible way of an event, filters not yet asked; ``order`` is an edge's id, if any."""

    source: str
    target: str
    order: str


@dataclass(frozen=True, slots=True)
class Region:
    """One component by structure alone; its parts are names of resources and hubs.

    In ``live`` ones an event may come back, ``shown`` ones are enough for blocked loops; of
    ``unshown`` more deliveries none is sought.
    """

    live: tuple[frozenset[str], ...]
    shown: tuple[frozenset[str], ...]
    unshown: int


def regions(graph: Graph, permissions: Permissions) -> tuple[list[Region], PermittedWrites]:
    """Every region that may hold a loop, and the writes inside them as they are judged."""
    names = Names()
    for source, edges in graph.leaving.items():
        for part, target in parted(edges):
            names.link(part, (target,))
        names.link(source, [edge.target for edge in edges])
    for source, targets in permissions.ways():
        names.link(source, targets)
    live = [_resources(each, graph) for each in names.components()]
    names.join_parts()
    inner = frozenset[str]().union(*live)
    rough = [_Rough(each, graph, names, inner) for each in names.components()]
    writes = permissions.judged(inner.union(*(each.shown for each in rough)))
    home = {name: number for number, each in enumerate(rough) for name in each.resources}
    parts: list[list[frozenset[str]]] = [[] for _ in rough]
    for component in live:
        number = home[min(component)]
        if not rough[number].is_small:
            parts[number] += _judged(graph, writes, component)
    found = []
    for each, inside in zip(rough, parts, strict=True):
        shown = tuple(_judged(graph, writes, each.shown))
        found.append(Region(shown if each.is_small else tuple(inside), shown, each.unshown))
    return found, writes


class _Rough:
    """A component of names, before anything is judged; ``live`` are the resources that may be."""

    def __init__(self, members: frozenset[str], graph: Graph, names: Names, live: Set[str]) -> None:
        self.resources = self.shown = _resources(members, graph)
        self.is_small = len(self.resources) <= SMALL
        self.unshown = 0
        if not self.is_small:
            blocked = [
                edge
                for name in sorted(self.resources)
                for edge in graph.leaving.get(name, ())
                if edge.target in self.resources and not {name, edge.target} <= live
            ]
            wanted = [Link(e.source, e.target, e.id) for e in blocked[:MOST_BLOCKED]]
            self.shown = self._ways_round(wanted, names.links(members))
            self.unshown = len(blocked[MOST_BLOCKED:])

    def _ways_round(self, wanted: list[Link], others: Iterable[Link]) -> frozenset[str]:
        """The resources on the shortest ways round through some deliveries."""
        ids = {each.order for each in wanted}
        traits = cycles.Traits[Link](
            name=lambda link: link.order if link.order in ids else None,
            gravity=lambda _: 0,
            is_free=lambda _: False,
        )
        found = cycles.gravest([*wanted, *others], traits) if wanted else []
        return frozenset(link.source for cycle in found for link in cycle) & self.resources


def _resources(names: Set[str], graph: Graph) -> frozenset[str]:
    return frozenset(map(whole_of, names)) & graph.resources.keys()


def _judged(graph: Graph, writes: PermittedWrites, among: frozenset[str]) -> list[frozenset[str]]:
    """The components of some resources by the writes that are judged, hubs among them."""
    names = Names()
    hubs: dict[str, None] = {}
    for name in sorted(among):
        writes_of = writes.by_source.get(name, ())
        names.link(name, (edge.target for edge in graph.leading(name, among)))
        names.link(name, (w.edge.target for w in writes_of if w.edge.target in among))
        through = [w.edge.target for w in writes_of if w.edge.target in writes.hubs]
        names.link(name, through)
        hubs.update(dict.fromkeys(through))
    for hub in hubs:
        names.link(hub, among.intersection(writes.hubs[hub].channels))
    return names.components()


class Names:
    """A graph of names, kept as numbers."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = defaultdict(count().__next__)
        self._leaving: dict[int, tuple[int, ...] | list[int]] = {}

    def link(self, source: str, targets: Iterable[str]) -> None:
        """Something leads from one name to others."""
        number = self._numbers.__getitem__
        place, found = number(source), tuple(map(number, targets))
        known = self._leaving.get(place)
        if known is None:
            self._leaving[place] = found  # most have no more, and there are very many
        elif isinstance(known, list):
            known.extend(found)
        else:
            self._leaving[place] = [*known, *found]

    def links(self, members: Collection[str]) -> Iterator[Link]:
        """Every link between some names; nobody asks for one of them in particular."""
        by_number = {self._numbers[name]: name for name in sorted(members)}
        for number, source in by_number.items():
            for target in dict.fromkeys(self._leaving.get(number, ())):
                if target in by_number:
                    yield Link(source, by_number[target], "")

    def join_parts(self) -> None:
        """Let every part of a channel lead to the channel: no source is told apart any more."""
        for name in list(self._numbers):
            if (channel := whole_of(name)) != name:
                self.link(name, (channel,))

    def components(self) -> list[frozenset[str]]:
        """The names on cycles, by strongly connected component, in the order of the names."""
        leaving = [self._leaving.get(number, ()) for number in range(len(self._numbers))]
        label = strong.labels(leaving)
        sizes = Counter(label)
        found: dict[int, set[str]] = defaultdict(set)
        for name, number in self._numbers.items():
            if sizes[label[number]] > 1 or number in leaving[number]:
                found[label[number]].add(name)
        return sorted(map(frozenset, found.values()), key=min)
