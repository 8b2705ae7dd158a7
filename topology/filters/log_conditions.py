"""Conditions in CloudWatch Logs patterns: comparisons joined by ``&&``, ``||`` and brackets.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any, TypeAlias

from topology.filters.document import DEEPEST, FilterError
from topology.filters.operators import (
    AnythingBut,
    Exists,
    Keyword,
    Number,
    Numeric,
    Opaque,
    Operator,
    Text,
    Wildcard,
)

Lookup: TypeAlias = Callable[[str], Any]  # a field's value: a scalar, an object, a list or ABSENT

ANY_VALUE = (Exists(True),)
REGEX = "regular expressions are not modelled"
_NUMBER = re.compile(r"[+-]?(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,3})?")
_PIECE = re.compile(
    r"""\s*("[^"\\]*(?:\\.[^"\\]*)*"?|%[^%]*%|&&|\|\||!=|=!|<=|>=|[=<>()]|[^\s"%&|=<>!()]+|\S)""",
    re.DOTALL,
)
_BOUNDS: Mapping[str, Callable[[Decimal], Numeric]] = {
    "<": lambda number: Numeric(None, number, high_open=True),
    "<=": lambda number: Numeric(None, number),
    ">": lambda number: Numeric(number, None, low_open=True),
    ">=": lambda number: Numeric(number, None),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field and what it may be: any of the operators. An object or a list only exists.

    ``of_text``: the field is a column, whose text is compared as the number it shows.
    """

    field: str
    operators: tuple[Operator, ...]
    of_text: bool = False

    combinations = 1

    def holds(self, lookup: Lookup) -> bool:
        """Whether it is true of the values that ``lookup`` finds."""
        value = lookup(self.field)
        if isinstance(value, dict | list):
            return self.operators == ANY_VALUE
        shown = self.of_text and _NUMBER.fullmatch(value)
        if shown or (isinstance(value, int | float) and not isinstance(value, bool)):
            value = Decimal(str(value))
        return any(operator.accepts(value) for operator in self.operators)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]

    @property
    def combinations(self) -> int:
        """In how many ways one comparison of each alternative can be chosen."""
        return prod(part.combinations for part in self.parts)

    def holds(self, lookup: Lookup) -> bool:
        """Whether it is true of the values that ``lookup`` finds."""
        return all(part.holds(lookup) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    @property
    def combinations(self) -> int:
        """In how many ways one comparison of each alternative can be chosen."""
        return sum(part.combinations for part in self.parts)

    def holds(self, lookup: Lookup) -> bool:
        """Whether it is true of the values that ``lookup`` finds."""
        return any(part.holds(lookup) for part in self.parts)


Condition: TypeAlias = Comparison | All | AnyOf


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison in a condition."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons(part)


def parse_condition(text: str, at: str, of_text: bool = False) -> Condition:
    """Parse ``field = value && (…)``. Raises ``FilterError``; an unknown operand is ``Opaque``.

    ``of_text``: the fields are columns of a text, not values in JSON.
    """
    parser = _Parser(_PIECE.findall(text.strip()), at, of_text)
    condition = parser.alternatives(0)
    if parser.next is not None:
        raise FilterError(at, f"{parser.next!r} is not expected there")
    return condition


def unquoted(text: str, at: str) -> str:
    """A term or value without its quotes, if it has any, and the backslashes that escape."""
    if not text.startswith('"'):
        return text
    if len(text) < 2 or not text.endswith('"'):
        raise FilterError(at, f"a quote is not closed: {text[:40]}")
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


class _Parser:
    """Recursive descent over the pieces: ``||`` binds loosest, then ``&&``, then brackets."""

    def __init__(self, pieces: list[str], at: str, of_text: bool) -> None:
        self._of_text = of_text
        self._pieces = pieces
        self._place = 0
        self._at = at

    @property
    def next(self) -> str | None:
        """The piece to be read, None at the end."""
        return self._pieces[self._place] if self._place < len(self._pieces) else None

    def alternatives(self, depth: int) -> Condition:
        """One or more conjunctions with ``||`` between them."""
        if depth > DEEPEST:
            raise FilterError(self._at, f"too deep: {DEEPEST} brackets may be nested at most")
        parts = [self._conjunction(depth)]
        while self._skip("||"):
            parts.append(self._conjunction(depth))
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _conjunction(self, depth: int) -> Condition:
        parts = [self._unit(depth)]
        while self._skip("&&"):
            parts.append(self._unit(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _unit(self, depth: int) -> Condition:
        if not self._skip("("):
            return self._comparison()
        condition = self.alternatives(depth + 1)
        if not self._skip(")"):
            raise FilterError(self._at, "a bracket is not closed")
        return condition

    def _comparison(self) -> Comparison:
        field, sign = self._take("a field"), self._take("an operator").upper()
        match sign:
            case "IS":
                word = self._take("NULL, TRUE or FALSE").lower()
                if word not in ("null", "true", "false"):
                    raise FilterError(self._at, f"IS takes NULL, TRUE or FALSE, not {word!r}")
                return Comparison(field, (Keyword(word),))
            case "EXISTS":
                return Comparison(field, ANY_VALUE)
            case "NOT":
                if self._take("EXISTS").upper() != "EXISTS":
                    raise FilterError(self._at, "NOT takes EXISTS")
                return Comparison(field, (Exists(False),))
            case "=":
                return Comparison(field, _equals(self._take("a value"), self._at))
            case "!=" | "=!":
                return Comparison(field, _differs(_equals(self._take("a value"), self._at)))
            case "<" | "<=" | ">" | ">=":
                number = self._take("a number")
                if not _NUMBER.fullmatch(number):
                    raise FilterError(self._at, f"{sign} takes a number, not {number!r}")
                return Comparison(field, (_BOUNDS[sign](Decimal(number)),), self._of_text)
            case _:
                raise FilterError(self._at, f"{sign!r} is no comparison")

    def _skip(self, piece: str) -> bool:
        found = self.next == piece
        self._place += found
        return found

    def _take(self, expected: str) -> str:
        piece = self.next
        if piece is None:
            raise FilterError(self._at, f"ends where {expected} is expected")
        self._place += 1
        return piece


def _equals(operand: str, at: str) -> tuple[Operator, ...]:
    """What ``= operand`` accepts. A number without quotes also equals the text it is written as."""
    if operand.startswith("%"):
        return (Opaque(REGEX),)
    if operand in ("&&", "||", "(", ")", '"', "=", "<", ">", "!"):
        raise FilterError(at, f"{operand!r} is no value")
    text = unquoted(operand, at)
    if text == "*":
        return ANY_VALUE
    if "*" in text:
        # Stars work at the ends only; AWS's pages disagree on what one in the middle means.
        if "*" in text[1:-1]:
            return (Opaque("a star inside a value is not modelled"),)
        # A number is compared as it is written, which its value does not tell.
        return (Wildcard(text.replace("\\", "\\\\")), Numeric())
    if _NUMBER.fullmatch(operand):
        return (Number(Decimal(text)), Text(text))
    return (Text(text),)


def _differs(operators: tuple[Operator, ...]) -> tuple[Operator, ...]:
    """What ``!=`` accepts; AWS does not say whether a missing field differs, so it does."""
    if any(isinstance(operator, Opaque) for operator in operators):
        return operators
    others = tuple(operator for operator in operators if operator != Numeric())
    return (AnythingBut(others), Exists(False))
