"""Sets of exact decimal numbers: unions of intervals with open or closed ends.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal, InvalidOperation
from typing import TypeAlias

Number: TypeAlias = int | float | Decimal
Cut: TypeAlias = tuple[Decimal, bool]  # just below a number, or (True) just above it

PLACES = 400  # on either side of the point: more than any double a JSON document carries
EXACTLY = Context(prec=2 * PLACES + 2)


@dataclass(frozen=True, order=True, slots=True)
class NumberSet:
    """A set of numbers as the ascending cuts where the number line enters and leaves it.

    Equal sets are equal values, whatever they were built from: 300, 300.0 and 3.0e2 are one.
    """

    cuts: tuple[Cut, ...]

    def __contains__(self, number: Number) -> bool:
        here = (_exact(number), False)
        return sum(cut <= here for cut in self.cuts) % 2 == 1

    def __and__(self, other: NumberSet) -> NumberSet:
        return _combined(self, other, lambda mine, theirs: mine and theirs)

    def __or__(self, other: NumberSet) -> NumberSet:
        return _combined(self, other, lambda mine, theirs: mine or theirs)

    def __sub__(self, other: NumberSet) -> NumberSet:
        return _combined(self, other, lambda mine, theirs: mine and not theirs)

    def __invert__(self) -> NumberSet:
        return ANY_NUMBER - self

    def is_empty(self) -> bool:
        """Whether there is no member."""
        return not self.cuts

    def is_subset(self, other: NumberSet) -> bool:
        """Whether every member is in ``other``."""
        return (self - other).is_empty()

    def witness(self) -> Decimal | None:
        """The member with the fewest decimal places, nearest to zero; None if there is none."""
        found = [_simplest(low, high) for low, high in self._intervals()]
        return min(found, key=lambda n: (_places(n), abs(n), n < 0), default=None)

    def describe(self) -> str:
        """The set in words that go after "is": ``5``, ``> 0 and <= 5``, ``any number``."""
        if self == ANY_NUMBER:
            return "any number"
        return " or ".join(_described(*ends) for ends in self._intervals()) or "no number"

    def _intervals(self) -> list[tuple[Cut, Cut]]:
        return list(zip(self.cuts[::2], self.cuts[1::2], strict=True))


INFINITY = Decimal("Infinity")
NO_NUMBER = NumberSet(())
ANY_NUMBER = NumberSet(((-INFINITY, True), (INFINITY, False)))


def exactly(number: Number) -> NumberSet:
    """The one number; raises ``ValueError`` as ``compared`` does."""
    return compared("=", number)


def compared(operator: str, number: Number) -> NumberSet:
    """The numbers that are ``<``, ``<=``, ``=``, ``>=`` or ``>`` than ``number``.

    Raises ``ValueError`` for another operator and for a number that is not finite or has more
    than 400 places before or after the point.
    """
    below, above = (_exact(number), False), (_exact(number), True)
    lowest, highest = ANY_NUMBER.cuts
    ends = {
        "<": (lowest, below),
        "<=": (lowest, above),
        "=": (below, above),
        ">=": (below, highest),
        ">": (above, highest),
    }
    if operator not in ends:
        raise ValueError(f"numbers are compared with <, <=, =, >= or >, not {operator!r}")
    return NumberSet(ends[operator])


def _exact(number: Number) -> Decimal:
    """The number in one canonical form, digit for digit."""
    try:
        exact = Decimal(str(number))
    except InvalidOperation:
        raise ValueError(f"not a number: {number!r}") from None
    if not exact.is_finite() or abs(exact.adjusted()) > PLACES or _places(exact) > PLACES:
        raise ValueError(f"not a finite number of at most {PLACES} places: {str(exact)[:40]}")
    return EXACTLY.normalize(exact) if exact else Decimal(0)


def _combined(mine: NumberSet, theirs: NumberSet, keep: Callable[[bool, bool], bool]) -> NumberSet:
    my_cuts, their_cuts = frozenset(mine.cuts), frozenset(theirs.cuts)
    in_mine = in_theirs = False
    cuts: list[Cut] = []
    for cut in sorted(my_cuts | their_cuts):
        in_mine ^= cut in my_cuts
        in_theirs ^= cut in their_cuts
        if keep(in_mine, in_theirs) != bool(len(cuts) % 2):
            cuts.append(cut)
    return NumberSet(tuple(cuts))


def _simplest(low: Cut, high: Cut) -> Decimal:
    """The number between two cuts with the fewest decimal places, then nearest to zero."""
    zero = (Decimal(0), False)
    if low <= zero < high:
        return Decimal(0)
    if low < zero:
        return -_simplest(_mirrored(high), _mirrored(low))
    unit = Decimal(1)
    while True:
        number = low[0].quantize(unit, ROUND_CEILING, EXACTLY)
        if (number, False) < low:
            number = EXACTLY.add(number, unit)
        if (number, False) < high:
            return EXACTLY.normalize(number)
        unit = unit.scaleb(-1)


def _mirrored(cut: Cut) -> Cut:
    number, above = cut
    return -number, not above


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _described(low: Cut, high: Cut) -> str:
    if low[0] == high[0]:
        return _plain(low[0])
    ends = []
    if low[0] != -INFINITY:
        ends.append(f"{'>' if low[1] else '>='} {_plain(low[0])}")
    if high[0] != INFINITY:
        ends.append(f"{'<=' if high[1] else '<'} {_plain(high[0])}")
    return " and ".join(ends) or "any number"


def _plain(number: Decimal) -> str:
    return f"{number:f}" if abs(number.adjusted()) < 20 else str(number)
