"""Wildcard shapes of texts, and what programs do to them: cut, replace, decode, change case.

A shape is a pattern's segments. Every function gives shapes that hold at least what comes of the
texts of the given one: what lies under a star is not known, so only what surely stays is kept.
"""

from __future__ import annotations

from collections.abc import Iterable

from topology.sets.expressions import ANY, Not, Pattern, StringSet, Texts, Union
from topology.sets.segments import Segment, Segments
from topology.sets.url_encoding import UNCHANGED

ANY_TEXT: Segments = ((), ())
MOST = 64  # shapes of one set
HEX = frozenset("0123456789abcdefABCDEF")


def shapes(of: StringSet) -> list[Segments]:
    """Shapes that together hold at least the set; of a complement nothing is known."""
    if isinstance(of, Texts):
        return _few([(tuple(text),) for text in sorted(of.texts)])
    if isinstance(of, Pattern):
        return [of.segments]
    if isinstance(of, Union):
        return _few([shape for part in of.ordered for shape in shapes(part)])
    if isinstance(of, Not) and of != ANY:
        within = [part for part in of.intersected if not isinstance(part, Not)]
        return _few(_of_all([shapes(part) for part in within]))
    return [ANY_TEXT]


def text_of(shape: Segments) -> str | None:
    """The one text of a shape without a star."""
    if len(shape) == 1 and all(len(token) == 1 for token in shape[0]):
        return "".join(shape[0])
    return None


def joined(first: Segments, second: Segments) -> Segments:
    """One after the other."""
    return (*first[:-1], (*first[-1], *second[0]), *second[1:])


def without_start(shape: Segments, count: int) -> Segments:
    """Without the first ``count`` characters, or as many as there are.

    Programs may count characters beyond the first plane as two: of those nothing is told.
    """
    if any(sign > "\uffff" for segment in shape for token in segment for sign in token):
        return ANY_TEXT
    first, *others = shape
    if not others:
        return (first[count:],)
    if count <= len(first):
        return (first[count:], *others)
    left = sum(map(len, shape)) - count
    kept = others[-1][max(0, len(others[-1]) - left) :] if left > 0 else ()
    return ((), kept)


def without_end(shape: Segments, count: int) -> Segments:
    """Without the last ``count`` characters, or as many as there are."""
    return mirrored(without_start(mirrored(shape), count))


def stripped(shape: Segments, characters: str, side: str) -> list[Segments]:
    """Without all that is of some ``characters`` at the start or at the end."""
    if side == "end":
        return [mirrored(each) for each in stripped(mirrored(shape), characters, "start")]
    found: list[Segments] = []
    first, *others = shape
    while True:
        while first and first[0] and set(first[0]) <= set(characters):
            first = first[1:]
        if first:
            found.append((first, *others))
            if first[0] and set(first[0]).isdisjoint(characters):
                return found
            first = first[1:]  # it may be one of them
        elif others:
            found.append((first, *others))
            first, *others = others  # or all that is under the star may be
        else:
            return [*found, ((),)]


def mirrored(shape: Segments) -> Segments:
    """Every text read backwards."""
    return tuple(tuple(reversed(segment)) for segment in reversed(shape))


def before_first(shape: Segments, separator: str, is_whole: bool) -> list[Segments]:
    """What is before the first ``separator`` (one character), or all or nothing of a text."""
    first, *others = shape
    place = _place(first, separator)
    if place is not None and all(len(token) == 1 for token in first[:place]):
        return [(first[:place],)]
    known = _until_unclear(first, separator)
    nowhere = _without(shape, separator, is_whole)
    if not others and known == first:
        return nowhere
    return [(known, ()), *nowhere]


