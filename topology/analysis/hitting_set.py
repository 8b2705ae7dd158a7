"""The cheapest choice that has something in every group: a minimum weighted hitting set.

The exact one by branch and bound; beyond what that can do, feedback arcs by the order of Eades,
Lin and Smyth (1993) and a greedy choice (Chvátal 1979). Numbers stand for what is chosen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from typing import TypeVar

from topology.analysis.arcs import order

MOST_NODES = 50_000  # branches looked at before the exact search gives up

N = TypeVar("N", bound=Hashable)
Weight = tuple[int, int]  # what it costs, how many are chosen


class TooManyBranchesError(Exception):
    """The exact search was given up; nothing is known of the minimum."""


def cheapest(groups: Iterable[Set[int]], weights: Sequence[int]) -> frozenset[int]:
    """The cheapest choice, of those the smallest, of those the first by its numbers' search order.

    Raises ``TooManyBranchesError``, and ``ValueError`` where a group is empty.
    """
    found = _Search(weights).run(_needed(groups))
    if found is None:
        raise ValueError("a group is empty, so nothing can be chosen from it")
    return found


class _Search:
    def __init__(self, weights: Sequence[int]) -> None:
        self._weights = weights
        self._best: frozenset[int] | None = None
        self._least: Weight | None = None
        self._left = MOST_NODES

    def run(self, groups: list[frozenset[int]]) -> frozenset[int] | None:
        self._branch(groups, frozenset(), (0, 0))
        return self._best

    def _branch(self, groups: list[frozenset[int]], chosen: frozenset[int], spent: Weight) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooManyBranchesError
        if not groups:
            if self._least is None or spent < self._least:
                self._best, self._least = chosen, spent
            return
        if not groups[0] or self._is_too_dear(groups, spent):
            return
        without: set[int] = set()
        for each in sorted(groups[0], key=lambda one: (self._weights[one], one)):
            left = [group - without for group in groups if each not in group]
            cost = (spent[0] + self._weights[each], spent[1] + 1)
            self._branch(sorted(left, key=_size), chosen | {each}, cost)
            without.add(each)

    def _is_too_dear(self, groups: Sequence[Set[int]], spent: Weight) -> bool:
        """Whether groups that share nothing cost too much already, each at its cheapest."""
        if self._least is None:
            return False
        cost, count = spent
        met: set[int] = set()
        for group in groups:
            if met.isdisjoint(group):
                met |= group
                cost += min((self._weights[each] for each in group), default=0)
                count += 1
        return (cost, count) >= self._least


def greedy(groups: Iterable[Set[int]], weights: Sequence[int]) -> frozenset[int]:
    """A choice that hits every group, always what costs least per group that it hits."""
    left, chosen = _needed(groups), set[int]()
    while left:
        met: dict[int, int] = defaultdict(int)
        for group in left:
            for each in group:
                met[each] += 1
        if not met:
            raise ValueError("a group is empty, so nothing can be chosen from it")
        best = min(met, key=lambda each: (weights[each] / met[each], weights[each], each))
        chosen.add(best)
        left = [group for group in left if best not in group]
    return frozenset(chosen)


def backward(arcs: Mapping[tuple[N, N], int]) -> list[tuple[N, N]]:
    """Arcs without which a graph has no cycle, few and light ones: those against a good order."""
    nodes = sorted({node for arc in arcs for node in arc}, key=repr)
    number = {node: place for place, node in enumerate(nodes)}
    weights = {(number[a], number[b]): weight for (a, b), weight in arcs.items() if a != b}
    place = order(len(nodes), weights)
    return [(a, b) for a, b in arcs if place[number[b]] <= place[number[a]]]


def _needed(groups: Iterable[Set[int]]) -> list[frozenset[int]]:
    """The groups without those that hold another one: whoever hits that hits them."""
    kept: list[frozenset[int]] = []
    for group in sorted(set(map(frozenset, groups)), key=_size):
        if not any(each <= group for each in kept):
            kept.append(group)
    return kept


def _size(group: Set[int]) -> tuple[int, list[int]]:
    return len(group), sorted(group)
