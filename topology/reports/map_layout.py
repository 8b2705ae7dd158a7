"""Where the boxes of the map go: groups laid out each, then the groups, all left to right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx

from topology.reports.crossings import Line, crossings, rightward
from topology.reports.layout import layered
from topology.reports.map_parts import parts
from topology.reports.map_view import View

WIDTH, HEIGHT = 168, 40  # of a box
COLUMN, ROW = 260, 56  # from box to box
INNER, TITLE, BETWEEN = 16, 26, 90
SHELF = 1.6  # a drawing is about so much wider than high
FEW = 20  # boxes of a group that is never taken apart, however many arrows it has
DENSE = 1.5  # arrows per box from which a group is a tangle
COUNTED = 1000  # arrows of a group up to which its crossings are counted
FINENESS = (2.0, 2.5)  # of the communities that a tangle is tried in
STRAIGHT = 0.94  # of the arrows that ran to the right, so many must still do


@dataclass(frozen=True, slots=True)
class Frame:
    """A group's place: its title and its corner and size in pixels."""

    title: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Layout:
    """Box corners in the order of the view's boxes, and the frames of groups of several."""

    places: tuple[tuple[int, int], ...]
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class _Block:
    """Things with places of their own, as one thing with a size."""

    places: Mapping[int, tuple[float, float]]
    width: float
    height: float


def layout(view: View) -> Layout:
    """Places for everything in a view. Equal views, equal places; a group's own do not depend on
    what is in the others. Near linear in boxes and arrows.
    """
    number = {box.id: index for index, box in enumerate(view.boxes)}
    arrows = sorted((number[each.source], number[each.target]) for each in view.arrows)
    members: dict[str, list[int]] = {}
    for box in view.boxes:
        members.setdefault(view.group.get(box.id, box.id), []).append(number[box.id])
    titles = sorted(members)
    home = {box: place for place, title in enumerate(titles) for box in members[title]}
    inside: list[list[tuple[int, int]]] = [[] for _ in titles]
    across: list[tuple[int, int]] = []
    for a, b in arrows:
        if home[a] == home[b]:
            inside[home[a]].append((a, b))
        else:
            across.append((home[a], home[b]))
    blocks = [_group(members[title], inside[place]) for place, title in enumerate(titles)]
    corners = _arranged(blocks, across, BETWEEN / 2)
    places = [(0, 0)] * len(view.boxes)
    frames = []
    for place, (title, block) in enumerate(zip(titles, blocks, strict=True)):
        x, y = corners[place]
        for member, (inner_x, inner_y) in block.places.items():
            places[member] = (round(x + inner_x), round(y + inner_y))
        if len(block.places) > 1:
            sizes = (round(block.width), round(block.height))
            frames.append(Frame(title, round(x), round(y), *sizes))
    return Layout(tuple(places), tuple(frames))


def _group(boxes: Sequence[int], arrows: Sequence[tuple[int, int]]) -> _Block:
    """The boxes of one group: what hangs together in layers, such parts side by side.

    Where many actors may write to the same many channels, layers are two columns with a tangle
    between them. Communities side by side cross less and cost few arrows their direction.
    """
    if len(boxes) == 1:
        return _Block({boxes[0]: (0.0, 0.0)}, WIDTH, HEIGHT)
    number = {box: place for place, box in enumerate(boxes)}
    ties = [(number[a], number[b]) for a, b in arrows]
    whole = _divided(boxes, arrows, parts(len(boxes), ties))
    if len(boxes) <= FEW or not DENSE * len(boxes) < len(arrows) <= COUNTED:
        return whole
    finer = [parts(len(boxes), ties, FEW, fineness) for fineness in FINENESS]
    least = STRAIGHT * rightward(_lines(whole, arrows))
    tried = (_divided(boxes, arrows, found) for found in finer)
    straight = [each for each in tried if rightward(_lines(each, arrows)) >= least]
    return min([whole, *straight], key=lambda each: crossings(_lines(each, arrows)))


def _lines(block: _Block, arrows: Iterable[tuple[int, int]]) -> list[Line]:
    """The arrows from the middle of a box's right side to the middle of another's left."""
    at = block.places
    return [(at[a][0] + WIDTH, at[a][1], at[b][0], at[b][1]) for a, b in arrows]


