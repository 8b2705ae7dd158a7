"""A badge: the verdict of a scope and its age in a line, for a readme or a wall.

It names nothing: whoever sees it may be anybody.
"""

from __future__ import annotations

from datetime import datetime
from xml.etree.ElementTree import Element

from topology.reports import glyphs
from topology.reports.document import Document
from topology.reports.page import palette
from topology.reports.parts import is_complete
from topology.reports.svg import drawing, element
from topology.reports.wording import age, headline
from topology.verdict import ScopeVerdict

TITLE, GROUND, INK = "event loops", palette.LIGHT["text"], "#fff"
HEIGHT, SIZE, LETTER, SIGN, SPACE = 20, 11, 6.3, 12, 6  # pixels
WAY_ROUND = "M10 3a7 7 0 1 1-6.1 3.6"  # the product's own sign, of 20 × 20
TIP = "M10.6 0v6L6.6 3z"


def badge(report: Document | None, now: datetime) -> str:
    """The SVG of a kept report as it stands at ``now``; of None, that there is no verdict."""
    if report is None:
        return _drawn(ScopeVerdict.INCOMPLETE, "no verdict yet")
    says, read_from = headline(report), report["scope"]["read_from"]
    # The age is that of the oldest reading the verdict rests on.
    read = age(read_from, now) if read_from else "never read"
    words = [says.title.partition(":")[0].lower(), _doubt(report), read]
    return _drawn(says.verdict, ", ".join(filter(None, words)))


def _doubt(report: Document) -> str:
    """What a verdict that stands nevertheless leaves open."""
    if report["scope"]["stale"]:
        return "out of date"
    is_said = report["scope"]["verdict"] == ScopeVerdict.INCOMPLETE
    return "" if is_said or is_complete(report) else "incomplete"


def _drawn(verdict: str, text: str) -> str:
    head, tail = _width(TITLE), _width(text)
    sign = element("path", fill=INK, fill_rule="evenodd", d=glyphs.verdict(verdict))
    own = (
        element("path", d=WAY_ROUND, fill="none", stroke=INK, stroke_width=2.6),
        element("path", d=TIP, fill=INK),
    )
    return drawing(
        head + tail,
        HEIGHT,
        element("title", f"{TITLE}: {text}"),
        element("rect", width=head, height=HEIGHT, fill=GROUND),
        element("rect", x=head, width=tail, height=HEIGHT, fill=palette.tone(verdict)),
        element("g", *own, transform=f"translate({SPACE} 4) scale(.6)"),
        element("g", sign, transform=f"translate({head + SPACE:g} 4) scale(.75)"),
        _line(TITLE, 0),
        _line(text, head),
        role="img",
        aria_label=f"{TITLE}: {text}",
        font_family=palette.SANS,
        font_size=SIZE,
        fill=INK,
    )


def _width(text: str) -> float:
    return len(text) * LETTER + SIGN + 3 * SPACE


def _line(text: str, start: float) -> Element:
    """Text as wide as its place, whatever font there is."""
    return element(
        "text",
        text,
        x=start + SIGN + 2 * SPACE,
        y=14,
        textLength=len(text) * LETTER,
        lengthAdjust="spacingAndGlyphs",
    )
