"""The loops as one SVG file, one below the other, readable light and dark.

Source: https://www.w3.org/TR/SVG2/
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from topology.reports import diagram, heading
from topology.reports.document import Document, Told, pressing, stopped
from topology.reports.format import Format, FormatError, Use
from topology.reports.page.palette import DARK, LIGHT, Palette, standing_alone, toned
from topology.reports.svg import element, markup, picture, shorten
from topology.reports.wording import counted, verdict_name

DRAWN = 50  # loops
MARGIN, CAPTION, BETWEEN = 24.0, 30.0, 26.0
LETTERS = 100  # of a caption


def render(document: Document) -> str:
    """Each loop with its verdict above it; further ones are counted below."""
    return markup(drawing(document, LIGHT, DARK))


def drawing(document: Document, *palettes: Palette) -> Element:
    """The picture as an element; raises ``FormatError`` where there is nothing to draw."""
    loops = [*pressing(document), *stopped(document)]
    if not loops:
        raise FormatError("There is no loop to draw.")
    turns = [diagram.turn(loop, anchor="") for loop in loops[:DRAWN]]
    width = max(float(each.get("width", 0)) for each in turns) + 2 * MARGIN
    parts: list[Element] = []
    below = MARGIN
    for loop, turn in zip(loops, turns, strict=False):
        parts += _told(loop, turn, below)
        below += CAPTION + float(turn.get("height", 0)) + BETWEEN
    if more := len(loops) - len(turns):
        said = f"{counted(more, 'further loop')} not drawn"
        parts.append(element("text", said, x=MARGIN, y=below + 10, class_="caption"))
        below += CAPTION
    ground = element("rect", width="100%", height="100%", class_="ground")
    title = element("title", heading.title(document))
    whole = picture(width, below, title, ground, *parts, role="img")
    return standing_alone(whole, *palettes)


def _told(loop: Told, turn: Element, top: float) -> Iterator[Element]:
    """A caption, and a turn in the tone of its verdict."""
    change = f"{heading.CHANGES[loop['change']]}: " if "change" in loop else ""
    said = shorten(f"{change}{verdict_name(loop['verdict'])}. {loop['title']}", LETTERS)
    yield element("text", said, x=MARGIN, y=top + 14, class_="caption")
    turn.set("x", f"{MARGIN:g}")
    turn.set("y", f"{top + CAPTION:g}")
    yield toned(turn, loop["verdict"])


FORMAT = Format(
    "svg",
    "SVG",
    Use.DRAWING,
    f"one turn of each loop, of the {DRAWN} gravest, light and dark",
    "image/svg+xml",
    "svg",
    render,
)
