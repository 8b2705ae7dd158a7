"""How the operators of event patterns are written, and which misuses AWS refuses.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from ipaddress import ip_network
from itertools import pairwise
from typing import TypeAlias

from topology.filters.document import FilterError, Json, a_list, a_string, within, wrong
from topology.filters.operators import (
    AnythingBut,
    Cidr,
    EqualsIgnoreCase,
    Exists,
    Keyword,
    Number,
    Numeric,
    Opaque,
    Operator,
    Prefix,
    Suffix,
    Text,
    Wildcard,
)

IGNORE_CASE = "equals-ignore-case"
ABOVE, BELOW = (">", ">="), ("<", "<=")


def parse_operator(value: Json, at: str) -> Operator:
    """One element of a field's list. Raises ``FilterError`` where a known operator is misused."""
    if isinstance(value, list):
        wrong(at, "a value or an operator", value)
    if not isinstance(value, dict):
        return _literal(value)
    if len(value) != 1:
        raise FilterError(at, f"an operator is an object with one key, not {len(value)}")
    (name, operand), *_ = value.items()
    parser = OPERATORS.get(name)
    return parser(operand, within(at, name)) if parser else _unknown(name)


def _unknown(name: str) -> Operator:
    return Opaque(f"the operator {name[:40]!r} is not modelled")


def _literal(value: str | Decimal | bool | None) -> Operator:
    match value:
        case str():
            return Text(value)
        case Decimal():
            return Number(value)
        case None:
            return Keyword("null")
        case _:
            return Keyword("true" if value else "false")


def _text(operand: Json, at: str) -> Operator:
    return Text(a_string(operand, at))


def _equals_ignore_case(operand: Json, at: str) -> Operator:
    return EqualsIgnoreCase(a_string(operand, at))


def _prefix(operand: Json, at: str) -> Operator:
    text, ignore_case = _affix(operand, at)
    return _unknown("prefix") if text is None else Prefix(text, ignore_case)


def _suffix(operand: Json, at: str) -> Operator:
    text, ignore_case = _affix(operand, at)
    return _unknown("suffix") if text is None else Suffix(text, ignore_case)


def _affix(operand: Json, at: str) -> tuple[str | None, bool]:
    """The text and whether case is ignored; None for a nested operator that is not modelled."""
    if not isinstance(operand, dict):
        return a_string(operand, at), False
    if set(operand) != {IGNORE_CASE}:
        return None, False
    return a_string(operand[IGNORE_CASE], within(at, IGNORE_CASE)), True


def _wildcard(operand: Json, at: str) -> Operator:
    pattern = a_string(operand, at)
    tokens = re.findall(r"\\.|.", pattern, re.DOTALL)
    if ("*", "*") in pairwise(tokens):
        raise FilterError(at, "a wildcard may not have two stars in a row")
    if any(token[0] == "\\" and token not in ("\\*", "\\\\") for token in tokens):
        raise FilterError(at, "a backslash may only stand before * or another backslash")
    return Wildcard(pattern)


def _numeric(operand: Json, at: str) -> Operator:
    terms = [_numeric_term(term, index, at) for index, term in enumerate(a_list(operand, at))]
    match terms:
        case ["=", Decimal() as number]:
            return Numeric(number, number)
        case [str() as sign, Decimal() as low] if sign in ABOVE:
            return Numeric(low, None, low_open=sign == ">")
        case [str() as sign, Decimal() as high] if sign in BELOW:
            return Numeric(None, high, high_open=sign == "<")
        case [str() as from_, Decimal() as low, str() as to, Decimal() as high] if (
            from_ in ABOVE and to in BELOW
        ):
            if low >= high:
                raise FilterError(at, f"the lower bound {low} is not below the upper bound {high}")
            return Numeric(low, high, from_ == ">", to == "<")
        case _:
            raise FilterError(at, 'must be like ["=", 5], ["<", 5] or [">", 0, "<=", 5]')


def _numeric_term(term: Json, index: int, at: str) -> str | Decimal:
    """Operators stand at even places, numbers at odd ones."""
    at = within(at, index)
    if index % 2:
        return term if isinstance(term, Decimal) else wrong(at, "a number", term)
    sign = a_string(term, at)
    if sign not in ("=", *ABOVE, *BELOW):
        raise FilterError(at, f"{sign!r} is none of = < <= > >=")
    return sign


def _cidr(operand: Json, at: str) -> Operator:
    text = a_string(operand, at)
    _, slash, bits = text.partition("/")
    try:
        if slash and bits.isdigit():
            return Cidr(ip_network(text, strict=False))
    except ValueError:
        pass
    raise FilterError(at, f"{text!r} is no network such as 10.0.0.0/24")


def _exists(operand: Json, at: str) -> Operator:
    return Exists(operand) if isinstance(operand, bool) else wrong(at, "true or false", operand)


def _anything_but(operand: Json, at: str) -> Operator:
    if isinstance(operand, dict):
        return _anything_but_operator(operand, at)
    values = _one_or_more(operand, at)
    if not _all_of(str, values) and not _all_of(Decimal, values):
        raise FilterError(at, "must be strings only or numbers only")
    return AnythingBut(tuple(parse_operator(value, at) for value in values))


def _anything_but_operator(operand: dict[str, Json], at: str) -> Operator:
    if len(operand) != 1:
        raise FilterError(at, f"an operator is an object with one key, not {len(operand)}")
    (name, inner), *_ = operand.items()
    parser = NEGATABLE.get(name)
    if parser is None or isinstance(inner, dict):
        return _unknown(f"anything-but {name}")
    at = within(at, name)
    values = _one_or_more(inner, at)
    if "" in values and name in ("prefix", "suffix"):
        raise FilterError(at, f"may not be empty: it is a {name} of every string")
    return AnythingBut(tuple(parser(value, at) for value in values))


def _one_or_more(operand: Json, at: str) -> list[Json]:
    values: list[Json] = operand if isinstance(operand, list) else [operand]
    if not values:
        raise FilterError(at, "may not be an empty list")
    return values


def _all_of(kind: type, values: list[Json]) -> bool:
    return all(isinstance(value, kind) for value in values)


Parser: TypeAlias = Callable[[Json, str], Operator]
NEGATABLE: Mapping[str, Parser] = {
    "prefix": _prefix,
    "suffix": _suffix,
    IGNORE_CASE: _equals_ignore_case,
    "wildcard": _wildcard,
}
OPERATORS: Mapping[str, Parser] = {
    **NEGATABLE,
    "exactly": _text,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exists": _exists,
}
