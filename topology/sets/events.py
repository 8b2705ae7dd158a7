"""Sets of events, and whether an event that is written is heard: always, sometimes, cannot.

A write and a filter are the same kind of thing: constraints on fields, everything else free. What
differs is that a filter looks into lists, where one element is enough, so two filters that ask
different values of one field exclude each other only where that field is known to be no list.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from topology.sets import boxes
from topology.sets.boxes import Box, Conflict, Fields, Path
from topology.sets.budget import Budget, TooComplex
from topology.sets.segments import readable
from topology.sets.strings import StringSet
from topology.sets.values import ABSENT, ANYTHING, MISSING, PRESENT, Value, Values
from topology.verdict import Always, Cannot, Event, Hop, Sometimes, Unknown

__all__ = [
    "ABSENT",
    "ANYTHING",
    "MISSING",
    "PRESENT",
    "EventSet",
    "Path",
    "TooComplex",
    "Value",
    "Values",
    "compare",
]

Constraints: TypeAlias = Mapping[Path, Values | StringSet]

MOST_BOXES = 256  # alternatives; an intersection of more stays as it was, marked as not decided
UNFOLLOWED = Box(opaque=(((), "there are too many alternatives to follow"),))
SHOWN, LONGEST = 3, 200  # fields that a sentence names, characters it gives to each


@dataclass(frozen=True, order=True)
class EventSet:
    """The events in any of its boxes: frozen, hashable, sortable."""

    boxes: tuple[Box, ...] = ()

    @classmethod
    def anything(cls) -> EventSet:
        """Every event."""
        return cls((Box(),))

    @classmethod
    def scalars(cls, fields: Constraints) -> EventSet:
        """What a write raises: ``fields`` hold these values and are no lists, nor inside one.

        A field that is known to be an object, and no list, has ``MISSING`` for its value.
        """
        return cls((Box(scalars=_clauses(fields)),))

    @classmethod
    def demands(cls, fields: Constraints, opaque: Mapping[Path, str] | None = None) -> EventSet:
        """What one alternative of a filter hears: each field, or one element of it, in its set.

        A field that must be missing has ``MISSING``. ``opaque`` names fields with a condition
        that is not modelled and says why, in words: it makes the answer unknown at best.
        """
        demand = tuple(clause for clause in _clauses(fields) if clause[1] != ANYTHING)
        reasons = tuple(sorted((opaque or {}).items()))
        return cls((Box(demands=(demand,) if demand else (), opaque=reasons),))

    @cached_property
    def _hash(self) -> int:
        return hash(self.boxes)

    def __hash__(self) -> int:
        return self._hash

    def __or__(self, other: EventSet) -> EventSet:
        return EventSet(tuple(sorted({*self.boxes, *other.boxes})))

    def __and__(self, other: EventSet) -> EventSet:
        """The events in both, without alternatives that are known to be empty."""
        if len(self.boxes) * len(other.boxes) > MOST_BOXES:
            return EventSet(tuple(boxes.both(box, UNFOLLOWED) for box in self.boxes))
        found = {boxes.both(mine, theirs) for mine in self.boxes for theirs in other.boxes}
        return EventSet(tuple(sorted(box for box in found if not _is_empty(box))))

    def witness(self) -> Event | None:
        """One event that is certainly in the set, as JSON; None where none is known to be."""
        for box in self.boxes:
            try:
                if not box.opaque and boxes.conflict(box, Box(), budget := Budget()) is None:
                    return boxes.event(box.fields, budget)
            except TooComplex:
                continue
        return None


@lru_cache(maxsize=65_536)
def compare(written: EventSet, heard: EventSet) -> Hop:
    """Whether what is written is heard, with an event that is, one that is not, or the reason.

    ``written`` says what a write raises and earlier filters let pass; ``heard`` what a filter
    demands. ``Cannot`` and ``Always`` are proofs, also for events with lists.
    """
    try:
        return _Comparison(written, heard).hop()
    except TooComplex as error:
        return Unknown(f"It is {error}.")


class _Comparison:
    """Which boxes of both sides have a plain event in common, and why the others have none."""

    def __init__(self, written: EventSet, heard: EventSet) -> None:
        self.written, self.heard = written.boxes, heard.boxes
        self.budget = Budget()
        self.meetings: list[tuple[Box, Box]] = []
        self.conflicts: list[Conflict] = []
        self.doubts: set[str] = set()
        for mine in self.written:
            for theirs in self.heard:
                self._meet(mine, theirs)

    def hop(self) -> Hop:
        if not self.meetings and not self.doubts:
            return self._apart()
        witness = self._witness()
        escaping = self._escape(self.written, [box for box in self.heard if not box.opaque])
        if escaping is None:
            if self._speak_for_lists():
                return Always(f"Every event that is written is heard{self._agreed()}.", witness)
            return Unknown(
                "Every event that is written is heard, unless a field is a list.", witness
            )
        if any(box.opaque for box in (*self.written, *self.heard)):
            modelled = [box for box in self.written if not box.opaque]
            escaping = self._escape(modelled, self.heard)
        if witness is not None and escaping is not None:
            return Sometimes(f"{self._differing()}.", witness, escaping)
        reasons = "; ".join(sorted(self.doubts)[:SHOWN])
        return Unknown(f"It cannot be decided: {reasons}.", witness, escaping)

    def _meet(self, mine: Box, theirs: Box) -> None:
        try:
            found = boxes.conflict(mine, theirs, self.budget)
        except TooComplex as error:
            self.doubts.add(f"it is {error}")
            return
        if found is not None:
            self.conflicts.append(found)
            return
        self.meetings.append((mine, theirs))
        for path, reason in (*mine.opaque, *theirs.opaque):
            self.doubts.add(f"{_name(path)}: {reason}" if path else reason)

    def _apart(self) -> Hop:
        """No plain event is on both sides."""
        if not self.conflicts:
            return Cannot(f"Nothing is {'heard' if self.written else 'written'}.")
        because = _clashes(self.conflicts)
        if all(found.certain for found in self.conflicts):
            return Cannot(f"{because}.")
        return Unknown(f"{because}, unless the field is a list.")

    def _witness(self) -> Event | None:
        for mine, theirs in self.meetings:
            if not mine.opaque and not theirs.opaque:
                return boxes.event(boxes.both(mine, theirs).fields, self.budget)
        return None

    def _escape(self, written: Iterable[Box], heard: Iterable[Box]) -> Event | None:
        """A plain event that is written in one of these ways and heard in none of those."""
        ways = [box.fields for box in heard]
        for box in written:
            escaping = boxes.outside(box.fields, ways, self.budget)
            if escaping is not None:
                return boxes.event(escaping, self.budget)
        return None

    def _speak_for_lists(self) -> bool:
        own = [boxes.conflict(box, Box(), self.budget) for box in self.written]
        return all(found is None or found.certain for found in own) and all(
            boxes.speaks_for_lists(box, self.heard) for box in self.written
        )

    def _agreed(self) -> str:
        """What is written and heard of each field, where the filter has only one alternative."""
        if len(self.heard) > 1 or not self.heard[0].fields:
            return ""
        mine, theirs = self.meetings[0]
        sides = _sides(mine.fields, theirs.fields, theirs.fields)
        return ": " + _listed(f"{name} is written as {w} and heard as {h}" for name, w, h in sides)

    def _differing(self) -> str:
        """The fields of which more is written than heard."""
        mine, theirs = (box.fields for box in self.meetings[0])
        paths = [
            path
            for path, values in theirs.items()
            if not boxes.at(mine, path).is_subset(values, self.budget)
        ]
        found = [
            f"{name} is written as {w} but heard only as {h}"
            for name, w, h in _sides(mine, theirs, paths)
        ]
        return _listed(found) if found else "Some events that are written are heard, others are not"


def _clauses(fields: Constraints) -> boxes.Clauses:
    return tuple(
        sorted(
            (path, Values(strings=held) if isinstance(held, StringSet) else held)
            for path, held in fields.items()
        )
    )


def _is_empty(box: Box) -> bool:
    """Whether the box certainly holds no event."""
    try:
        found = boxes.conflict(box, Box(), Budget())
    except TooComplex:
        return False
    return found is not None and found.certain


def _clashes(conflicts: Iterable[Conflict]) -> str:
    """The fields that exclude each other, each with what all alternatives write and hear."""
    sides: dict[Path, tuple[Values, Values]] = {}
    for found in conflicts:
        written, heard = sides.get(found.path, (Values(), Values()))
        sides[found.path] = written | found.written, heard | found.heard
    return _listed(
        f"{_name(path)} is written only as {_words(written)}"
        f" and heard only as {_words(heard)}: no value is both"
        if heard != ANYTHING and written != Values()
        else f"{_name(path)} is written only as {_words(written)}, which no value is"
        for path, (written, heard) in sides.items()
    )


def _sides(mine: Fields, theirs: Fields, paths: Iterable[Path]) -> Iterator[tuple[str, str, str]]:
    for path in paths:
        yield _name(path), _words(boxes.at(mine, path)), _words(boxes.at(theirs, path))


def _listed(sentences: Iterable[str]) -> str:
    found = list(sentences)
    more = [f"and {len(found) - SHOWN} more fields"] if len(found) > SHOWN else []
    return "; ".join(found[:SHOWN] + more)


def _name(path: Path) -> str:
    return f"`{readable('.'.join(path))}`"


def _words(values: Values) -> str:
    words = values.describe()
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
