"""Cycles in a directed multigraph of steps: components, and the gravest cycle through each name.

Steps are any objects with ``source``, ``target`` (hashable) and ``order`` (a sortable identity
that settles ties), so that order never depends on hash seeds or on how the steps were found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, Protocol, TypeVar

from topology.analysis import elementary as numbered
from topology.analysis import strong

PATIENCE = 5_000_000  # steps looked at for the shortest cycles of one component


class Arrow(Protocol):
    """What a step must offer to be searched."""

    @property
    def source(self) -> Hashable: ...
    @property
    def target(self) -> Hashable: ...
    @property
    def order(self) -> str: ...


A = TypeVar("A", bound=Arrow)


def components(steps: Iterable[A]) -> list[list[A]]:
    """The steps that lie on some cycle, grouped by strongly connected component.

    A step lies on a cycle iff both its ends are in one component.
    """
    steps = sorted(steps, key=lambda step: step.order)
    web = _Web(steps)
    label = strong.labels(web.targets())
    found: dict[int, list[A]] = {}
    for step, source, target in zip(steps, web.sources, web.ends, strict=True):
        if label[source] == label[target]:
            found.setdefault(label[source], []).append(step)
    return sorted(found.values(), key=lambda group: group[0].order)


@dataclass(frozen=True)
class Traits(Generic[A]):
    """What a search asks of steps.

    ``name`` is what a cycle is wanted through, None where through nothing in particular;
    ``gravity`` 0 for what makes no cycle less grave; a step that ``is_free`` adds no length.
    """

    name: Callable[[A], str | None]
    gravity: Callable[[A], int]
    is_free: Callable[[A], bool]


def gravest(component: Sequence[A], traits: Traits[A]) -> list[list[A]]:
    """For every name the gravest, then shortest cycle through one of its steps; each cycle once.

    A cycle is as grave as the largest ``gravity`` on it, 0 the gravest. Names that share a node
    share a search. In a component that takes more than ``PATIENCE``, a name that lies on a cycle
    of its gravity already gets no shorter one. ``component`` must be strongly connected.
    """
    web = _Web(component)
    gravities = list(map(traits.gravity, component))
    search = _Search(web, [0 if traits.is_free(step) else 1 for step in component])
    wanted: dict[int, str] = {}
    for number, step in enumerate(component):
        if (name := traits.name(step)) is not None:
            wanted[number] = name
    found: list[list[A]] = []
    for level in sorted(set(gravities)):
        passable = [number for number, gravity in enumerate(gravities) if gravity <= level]
        label = strong.labels(web.targets(passable))
        cyclic = [n for n in passable if label[web.sources[n]] == label[web.ends[n]]]
        here = {number: wanted[number] for number in cyclic if number in wanted}
        if here:
            paths = search.shortest(cyclic, here)
            found += [[component[number] for number in path] for path in paths]
            done = set(here.values())
            wanted = {number: name for number, name in wanted.items() if name not in done}
        if not wanted:
            break
    return found


def elementary(component: Sequence[A], length: int, effort: int) -> Iterator[list[A]]:
    """Elementary cycles of at most ``length`` steps, shortest first; parallel steps differ.

    Raises ``EffortSpentError`` after following ``effort`` paths: what is shorter than the last
    cycle is complete then.
    """
    web = _Web(component)
    between: dict[tuple[int, int], list[int]] = {}
    for number, ends in enumerate(zip(web.sources, web.ends, strict=True)):
        between.setdefault(ends, []).append(number)
    for cycles in numbered.cycles(web.targets(), length, numbered.Effort(effort)):
        for nodes in cycles:
            sides = zip(nodes, (*nodes[1:], nodes[0]), strict=True)
            for path in product(*(between[side] for side in sides)):
                yield [component[number] for number in path]


class _Web(Generic[A]):
    """Steps as numbers: where each starts and ends, nodes counted as they are met."""

    def __init__(self, steps: Sequence[A]) -> None:
        numbers: dict[Hashable, int] = {}
        self.sources = [numbers.setdefault(step.source, len(numbers)) for step in steps]
        self.ends = [numbers.setdefault(step.target, len(numbers)) for step in steps]
        self.size = len(numbers)

    def targets(self, among: Iterable[int] | None = None) -> list[list[int]]:
        """The nodes that some of the steps lead to, by the node they leave, each once."""
        found: list[dict[int, None]] = [{} for _ in range(self.size)]
        for number in range(len(self.sources)) if among is None else among:
            found[self.sources[number]][self.ends[number]] = None
        return list(map(list, found))


class _Search:
    """Shortest cycles, from whichever end of a step is shared by more that are wanted."""

    def __init__(self, web: _Web[A], lengths: Sequence[int]) -> None:
        self._web, self._lengths = web, lengths
        self._patience = PATIENCE

    def shortest(self, among: Sequence[int], wanted: Mapping[int, str]) -> list[list[int]]:
        """A shortest cycle through every name that is wanted; one cycle may serve several."""
        web, lengths = self._web, self._lengths
        ways = [[[] for _ in range(web.size)] for _ in range(2)]  # type: list[list[list[int]]]
        for number in among:
            ways[0][web.sources[number]].append(number)
            ways[1][web.ends[number]].append(number)
        best: dict[str, tuple[int, int]] = {}  # length, and the number of the path
        paths: list[list[int]] = []
        served: set[str] = set()
        for root, backwards, steps in self._groups(wanted):
            if self._patience < 0:
                steps = [number for number in steps if wanted[number] not in served]
            if not steps:
                continue
            ends = web.sources if backwards else web.ends  # where the search arrives
            goals = {web.ends[n] if backwards else web.sources[n] for n in steps}
            before, spent = self._search(root, goals, ways[backwards], ends)
            for number in sorted(steps):
                goal = web.ends[number] if backwards else web.sources[number]
                total = spent[goal] + lengths[number]
                name = wanted[number]
                if name not in best or total < best[name][0]:
                    path = [number]
                    at = goal
                    while at != root:
                        path.append(before[at])
                        at = web.ends[before[at]] if backwards else web.sources[before[at]]
                    best[name] = total, len(paths)
                    paths.append(path if backwards else path[::-1])
                    served.update(wanted[n] for n in path if n in wanted)
        return self._fewest(best, paths, wanted)

    def _fewest(
        self, best: Mapping[str, tuple[int, int]], paths: list[list[int]], wanted: Mapping[int, str]
    ) -> list[list[int]]:
        """Paths until every name lies on one of its own length, the shortest first."""
        kept: list[list[int]] = []
        reached: dict[str, int] = {}
        for name, (length, place) in sorted(best.items(), key=lambda each: (each[1][0], each[0])):
            if reached.get(name) != length:
                kept.append(paths[place])
                for number in paths[place]:
                    if number in wanted:
                        reached.setdefault(wanted[number], length)
        return kept

    def _groups(self, wanted: Iterable[int]) -> Iterator[tuple[int, bool, list[int]]]:
        """Steps by the end that more of them share, and whether to search backwards from it."""
        web = self._web
        leaving = Counter(web.sources[number] for number in wanted)
        entering = Counter(web.ends[number] for number in wanted)
        groups: dict[tuple[int, bool], list[int]] = {}
        for number in wanted:
            source, end = web.sources[number], web.ends[number]
            backwards = leaving[source] >= entering[end]
            groups.setdefault((source if backwards else end, backwards), []).append(number)
        for (root, backwards), steps in groups.items():
            yield root, backwards, steps

    def _search(
        self, root: int, goals: set[int], ways: Sequence[Sequence[int]], ends: Sequence[int]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """By node the step that reached it, and how far it is from the root, breadth first."""
        lengths = self._lengths
        before: dict[int, int] = {}
        spent = {root: 0}
        left = set(goals)
        far, front = 0, [root]
        while front and left:
            beyond: list[int] = []
            for at in front:  # grows by whatever is reached without a length
                if spent[at] < far:
                    continue
                left.discard(at)
                self._patience -= len(ways[at])
                for number in ways[at]:
                    end = ends[number]
                    total = far + lengths[number]
                    if total < spent.get(end, total + 1):
                        spent[end], before[end] = total, number
                        (beyond if lengths[number] else front).append(end)
            far, front = far + 1, beyond
        return before, spent
