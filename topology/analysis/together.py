"""Elementary cycles sought by growing all paths of a graph together, as long as they are few.

Every path starts at its smallest node and goes through greater ones, so each cycle is met once. All
paths of a length are grown into the next in one pass: no path is followed twice, and a thousand
small components cost no more than their paths. In a small dense graph the paths that end at one
node and went through the same others are grown as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

MOST = 100_000  # paths of one length
WASTE = 4  # steps that are looked at for each of them
SMALL = 16  # nodes of a graph in which paths meet at the same few sets of nodes

Nodes: TypeAlias = tuple[int, ...]
Leaving: TypeAlias = Sequence[Sequence[int]]


class TooManyError(Exception):
    """There are more paths of ``length`` nodes than may be kept."""

    def __init__(self, length: int) -> None:
        super().__init__(f"too many paths of {length} nodes")
        self.length = length


def cycles(leaving: Leaving, longest: int, most: int = MOST) -> Iterator[list[Nodes]]:
    """All cycles of at most ``longest`` nodes, in lists of one length, the shortest first.

    ``leaving`` holds the targets of every node, each once. Raises ``TooManyError`` instead of a
    length of which there are more than ``most`` paths: its ``length``.
    """
    # A cycle comes back to its smallest node from a greater one, or from that node itself.
    starts = sorted({end for node, ends in enumerate(leaving) for end in ends if end <= node})
    selfish: list[Nodes] = [(node,) for node in starts if node in leaving[node]]
    if selfish:
        yield selfish
    size, edges = len(leaving), sum(map(len, leaving))
    is_dense = size <= SMALL and 2 * edges > size * (size - 1)
    for found in (_by_sets if is_dense else _by_paths)(leaving, starts, longest, most):
        yield from filter(None, found)


def _by_paths(
    leaving: Leaving, starts: Sequence[int], longest: int, most: int
) -> Iterator[list[list[Nodes]]]:
    """The cycles of each length from 2 on."""
    widest, ahead = max(map(len, leaving), default=0), WASTE * most
    # Of two nodes no path is kept: most of them are all that ever comes of their start.
    many = 0
    if sum(map(len, leaving)) * max(widest, WASTE) > ahead:  # else there are too few to count
        beyond = [len(leaving[end]) for start in starts for end in leaving[start] if end > start]
        if len(beyond) > most:
            raise TooManyError(2)
        many = sum(beyond)
    yield [
        [
            (start, end)
            for start in starts
            for end in leaving[start]
            if end > start and start in leaving[end]
        ]
    ]
    if longest == 2:
        return
    if many > ahead:
        raise TooManyError(3)
    paths: list[Nodes] = [
        (start, end, last)
        for start in starts
        for end in leaving[start]
        if end > start
        for last in leaving[end]
        if last > start and last != end
    ]
    for length in range(3, longest + 1):
        if len(paths) > most:
            raise TooManyError(length)
        if not paths:
            return
        yield [[path for path in paths if path[0] in leaving[path[-1]]]]
        if length == longest:
            return
        is_wide = len(paths) * widest > ahead
        if is_wide and sum([len(leaving[path[-1]]) for path in paths]) > ahead:
            raise TooManyError(length + 1)
        left = longest - length
        if left <= 2 and len(paths) > len(leaving):  # else not worth it
            near = _near(leaving, left)
            paths = [
                path + (end,)  # noqa: RUF005 (three times as fast)
                for path in paths
                for close in (near[path[0]],)
                for end in leaving[path[-1]]
                if end in close and end > path[0] and end not in path
            ]
        else:
            paths = [
                path + (end,)  # noqa: RUF005
                for path in paths
                for end in leaving[path[-1]]
                if end > path[0] and end not in path
            ]


def _by_sets(
    leaving: Leaving, starts: Sequence[int], longest: int, most: int
) -> Iterator[list[list[Nodes]]]:
    """The same with paths in groups: by the nodes they went through, as bits, then by their end."""
    size = len(leaving)
    ahead = [sum(1 << end for end in ends) for ends in leaving]
    groups: dict[int, dict[int, list[Nodes]]] = {
        1 << start: {start: [(start,)]} for start in starts
    }
    steps = [(end, 1 << end, (end,)) for end in range(size)]
    for length in range(2, longest + 1):
        grown: dict[int, dict[int, list[Nodes]]] = defaultdict(dict)
        for through, by_end in groups.items():
            start = (through & -through).bit_length()
            for end, bit, step in steps[start:]:
                if not bit & through:
                    paths = [
                        path + step
                        for at, some in by_end.items()
                        if bit & ahead[at]
                        for path in some
                    ]
                    if paths:
                        grown[through | bit][end] = paths
        groups = grown
        ended = [each for by_end in grown.values() for each in by_end.items()]
        if sum([len(paths) for _, paths in ended]) > most:
            raise TooManyError(length)
        yield [paths for end, paths in ended if ahead[end] >> paths[0][0] & 1]


def _near(leaving: Leaving, steps: int) -> Mapping[int, set[int]]:
    """By node, those from which one or two steps lead there."""
    before: dict[int, set[int]] = defaultdict(set)
    for node, ends in enumerate(leaving):
        for end in ends:
            before[end].add(node)
    return before if steps == 1 else _Twice(before)


class _Twice(dict[int, set[int]]):
    """What is at most two steps before a node, worked out when somebody asks."""

    def __init__(self, before: Mapping[int, set[int]]) -> None:
        self._before = before

    def __missing__(self, node: int) -> set[int]:
        once = self._before[node]
        found = self[node] = once.union(*(self._before[each] for each in once))
        return found
