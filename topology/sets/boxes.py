"""Boxes: what the fields of an event hold, as far as a write or some filters on its way say.

A *plain* event has no lists. Boxes are decided on plain events, where every field has one value;
what lists could add is then said to be certain or not. In a list one element is enough, and for
lists of objects one element must satisfy everything that one filter asks below it.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from topology.sets.budget import Budget, TooComplex
from topology.sets.values import ABSENT, ANYTHING, MISSING, PRESENT, Values

BRANCH = 8  # steps: what comparing one field costs beside the search in its strings

Path: TypeAlias = tuple[str, ...]
Clauses: TypeAlias = tuple[tuple[Path, Values], ...]  # by path, in order
Fields: TypeAlias = Mapping[Path, Values]  # what a plain event holds; a path not named: anything


@dataclass(frozen=True, order=True, slots=True)
class Box:
    """The events that satisfy all of this.

    ``scalars``: fields that are no list, nor inside one, and what they hold (``MISSING``: an
    object, or nothing). ``demands``: what each filter asked of one choice of elements.
    ``opaque``: fields with a condition that is not modelled, and why; the box then holds more
    events than it should.
    """

    scalars: Clauses = ()
    demands: tuple[Clauses, ...] = ()
    opaque: tuple[tuple[Path, str], ...] = ()

    @property
    def fields(self) -> dict[Path, Values]:
        """What its plain events hold."""
        found = dict(self.scalars)
        for path, values in (clause for clauses in self.demands for clause in clauses):
            found[path] = found[path] & values if path in found else values
        return found

    def moved(self, above: Path, to: Path) -> Box:
        """What is below ``above``, as a part of another event; doubts about the rest stay."""

        def within(clauses: Clauses) -> Clauses:
            depth = len(above)
            return tuple(sorted((to + p[depth:], v) for p, v in clauses if p[:depth] == above))

        return Box(
            within(self.scalars),
            tuple(filter(None, map(within, self.demands))),
            tuple(sorted({((), reason) for _, reason in self.opaque})),
        )

    @property
    def single(self) -> frozenset[Path]:
        """The paths that are known to lead to no list."""
        return frozenset(path[:n] for path, _ in self.scalars for n in range(1, len(path) + 1))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field for which two boxes leave no value; ``certain``: in no element of a list either."""

    path: Path
    written: Values
    heard: Values
    certain: bool


def both(mine: Box, theirs: Box, budget: Budget) -> Box:
    """The events in both boxes; the budget limits how hard a demand that adds nothing is sought."""
    scalars = dict(mine.scalars)
    for path, values in theirs.scalars:
        scalars[path] = scalars.get(path, ANYTHING) & values
    demands: list[Clauses] = []
    for clauses in sorted({*mine.demands, *theirs.demands}):
        for path, values in clauses:
            if path in scalars:
                scalars[path] &= values
        open_ones = tuple(clause for clause in clauses if clause[0] not in scalars)
        if not any(_implies(demand, open_ones, budget) for demand in demands):
            demands = [demand for demand in demands if not _implies(open_ones, demand, budget)]
            demands.append(open_ones)
    return Box(
        tuple(sorted(scalars.items())),
        tuple(filter(None, demands)),
        tuple(sorted({*mine.opaque, *theirs.opaque})),
    )


def conflict(written: Box, heard: Box, budget: Budget) -> Conflict | None:
    """Why no plain event is in both; None when one is.

    A certain conflict is preferred. Raises ``TooComplex`` only when no field is known to exclude
    the other and one could not be decided.
    """
    fields, demanded = written.fields, heard.fields
    mine, theirs = plain(fields), plain(demanded)
    budget.spend(BRANCH * len(demanded))
    doubtful: Conflict | None = None
    undecided: TooComplex | None = None
    asked_first = sorted({*fields, *demanded}, key=lambda path: (path not in demanded, path))
    for path in asked_first:
        sides = mine(path), theirs(path)
        try:
            if not (sides[0] & sides[1]).is_empty(budget.portion(2)):
                continue
            found = Conflict(path, *sides, _is_certain(path, both(written, heard, budget), budget))
        except TooComplex as error:
            undecided = error
            continue
        if found.certain:
            return found
        doubtful = doubtful or found
    if undecided:
        raise undecided
    return doubtful


