"""IAM's wildcards: ``*`` is any run of characters, ``?`` any one; everything else is itself.

``fnmatch`` reads ``[`` as the start of a class and a regex of ``.*`` can take for ever; here a
match takes time linear in the text for every piece between two stars.

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
    if "?" in pattern:
        expression = _single(pattern)
        return lambda text: expression.fullmatch(text) is not None
    head, *rest = pattern.split("*")
    if not rest:
        return pattern.__eq__
    return partial(_matches, head, rest[:-1], rest[-1])


def _matches(head: str, middle: list[str], tail: str, text: str) -> bool:
    """Greedy from the left: the earliest place for a piece leaves the most for the others."""
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def _single(pattern: str) -> re.Pattern[str]:
    """A pattern with ``?`` as a regex that never steps back over a piece it has placed."""
    head, *rest = (
        "".join("." if c == "?" else re.escape(c) for c in piece) for piece in pattern.split("*")
    )
    if not rest:
        return re.compile(head, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1])
    return re.compile(f"{head}{middle}.*{rest[-1]}", re.DOTALL)
