"""An account's overview as SVG: a panel per group, and what was folded in a panel of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from topology.reports import glyphs
from topology.reports.layout import Layers, layered
from topology.reports.svg import Point, arrowhead, curve, drawing, element, label, shorten

BOX = (140.0, 30.0)
STEP = (BOX[0] + 44, BOX[1] + 14)  # from one layer to the next, from one row to the next
PADDING = 14.0
TITLE = 30.0  # room for a panel's title
NOTE = 18.0  # room for a line beneath the boxes
BETWEEN = 14.0  # between panels
WIDE, NARROW = 1096.0, 320.0  # rows of panels are filled up to here; a wider panel stands alone


@dataclass(frozen=True, slots=True)
class _Panel:
    size: tuple[float, float]
    content: tuple[Element, ...]


def draw_overview(overview: Mapping[str, Any], room: float = WIDE) -> str:
    """The SVG of an ``analysis.overview.Overview`` for ``room`` pixels; full ARNs are titles."""
    groups: Sequence[Mapping[str, Any]] = overview["groups"]
    panels = [_panel(group) for group in groups if group["boxes"]]
    if folded := [group for group in groups if not group["boxes"]]:
        panels.append(_folded(folded, room))
    placed, height = _shelves(panels, room)
    width = max((x + panel.size[0] for panel, (x, _) in placed), default=room)
    return drawing(
        width,
        height,
        *(
            element("g", *panel.content, transform=f"translate({x:g} {y:g})")
            for panel, (x, y) in placed
        ),
        class_="map",
        role="img",
        aria_label=f"Overview of account {overview['account']}; the same as a table below",
    )


def _shelves(panels: Iterable[_Panel], room: float) -> tuple[list[tuple[_Panel, Point]], float]:
    """Panels side by side in rows, in the order they come, and the height of it all."""
    placed: list[tuple[_Panel, Point]] = []
    x, y, tallest = 0.0, 0.0, 0.0
    for panel in panels:
        if x and x + panel.size[0] > room:
            x, y, tallest = 0.0, y + tallest + BETWEEN, 0.0
        placed.append((panel, (x, y)))
        x, tallest = x + panel.size[0] + BETWEEN, max(tallest, panel.size[1])
    return placed, y + tallest


def _panel(group: Mapping[str, Any]) -> _Panel:
    boxes: Sequence[Mapping[str, Any]] = group["boxes"]
    arrows: Sequence[Mapping[str, Any]] = group["arrows"]
    layers = layered(len(boxes), [(arrow["source"], arrow["target"]) for arrow in arrows])
    notes = list(_notes(group))
    right = max(x for x, _ in layers.places) * STEP[0] + BOX[0]
    bends = [y for way in layers.routes.values() for _, y in way]
    bottom = TITLE + max([*bends, *(y for _, y in layers.places)]) * STEP[1] + BOX[1]
    width = right + 2 * PADDING
    height = bottom + NOTE * len(notes) + PADDING
    drawn = [
        *(_arrow(arrow, layers) for arrow in sorted(arrows, key=lambda each: each["in_loop"])),
        *(_box(box, _corner(at)) for box, at in zip(boxes, layers.places, strict=True)),
        *(
            label(note, PADDING, bottom + NOTE * (line + 1), right, "panel-note", size=11.5)
            for line, note in enumerate(notes)
        ),
    ]
    return _Panel((width, height), (*_frame(_heading(group), width, height), *drawn))


def _folded(groups: Sequence[Mapping[str, Any]], room: float) -> _Panel:
    """Groups that are one box each, in rows."""
    across = int((room - 2 * PADDING + STEP[0] - BOX[0]) // STEP[0])
    rows = -(-len(groups) // across)
    width = min(len(groups), across) * STEP[0] - (STEP[0] - BOX[0]) + 2 * PADDING
    height = TITLE + rows * STEP[1] - (STEP[1] - BOX[1]) + PADDING
    boxes = [
        _box(
            {
                "arn": _heading(group),
                "name": f"{group['title']} ({group['resources']})",
                "kind": "group",
                "in_loop": group["loops"] > 0,
            },
            _corner((place % across, place // across)),
        )
        for place, group in enumerate(groups)
    ]
    return _Panel((width, height), (*_frame("Folded groups", width, height), *boxes))


def _frame(title: str, width: float, height: float) -> list[Element]:
    room = width - 2 * PADDING
    return [
        element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, rx=6, class_="panel"),
        label(shorten(title, int(room / 7)), PADDING, 20, room, "panel-title"),
    ]


def _heading(group: Mapping[str, Any]) -> str:
    loops = f" · {group['loops']} loop{'s' if group['loops'] > 1 else ''}" if group["loops"] else ""
    return f"{group['title']}{loops}"


def _notes(group: Mapping[str, Any]) -> Iterator[str]:
    if group["folded"]:
        yield f"and {group['folded']} more resources"
    for other in group["elsewhere"][:3]:
        ways = [
            f"{other['leaving']} to" if other["leaving"] else "",
            f"{other['arriving']} from" if other["arriving"] else "",
        ]
        yield f"{' and '.join(filter(None, ways))} {shorten(other['group'], 40)}"
    if others := group["elsewhere"][3:]:
        yield f"and edges with {len(others)} more groups"


def _corner(at: Point) -> Point:
    return PADDING + at[0] * STEP[0], TITLE + at[1] * STEP[1]


def _box(box: Mapping[str, Any], corner: Point) -> Element:
    (x, y), (width, height) = corner, BOX
    return element(
        "g",
        element("title", box["arn"]),
        element("rect", x=x, y=y, width=width, height=height, rx=4, class_="box"),
        glyphs.service(box["kind"], x + 7, y + 7),
        label(shorten(box["name"], 14), x + 28, y + 20, width - 32, "name", size=11.5),
        class_="resource in-loop" if box["in_loop"] else "resource",
    )


def _arrow(arrow: Mapping[str, Any], layers: Layers) -> Element:
    points = _points(arrow["source"], arrow["target"], layers)
    styles = [
        arrow["meaning"],
        *(name for name in ("dormant", "hearsay") if arrow[name]),
        *(["in-loop"] if arrow["in_loop"] else []),
    ]
    return element(
        "g",
        element("path", d=curve(points), class_="line"),
        arrowhead(points[-1], points[-2], size=6),
        class_=" ".join(styles),
    )


def _points(source: int, target: int, layers: Layers) -> list[Point]:
    """From side to side, level past the boxes of every layer between.

    A way back keeps clear of the way there: below it, or above where it arches over it.
    """
    if source == target:
        x, y = _corner(layers.places[source])
        level = y + BOX[1] / 2
        return [(x + BOX[0], level), (x + BOX[0] + 22, level - 12), (x + BOX[0], level - 10)]
    forth = layers.routes.get((source, target))
    way = forth or layers.routes[target, source][::-1]
    near, far = (0.0, BOX[0]) if forth else (BOX[0], 0.0)
    (x1, y1), *between, (x2, y2) = [_corner(at) for at in way]
    clear = -6.0 if between and between[0][1] < max(y1, y2) else 6.0
    level = BOX[1] / 2 + (0.0 if forth else clear)
    past = [(x + side, y + level) for x, y in between for side in (near, far)]
    return [(x1 + far, y1 + level), *past, (x2 + near, y2 + level)]
