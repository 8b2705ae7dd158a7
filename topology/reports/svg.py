"""SVG as elements, so that a name from somebody's account can only ever be text.

Source: https://developer.mozilla.org/docs/Web/SVG/Element
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
from xml.etree.ElementTree import Element, tostring

Point = tuple[float, float]
ELLIPSIS = "…"
CORNER = 10.0  # radius of a bend, in pixels


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """An SVG element: ``class_`` becomes ``class``, other underscores become hyphens."""
    names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    made = Element(tag, {key: _text(value) for key, value in names.items()})
    for child in children:
        if isinstance(child, str):
            made.text = printable(child)
        else:
            made.append(child)
    return made


def drawing(width: float, height: float, *children: Element, **attributes: object) -> str:
    """A whole ``<svg>`` as markup, to be put into a page as it is."""
    return markup(picture(width, height, *children, **attributes))


def picture(width: float, height: float, *children: Element, **attributes: object) -> Element:
    """A whole ``<svg>``."""
    return element(
        "svg",
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_text(width)} {_text(height)}",
        width=width,
        height=height,
        **attributes,
    )


def markup(root: Element) -> str:
    """An element as text, every name in it escaped."""
    return tostring(root, encoding="unicode")


def label(text: str, x: float, y: float, width: float, class_: str, size: float = 13) -> Element:
    """One line of text clipped to a box ``width`` wide, whatever its letters measure.

    ``y`` is the base line. The inner ``<svg>`` is what clips: no id, no clip path.
    """
    line = element("text", text, x=0, y=size * 1.1, class_=class_, unicode_bidi="isolate")
    return element("svg", line, x=x, y=y - size * 1.1, width=width, height=size * 1.5)


def bent(points: Sequence[Point]) -> str:
    """The path data of a line through ``points`` with rounded bends (right angles expected)."""
    path = [f"M{_pair(points[0])}"]
    for before, bend, after in zip(points, points[1:], points[2:], strict=False):
        path.append(
            f"L{_pair(_towards(bend, before))}Q{_pair(bend)} {_pair(_towards(bend, after))}"
        )
    return "".join([*path, f"L{_pair(points[-1])}"])


def curve(points: Sequence[Point]) -> str:
    """The path data of a smooth line through ``points`` that leaves and arrives level."""
    path = [f"M{_pair(points[0])}"]
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (x1 + x2) / 2
        path.append(f"C{_pair((middle, y1))} {_pair((middle, y2))} {_pair((x2, y2))}")
    return "".join(path)


def arrowhead(tip: Point, before: Point, size: float = 7) -> Element:
    """A filled triangle at ``tip`` that points away from ``before`` (level or upright lines)."""
    (x, y), (x0, y0) = tip, before
    if abs(x - x0) >= abs(y - y0):
        back, half = (-size if x > x0 else size), size * 0.6
        corners = [(x, y), (x + back, y - half), (x + back, y + half)]
    else:
        back, half = (-size if y > y0 else size), size * 0.6
        corners = [(x, y), (x - half, y + back), (x + half, y + back)]
    return element("path", d="M" + "L".join(map(_pair, corners)) + "Z", class_="head")


def shorten(text: str, cells: int) -> str:
    """The text in at most ``cells`` columns, its middle left out: names differ at their ends."""
    text = printable(text)
    if _cells(text) <= cells:
        return text
    behind = (cells - 1) // 2
    return f"{_start(text, cells - 1 - behind)}{ELLIPSIS}{_start(text[::-1], behind)[::-1]}"


def printable(text: str) -> str:
    """The text without what XML and UTF-8 forbid: control characters and lone surrogates."""
    if text.isprintable():  # most are, and asking is a hundred times faster than looking
        return text
    told = "".join(
        "\ufffd" if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n" else sign
        for sign in text
    )
    return text if told == text else told  # the same text, of which there is then one


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _start(text: str, cells: int) -> str:
    """As much of the text as fits."""
    widths = accumulate(map(_cells, text))
    return text[: sum(width <= cells for width in widths)]


def _towards(start: Point, end: Point) -> Point:
    (x1, y1), (x2, y2) = start, end
    length = max(abs(x2 - x1) + abs(y2 - y1), 1e-9)
    step = min(CORNER, length / 2) / length
    return x1 + (x2 - x1) * step, y1 + (y2 - y1) * step


def _pair(point: Point) -> str:
    return f"{_text(point[0])},{_text(point[1])}"


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return printable(str(value))
