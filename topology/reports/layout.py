"""Where boxes go: one turn of a loop as a ring of rows, and a group as layers left to right."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import fast_sugiyama
import networkx as nx

from topology.analysis.arcs import order
from topology.reports.svg import Point

LANE = 34.0  # room at the left for the way back
BELOW = 50.0  # from the last row to the way back beneath it
ACROSS = 4  # boxes without an arrow stand in rows of so many
SPACING = 2.0  # the library's unit: a layer is as far from the next as a row from the next


@dataclass(frozen=True, slots=True)
class Ring:
    """``count`` boxes in rows that turn at each end like a river, and the way back to the first.

    Every hop but the last is one straight line between neighbours, so none crosses another.
    """

    count: int
    columns: int
    box: tuple[float, float] = (200.0, 54.0)
    gap: tuple[float, float] = (92.0, 66.0)

    @property
    def rows(self) -> int:
        return math.ceil(self.count / self.columns)

    @property
    def across(self) -> int:
        """Boxes in a full row, spread evenly: five are three and two, never four and one."""
        return math.ceil(self.count / self.rows)

    @property
    def returns_beneath(self) -> bool:
        """Whether the last row runs away from the first box, so the way back goes under it."""
        return self.count == 1 or (self.across > 1 and self.rows % 2 == 1)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole drawing, in pixels."""
        (width, height), (gap, drop) = self.box, self.gap
        beneath = BELOW + 34 if self.returns_beneath else 8
        return (
            LANE + self.across * width + (self.across - 1) * gap + 8,
            self.rows * height + (self.rows - 1) * drop + beneath + 8,
        )

    def corner(self, index: int) -> Point:
        """The top left corner of a box."""
        row, step = divmod(index, self.across)
        column = step if row % 2 == 0 else self.across - 1 - step
        return (
            LANE + column * (self.box[0] + self.gap[0]),
            8 + row * (self.box[1] + self.gap[1]),
        )

    def route(self, index: int) -> list[Point]:
        """The points of the line from a box to the next; the last box's leads to the first."""
        (x, y), (width, height) = self.corner(index), self.box
        if index == self.count - 1:
            return self._way_back()
        next_x, next_y = self.corner(index + 1)
        if next_y > y:
            return [(x + width / 2, y + height), (x + width / 2, next_y)]
        if next_x > x:
            return [(x + width, y + height / 2), (next_x, y + height / 2)]
        return [(x, y + height / 2), (next_x + width, y + height / 2)]

    def middle(self, index: int) -> tuple[Point, bool]:
        """Where the words of a hop stand, and whether its line is level there."""
        points = self.route(index)
        if index == self.count - 1 and not self.returns_beneath:
            _, bottom = self.corner(0)
            return (points[1][0], bottom + self.box[1] + self.gap[1] / 2), False
        start, end = (points[1], points[2]) if len(points) > 2 else (points[0], points[-1])
        return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), start[1] == end[1]

    def _way_back(self) -> list[Point]:
        (x, y), (first_x, first_y) = self.corner(self.count - 1), self.corner(0)
        width, height = self.box
        lane, level = 12.0, first_y + height / 2
        into = [(lane, level), (first_x, level)]
        if not self.returns_beneath:
            return [(x, y + height / 2), (lane, y + height / 2), *into]
        beneath = y + height + BELOW
        return [(x + width / 2, y + height), (x + width / 2, beneath), (lane, beneath), *into]


@dataclass(frozen=True, slots=True)
class Layers:
    """``places`` of boxes and the bends of ``routes`` by (source, target), left to right.

    x counts layers from the left and y rows from the top; both from 0, y in fractions.
    """

    places: tuple[Point, ...]
    routes: Mapping[tuple[int, int], tuple[Point, ...]]


def layered(count: int, arrows: Iterable[tuple[int, int]]) -> Layers:
    """Boxes ``0 … count-1`` in layers, so that all arrows but those that close a cycle run
    to the right (Sugiyama, Tagawa and Toda 1981).

    An arrow that is given twice weighs twice. A route is given once for a pair of boxes, from the
    left one. Equal input, equal places: boxes are numbers here, and numbers have no hash seed.
    """
    pairs = _forward(count, Counter((a, b) for a, b in arrows if a != b))
    places: dict[int, Point] = {}
    routes: dict[tuple[int, int], tuple[Point, ...]] = {}
    top = 0.0
    for boxes in _components(pairs):
        drawn = _drawn(boxes, pairs, top)
        top = 1 + max(y for route in drawn.values() for _, y in route)
        for (source, target), route in drawn.items():
            places |= {source: route[0], target: route[-1]}
        routes |= drawn
    alone = [box for box in range(count) if box not in places]
    places |= {box: (float(i % ACROSS), top + i // ACROSS) for i, box in enumerate(alone)}
    return Layers(tuple(places[box] for box in range(count)), routes)


def _components(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The boxes that arrows connect, sorted, the component of the lowest number first."""
    return sorted(map(sorted, nx.connected_components(nx.Graph(pairs))))


def _drawn(
    boxes: Sequence[int], pairs: Iterable[tuple[int, int]], top: float
) -> dict[tuple[int, int], tuple[Point, ...]]:
    """The routes of one component, below ``top``.

    Drawn by itself, so that its boxes are 0 … n-1 and the library's bends have numbers from n.
    """
    number = {box: index for index, box in enumerate(boxes)}
    [(positions, _, _, segments)] = fast_sugiyama.from_edges(
        [(number[a], number[b]) for a, b in pairs if a in number],
        vertex_spacing=SPACING,
        dummy_vertices=True,
    )
    first = max(y for _, (_, y) in positions)  # the library counts layers from the last one
    at = {stop: ((first - y) / SPACING, top + x / SPACING) for stop, (x, y) in positions}
    return {
        (boxes[way[0]], boxes[way[-1]]): tuple(at[stop] for stop in way)
        for way in _ways([(int(a), int(b)) for a, b in segments or ()], len(boxes))
    }


def _ways(segments: Iterable[tuple[int, int]], boxes: int) -> list[list[int]]:
    """Whole ways from box to box, joined from segments between boxes and bends."""
    onward: dict[int, list[int]] = {}
    for start, end in sorted(segments):
        onward.setdefault(start, []).append(end)
    ways = [[box, stop] for box in sorted(onward) if box < boxes for stop in onward[box]]
    for way in ways:
        while way[-1] >= boxes:
            way += onward[way[-1]]
    return ways


def _forward(count: int, arrows: Mapping[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The arrows without cycles: as few as may be are turned."""
    place = order(count, arrows)
    return sorted({(a, b) if place[a] < place[b] else (b, a) for a, b in arrows})
