"""How tangled a drawing is: the crossings of its lines, and how many run to the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

Line: TypeAlias = tuple[float, float, float, float]  # from (x, y) to (x, y)


def crossings(lines: Iterable[Line]) -> int:
    """Pairs of lines that cross inside both. Lines that only touch, or share an end, do not.

    O(pairs that overlap from left to right).
    """
    ordered = sorted(line if line[0] <= line[2] else (*line[2:], *line[:2]) for line in lines)
    return sum(
        _cross(line, other)
        for at, line in enumerate(ordered)
        for other in _overlapping(line, ordered, at + 1)
    )


def rightward(lines: Iterable[Line]) -> int:
    """Lines that end further right than they begin."""
    return sum(x1 < x2 for x1, _, x2, _ in lines)


def _overlapping(line: Line, ordered: Sequence[Line], start: int) -> Iterable[Line]:
    for at in range(start, len(ordered)):
        if ordered[at][0] > line[2]:
            return
        yield ordered[at]


def _cross(one: Line, other: Line) -> bool:
    return (
        _side(one, other[0], other[1]) * _side(one, other[2], other[3]) < 0
        and _side(other, one[0], one[1]) * _side(other, one[2], one[3]) < 0
    )


def _side(line: Line, x: float, y: float) -> float:
    return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])
