"""Sets of the values a JSON field may hold: strings, numbers, true, false, null, or no value.

Booleans are not numbers, and a field that is null is not a field that is missing.
Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from topology.sets.budget import Budget, TooComplex
from topology.sets.numbers import ANY_NUMBER, NO_NUMBER, NumberSet, exactly
from topology.sets.strings import ANY, NOTHING, StringSet, one_of


class Absent(Enum):
    """The field is not in the event."""

    ABSENT = "missing"


ABSENT = Absent.ABSENT
Scalar: TypeAlias = str | int | float | Decimal | bool | None
Value: TypeAlias = Scalar | Absent


@dataclass(frozen=True, order=True, slots=True)
class Values:
    """A set of scalars and of ``ABSENT``, as one set of each kind."""

    strings: StringSet = NOTHING
    numbers: NumberSet = NO_NUMBER
    true: bool = False
    false: bool = False
    null: bool = False
    absent: bool = False

    @classmethod
    def of(cls, *values: Value) -> Values:
        """Exactly ``values``; raises ``ValueError`` for a number ``numbers.compared`` refuses."""
        numbers = NO_NUMBER
        for value in values:
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                numbers |= exactly(value)
        return cls(
            one_of(value for value in values if isinstance(value, str)),
            numbers,
            *(any(value is kind for value in values) for kind in (True, False, None, ABSENT)),
        )

    def __contains__(self, value: Value) -> bool:
        if isinstance(value, str):
            return value in self.strings
        if value is True or value is False:
            return self.true if value else self.false
        if value is None or value is ABSENT:
            return self.null if value is None else self.absent
        return value in self.numbers

    def __and__(self, other: Values) -> Values:
        return Values(
            self.strings & other.strings,
            self.numbers & other.numbers,
            self.true and other.true,
            self.false and other.false,
            self.null and other.null,
            self.absent and other.absent,
        )

    def __invert__(self) -> Values:
        return Values(
            ~self.strings,
            ~self.numbers,
            not self.true,
            not self.false,
            not self.null,
            not self.absent,
        )

    def __or__(self, other: Values) -> Values:
        return ~(~self & ~other)

    def __sub__(self, other: Values) -> Values:
        return self & ~other

    def is_empty(self, budget: Budget | None = None) -> bool:
        """Whether there is no member; raises ``TooComplex``."""
        others = self.true or self.false or self.null or self.absent
        return not others and self.numbers.is_empty() and self.strings.is_empty(budget)

    def is_subset(self, other: Values, budget: Budget | None = None) -> bool:
        """Whether every member is in ``other``; raises ``TooComplex``."""
        return (self - other).is_empty(budget)

    def example(self, budget: Budget | None = None) -> Value:
        """A member: none at all where that will do, else one that is short and readable.

        Raises ``LookupError`` where there is no member, and ``TooComplex``.
        """
        if self.absent:
            return ABSENT
        if (text := self.strings.example(budget)) is not None:
            return text
        if (number := self.numbers.witness()) is not None:
            return self._in_json(number)
        for value, held in ((True, self.true), (False, self.false), (None, self.null)):
            if held:
                return value
        raise LookupError("an empty set has no example")

    def describe(self) -> str:
        """The set in words: ``"INSERT" or "MODIFY"``, ``> 5``, ``anything but "a" or missing``."""
        words = []
        if self.true and self.false and self.null:
            left_out = (PRESENT - self)._kinds()
            words.append(f"anything but {left_out}" if left_out else "anything")
        elif kinds := self._kinds():
            words.append(kinds)
        if self.absent:
            words.append("missing")
        return " or ".join(words) or "nothing"

    def _kinds(self) -> str:
        """The scalars in words, kind by kind; empty where there is none."""
        words = []
        if self.strings != NOTHING:
            words.append("any text" if self.strings == ANY else self.strings.describe())
        if self.numbers != NO_NUMBER:
            words.append(self.numbers.describe())
        words += [
            name
            for name, held in (("true", self.true), ("false", self.false), ("null", self.null))
            if held
        ]
        return " or ".join(words)

    def _in_json(self, number: Decimal) -> int | float:
        """The number as JSON readers keep it; raises ``TooComplex`` where they cannot."""
        short = int(number) if number == number.to_integral_value() else float(number)
        if short not in self.numbers:
            raise TooComplex(f"no number JSON can carry is {self.numbers.describe()}")
        return short


ANYTHING = ~Values()
PRESENT = Values(ANY, ANY_NUMBER, True, True, True)
MISSING = Values(absent=True)
NO_FIELDS = Values(null=True)  # stands for an object that is left out: nothing is below it
