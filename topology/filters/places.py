"""Where in a JSON text something stands that a parser names by its path.

Paths are those of ``document.within``: ``detail.state[0].prefix``.
"""

from __future__ import annotations

import json
import re

from topology.filters.document import FilterError, within

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def located(text: str, error: FilterError) -> tuple[str, int, int]:
    """What is wrong with a text, as a sentence, and the line and column of it."""
    try:
        json.loads(text)
    except json.JSONDecodeError as broken:
        if text.lstrip().startswith(("{", "[")) or "not JSON" in error.message:
            return f"{broken.msg}.", broken.lineno, broken.colno
    except (ValueError, RecursionError):
        pass
    said = error.message if not error.path else f"{error.path} {error.message}"
    return f"{said}.", *place(text, error.path)


def place(text: str, path: str) -> tuple[int, int]:
    """Line and column, from 1, of the value at a path, or of the nearest value around it.

    ``text`` is JSON; of any other the first place.
    """
    best = (-1, 0)  # how much of the path is named, and where
    # What each open bracket is called, and the member in it; None before an object's next key.
    at: list[tuple[str, str | int | None]] = []
    name = ""
    for token in _TOKEN.finditer(text):
        word = token[0]
        if word in ("}", "]"):
            if at:
                at.pop()
        elif word == ",":
            if at and isinstance(at[-1][1], int):
                at[-1] = (at[-1][0], at[-1][1] + 1)
            elif at:
                at[-1] = (at[-1][0], None)
        elif word == ":":
            if at:
                at[-1] = (at[-1][0], name)
        elif at and at[-1][1] is None:
            name = _key(word)
        else:
            here = _inside(*at[-1]) if at else ""
            if _is_around(here, path) and len(here) > best[0]:
                best = (len(here), token.start())
            if word in ("{", "["):
                at.append((here, None if word == "{" else 0))
    return _line_and_column(text, best[1])


def _inside(around: str, member: str | int | None) -> str:
    return around if member is None else within(around, member)


def _is_around(here: str, path: str) -> bool:
    return path == here or not here or path.startswith((f"{here}.", f"{here}["))


def _key(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        return word


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
