"""What becomes of wildcard shapes when a program replaces one literal in them by another.

Programs read from the left and let no two occurrences overlap. Where one occurrence may overlap
another (``aa``), what is read under a star decides, and the end of a text is not known.
"""

from __future__ import annotations

from topology.sets.segments import Segment, Segments
from topology.sets.shapes import ANY_TEXT, text_of


def every(shape: Segments, old: str, new: str) -> list[Segments]:
    """Every occurrence, as Python's ``str.replace`` does."""
    text = text_of(shape)
    if text is not None:
        return [_literal(text.replace(old, new))]
    if not old or not _is_plain(shape):
        return [ANY_TEXT]
    start, _ = _start(_text(shape[0]), old, new, -1)
    return [(tuple(start), tuple(_end(shape, old).replace(old, new)))]


def first(shape: Segments, old: str, new: str) -> list[Segments]:
    """The first occurrence only, as JavaScript's ``String.replace`` with a text does."""
    text = text_of(shape)
    if text is not None:
        return [_literal(text.replace(old, new, 1))]
    if not old or not _is_plain(shape):
        return [ANY_TEXT]
    beginning = _text(shape[0])
    start, is_done = _start(beginning, old, new, 1)
    if is_done:
        return [(tuple(beginning.replace(old, new, 1)), *shape[1:])]
    end = _end(shape, old)
    found: list[Segments] = [(tuple(start), tuple(new), tuple(end))]
    if old in end:
        found.append((tuple(start), tuple(end.replace(old, new, 1))))
    if not any(old in _text(segment) for segment in shape):
        found.append(shape)
    return found


def at_start(shape: Segments, old: str, new: str) -> list[Segments]:
    """What becomes of the texts that start with it."""
    beginning = shape[0]
    pairs = zip(beginning, old, strict=False)
    if any(token and character not in token for token, character in pairs):
        return []
    if len(beginning) >= len(old):
        return [((*new, *beginning[len(old) :]), *shape[1:])]
    # It goes on under the star, and perhaps into what follows.
    return [(tuple(new), ())] if len(shape) > 1 else []


def is_used_up(old: str, new: str) -> bool:
    """Whether no occurrence of ``old`` is made where one is replaced by ``new``."""
    if not old or old in new or new in old:
        return False
    ends = (old[place:] for place in range(1, len(old)))
    starts = (old[:place] for place in range(1, len(old)))
    return not new.startswith(tuple(ends)) and not new.endswith(tuple(starts))


def _start(text: str, old: str, new: str, most: int) -> tuple[str, bool]:
    """How a text that goes on under a star starts afterwards; whether one was replaced in it."""
    at = text.find(old)
    if at >= 0 and most == 1:
        return text.replace(old, new, 1), True
    done = 0
    while (at := text.find(old, done)) >= 0:
        done = at + len(old)
    place = done
    while place < len(text) and not old.startswith(text[place:]):
        place += 1
    return text[:place].replace(old, new), False


def _end(shape: Segments, old: str) -> str:
    """What of the last segment stays together, whatever under the star takes its beginning."""
    text = _text(shape[-1])
    if any(old.startswith(old[place:]) for place in range(1, len(old))):
        return ""
    whole = text.find(old)
    eaten = [count for count in range(1, len(old)) if text[:count] and old.endswith(text[:count])]
    eaten = [count for count in eaten if count <= len(text) and (whole < 0 or count <= whole)]
    return text[max(eaten, default=0) :]


def _is_plain(shape: Segments) -> bool:
    return all(_is_one(token) for segment in (shape[0], shape[-1]) for token in segment)


def _is_one(token: str) -> bool:
    return len(token) == 1


def _text(segment: Segment) -> str:
    return "".join(token if _is_one(token) else "\0" for token in segment)


def _literal(text: str) -> Segments:
    return (tuple(text),)
