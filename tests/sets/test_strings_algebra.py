"""Sets of strings against definitions: brute force over short texts, and whole automata."""

from __future__ import annotations

from string import ascii_lowercase

import greenery
import interegular
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sets.expressions import LONGEST, PROFILE, TEXTS, Case, cases, leaves
from topology.sets.strings import ANY, NOTHING, StringSet, prefix, suffix

texts = st.text("ab-", max_size=LONGEST)


def same(one: StringSet, other: StringSet) -> bool:
    return one.is_subset(other) and other.is_subset(one)


@PROFILE
@given(cases)
def test_it_holds_what_the_definition_says(case: Case) -> None:
    assert {text for text in TEXTS if text in case.of} == case.members


@PROFILE
@given(cases)
def test_its_witness_is_a_shortest_member_or_proves_it_empty(case: Case) -> None:
    witness, members = case.of.witness(), case.members
    if witness is None:
        assert not members
    else:
        assert case.holds(witness)
        assert len(witness) == min(map(len, members), default=len(witness))
    assert case.of.is_empty() == (witness is None)


@PROFILE
@given(cases)
def test_its_example_is_a_member(case: Case) -> None:
    example = case.of.example()
    assert (example is None) == case.of.is_empty()
    assert example is None or case.holds(example)


@PROFILE
@given(cases, cases)
def test_a_subset_is_what_leaves_no_difference(one: Case, other: Case) -> None:
    if one.of.is_subset(other.of):
        assert one.members <= other.members
    else:
        escaping = (one.of - other.of).witness()
        assert escaping is not None
        assert one.holds(escaping)
        assert not other.holds(escaping)


@PROFILE
@given(cases, texts, texts)
def test_after_a_text_comes_what_completes_it(case: Case, head: str, rest: str) -> None:
    assert (rest in case.of.after(head)) == case.holds(head + rest)


@PROFILE
@given(cases, cases, cases)
def test_the_laws_of_sets_hold(one: Case, other: Case, third: Case) -> None:
    a, b, c = one.of, other.of, third.of
    assert ~~a == a
    assert (a | b) == (b | a)
    assert (a & b) == (b & a)
    assert same(a | (b | c), (a | b) | c)
    assert same(~(a | b), ~a & ~b)
    assert same(~(a & b), ~a | ~b)
    assert same(a & (a | b), a)
    assert same(a | (a & b), a)
    assert same(a & (b | c), (a & b) | (a & c))
    assert same(a | ~a, ANY)
    assert same(a & ~a, NOTHING)


@PROFILE
@given(cases, cases)
def test_sets_sort_and_hash_by_what_they_are(one: Case, other: Case) -> None:
    assert sorted([one.of, other.of]) == sorted([other.of, one.of])
    assert one.of != other.of or hash(one.of) == hash(other.of)


@PROFILE
@given(leaves, leaves)
def test_it_agrees_with_the_whole_automata_of_interegular(one: Case, other: Case) -> None:
    first, second = (interegular.parse_pattern(case.regex).to_fsm() for case in (one, other))
    both = first & second
    witness = (one.of & other.of).witness()
    assert (witness is None) == both.empty()
    assert len(witness or "") == (0 if both.empty() else len(next(both.strings())))
    assert one.of.is_subset(other.of) == (first <= second)


@settings(PROFILE, max_examples=15)
@given(leaves, leaves)
def test_it_agrees_with_the_whole_automata_of_greenery(one: Case, other: Case) -> None:
    first, second = (greenery.parse(case.regex).to_fsm() for case in (one, other))
    assert (one.of & other.of).is_empty() == (first & second).empty()


@PROFILE
@given(st.text(ascii_lowercase, min_size=1, max_size=30))
def test_a_shortest_witness_never_wastes_a_character(text: str) -> None:
    assert (prefix(text) & suffix(text)).witness() == text
