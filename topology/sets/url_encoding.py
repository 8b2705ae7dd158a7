"""Sets of texts as they are after URL encoding, which S3 does to keys in what it sends.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

from functools import reduce
from operator import and_
from string import ascii_letters, digits

from topology.sets.expressions import ANY, Not, Pattern, StringSet, Texts, Union, pattern, union
from topology.sets.segments import Segment, Segments, Token
from topology.sets.strings import wildcard

UNCHANGED = frozenset(ascii_letters + digits + "-_./")
CHANGED = wildcard("*%*") | wildcard("*+*")  # every text in which anything was encoded


def url_encoded(of: StringSet) -> StringSet:
    """At least every member of a set after encoding: a space is ``+``, most signs are ``%XX``.

    What signs become is left open, so that it does not matter which of them S3 spares.
    """
    if isinstance(of, Texts):
        return union(pattern(_encoded((tuple(text),))) for text in of.texts)
    if isinstance(of, Pattern):
        return pattern(_encoded(of.segments))
    if isinstance(of, Union):
        return union(map(url_encoded, of.parts))
    parts = of.intersected if isinstance(of, Not) and of != ANY else []
    return reduce(and_, (_kept_or_changed(part) for part in parts), ANY)


def _kept_or_changed(part: StringSet) -> StringSet:
    """A complement is not encoded piece by piece: what is in it stays so, or was changed."""
    return part | CHANGED if isinstance(part, Not) else url_encoded(part)


def _encoded(segments: Segments) -> Segments:
    return tuple(tuple(piece) for segment in segments for piece in _pieces(segment))


def _pieces(segment: Segment) -> list[list[Token]]:
    """The parts of a segment whose encoding is known, between those where it may be anything."""
    pieces: list[list[Token]] = [[]]
    for character in segment:
        if character == " ":
            pieces[-1].append("+")
        elif character and UNCHANGED.issuperset(character):
            pieces[-1].append(character)
        else:
            pieces.append([])
    return pieces