def before_last(shape: Segments, separator: str, is_whole: bool) -> list[Segments]:
    """What is before the last ``separator`` (one character), or all or nothing of a text."""
    *others, last = shape
    backwards = tuple(reversed(last))
    place = _place(backwards, separator)
    if place is not None and all(len(token) == 1 for token in backwards[:place]):
        return [(*others, last[: len(last) - 1 - place])]
    nowhere = _without(shape, separator, is_whole)
    if not others and all(len(token) == 1 for token in last):
        return nowhere
    # The last one may be under a star, or be the last of the first segment.
    start = shape[0]
    known = start[: _rightmost(start, separator)]
    return [(known, ()), *nowhere]


def decoded(shape: Segments, plus: bool) -> Segments:
    """URL-decoded, as far as what stands beside a percent sign is known."""
    pieces: list[Segment] = []
    for number, segment in enumerate(shape):
        start = 0
        while number and start < min(2, len(segment)) and HEX.issuperset(segment[start]):
            start += 1  # may belong to a percent sign under the star
        pieces += _decoded(segment[start:], plus)
    return tuple(pieces)


def cased(shape: Segments, case: str) -> Segments:
    """In lower or upper case; of characters beyond ASCII nothing is said."""
    pieces: list[list[str]] = [[]]
    for number, segment in enumerate(shape):
        if number:
            pieces.append([])
        for token in segment:
            if token and token.isascii():
                change = str.lower if case == "lower" else str.upper
                pieces[-1].append("".join(sorted(set(map(change, token)))))
            else:
                pieces.append([])
    return tuple(map(tuple, pieces))


def _decoded(segment: Segment, plus: bool) -> list[Segment]:
    pieces: list[list[str]] = [[]]
    open_signs = 0  # characters that a percent sign may still take
    for sign in segment:
        if open_signs and sign and HEX.issuperset(sign):
            open_signs -= 1
        elif sign == "+":
            pieces[-1].append(" " if plus else "+")
            open_signs = 0
        elif sign and UNCHANGED.issuperset(sign):
            pieces[-1].append(sign)
            open_signs = 0
        else:  # a percent sign, or a character that may be one
            pieces.append([])
            open_signs = 2
    return list(map(tuple, pieces))


def _few(found: Iterable[Segments]) -> list[Segments]:
    kept = list(dict.fromkeys(found))
    return kept if len(kept) <= MOST else [ANY_TEXT]


def _of_all(parts: list[list[Segments]]) -> list[Segments]:
    """Shapes of an intersection: the longest start with the longest end, overlapping or not."""
    if not parts or any(len(each) != 1 for each in parts):
        return min(parts, key=len) if parts else [ANY_TEXT]
    each = [part[0] for part in parts]
    whole = [shape for shape in each if len(shape) == 1]
    if whole:
        return [whole[0]]
    start = max((shape[0] for shape in each), key=len)
    end = max((shape[-1] for shape in each), key=len)
    overlaps = [
        ((*start, *end[count:]),)
        for count in range(1, min(len(start), len(end)) + 1)
        if all(map(_meet, start[len(start) - count :], end[:count]))
    ]
    return [(start, end), *overlaps]


def _meet(first: str, second: str) -> bool:
    return not first or not second or not set(first).isdisjoint(second)


def _place(segment: Segment, separator: str) -> int | None:
    """The first place that surely has the separator and none that may have it before."""
    for place, token in enumerate(segment):
        if token == separator:
            return place
        if not token or separator in token:
            return None
    return None


def _without(shape: Segments, separator: str, is_whole: bool) -> list[Segments]:
    """What comes of the texts that do not have the separator, if there are any."""
    if any(token == separator for segment in shape for token in segment):
        return []
    return [shape] if is_whole else [((),)]


def _until_unclear(segment: Segment, separator: str) -> Segment:
    for place, token in enumerate(segment):
        if not token or separator in token:
            return segment[:place]
    return segment


def _rightmost(segment: Segment, separator: str) -> int:
    """How much of a text's start is surely before its last separator, wherever that is."""
    places = [place for place, token in enumerate(segment) if token == separator]
    return places[-1] if places else len(segment)
