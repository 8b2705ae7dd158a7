"""Elementary cycles of a directed graph whose nodes are numbers, the shortest first.

Levels are complete: before a cycle of some length come all shorter ones. As long as there are few
paths they are grown ``together``. Beyond, cycles of one length after the other are sought from
their smallest node: how far every node is away from there is known by one search backwards that
goes half the way, so that few paths are followed that cannot close in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from topology.analysis import together
from topology.analysis.together import Leaving, Nodes

AT_ONCE = 4096  # paths that grow in one go


class EffortSpentError(Exception):
    """The effort is spent: cycles were all found only up to ``complete_to`` nodes."""

    def __init__(self, complete_to: int) -> None:
        super().__init__(f"complete up to {complete_to} steps")
        self.complete_to = complete_to


class Effort:
    """How many paths may still be followed, while cycles of ``length`` nodes are sought."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.length = 1

    def spend(self, paths: int) -> None:
        """Raise ``EffortSpentError`` once more paths were followed than were allowed."""
        self.left -= paths
        if self.left < 0:
            raise EffortSpentError(self.length - 1)


def cycles(leaving: Leaving, longest: int, effort: Effort) -> Iterator[list[Nodes]]:
    """Cycles of at most ``longest`` nodes, each once, in lists of one length, shortest first.

    ``leaving`` holds the targets of every node, each once: parallel edges are one. Raises
    ``EffortSpentError`` when the effort is spent, after whatever was found before.
    """
    if not longest:
        return
    try:
        yield from together.cycles(leaving, longest, min(together.MOST, effort.left))
    except together.TooManyError as many:
        yield from _deepened(leaving, many.length, longest, effort)


def _deepened(
    leaving: Leaving, shortest: int, longest: int, effort: Effort
) -> Iterator[list[Nodes]]:
    """Cycles of ``shortest`` to ``longest`` nodes, at least two, one length after the other."""
    entering: list[list[int]] = [[] for _ in leaving]
    for node, targets in enumerate(leaving):
        for target in targets:
            entering[target].append(node)
    starts = [_Start(node, leaving, entering, longest) for node in range(len(leaving))]
    for length in range(shortest, longest + 1):
        effort.length = length
        starts = [each for each in starts if each.most >= length]
        for start in starts:
            effort.spend(1)
            yield from _grown([(start.node,)], start.near, length, effort)


def _grown(
    paths: list[Nodes], near: Sequence[_Near], length: int, effort: Effort
) -> Iterator[list[Nodes]]:
    """Paths of one size, grown until they are as long as asked and can close with one step."""
    size = len(paths[0]) + 1
    following = near[length - size + 1]
    for at in range(0, len(paths), AT_ONCE):
        some = paths[at : at + AT_ONCE] if len(paths) > AT_ONCE else paths
        # Adding a tuple is three times as fast as unpacking the path into a new one.
        grown = [path + (n,) for path in some for n in following[path[-1]] if n not in path]  # noqa: RUF005
        effort.spend(len(grown))
        if grown:
            if size == length:
                yield grown
            else:
                yield from _grown(grown, near, length, effort)


class _Start:
    """A node from which cycles through it and greater nodes are sought; at most ``most`` long."""

    def __init__(
        self,
        node: int,
        leaving: Sequence[Sequence[int]],
        entering: Sequence[Sequence[int]],
        longest: int,
    ) -> None:
        self.node = node
        known = (longest + 1) // 2
        left, front = {node: 0}, [node]
        for distance in range(1, known + 1):
            behind, front = front, []
            for at in behind:
                for source in entering[at]:
                    if source > node and source not in left:
                        left[source] = distance
                        front.append(source)
            if not front:  # nobody else comes back
                known = longest
                break
        self.most = min(longest, len(left)) if known == longest else longest
        if len(left) == 1 or not any(each > node for each in leaving[node]):
            self.most = 0
        else:
            self.near = [_Near(leaving, node, left, away, known) for away in range(self.most + 1)]


class _Near(dict[int, list[int]]):
    """Where a path may go on to from a node if at most ``away`` steps may lead back from there."""

    def __init__(
        self,
        leaving: Sequence[Sequence[int]],
        start: int,
        left: Mapping[int, int],
        away: int,
        known: int,
    ) -> None:
        self._leaving, self._start, self._left = leaving, start, left
        self._away, self._known = away, known

    def __missing__(self, node: int) -> list[int]:
        start, left, away = self._start, self._left, self._away
        if away > self._known:  # whoever was not reached may still be near enough
            found = [each for each in self._leaving[node] if each > start]
        else:
            far = away + 1
            found = [
                each for each in self._leaving[node] if each > start and left.get(each, far) <= away
            ]
        self[node] = found
        return found
