"""Sets of events, and whether an event that is written is heard: always, sometimes, cannot.

A write and a filter are the same kind of thing: constraints on fields, everything else free. What
differs is that a filter looks into lists, where one element is enough, so two filters that ask
different values of one field exclude each other only where that field is known to be no list.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from topology.sets import boxes
from topology.sets.boxes import Box, Conflict, Fields, Path
from topology.sets.budget import Budget, TooComplex
from topology.sets.segments import readable
from topology.sets.strings import ANY, StringSet
from topology.sets.values import ABSENT, ANYTHING, MISSING, NO_FIELDS, PRESENT, Value, Values
from topology.verdict import Always, Cannot, Event, Hop, Sometimes, Unknown

__all__ = [
    "ABSENT",
    "ANYTHING",
    "MISSING",
    "NO_FIELDS",
    "PRESENT",
    "Constraints",
    "EventSet",
    "Fields",
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
        if not self.boxes and len(other.boxes) == 1:
            return other
        return EventSet(tuple(sorted({*self.boxes, *other.boxes})))

    def __and__(self, other: EventSet) -> EventSet:
        """The events in both, without alternatives that are known to be empty."""
        budget = Budget()
        if len(self.boxes) * len(other.boxes) > MOST_BOXES:
            return EventSet(tuple(boxes.both(box, UNFOLLOWED, budget) for box in self.boxes))
        found = {boxes.both(mine, theirs, budget) for mine in self.boxes for theirs in other.boxes}
        return EventSet(tuple(box for box in sorted(found) if not _is_empty(box, budget)))

    def moved(self, above: Path, to: Path) -> EventSet:
        """The events that hold at ``to`` what these hold at ``above``, and anything else."""
        return EventSet(tuple(sorted({box.moved(above, to) for box in self.boxes})))

    def rewritten(self, rewrite: Callable[[Fields], Iterable[Constraints]]) -> EventSet:
        """The events a service makes of these, given the known scalars of each alternative."""
        found = {
            Box(_clauses(fields), opaque=tuple(((), reason) for _, reason in box.opaque))
            for box in self.boxes
            for fields in rewrite(dict(box.scalars))
        }
        return EventSet(tuple(sorted(found)))

    def witness(self) -> Event | None:
        """One event that is certainly in the set, as JSON; None where none is known to be."""
        budget = Budget()
        for box in self.boxes:
            try:
                if not box.opaque and boxes.conflict(box, Box(), budget) is None:
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
    return _Comparison(written, heard).hop()


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
        witness = None
        try:
            witness = self._witness()
            return self._together(witness)
        except TooComplex as error:
            return Unknown(f"It cannot be decided: {error}.", witness)

    def _together(self, witness: Event | None) -> Hop:
        """Some plain event is on both sides, or that could not be decided."""
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
            example = _example(witness, escaping)
            return Sometimes(f"{self._differing()}{example}.", witness, escaping)
        reasons = "; ".join(sorted(self.doubts)[:SHOWN])
        return Unknown(f"It cannot be decided: {reasons}.", witness, escaping)

    def _meet(self, mine: Box, theirs: Box) -> None:
        try:
            found = boxes.conflict(mine, theirs, self.budget)
        except TooComplex as error:
            self.doubts.add(str(error))
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
                return boxes.event(boxes.both(mine, theirs, self.budget).fields, self.budget)
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
        sides = self._sides(lambda _written, heard: heard.strings != ANY)
        found = _listed(f"{name} is written as {w} and heard as {h}" for name, w, h in sides)
        return f": {found}" if found else ""

    def _differing(self) -> str:
        """The fields of which more is written than heard."""
        sides = self._sides(lambda written, heard: not written.is_subset(heard, self.budget))
        found = [f"{name} is written as {w} but heard only as {h}" for name, w, h in sides]
        return _listed(found) if found else "Some events that are written are heard, others are not"

    def _sides(self, tells: Callable[[Values, Values], bool]) -> Iterator[tuple[str, str, str]]:
        """The heard fields whose two sides tell something, in words, where they meet first."""
        written, heard = (boxes.plain(box.fields) for box in self.meetings[0])
        for path in self.meetings[0][1].fields:
            if tells(written(path), heard(path)):
                yield _name(path), _words(written(path)), _words(heard(path))


def _example(heard: Event, missed: Event) -> str:
    """The first field in which the two events differ: what goes through, and what does not."""
    for name in sorted(heard):
        one, other = heard[name], missed.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            if found := _example(one, other):
                return found
        elif isinstance(one, str) and isinstance(other, str) and one != other:
            return f": for example {json.dumps(one)} is heard and {json.dumps(other)} is not"
    return ""


def _clauses(fields: Constraints) -> boxes.Clauses:
    return tuple(
        sorted(
            (path, Values(strings=held) if isinstance(held, StringSet) else held)
            for path, held in fields.items()
        )
    )


def _is_empty(box: Box, budget: Budget) -> bool:
    """Whether the box certainly holds no event."""
    try:
        found = boxes.conflict(box, Box(), budget)
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


def _listed(sentences: Iterable[str]) -> str:
    found = list(sentences)
    more = [f"and {len(found) - SHOWN} more fields"] if len(found) > SHOWN else []
    return "; ".join(found[:SHOWN] + more)


def _name(path: Path) -> str:
    return f"`{readable('.'.join(path))}`"


def _words(values: Values) -> str:
    words = values.describe()
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
