"""The small things a page is made of: badges, signs, the way of a loop, blocks of code."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from topology.reports import glyphs, prose
from topology.reports.diagram import title_of
from topology.reports.document import Told
from topology.reports.page.html import name, tag
from topology.reports.svg import element, shorten
from topology.reports.wording import proof_name, verdict_name

LONG = 44  # columns of a name in a heading or a table


def badge(verdict: str, said: str = "") -> Element:
    """A verdict's sign and word; colour never speaks alone."""
    path = element("path", fill="currentColor", fill_rule="evenodd", d=glyphs.verdict(verdict))
    return tag("span", _sign(path), said or verdict_name(verdict), class_=f"badge tone-{verdict}")


def proof_kind(kind: str) -> Element:
    """A kind of evidence."""
    path = element("path", d=glyphs.proof(kind), **glyphs.DRAWN)
    return tag("span", _sign(path), proof_name(kind), class_=f"proof-kind proof-{kind}")


def stop(kind: str, called: str, arn: str) -> Element:
    """A resource on the way: its service's sign and its name; the whole ARN as title."""
    sign = element(
        "svg",
        glyphs.service(kind, 0, 0),
        viewBox="0 0 16 16",
        width=14,
        height=14,
        class_="glyph-box",
        role="img",
        aria_label=title_of(kind),
    )
    named = name(shorten(called, LONG))
    named.set("title", arn)
    return tag("span", sign, named, class_="stop")


def way(loop: Told) -> list[Element | str]:
    """Where a loop leads, back to its first resource."""
    stops: list[Element | str] = []
    for edge in loop["edges"]:
        stops.append(stop(edge["source_kind"], edge["source_name"], edge["source"]))
        stops.append(" → ")
    first = name(shorten(loop["edges"][0]["source_name"], LONG))
    return [*stops, tag("span", "back to ", first, class_="back")]


def block(label: str, text: str) -> Element:
    """Commands or a document, as they are."""
    return tag("pre", text, aria_label=label, tabindex=0)


def json_block(label: str, value: object) -> Element:
    """JSON on indented lines."""
    return block(label, prose.pretty(value))


def folded(summary: str, *content: Element) -> Element:
    """What is there for those who ask; in print it is open."""
    return tag("details", tag("summary", summary), *content)


def _sign(path: Element) -> Element:
    return element(
        "svg", path, viewBox="0 0 16 16", width=14, height=14, class_="sign", aria_hidden="true"
    )
