"""Sentences with marks in them, and JSON, as people read them.

A sentence marks a `value`, a "value" and a *name*; every format decides how those stand out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from topology.reports.svg import printable

# Stars inside values are theirs, so values are read before names.
MARKED = re.compile(r'`([^`]+)`|("[^"]+")|\*([^*`"]+)\*|([^`"*]+|.)', re.DOTALL)
JSON_WIDTH = 76  # characters of a line of JSON


class Style(Enum):
    """How a piece of a sentence stands out."""

    PLAIN = "plain"
    VALUE = "value"
    NAME = "name"


class Piece(NamedTuple):
    """A part of a sentence without its marks."""

    style: Style
    text: str


def pieces(sentence: str) -> Iterator[Piece]:
    """A sentence taken apart; the texts, one after the other, are what is read."""
    for value, quoted, name, plain in MARKED.findall(sentence):
        if value or quoted:
            yield Piece(Style.VALUE, value or quoted)
        elif name:
            yield Piece(Style.NAME, name)
        else:
            yield Piece(Style.PLAIN, plain)


def unmarked(sentence: str) -> str:
    """A sentence for readers who see no styles; values keep their backticks and quotes."""
    return "".join(
        f"`{piece.text}`" if piece.style is Style.VALUE and piece.text[0] != '"' else piece.text
        for piece in pieces(sentence)
    )


def pretty(value: object) -> str:
    """JSON (a value, or a document as text) on indented lines; other text as it is."""
    try:
        parsed = json.loads(value) if isinstance(value, str) else value
        return printable(_indented(parsed, ""))
    except (ValueError, RecursionError):
        return str(value)


def _indented(value: object, indent: str) -> str:
    """JSON with everything that fits on one line left on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    if len(indent) + len(flat) <= JSON_WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    if isinstance(value, list):
        lines = [deeper + _indented(each, deeper) for each in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    lines = [
        f"{deeper}{json.dumps(key, ensure_ascii=False)}: {_indented(each, deeper)}"
        for key, each in value.items()
    ]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
