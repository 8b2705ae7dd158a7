"""One group of an account's overview as SVG: boxes in layers, arrows from side to side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from topology.reports import glyphs
from topology.reports.layout import Layers, layered
from topology.reports.svg import Point, arrowhead, curve, drawing, element, label, shorten

BOX = (143.0, 30.0)
STEP = (BOX[0] + 42, BOX[1] + 14)  # from one layer to the next, from one row to the next
EDGE = 8.0  # room around it all, for arrows that arch over the outermost boxes
LETTERS = 14  # of a name, in the widest common font
ASIDE = 6.0  # how far a way back keeps clear of the way there


def draw_group(group: Mapping[str, Any]) -> str:
    """The SVG of an ``analysis.overview.Group`` that has boxes; full ARNs are titles.

    A box may have a ``look`` ("here", "faded") and an ``href``, an arrow a ``look``.
    """
    boxes: Sequence[Mapping[str, Any]] = group["boxes"]
    arrows: Sequence[Mapping[str, Any]] = group["arrows"]
    layers = layered(len(boxes), [(arrow["source"], arrow["target"]) for arrow in arrows])
    stops = [*layers.places, *(stop for way in layers.routes.values() for stop in way)]
    return drawing(
        max(x for x, _ in stops) * STEP[0] + BOX[0] + 2 * EDGE,
        max(y for _, y in stops) * STEP[1] + BOX[1] + 2 * EDGE,
        *(_arrow(arrow, layers) for arrow in sorted(arrows, key=lambda each: each["in_loop"])),
        *(_box(box, _corner(at)) for box, at in zip(boxes, layers.places, strict=True)),
        class_="map",
        role="group" if any("href" in box for box in boxes) else "img",
        aria_label=f"How {group['title']} hangs together; the same as a table below",
    )


def _corner(at: Point) -> Point:
    return EDGE + at[0] * STEP[0], EDGE + at[1] * STEP[1]


def _box(box: Mapping[str, Any], corner: Point) -> Element:
    (x, y), (width, height) = corner, BOX
    looks = ["resource", *(["in-loop"] if box["in_loop"] else []), box.get("look", "")]
    link = {"href": box["href"], "aria_label": box["name"]} if "href" in box else {}
    return element(
        "a" if link else "g",
        element("title", box["arn"]),
        element("rect", x=x, y=y, width=width, height=height, rx=4, class_="box"),
        glyphs.service(box["kind"], x + 7, y + 7),
        label(shorten(box["name"], LETTERS), x + 27, y + 20, width - 29, "name", size=11.5),
        class_=" ".join(filter(None, looks)),
        **link,
    )


def _arrow(arrow: Mapping[str, Any], layers: Layers) -> Element:
    points = _points(arrow["source"], arrow["target"], layers)
    styles = [
        arrow["meaning"],
        *(name for name in ("dormant", "hearsay") if arrow[name]),
        *(["in-loop"] if arrow["in_loop"] else []),
        *filter(None, [arrow.get("look", "")]),
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
        return [(x + BOX[0], y + 18), (x + BOX[0] + 22, y + 10), (x + BOX[0], y + 6)]
    forth = layers.routes.get((source, target))
    way = forth or layers.routes[target, source][::-1]
    near, far = (0.0, BOX[0]) if forth else (BOX[0], 0.0)
    (x1, y1), *between, (x2, y2) = [_corner(at) for at in way]
    aside = -ASIDE if between and between[0][1] < max(y1, y2) else ASIDE
    level = BOX[1] / 2 + (0.0 if forth else aside)
    past = [(x + side, y + level) for x, y in between for side in (near, far)]
    return [(x1 + far, y1 + level), *past, (x2 + near, y2 + level)]