def _divided(
    boxes: Sequence[int], arrows: Iterable[tuple[int, int]], found: Sequence[Sequence[int]]
) -> _Block:
    own: dict[int, list[tuple[int, int]]] = {}
    across: list[tuple[int, int]] = []
    part_of = {boxes[one]: place for place, part in enumerate(found) for one in part}
    for a, b in arrows:
        if part_of[a] == part_of[b]:
            own.setdefault(part_of[a], []).append((a, b))
        else:
            across.append((part_of[a], part_of[b]))
    blocks = [
        _part([boxes[one] for one in part], own.get(place, ())) for place, part in enumerate(found)
    ]
    corners = _arranged(blocks, across, ROW - HEIGHT)
    places: dict[int, tuple[float, float]] = {}
    for at, (x, y) in corners.items():
        for box, (inner_x, inner_y) in blocks[at].places.items():
            places[box] = (INNER + x + inner_x, TITLE + INNER / 2 + y + inner_y)
    width = max(x for x, _ in places.values()) + WIDTH + INNER
    return _Block(places, width, max(y for _, y in places.values()) + HEIGHT + INNER)


def _part(boxes: Sequence[int], arrows: Iterable[tuple[int, int]]) -> _Block:
    if len(boxes) == 1:
        return _Block({boxes[0]: (0.0, 0.0)}, WIDTH, HEIGHT)
    number = {box: index for index, box in enumerate(boxes)}
    laid = layered(len(boxes), [(number[a], number[b]) for a, b in arrows])
    left, top = min(x for x, _ in laid.places), min(y for _, y in laid.places)
    places = {
        box: ((x - left) * COLUMN, (y - top) * ROW)
        for box, (x, y) in zip(boxes, laid.places, strict=True)
    }
    width = max(x for x, _ in places.values()) + WIDTH
    return _Block(places, width, max(y for _, y in places.values()) + HEIGHT)


def _arranged(
    blocks: Sequence[_Block], across: Sequence[tuple[int, int]], gap: float
) -> dict[int, tuple[float, float]]:
    """The corner of every block: those with arrows between them in layers, the others beneath."""
    ties: nx.Graph[int] = nx.Graph()
    ties.add_nodes_from(range(len(blocks)))
    ties.add_edges_from(sorted(set(across)))
    islands: list[_Block] = []
    for part in sorted(
        (sorted(part) for part in nx.connected_components(ties)), key=lambda p: p[0]
    ):
        islands.append(_island(part, blocks, across))
    order = sorted(range(len(islands)), key=lambda at: (-islands[at].height, at))
    corners = _shelves([islands[at] for at in order], gap)
    return {
        place: (x + inner_x, y + inner_y)
        for at, (x, y) in zip(order, corners, strict=True)
        for place, (inner_x, inner_y) in islands[at].places.items()
    }


def _island(
    part: Sequence[int], blocks: Sequence[_Block], across: Iterable[tuple[int, int]]
) -> _Block:
    if len(part) == 1:
        return _Block({part[0]: (0.0, 0.0)}, blocks[part[0]].width, blocks[part[0]].height)
    number = {place: index for index, place in enumerate(part)}
    laid = layered(len(part), [(number[a], number[b]) for a, b in across if a in number])
    columns: dict[float, list[int]] = {}
    for place, (x, _) in zip(part, laid.places, strict=True):
        columns.setdefault(x, []).append(place)
    places: dict[int, tuple[float, float]] = {}
    left = 0.0
    highest = max(sum(blocks[each].height + ROW for each in column) for column in columns.values())
    for _, column in sorted(columns.items()):
        column.sort(key=lambda place: (laid.places[number[place]][1], place))
        top = (highest - sum(blocks[each].height + ROW for each in column)) / 2
        for place in column:
            places[place] = (left, top)
            top += blocks[place].height + ROW
        left += max(blocks[each].width for each in column) + BETWEEN
    return _Block(places, left - BETWEEN, highest)


def _shelves(blocks: Sequence[_Block], gap: float) -> list[tuple[float, float]]:
    """Corners of blocks in rows, from the left, in the order given."""
    area = sum((each.width + gap) * (each.height + gap) for each in blocks)
    across = max(math.sqrt(area * SHELF), max((each.width for each in blocks), default=0.0))
    corners = []
    x = y = lowest = 0.0
    for each in blocks:
        if x and x + each.width > across:
            x, y, lowest = 0.0, lowest + gap, 0.0
        corners.append((x, y))
        x += each.width + (gap if gap > BETWEEN / 3 else COLUMN - WIDTH)
        lowest = max(lowest, y + each.height)
    return corners
