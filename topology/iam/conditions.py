"""Conditions of a statement: true, false or unknown, from what is known of the request.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import TypeAlias

from topology.iam.documents import Condition
from topology.iam.wildcards import matches

# What is known of a request, by condition key in lower case: its values, none where the request
# certainly does not carry the key. A key that is not in the mapping is not known.
Request: TypeAlias = Mapping[str, tuple[str, ...]]


class Truth(IntEnum):
    """Three values, ordered so that "and" is ``min`` and "or" is ``max``."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether all conditions hold; ``undecided`` are those that leave it open."""

    truth: Truth
    undecided: tuple[Condition, ...] = ()


def decide(conditions: Sequence[Condition], request: Request) -> Decision:
    """Whether a request meets every condition; one that is false settles it."""
    if not conditions:
        return Decision(Truth.TRUE)
    truths = [_truth(condition, request) for condition in conditions]
    pairs = zip(truths, conditions, strict=True)
    if (truth := min(truths)) is not Truth.UNKNOWN:
        return Decision(truth)
    return Decision(truth, tuple(each for truth, each in pairs if truth is Truth.UNKNOWN))


def _truth(condition: Condition, request: Request) -> Truth:
    quantifier, colon, name = condition.operator.rpartition(":")
    base = name.removesuffix("IfExists")
    known = request.get(condition.key.lower())
    if known is None or (colon and quantifier not in ("ForAnyValue", "ForAllValues")):
        return Truth.UNKNOWN
    if base == "Null":
        return max(_truth_of(str(not known).lower() == value.lower()) for value in condition.values)
    if base not in COMPARISONS:
        return Truth.UNKNOWN
    compare, is_negated = COMPARISONS[base]
    if not known:
        return _truth_of(_holds_without_key(quantifier, is_negated, name != base))
    each = [_one(compare, is_negated, value, condition.values) for value in known]
    return min(each) if quantifier == "ForAllValues" else max(each)


def _holds_without_key(quantifier: str, is_negated: bool, if_exists: bool) -> bool:
    """A request without the key meets a negated operator, and "all" of its no values meet any."""
    if if_exists or quantifier == "ForAllValues":
        return True
    return is_negated and quantifier != "ForAnyValue"


def _one(compare: Comparison, is_negated: bool, value: str, wanted: Sequence[str]) -> Truth:
    """One value of the request against a list: equal to any of it or, negated, to none of it."""
    found = max((_compared(compare, value, each) for each in wanted), default=Truth.FALSE)
    return Truth(Truth.TRUE - found) if is_negated else found


def _compared(compare: Comparison, value: str, wanted: str) -> Truth:
    if "${" in wanted:  # a policy variable may stand for anything
        return Truth.UNKNOWN
    try:
        return _truth_of(compare(value, wanted))
    except (ValueError, OverflowError, OSError, InvalidOperation):  # not of the operator's type
        return Truth.UNKNOWN


def _truth_of(decided: bool) -> Truth:
    return Truth.TRUE if decided else Truth.FALSE


Comparison: TypeAlias = Callable[[str, str], bool]  # (value of the request, value of the policy)


def _ignoring_case(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


def _like(value: str, wanted: str) -> bool:
    return matches(wanted, value)


def _arn_like(value: str, wanted: str) -> bool:
    """Each of the six components by itself: a ``*`` does not run over a colon into the next."""
    values, patterns = value.split(":", 5), wanted.split(":", 5)
    return len(values) == len(patterns) and all(map(matches, patterns, values))


def _by_number(compare: Callable[[Decimal, Decimal], bool]) -> Comparison:
    return lambda value, wanted: compare(Decimal(value), Decimal(wanted))


def _by_time(compare: Callable[[datetime, datetime], bool]) -> Comparison:
    return lambda value, wanted: compare(_time(value), _time(wanted))


def _time(text: str) -> datetime:
    """ISO 8601 or seconds since 1970; without a zone it is UTC."""
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


# By operator: the comparison, and whether the operator asks for its opposite. Address operators
# are left out on purpose: where a call comes from is never known, so they are always undecided.
COMPARISONS: Mapping[str, tuple[Comparison, bool]] = {
    "StringEquals": (operator.eq, False),
    "StringNotEquals": (operator.eq, True),
    "StringEqualsIgnoreCase": (_ignoring_case, False),
    "StringNotEqualsIgnoreCase": (_ignoring_case, True),
    "StringLike": (_like, False),
    "StringNotLike": (_like, True),
    "ArnEquals": (_arn_like, False),  # AWS: ArnEquals and ArnLike behave identically
    "ArnNotEquals": (_arn_like, True),
    "ArnLike": (_arn_like, False),
    "ArnNotLike": (_arn_like, True),
    "NumericEquals": (_by_number(operator.eq), False),
    "NumericNotEquals": (_by_number(operator.eq), True),
    "NumericLessThan": (_by_number(operator.lt), False),
    "NumericLessThanEquals": (_by_number(operator.le), False),
    "NumericGreaterThan": (_by_number(operator.gt), False),
    "NumericGreaterThanEquals": (_by_number(operator.ge), False),
    "DateEquals": (_by_time(operator.eq), False),
    "DateNotEquals": (_by_time(operator.eq), True),
    "DateLessThan": (_by_time(operator.lt), False),
    "DateLessThanEquals": (_by_time(operator.le), False),
    "DateGreaterThan": (_by_time(operator.gt), False),
    "DateGreaterThanEquals": (_by_time(operator.ge), False),
    "Bool": (_ignoring_case, False),
    "BinaryEquals": (operator.eq, False),
}