def plain(fields: Fields) -> Callable[[Path], Values]:
    """What a plain event may hold at a path: nothing where a path above or below has a value."""
    held = {path for path, values in fields.items() if not values.absent}
    objects = {path[:n] for path in held for n in range(1, len(path))}

    def at(path: Path) -> Values:
        values = fields.get(path, ANYTHING)
        taken = path in objects or any(path[:n] in held for n in range(1, len(path)))
        return values & MISSING if taken else values

    return at


def outside(fields: Fields, heard: Sequence[Fields], budget: Budget) -> Fields | None:
    """Plain events of ``fields`` that none of ``heard`` holds; None when there are none.

    Each field that one of them constrains is either outside of its constraint, or inside and
    then another field must be outside. Raises ``TooComplex``.
    """
    budget.spend(BRANCH)
    if not heard:
        at = plain(fields)
        return None if any(at(path).is_empty(budget) for path in fields) else fields
    for path, values in heard[0].items():
        held = fields.get(path, ANYTHING)
        escaping = held - values
        if not escaping.is_empty(budget):
            found = outside({**fields, path: escaping}, heard[1:], budget)
            if found is not None:
                return found
        fields = {**fields, path: held & values}
        if fields[path].is_empty(budget):
            return None
    return None


def speaks_for_lists(box: Box, heard: Sequence[Box]) -> bool:
    """Whether what holds of the box's plain events holds of its events with lists too.

    An event with lists is heard where the plain event that takes one element of each list is,
    and is in the box. That fails where two filters may have meant different elements, and where
    a missing field may be present in another element.
    """
    single = box.single
    apart = any(
        _common(path, other) not in single and path[0] == other[0]
        for number, clauses in enumerate(box.demands)
        for demand in box.demands[number + 1 :]
        for path, _ in clauses
        for other, _ in demand
    )
    elsewhere = any(
        values.absent and values != ANYTHING and len(path) > 1 and path[:-1] not in single
        for each in heard
        for path, values in each.fields.items()
        if path not in single
    )
    known = all(path in single for each in heard for path, _ in each.scalars)
    return known and not apart and not elsewhere


def event(fields: Fields, budget: Budget) -> dict[str, Any]:
    """One plain event, as JSON: only the fields that must be there. Raises ``TooComplex``."""
    found: dict[str, Any] = {}
    at = plain(fields)
    for path in sorted(fields):
        value = at(path).example(budget)
        if value is not ABSENT:
            *above, name = path
            inner = found
            for key in above:
                inner = inner.setdefault(key, {})
            inner[name] = value
    return found


def _is_certain(path: Path, box: Box, budget: Budget) -> bool:
    """Whether a field without a common value has none in any element of a list either."""
    single = box.single
    if path in single or any(
        not values.absent and _is_above(path, scalar) for scalar, values in box.scalars
    ):
        return True
    asked = [dict(clauses) for clauses in box.demands]
    if any(
        not values.absent and _is_above(path, other)
        for fields in asked
        if path in fields
        for other, values in fields.items()
    ):
        return True  # one filter asks one element for a value and for an object
    mine = [fields[path] for fields in asked if path in fields]
    if any(values.is_empty(budget) for values in mine):
        return True
    nowhere_else = len(path) == 1 or path[:-1] in single
    return nowhere_else and any((values & PRESENT).is_empty(budget) for values in mine)


def _is_above(path: Path, other: Path) -> bool:
    """Whether one of two paths leads through the other."""
    shorter = min(len(path), len(other))
    return len(path) != len(other) and path[:shorter] == other[:shorter]


def _common(path: Path, other: Path) -> Path:
    length = 0
    while length < min(len(path), len(other)) and path[length] == other[length]:
        length += 1
    return path[:length]


def _implies(demand: Clauses, other: Clauses, budget: Budget) -> bool:
    """Whether the elements that satisfy one demand satisfy the other."""
    held = dict(demand)
    try:
        return all(path in held and held[path].is_subset(values, budget) for path, values in other)
    except TooComplex:
        return False
