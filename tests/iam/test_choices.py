"""What a caller chooses, parted by the conditions that tell it apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.iam.choices import FREE, choices, merged
from topology.iam.conditions import Truth, decide
from topology.iam.documents import parse
from topology.sets import strings
from topology.sets.strings import ANY

KEY = "events:source"


def statements(*conditions, effect="Allow"):
    body = {"Effect": effect, "Action": "*", "Resource": "*"}
    return parse({"Statement": [{**body, "Condition": each} for each in conditions]})


def parted(*conditions, together=False, effect="Allow"):
    """The values of the key, a set per choice."""
    found = choices({KEY: together}, statements(*conditions, effect=effect))
    return [dict(each.filled).get(KEY, ANY) for each in found]


def test_without_a_condition_there_is_one_choice_of_anything():
    assert choices({KEY: False}, statements({})) == FREE
    assert choices({}, statements({"StringEquals": {KEY: "a"}})) == FREE


@pytest.mark.parametrize(
    ("operator", "values", "inside", "outside"),
    [
        ("StringEquals", ["a", "b"], "b", "c"),
        ("StringNotEquals", "a", "a", "b"),
        ("StringEqualsIgnoreCase", "Shop", "sHOP", "shops"),
        ("StringNotEqualsIgnoreCase", "Shop", "sHOP", "shops"),
        ("StringLike", "shop.*", "shop.orders", "shops"),
        ("StringNotLike", "sh?p", "shop", "shoop"),
        ("StringEqualsIfExists", "a", "a", "b"),
        ("ForAllValues:StringEquals", "a", "a", "b"),
        ("ForAnyValue:StringLike", "a*", "ab", "b"),
    ],
)
def test_a_condition_parts_what_it_names_from_what_it_does_not(operator, values, inside, outside):
    found = parted({operator: {KEY: values}})
    assert len(found) == 2
    assert sum(inside in part for part in found) == 1
    assert not any(inside in part and outside in part for part in found)


def test_two_statements_part_the_values_between_them():
    equal, like = {"StringEquals": {KEY: "a"}}, {"StringLike": {"Events:SOURCE": "a*"}}
    assert len(parted(equal, like)) == 3  # "a", other texts that begin so, all others
    assert len(parted(equal, equal)) == 2


@pytest.mark.parametrize("operator", ["NumericEquals", "Bool", "StringMeans"])
def test_an_operator_that_is_not_about_texts_leaves_it_undecided(operator):
    assert choices({KEY: False}, statements({operator: {KEY: "1"}})) == FREE


def test_a_policy_variable_parts_nothing_and_stays_undecided():
    (choice,) = choices({KEY: False}, statements({"StringEquals": {KEY: "${aws:username}"}}))
    (statement,) = statements({"StringEquals": {KEY: "${aws:username}"}})
    assert decide(statement.conditions, choice.request).truth is Truth.UNKNOWN


def test_what_is_chosen_is_always_there():
    (statement,) = statements({"Null": {KEY: "true"}})
    (choice,) = choices({KEY: True}, (statement,))
    assert decide(statement.conditions, choice.request).truth is Truth.FALSE


@pytest.mark.parametrize(
    ("effect", "quantifier", "is_told"),
    [
        ("Allow", "ForAllValues:", True),
        ("Allow", "ForAnyValue:", False),  # another value may let this one in
        ("Allow", "", False),
        ("Deny", "ForAnyValue:", True),
        ("Deny", "ForAllValues:", False),  # another value may spare this one
        ("Deny", "", False),
    ],
)
def test_values_judged_together_are_told_apart_only_where_each_counts(effect, quantifier, is_told):
    condition = {f"{quantifier}StringEquals": {KEY: "a"}}
    assert len(parted(condition, together=True, effect=effect)) == (2 if is_told else 1)


def test_too_many_choices_stay_undecided():
    many = [{"StringLike": {KEY: f"*{letter}*"}} for letter in "abcdefgh"]
    assert choices({KEY: False}, statements(*many)) == FREE


OPERATORS = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "Null"]
CONDITIONS = st.builds(
    lambda operator, values: {operator: {KEY: values}},
    st.sampled_from(OPERATORS),
    st.lists(st.text("ab*?", max_size=3), min_size=1, max_size=2),
)


@given(st.lists(CONDITIONS, min_size=1, max_size=3), st.text("abc", max_size=4))
def test_every_value_is_in_one_choice_and_decided_as_its_example(conditions, value):
    said = statements(*conditions)
    found = choices({KEY: False}, said)
    homes = [each for each in found if value in dict(each.filled).get(KEY, ANY)]
    assert len(homes) == 1
    if homes[0].request:
        for statement in said:
            known = decide(statement.conditions, {KEY: (value,)})
            assert known == decide(statement.conditions, homes[0].request)


def test_choices_with_the_same_keys_become_one():
    a, b = strings.literal("a"), strings.literal("b")
    found = [((("k", a), ("l", a)), ANY), ((("k", ~a), ("l", a)), ANY), ((("k", b),), b)]
    assert set(merged(found)) == {((("l", a),), ANY), ((("k", b),), b)}
