"""draw.io: a page per loop, laid out as the report draws it, to be edited further.

Source: https://www.drawio.com/doc/faq/diagram-source-edit
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, indent

from topology.reports.diagram import does, passes, title_of
from topology.reports.document import Document, Told
from topology.reports.format import Format, Use
from topology.reports.layout import Ring
from topology.reports.page.palette import LIGHT, tone
from topology.reports.svg import Point, element, markup, shorten

BOX = (200.0, 54.0)
COLUMNS = 4
TITLE = 60  # columns of a page's name
# No html=1: a name is never read as markup.
NODE = "rounded=1;whiteSpace=wrap;html=0;fillColor={raised};strokeColor={line};fontColor={text};"
EDGE = "rounded=1;html=0;endArrow=block;strokeColor={tone};fontColor={text};"
DASHED = "dashed=1;"


def render(document: Document) -> str:
    """An ``mxfile``; each box carries its ARN as tooltip."""
    pages = [_page(number, loop) for number, loop in enumerate(document["loops"], start=1)]
    root = element("mxfile", *pages, host="loopscope")
    indent(root)
    return f"{markup(root)}\n"


def _page(number: int, loop: Told) -> Element:
    cells = [element("mxCell", id="0"), element("mxCell", id="1", parent="0")]
    model = element("mxGraphModel", element("root", *cells, *_boxes(loop), *_hops(loop)))
    title = shorten(f"{number}. {loop['verdict']}: {loop['title']}", TITLE)
    return element("diagram", model, id=loop["fingerprint"], name=title)


def _boxes(loop: Told) -> Iterator[Element]:
    ring = Ring(len(loop["edges"]), COLUMNS, BOX)
    for index, edge in enumerate(loop["edges"]):
        x, y = ring.corner(index)
        place = element("mxGeometry", x=x, y=y, width=BOX[0], height=BOX[1])
        place.set("as", "geometry")
        label = f"{edge['source_name']}\n{title_of(edge['source_kind'])}"
        style = NODE.format(raised=LIGHT["raised"], line=LIGHT["strong-line"], text=LIGHT["text"])
        cell = element("mxCell", place, style=style, vertex="1", parent="1")
        yield element("object", cell, id=f"box-{index}", label=label, tooltip=edge["source"])


def _hops(loop: Told) -> Iterator[Element]:
    count = len(loop["edges"])
    ring = Ring(count, COLUMNS, BOX)
    colour = tone(loop["verdict"])
    for index, edge in enumerate(loop["edges"]):
        style = EDGE.format(tone=colour, text=LIGHT["text"])
        if edge["dormant"] or edge["meaning"] == "on-failure":
            style += DASHED
        bends = element("Array", *(_point(each) for each in ring.route(index)[1:-1]))
        bends.set("as", "points")
        way = element("mxGeometry", bends, relative="1")
        way.set("as", "geometry")
        cell = element("mxCell", way, style=style, edge="1", parent="1")
        cell.set("source", f"box-{index}")
        cell.set("target", f"box-{(index + 1) % count}")
        label = f"{index + 1}. {does(edge)}, {passes(edge)}"
        yield element("object", cell, id=f"hop-{index}", label=label, tooltip=edge["words"])


def _point(at: Point) -> Element:
    return element("mxPoint", x=at[0], y=at[1])


FORMAT = Format(
    "drawio",
    "draw.io",
    Use.DRAWING,
    "a page per loop, to be edited further",
    "application/vnd.jgraph.mxfile",
    "drawio",
    render,
)
