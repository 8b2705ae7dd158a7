"""Conditions, one row per verdict: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.iam.conditions import COMPARISONS, Truth, decide
from topology.iam.documents import Condition

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
REQUEST = {
    "text": ("Orders",),
    "arn": ("arn:aws:iam::123456789012:role/team/orders",),
    "number": ("10",),
    "time": ("2026-11-23T12:00:00Z",),
    "flag": ("true",),
    "tags": ("team", "stage"),
    "none": (),
}


def verdict(operator, key, *values):
    return decide([Condition(operator, key, values)], REQUEST).truth


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "text", ["Orders"], T),
        ("StringEquals", "TEXT", ["Orders"], T),  # keys ignore case
        ("StringEquals", "text", ["orders"], F),
        ("StringEquals", "text", ["a", "Orders"], T),
        ("StringEquals", "text", ["Ord*"], F),
        ("StringEquals", "text", [], F),
        ("StringEquals", "text", ["${aws:username}"], U),
        ("StringEquals", "text", ["Orders", "${aws:username}"], T),
        ("StringNotEquals", "text", ["orders"], T),
        ("StringNotEquals", "text", ["Orders", "x"], F),
        ("StringNotEquals", "text", ["${aws:username}"], U),
        ("StringEqualsIgnoreCase", "text", ["oRDERS"], T),
        ("StringNotEqualsIgnoreCase", "text", ["oRDERS"], F),
        ("StringLike", "text", ["Ord*"], T),
        ("StringLike", "text", ["Ord??"], F),
        ("StringLike", "text", ["[O]rders"], F),
        ("StringNotLike", "text", ["Ord*"], F),
        ("ArnLike", "arn", ["arn:aws:iam::*:role/team/*"], T),
        ("ArnEquals", "arn", ["arn:aws:iam::*:role/*"], T),
        ("ArnLike", "arn", ["arn:aws:iam::123456789012:role/other/*"], F),
        ("ArnLike", "arn", ["arn:*:role/team/orders"], F),  # a star stays in its component
        ("ArnLike", "arn", ["*"], F),
        ("ArnNotLike", "arn", ["arn:aws:iam::*:role/team/*"], F),
        ("ArnNotEquals", "arn", ["arn:aws:iam::*:user/*"], T),
        ("NumericEquals", "number", ["10.0"], T),
        ("NumericNotEquals", "number", ["10"], F),
        ("NumericLessThan", "number", ["10"], F),
        ("NumericLessThanEquals", "number", ["10"], T),
        ("NumericGreaterThan", "number", ["9.99"], T),
        ("NumericGreaterThanEquals", "number", ["11"], F),
        ("NumericLessThan", "number", ["ten"], U),
        ("NumericLessThan", "number", ["NaN"], U),
        ("DateEquals", "time", ["2026-11-23T12:00:00+00:00"], T),
        ("DateNotEquals", "time", ["2026-11-23T12:00:00Z"], F),
        ("DateLessThan", "time", ["2026-11-24"], T),
        ("DateLessThanEquals", "time", ["2026-11-23"], F),
        ("DateGreaterThan", "time", ["1700000000"], T),
        ("DateGreaterThanEquals", "time", ["2027-01-01T00:00:00Z"], F),
        ("DateGreaterThan", "time", ["soon"], U),
        ("DateGreaterThan", "time", ["9" * 40], U),
        ("Bool", "flag", ["true"], T),
        ("Bool", "flag", ["True"], T),
        ("Bool", "flag", ["false"], F),
        ("BinaryEquals", "text", ["Orders"], T),
        ("Null", "text", ["false"], T),
        ("Null", "text", ["true"], F),
        ("Null", "none", ["true"], T),
        ("Null", "none", ["false"], F),
        ("Null", "unheard-of", ["true"], U),
        # A key the request certainly does not carry:
        ("StringEquals", "none", ["x"], F),
        ("StringNotEquals", "none", ["x"], T),
        ("StringEqualsIfExists", "none", ["x"], T),
        ("StringNotLikeIfExists", "none", ["x"], T),
        ("ArnNotLike", "none", ["arn:aws:iam::*:role/*"], T),
        ("ForAllValues:StringEquals", "none", ["x"], T),
        ("ForAnyValue:StringEquals", "none", ["x"], F),
        ("ForAnyValue:StringNotEquals", "none", ["x"], F),
        # A key nothing is known of:
        ("StringEquals", "unheard-of", ["x"], U),
        ("StringEqualsIfExists", "unheard-of", ["x"], U),
        ("ForAllValues:StringEquals", "unheard-of", ["x"], U),
        # Keys with several values:
        ("ForAnyValue:StringEquals", "tags", ["team", "x"], T),
        ("ForAnyValue:StringEquals", "tags", ["x"], F),
        ("ForAllValues:StringEquals", "tags", ["team", "stage", "x"], T),
        ("ForAllValues:StringEquals", "tags", ["team"], F),
        ("ForAnyValue:StringNotEquals", "tags", ["team"], T),
        ("ForAllValues:StringNotEquals", "tags", ["team"], F),
        ("ForAllValues:StringNotEquals", "tags", ["x"], T),
        ("ForAllValues:StringLike", "tags", ["t*", "${x}"], U),
        # Not modelled:
        ("IpAddress", "text", ["10.0.0.0/8"], U),
        ("NotIpAddress", "text", ["10.0.0.0/8"], U),
        ("StringResembles", "text", ["Orders"], U),
        ("ForSomeValues:StringEquals", "text", ["Orders"], U),
    ],
)
def test_one_condition(operator, key, values, expected):
    assert verdict(operator, key, *values) is expected


@pytest.mark.parametrize(
    ("conditions", "expected", "undecided"),
    [
        ([], T, 0),
        ([("Bool", "flag", "true"), ("StringEquals", "text", "Orders")], T, 0),
        ([("Bool", "flag", "true"), ("StringEquals", "text", "x")], F, 0),
        ([("Bool", "flag", "true"), ("StringEquals", "unheard-of", "x")], U, 1),
        ([("StringEquals", "unheard-of", "x"), ("Bool", "flag", "false")], F, 0),
    ],
)
def test_all_conditions_must_hold_and_one_false_settles_it(conditions, expected, undecided):
    asked = [Condition(operator, key, (value,)) for operator, key, value in conditions]
    decision = decide(asked, REQUEST)
    assert (decision.truth, len(decision.undecided)) == (expected, undecided)


@given(
    st.sampled_from([*COMPARISONS]),
    st.sampled_from(["", "ForAnyValue:", "ForAllValues:"]),
    st.sampled_from([*REQUEST]),
    st.lists(st.text(max_size=6), max_size=3),
)
def test_any_value_gives_a_truth(operator, quantifier, key, values):
    assert verdict(f"{quantifier}{operator}", key, *values) in Truth


@given(st.sampled_from([name for name in COMPARISONS if "Not" not in name]), st.text(max_size=6))
def test_knowing_less_never_decides_more(operator, value):
    known = decide([Condition(operator, "text", (value,))], {"text": ("Orders",)}).truth
    unknown = decide([Condition(operator, "text", (value,))], {}).truth
    assert unknown in (known, Truth.UNKNOWN)
