"""HTML as elements, so that a name from somebody's account can only ever be text.

Source: https://html.spec.whatwg.org/multipage/syntax.html#serialising-html-fragments
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from topology.reports import prose
from topology.reports.prose import Style
from topology.reports.svg import printable

Content: TypeAlias = "Element | str | Iterable[Content] | None"


def tag(name: str, /, *content: Content, **attributes: object) -> Element:
    """An element around texts, elements and lists of them; None is left out.

    ``class_`` becomes ``class``, other underscores become hyphens; None leaves an attribute out.
    """
    made = Element(name)
    for key, value in attributes.items():
        if value is not None:
            made.set(key.rstrip("_").replace("_", "-"), printable(str(value)))
    for each in content:
        _add(made, each)
    return made


def sentence(text: str) -> Iterable[Content]:
    """The pieces of a sentence with its values as code and its names in bold."""
    shapes = {Style.VALUE: "code", Style.NAME: "b"}
    for style, piece in prose.pieces(text):
        yield tag(shapes[style], piece) if style in shapes else piece


def name(text: str) -> Element:
    """A name, kept from turning the text around it."""
    return tag("bdi", text)


def table(
    caption: str, heads: Iterable[str], rows: Iterable[Iterable[Content]], class_: str = "scroll"
) -> Element:
    """A table with its caption, in a box that scrolls by itself where the screen is narrow.

    As ``scroll stacked`` its cells stand one below the other there, under a heading of its own.
    """
    head = tag("tr", [tag("th", each, scope="col") for each in heads])
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body))
    return tag("div", whole, class_=class_, role="region", aria_label=caption, tabindex=0)


def written(root: Element) -> str:
    """A whole document as text, every name in it escaped."""
    return f"<!doctype html>\n{tostring(root, encoding='unicode', method='html')}\n"


def _add(parent: Element, content: Content) -> None:
    match content:
        case None:
            return
        case str():
            text = printable(content)
            if len(parent):
                parent[-1].tail = (parent[-1].tail or "") + text
            else:
                parent.text = (parent.text or "") + text
        case Element():
            parent.append(content)
        case _:
            for each in content:
                _add(parent, each)
