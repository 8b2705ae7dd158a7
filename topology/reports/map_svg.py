"""A view of the map as a picture file: the same places, readable without the page's style sheet."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from topology.reports.map_layout import HEIGHT, ROW, WIDTH, Layout
from topology.reports.map_scene import Arrow, Box
from topology.reports.map_view import View
from topology.reports.svg import Point, arrowhead, curve, drawing, element, label, shorten

MARGIN, FOOT = 24, 22
SWING = 30  # how far a line that leads back swings out at its ends
INK, PALE, LOOP = "#17202b", "#8793a3", "#b3261e"
CHANGED = {"added": "#1a6b3a", "removed": "#8a5300", "changed": "#6541ad"}
DASHES = {"on-failure": "7 4", "dormant": "2 4"}
FONT = "system-ui, sans-serif"


def draw_map(view: View, layout: Layout) -> str:
    """The SVG of a view, with what it leaves out written beneath."""
    places = [(float(x + MARGIN), float(y + MARGIN)) for x, y in layout.places]
    at = {box.id: place for box, place in zip(view.boxes, places, strict=True)}
    width = max([x + WIDTH for x, _ in places] + [f.x + f.width + MARGIN for f in layout.frames])
    below = max([y + HEIGHT for _, y in places] + [f.y + f.height + MARGIN for f in layout.frames])
    lines = [view.said, *view.left_out]
    parts = [*_frames(layout)]
    for arrow in view.arrows:
        parts += _line(arrow, at[arrow.source], at[arrow.target])
    parts += [_box(box, at[box.id]) for box in view.boxes]
    parts += [
        element("text", line, x=MARGIN, y=below + FOOT * (row + 2), font_size=13, fill=INK)
        for row, line in enumerate(lines)
    ]
    height = below + FOOT * (len(lines) + 2)
    ground = element("rect", width="100%", height="100%", fill="#fff")
    return drawing(width + MARGIN, height, ground, *parts, font_family=FONT)


def _frames(layout: Layout) -> Iterator[Element]:
    for frame in layout.frames:
        x, y = frame.x + MARGIN, frame.y + MARGIN
        yield element(
            "rect", x=x, y=y, width=frame.width, height=frame.height, rx=8,
            fill="#f5f6f8", stroke="#d8dde4",
        )  # fmt: skip
        title = shorten(frame.title, max(frame.width // 9, 8))
        yield element("text", title, x=x + 10, y=y + 18, font_size=13, fill="#526072")


def _line(arrow: Arrow, start: Point, end: Point) -> list[Element]:
    first, last = (start[0] + WIDTH, start[1] + HEIGHT / 2), (end[0], end[1] + HEIGHT / 2)
    is_back = end[0] <= start[0] and abs(end[1] - start[1]) < ROW / 2
    beneath = [(first[0] + SWING, first[1] + ROW / 2), (last[0] - SWING, last[1] + ROW / 2)]
    points = [first, *(beneath if is_back else ()), last]  # or its own row would hide it
    colour = CHANGED.get(arrow.change) or (LOOP if arrow.verdict else PALE)
    dash = DASHES.get("dormant" if arrow.dormant else arrow.meaning, "none")
    line = element(
        "path", element("title", f"{arrow.meaning} {arrow.change}".strip()), d=curve(points),
        fill="none", stroke=colour, stroke_width=2.5 if arrow.verdict else 1.2,
        stroke_dasharray=dash,
    )  # fmt: skip
    (x, y) = last
    return [line, element("g", arrowhead((x, y), (x - 9, y)), fill=colour)]


def _box(box: Box, place: Point) -> Element:
    (x, y), edge = place, LOOP if box.verdict else CHANGED.get(box.change, PALE)
    below = f"{box.members} resources" if box.members else box.kind
    return element(
        "g",
        element("title", box.arn or box.name),
        element(
            "rect", x=x, y=y, width=WIDTH, height=HEIGHT, rx=6, fill="#fff", stroke=edge,
            stroke_width=2 if box.verdict else 1,
        ),
        label(shorten(box.name, 20), x + 8, y + 17, WIDTH - 12, "name"),
        label(" ".join([below, box.change]), x + 8, y + 33, WIDTH - 12, "kind", size=11),
    )  # fmt: skip
