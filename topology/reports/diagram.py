"""One turn of a loop as SVG: boxes in order of travel, numbered hops, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from topology import catalog
from topology.reports import glyphs
from topology.reports.layout import Ring
from topology.reports.svg import (
    Point,
    arrowhead,
    bent,
    element,
    label,
    markup,
    picture,
    shorten,
)

WIDE = 4  # boxes in a row where there is room; one where there is not
LETTER = 8.4  # pixels of an average bold letter in the widest common font
HEARSAY = ("permitted", "permitted-any")
PASSES = {
    "always": "always",
    "sometimes": "sometimes",
    "cannot": "stopped",
    "unknown": "not decided",
}


def draw_loop(loop: Mapping[str, Any], columns: int = WIDE) -> str:
    """The SVG of a loop of a ``loopscope.report/1``; each hop links to ``#hop-<number>``."""
    return markup(turn(loop, columns))


def turn(loop: Mapping[str, Any], columns: int = WIDE, anchor: str = "hop") -> Element:
    """The drawing as an element; each hop links to ``#<anchor>-<number>``, or nowhere without.

    Colours come from the page's style sheet; line style and words alone say the same.
    """
    edges: Sequence[Mapping[str, Any]] = loop["edges"]
    box = (200.0, 54.0) if columns > 1 else (272.0, 54.0)
    ring = Ring(len(edges), columns, box)
    seen: set[str] = set()
    boxes = []
    for index, edge in enumerate(edges):
        boxes.append(_box(edge, ring.corner(index), box, again=edge["source"] in seen))
        seen.add(edge["source"])
    hops = [_hop(index, edge, ring, anchor) for index, edge in enumerate(edges)]
    width, height = ring.size
    name = f"One turn of the loop {loop['title']}"
    return picture(width, height, *hops, *boxes, class_="turn", role="group", aria_label=name)


def legend(loop: Mapping[str, Any]) -> list[str]:
    """What the line styles of this loop's drawing mean, in sentences; only those that occur."""
    edges: Sequence[Mapping[str, Any]] = loop["edges"]
    meanings = {
        "Dashed: only after a failure.": any(e["meaning"] == "on-failure" for e in edges),
        "A bar: stopped there.": any(e["hop"]["verdict"] == "cannot" for e in edges),
        "Dotted: switched off.": any(e["dormant"] for e in edges),
        "Thin: not every event is known to pass.": any(
            e["hop"]["verdict"] in ("sometimes", "unknown") for e in edges
        ),
    }
    return [sentence for sentence, occurs in meanings.items() if occurs]


def passes(edge: Mapping[str, Any]) -> str:
    """Whether events pass a hop, in a word or two: what stands beside its arrow."""
    return "switched off" if edge["dormant"] else PASSES[edge["hop"]["verdict"]]


def does(edge: Mapping[str, Any]) -> str:
    """What a hop does with an event, in a word or two."""
    if edge["meaning"] == "writes":
        return "may write" if edge["evidence"] in HEARSAY else "writes"
    return str(edge["meaning"]).replace("-", " ")


def title_of(kind: str) -> str:
    """What people call a kind of resource: ``event bus`` for ``events.bus``."""
    known = catalog.kinds().get(kind)
    return known.title if known else kind.rpartition(".")[2].replace("-", " ")


def _box(edge: Mapping[str, Any], corner: Point, size: tuple[float, float], again: bool) -> Element:
    (x, y), (width, height) = corner, size
    kind = title_of(edge["source_kind"]) + (" (again)" if again else "")
    return element(
        "g",
        element("title", edge["source"]),
        element("rect", x=x, y=y, width=width, height=height, rx=6, class_="box"),
        glyphs.service(edge["source_kind"], x + 10, y + 11),
        label(
            shorten(edge["source_name"], int((width - 46) / LETTER)),
            x + 34,
            y + 23,
            width - 42,
            "name",
        ),
        label(shorten(kind, 30), x + 34, y + 41, width - 42, "kind", size=11.5),
        class_="resource",
    )


def _hop(index: int, edge: Mapping[str, Any], ring: Ring, anchor: str) -> Element:
    points = ring.route(index)
    (x, y), level = ring.middle(index)
    ends = f"{edge['source_name']} to {edge['target_name']}"
    parts = [
        element("path", d=bent(points), class_="reach"),  # a wide, unseen line: easy to hit
        element("path", d=bent(points), class_="line"),
        arrowhead(points[-1], points[-2]),
    ]
    if edge["hop"]["verdict"] == "cannot":
        parts.append(_bar(points))
    parts += _words(index, edge, x, y, level)
    return element(
        "a" if anchor else "g",
        *parts,
        **({"href": f"#{anchor}-{index + 1}"} if anchor else {}),
        class_=" ".join(["hop", f"hop-{edge['hop']['verdict']}", *_styles(edge)]),
        aria_label=f"Hop {index + 1}: {ends}: {does(edge)}, {passes(edge)}",
        data_hop=index + 1,
    )


def _styles(edge: Mapping[str, Any]) -> list[str]:
    off = ["hop-dormant"] if edge["dormant"] else []
    return off + (["hop-failure"] if edge["meaning"] == "on-failure" else [])


def _bar(points: Sequence[Point]) -> Element:
    """A bar across the line, short of the box it would reach."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    x, y = x2 + (x1 - x2) * 0.22, y2 + (y1 - y2) * 0.22
    across = (0, 9) if y1 == y2 else (9, 0)
    ends = [(x - across[0], y - across[1]), (x + across[0], y + across[1])]
    return element("path", d=bent(ends), class_="bar")


def _words(index: int, edge: Mapping[str, Any], x: float, y: float, level: bool) -> list[Element]:
    above, beneath = ((x, y - 17), (x, y + 25)) if level else ((x + 17, y - 3), (x + 17, y + 12))
    anchor = "middle" if level else "start"
    return [
        element("circle", cx=x, cy=y, r=10, class_="badge"),
        element("text", str(index + 1), x=x, y=y + 4, text_anchor="middle", class_="number"),
        element("text", does(edge), x=above[0], y=above[1], text_anchor=anchor, class_="does"),
        element(
            "text", passes(edge), x=beneath[0], y=beneath[1], text_anchor=anchor, class_="passes"
        ),
    ]
