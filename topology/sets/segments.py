"""A wildcard pattern as segments of single-character tokens, with any run between segments.

``uploads/*.csv`` is ``(("u", "p", …, "/"), (".", "c", "s", "v"))``: plain data that patterns are
parsed into, printed from and compiled from.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from topology.sets.budget import TooComplex

Token: TypeAlias = str  # the characters one position accepts; "" accepts any one character
Segment: TypeAlias = tuple[Token, ...]
Segments: TypeAlias = tuple[Segment, ...]

ANY_ONE: Token = ""
SHOWN = 5  # members of a set that are spelled out for people
SPELLINGS = 64  # ways to write one text in either case, where a case has several characters


def parse(pattern: str, single: bool) -> Segments:
    r"""Split at ``*``; ``single`` makes ``?`` any one character, else ``\*`` and ``\\`` escape."""
    segments: list[list[Token]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            segments.append([])
        elif character == "\\" and not single:
            escaped = next(characters, "")
            segments[-1] += escaped if escaped in ("*", "\\") else character + escaped
        else:
            segments[-1].append(ANY_ONE if single and character == "?" else character)
    return tuple(map(tuple, segments))


def simplified(segments: Segments) -> Segments:
    """The same pattern with ``**`` written ``*``."""
    if len(segments) == 1:
        return segments
    first, *middle, last = segments
    return first, *filter(None, middle), last


def remainders(segments: Segments) -> Iterator[Segments]:
    """For each position, in the automaton's numbering, what may follow from there."""
    for number, segment in enumerate(segments):
        tail = segments[number + 1 :]
        for place in range(len(segment) + (not tail)):
            loops: Segments = ((),) if number and not place else ()
            yield (*loops, segment[place:], *tail)


def in_any_case(segments: Segments) -> Iterable[Segments]:
    """The patterns for either case of each token: one, or more where a case is several characters.

    Raises ``TooComplex`` where that makes more than ``SPELLINGS``.
    """
    ways = [[_spellings(token) for token in segment] for segment in segments]
    if math.prod(len(way) for segment in ways for way in segment) > SPELLINGS:
        raise TooComplex(f"more than {SPELLINGS} spellings in upper and lower case")
    return itertools.product(
        *([tuple(itertools.chain(*pick)) for pick in itertools.product(*way)] for way in ways)
    )


def text(segment: Segment) -> str:
    """A segment's text, in lower case where it accepts both; ``?`` for any one character."""
    return "".join(max(token, default="?") for token in segment)


def printed(segments: Segments) -> str:
    """The segments as a pattern; a star that stands for itself is ``\\*``."""
    return "*".join(escaped(text(segment)) for segment in segments)


def escaped(plain: str) -> str:
    """Plain text as it stands in a printed pattern."""
    return readable(plain.replace("\\", "\\\\").replace("*", "\\*"))


def quoted(plain: str) -> str:
    """Plain text in quotation marks, for sentences."""
    return f'"{readable(plain)}"'


def readable(plain: str) -> str:
    """Text that can be printed and encoded: what has no glyph is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in plain)


def listed(items: Iterable[str], separator: str) -> str:
    """The first ``SHOWN`` items, how many more there are, or that there is none."""
    found = list(items)
    more = [f"{len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return separator.join(found[:SHOWN] + more) if found else "nothing"


@lru_cache(maxsize=4096)
def _spellings(token: Token) -> tuple[Segment, ...]:
    """The ways to write one token: one character in either case, or a longer case (``SS``)."""
    cases = {case for c in token for case in (c, c.lower(), c.upper())}
    one = ("".join(sorted(case for case in cases if len(case) == 1)),)
    return one, *(tuple(case) for case in sorted(cases) if len(case) > 1)
