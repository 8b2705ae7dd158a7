"""What one JSON field may hold: kinds are never confused, and there is always an example."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from topology.sets.numbers import compared
from topology.sets.strings import TooComplex, prefix, suffix
from topology.sets.values import ABSENT, ANYTHING, MISSING, PRESENT, Values

EVERY_KIND: list[Any] = ["a", "", "true", "1", 1, 0, 1.5, True, False, None, ABSENT]


@pytest.mark.parametrize("one", EVERY_KIND, ids=str)
def test_a_value_is_only_itself(one: Any) -> None:
    of = Values.of(one)
    for other in EVERY_KIND:
        assert (other in of) == (other is one)
        assert (other in ~of) == (other is not one)
    assert of.example() == one


def test_missing_is_no_value_and_null_is_one() -> None:
    assert ABSENT not in PRESENT
    assert None in PRESENT
    assert ABSENT in MISSING
    assert None not in MISSING
    assert ~MISSING == PRESENT
    assert MISSING | PRESENT == ANYTHING
    assert (MISSING & PRESENT).is_empty()


def test_the_laws_of_sets_hold_kind_by_kind() -> None:
    one = Values(strings=prefix("a"), numbers=compared(">", 1), true=True, absent=True)
    other = Values(strings=suffix("b"), numbers=compared("<", 3), null=True, absent=True)
    assert ~(one | other) == ~one & ~other
    assert (one & other).is_subset(one)
    assert not one.is_subset(other)
    assert one - one == Values()
    assert Values().is_empty()


WORDS = [
    (ANYTHING, "anything or missing", ABSENT),
    (PRESENT, "anything", "a"),
    (MISSING, "missing", ABSENT),
    (Values.of("INSERT", "MODIFY"), '"INSERT" or "MODIFY"', "INSERT"),
    (Values.of("a", 3, True, False, ABSENT), '"a" or 3 or true or false or missing', ABSENT),
    (Values.of(3, True), "3 or true", 3),
    (Values.of(None), "null", None),
    (PRESENT - Values.of("x"), 'anything but "x"', "a"),
    (PRESENT - Values.of(5, 6), "anything but 5 or 6", "a"),
    (ANYTHING - Values(strings=suffix(".csv")), 'anything but "*.csv" or missing', ABSENT),
    (Values(strings=suffix(".csv")), '"*.csv"', "a.csv"),
    (Values(numbers=compared(">", 0) & compared("<", 1)), "> 0 and < 1", 0.1),
]


@pytest.mark.parametrize(("of", "words", "example"), WORDS, ids=lambda value: str(value)[:30])
def test_it_is_told_in_words_with_an_example(of: Values, words: str, example: Any) -> None:
    assert of.describe() == words
    assert of.example() == example
    assert example is ABSENT or json.loads(json.dumps(of.example())) == example


def test_an_empty_set_has_no_example() -> None:
    assert Values().describe() == "nothing"
    with pytest.raises(LookupError):
        Values().example()


def test_a_number_that_json_readers_round_is_no_example() -> None:
    third = Decimal("0.33333333333333333333333333")
    with pytest.raises(TooComplex, match="no number JSON can carry"):
        Values.of(third).example()
