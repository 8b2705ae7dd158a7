"""What an event pattern may ask of one field: the closed list of its operators.

EventBridge, SNS, Lambda and Pipes share it. An operator that AWS added since is ``Opaque``: it
lets every value pass and is never taken as proof.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from ipaddress import IPv4Network, IPv6Network, ip_address
from operator import or_
from typing import TypeAlias

from topology.filters import texts
from topology.sets import numbers, strings
from topology.sets.numbers import NumberSet
from topology.sets.strings import StringSet, TooComplex
from topology.sets.values import ABSENT, ANYTHING, MISSING, PRESENT, Value, Values

KEYWORDS: dict[str, bool | None] = {"null": None, "true": True, "false": False}
MOST_ADDRESSES = 256  # of a network that are listed one by one

Heard: TypeAlias = tuple[Values, str]  # the values, and why they are too many; "" if they are not


class Operator(ABC):
    """One way to match a field; a field passes where any operator of its list accepts it."""

    __slots__ = ()

    @abstractmethod
    def accepts(self, value: Value) -> bool:
        """Whether a field of this value passes; numbers are ``Decimal``."""

    @abstractmethod
    def heard(self) -> Heard:
        """Every value that passes, with a doubt in words where these are more than that."""


@dataclass(frozen=True, slots=True)
class Text(Operator):
    """``"running"``: the string, character by character."""

    text: str

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and value == self.text

    def heard(self) -> Heard:
        return Values(strings.literal(self.text)), ""


@dataclass(frozen=True, slots=True)
class Number(Operator):
    """``300``: the number by value, so 300.0 and 3.0e2 pass too.

    AWS's page says that numbers are compared as they are written; its published matcher
    compares values as well, and hearing more is the safe reading.
    """

    number: Decimal

    def accepts(self, value: Value) -> bool:
        return isinstance(value, Decimal) and value == self.number

    def heard(self) -> Heard:
        return Values(numbers=numbers.exactly(self.number)), ""


@dataclass(frozen=True, slots=True)
class Keyword(Operator):
    """``null``, ``true`` or ``false``: no string and no number is one of them."""

    word: str

    def accepts(self, value: Value) -> bool:
        return value is KEYWORDS[self.word]

    def heard(self) -> Heard:
        return Values.of(KEYWORDS[self.word]), ""


@dataclass(frozen=True, slots=True)
class Prefix(Operator):
    """``{"prefix": "a"}`` and ``{"prefix": {"equals-ignore-case": "a"}}``: strings only."""

    text: str
    ignore_case: bool = False

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        if self.ignore_case:
            return bool(texts.in_any_case(self.text).match(value))
        return value.startswith(self.text)

    def heard(self) -> Heard:
        return _strings(strings.prefix(self.text), self.ignore_case)


@dataclass(frozen=True, slots=True)
class Suffix(Operator):
    """``{"suffix": "z"}`` and ``{"suffix": {"equals-ignore-case": "z"}}``: strings only."""

    text: str
    ignore_case: bool = False

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, str):
            return False
        if self.ignore_case:
            any_case = texts.in_any_case(self.text)
            return any(any_case.fullmatch(value, start) for start in range(len(value) + 1))
        return value.endswith(self.text)

    def heard(self) -> Heard:
        return _strings(strings.suffix(self.text), self.ignore_case)


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase(Operator):
    """``{"equals-ignore-case": "ok"}``: the string in any mixture of cases."""

    text: str

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and bool(texts.in_any_case(self.text).fullmatch(value))

    def heard(self) -> Heard:
        return _strings(strings.literal(self.text), ignore_case=True)


@dataclass(frozen=True, slots=True)
class Wildcard(Operator):
    r"""``{"wildcard": "a*z"}``: ``*`` is any run of characters, ``\*`` and ``\\`` are literal."""

    pattern: str

    def accepts(self, value: Value) -> bool:
        return isinstance(value, str) and texts.fits(self.pattern, value)

    def heard(self) -> Heard:
        return Values(strings.wildcard(self.pattern)), ""


@dataclass(frozen=True, slots=True)
class Numeric(Operator):
    """``{"numeric": [">", 0, "<=", 5]}``: JSON numbers only; an end that is None is unbounded."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False

    def accepts(self, value: Value) -> bool:
        if not isinstance(value, Decimal):
            return False
        if self.low is not None and (value < self.low or (self.low_open and value == self.low)):
            return False
        return self.high is None or (
            value <= self.high and not (self.high_open and value == self.high)
        )

    def heard(self) -> Heard:
        found = numbers.ANY_NUMBER
        if self.low is not None:
            found &= numbers.compared(">" if self.low_open else ">=", self.low)
        if self.high is not None:
            found &= numbers.compared("<" if self.high_open else "<=", self.high)
        return Values(numbers=found), ""


