"""Cycles in a directed multigraph of steps: components, and the gravest cycle through a step.

Steps are any objects with ``source``, ``target`` (hashable) and ``order`` (a sortable identity
that settles ties), so that order never depends on hash seeds or on how the steps were found.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Protocol, TypeVar

import networkx as nx

Cost = tuple[int, ...]


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

    A step lies on a cycle iff both its ends are in one component (Tarjan 1972; linear).
    """
    steps = sorted(steps, key=lambda step: step.order)
    graph: nx.DiGraph[Hashable] = nx.DiGraph((step.source, step.target) for step in steps)
    label: dict[Hashable, int] = {}
    for number, members in enumerate(nx.strongly_connected_components(graph)):
        label.update(dict.fromkeys(members, number))
    found: dict[int, list[A]] = {}
    for step in steps:
        if label[step.source] == label[step.target]:
            found.setdefault(label[step.source], []).append(step)
    return sorted(found.values(), key=lambda group: group[0].order)


def cheapest_through(step: A, component: Sequence[A], cost: Callable[[A], Cost]) -> list[A]:
    """The cheapest cycle through ``step``, starting with it (Dijkstra 1959, tuple costs).

    Costs add up per place and compare left to right; equal costs are settled by ``order``.
    ``component`` must be strongly connected, so a way back always exists.
    """
    leaving: dict[Hashable, list[A]] = {}
    for each in component:
        leaving.setdefault(each.source, []).append(each)
    heap: list[tuple[Cost, tuple[str, ...], int, Hashable, list[A]]] = []
    pushed = 0
    heapq.heappush(heap, (cost(step), (step.order,), pushed, step.target, [step]))
    done: set[Hashable] = set()
    while heap:
        spent, path_order, _, at, path = heapq.heappop(heap)
        if at == step.source:
            return path
        if at in done:
            continue
        done.add(at)
        for each in leaving.get(at, ()):
            if each.target not in done:
                pushed += 1
                total = tuple(a + b for a, b in zip(spent, cost(each), strict=True))
                entry = (total, (*path_order, each.order), pushed, each.target, [*path, each])
                heapq.heappush(heap, entry)
    raise ValueError("the component is not strongly connected")


def elementary(component: Sequence[A], length: int, effort: int) -> Iterator[list[A]]:
    """Elementary cycles of at most ``length`` steps; parallel steps make different cycles.

    Every cycle is found once, from its first node, and no path is followed that is too long to
    come back. Stops after looking at ``effort`` steps, however many cycles are left.
    """
    leaving: dict[Hashable, list[A]] = {}
    entering: dict[Hashable, list[A]] = {}
    for each in component:
        leaving.setdefault(each.source, []).append(each)
        entering.setdefault(each.target, []).append(each)
    done: set[Hashable] = set()
    for start in leaving:
        left = _distances(start, entering, done, length)
        path: list[A] = []
        passed: set[Hashable] = {start}
        trail = [iter(leaving[start])]
        while trail:
            step = next(trail[-1], None)
            effort -= 1
            if effort < 0:
                return
            if step is None:
                trail.pop()
                if path:
                    passed.discard(path.pop().target)
            elif step.target == start:
                yield [*path, step]
            elif (
                step.target not in passed
                and len(path) + 1 + left.get(step.target, length) <= length
            ):
                path.append(step)
                passed.add(step.target)
                trail.append(iter(leaving[step.target]))
        done.add(start)


def _distances(
    start: Hashable, entering: Mapping[Hashable, Sequence[A]], without: Set[Hashable], most: int
) -> dict[Hashable, int]:
    """How many steps each node is away from ``start``, of those that are fewer than ``most``."""
    found: dict[Hashable, int] = {start: 0}
    front = [start]
    for distance in range(1, most):
        behind, front = front, []
        for node in behind:
            for step in entering.get(node, ()):
                if step.source not in found and step.source not in without:
                    found[step.source] = distance
                    front.append(step.source)
    return found
