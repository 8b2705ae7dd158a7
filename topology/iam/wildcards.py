"""IAM's wildcards: ``*`` is any run of characters, ``?`` any one; everything else is itself.

``fnmatch`` reads ``[`` as the start of a class and a regex of ``.*`` can take for ever; here a
match never steps back over a piece it has placed.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

_ANY = re.compile(r"[*?]")


def literal_prefix(pattern: str) -> str:
    """What every match begins with: the pattern up to its first wildcard."""
    return _ANY.split(pattern, maxsplit=1)[0]


def is_literal(pattern: str) -> bool:
    """Whether the pattern matches only itself."""
    return _ANY.search(pattern) is None


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches the pattern."""
    return matcher(pattern)(text)


@lru_cache(maxsize=4096)
def matcher(pattern: str) -> Callable[[str], bool]:
    """The pattern as a predicate, for a pattern that is asked of many texts."""
    head, *rest = pattern.split("*")
    if rest:
        return partial(_matches, head, rest[:-1], rest[-1])
    return partial(_is, pattern)


def _matches(head: str, middle: list[str], tail: str, text: str) -> bool:
    """Greedy from the left: the earliest place for a piece leaves the most for the others."""
    at, end = len(head), len(text) - len(tail)
    if at > end or not _is(head, text[:at]) or not _is(tail, text[end:]):
        return False
    for piece in middle:
        at = _find(piece, text, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _find(piece: str, text: str, at: int, end: int) -> int:
    if "?" not in piece:
        return text.find(piece, at, end)
    size = len(piece)
    return next((i for i in range(at, end - size + 1) if _is(piece, text[i : i + size])), -1)


def _is(piece: str, text: str) -> bool:
    """Whether a piece without stars is the text, character by character."""
    if "?" not in piece:
        return piece == text
    return len(piece) == len(text) and all(map(_fits, piece, text))


def _fits(wanted: str, character: str) -> bool:
    return wanted in ("?", character)