@dataclass(frozen=True, slots=True)
class Cidr(Operator):
    """``{"cidr": "10.0.0.0/24"}``: a string that is an address of the network, IPv4 or IPv6."""

    network: IPv4Network | IPv6Network

    def accepts(self, value: Value) -> bool:
        try:
            return isinstance(value, str) and ip_address(value) in self.network
        except ValueError:
            return False

    def heard(self) -> Heard:
        network = self.network
        if isinstance(network, IPv6Network):
            return Values(strings.wildcard("*:*")), f"addresses of {network} are not modelled"
        if network.num_addresses <= MOST_ADDRESSES:
            return Values(strings.one_of(map(str, network))), ""
        whole = str(network).split(".")[: network.prefixlen // 8]
        start = "".join(f"{octet}." for octet in whole)
        return Values(strings.prefix(start)), f"addresses of {network} are modelled as {start}*"


@dataclass(frozen=True, slots=True)
class Exists(Operator):
    """``{"exists": true}`` or ``false``: whether the path has a value, null included.

    It looks at leaves only: a path that leads to an object or an empty list has no value.
    """

    wanted: bool

    def accepts(self, value: Value) -> bool:
        return (value is not ABSENT) == self.wanted

    def heard(self) -> Heard:
        return PRESENT if self.wanted else MISSING, ""


@dataclass(frozen=True, slots=True)
class AnythingBut(Operator):
    """``{"anything-but": …}``: some value, and one that none of the ``others`` accepts."""

    others: tuple[Operator, ...]

    def accepts(self, value: Value) -> bool:
        return value is not ABSENT and not any(other.accepts(value) for other in self.others)

    def heard(self) -> Heard:
        values, doubt = any_of([other.heard() for other in self.others])
        return PRESENT if doubt else PRESENT - values, doubt


@dataclass(frozen=True, slots=True)
class Opaque(Operator):
    """An operator that is not modelled: everything passes, nothing is proved by it."""

    reason: str

    def accepts(self, value: Value) -> bool:
        return True

    def heard(self) -> Heard:
        return ANYTHING, self.reason


def _strings(found: StringSet, ignore_case: bool) -> Heard:
    if not ignore_case:
        return Values(found), ""
    try:
        return Values(strings.ignore_case(found)), ""
    except TooComplex as error:
        return Values(strings.ANY), str(error)


def any_of(heard: Sequence[Heard]) -> Heard:
    """What is heard by any of several operators."""
    values = [each for each, _ in heard]
    doubts = dict.fromkeys(doubt for _, doubt in heard if doubt)
    return Values(
        strings.union(each.strings for each in values),
        _united([each.numbers for each in values]),
        any(each.true for each in values),
        any(each.false for each in values),
        any(each.null for each in values),
        any(each.absent for each in values),
    ), "; ".join(doubts)


def _united(sets: list[NumberSet]) -> NumberSet:
    """The union, by halves: one after the other would take the square of their number."""
    while len(sets) > 1:
        sets = [reduce(or_, sets[place : place + 2]) for place in range(0, len(sets), 2)]
    return sets[0]
