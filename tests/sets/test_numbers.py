"""Sets of numbers: exact, with open and closed ends."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sets.expressions import PROFILE
from topology.sets.numbers import ANY_NUMBER, NO_NUMBER, NumberSet, compared, exactly

GRID = [Decimal(n) / 4 for n in range(-16, 17)]  # finer than the ends the sets below have
OPERATORS: dict[str, Callable[[Decimal, int], bool]] = {
    "<": lambda n, end: n < end,
    "<=": lambda n, end: n <= end,
    "=": lambda n, end: n == end,
    ">=": lambda n, end: n >= end,
    ">": lambda n, end: n > end,
}
Case = tuple[NumberSet, frozenset[Decimal]]


def _compared(operator: str, end: int) -> Case:
    members = frozenset(n for n in GRID if OPERATORS[operator](n, end))
    return compared(operator, end), members


leaves = st.builds(_compared, st.sampled_from(list(OPERATORS)), st.integers(-3, 3))
cases = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda c: (~c[0], frozenset(GRID) - c[1])),
        st.tuples(inner, inner).map(lambda p: (p[0][0] | p[1][0], p[0][1] | p[1][1])),
        st.tuples(inner, inner).map(lambda p: (p[0][0] & p[1][0], p[0][1] & p[1][1])),
        st.tuples(inner, inner).map(lambda p: (p[0][0] - p[1][0], p[0][1] - p[1][1])),
    ),
    max_leaves=6,
)


@PROFILE
@given(cases)
def test_it_holds_what_the_definition_says(case: Case) -> None:
    of, members = case
    assert {n for n in GRID if n in of} == members
    assert of.is_empty() == (not members)


@PROFILE
@given(cases)
def test_its_witness_is_a_member_as_short_as_can_be(case: Case) -> None:
    of, members = case
    witness = of.witness()
    if witness is None:
        assert not members
        return
    assert witness in of
    whole = [abs(n) for n in members if n == int(n)]
    assert not whole or abs(witness) == min(whole)


@PROFILE
@given(cases, cases)
def test_equal_sets_are_equal_values(one: Case, other: Case) -> None:
    (a, members), (b, others) = one, other
    assert (a == b) == (members == others)
    assert a.is_subset(b) == (members <= others)
    assert ~(a | b) == ~a & ~b
    assert a & (a | b) == a == a | (a & b)
    assert (a | ~a, a & ~a) == (ANY_NUMBER, NO_NUMBER)


@pytest.mark.parametrize("number", [300, 300.0, Decimal("3.0e2"), Decimal("300.000")])
def test_one_number_is_one_number_however_it_is_written(number: Any) -> None:
    assert exactly(number) == exactly(300)
    assert number in exactly(300)


WORDS = [
    (ANY_NUMBER, "any number", 0),
    (NO_NUMBER, "no number", None),
    (exactly(5), "5", 5),
    (exactly(-0.0), "0", 0),
    (~exactly(300), "< 300 or > 300", 0),
    (compared(">", 0) & compared("<=", 5), "> 0 and <= 5", 1),
    (compared("<", -7), "< -7", -8),
    (compared(">", -3) & compared("<", -2), "> -3 and < -2", Decimal("-2.1")),
    (compared(">", Decimal("0.1")) & compared("<", Decimal("0.2")), "> 0.1 and < 0.2",
     Decimal("0.11")),
    (exactly(Decimal("1e300")), "1E+300", Decimal("1e300")),
    (exactly(10**40) | exactly(Decimal("0.5")), "0.5 or 1E+40", Decimal("1e40")),
]  # fmt: skip


@pytest.mark.parametrize(("of", "words", "witness"), WORDS, ids=lambda value: str(value)[:30])
def test_it_is_told_in_words_with_a_short_number(
    of: NumberSet, words: str, witness: Decimal | None
) -> None:
    assert of.describe() == words
    assert of.witness() == witness


def test_it_keeps_every_digit() -> None:
    long = Decimal("0.1234567890123456789012345678901234567890")
    assert long in exactly(long)
    assert long + Decimal("1e-60") not in compared("<=", long)
    assert compared(">", long).witness() == 1


@pytest.mark.parametrize(
    "number", [Decimal("NaN"), Decimal("Infinity"), float("inf"), Decimal("1e9999"), True, "x"]
)
def test_it_refuses_what_is_no_number_of_a_json_document(number: Any) -> None:
    with pytest.raises(ValueError, match="not a"):
        exactly(number)


def test_it_refuses_an_operator_aws_does_not_have() -> None:
    with pytest.raises(ValueError, match="'!='"):
        compared("!=", 1)
