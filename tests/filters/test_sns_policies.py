"""SNS filter policies of both scopes, row by row.

Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html,
https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html,
https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html and
https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
"""

from __future__ import annotations

import json

import pytest

from topology.filters import FilterError
from topology.filters.sns import ATTRIBUTES, BODY, parse

from .tables import assert_takes, lines


def words(value):
    return {"Type": "String", "Value": value}


def number(value):
    return {"Type": "Number", "Value": value}


def array(*values):
    return {"Type": "String.Array", "Value": json.dumps(values)}


def binary(value):
    return {"Type": "Binary", "Value": value}


INTERESTS = "customer_interests"

ATTRIBUTE_ROWS = [
    ("{}", [{}, {"a": words("x")}], []),
    (
        '{"a": ["x"]}',
        [{"a": words("x")}, {"a": array("y", "x")}],
        [{}, {"a": words("y")}, {"b": words("x")}],
    ),
    ('{"a": ["x"]}', [], [{"a": binary("x")}, {"a": array()}, {"a": words('["x"]')}, {"a": {}}]),
    ('{"a": ["x"], "b": ["y"]}', [{"a": words("x"), "b": words("y")}], [{"a": words("x")}]),
    ('{"a": ["X"]}', [], [{"a": words("x")}]),
    (
        '{"a": [100]}',
        [{"a": number("100")}, {"a": number("100.0")}, {"a": number("1e2")}, {"a": array(100)}],
        [{"a": words("100")}, {"a": number("101")}],
    ),
    ('{"a": ["100"]}', [{"a": words("100")}], [{"a": number("100")}]),
    (
        '{"a": [{"numeric": [">", 0, "<=", 150]}]}',
        [{"a": number("0.5")}, {"a": number("150")}, {"a": array("x", 3)}],
        [{"a": number("0")}, {"a": words("5")}, {"a": number("NaN")}, {"a": number("many")}],
    ),
    ('{"a": [{"numeric": ["=", 301.5]}]}', [{"a": number("301.50")}], [{"a": number("301")}]),
    ('{"a": [true]}', [{"a": array(True)}], [{"a": words("true")}, {"a": array("true")}]),
    ('{"a": [null]}', [{"a": array(None)}], [{"a": words("null")}, {}]),
    (
        '{"a": [{"prefix": "bas"}]}',
        [{"a": words("baseball")}, {"a": array("rugby", "basket")}],
        [{"a": words("rugby")}],
    ),
    ('{"a": [{"suffix": "ball"}]}', [{"a": words("baseball")}], [{"a": words("ballad")}]),
    (
        '{"a": [{"equals-ignore-case": "tennis"}]}',
        [{"a": words("TENNIS")}],
        [{"a": words("tenniss")}],
    ),
    (
        '{"a": [{"anything-but": ["rugby", "tennis"]}]}',
        [{"a": words("baseball")}, {"a": array("rugby", "baseball")}],
        [{"a": words("rugby")}, {"a": array("rugby", "tennis")}, {}],
    ),
    (
        '{"a": [{"anything-but": [100, 500]}]}',
        [{"a": number("101")}, {"a": array(100, 50)}],
        [{"a": number("100.0")}, {}],
    ),
    (
        '{"a": [{"anything-but": {"prefix": "order-"}}]}',
        [{"a": words("data-entry")}, {"a": words("order_number")}],
        [{"a": words("order-cancelled")}],
    ),
    (
        '{"a": [{"anything-but": {"suffix": "ball"}}]}',
        [{"a": words("rugby")}],
        [{"a": words("football")}],
    ),
    (
        '{"a": [{"exists": true}]}',
        [{"a": words("")}, {"a": number("0")}],
        [{}, {"b": words("x")}, {"a": binary("x")}],
    ),
    (
        '{"a": [{"exists": false}]}',
        [{}, {"b": words("x")}, {"a": binary("x")}],
        [{"a": words("")}, {"a": array(1)}],
    ),
    ('{"a": [{"cidr": "10.0.0.0/24"}]}', [{"a": words("10.0.0.255")}], [{"a": words("10.1.1.0")}]),
    ('{"a": [{"wildcard": "a*z"}]}', [{"a": words("abz")}], [{"a": words("ab")}]),
    (
        '{"s": ["c"], "$or": [{"a": ["x"]}, {"b": [{"numeric": ["<", 3]}]}]}',
        [{"s": words("c"), "a": words("x")}, {"s": words("c"), "b": number("2")}],
        [{"s": words("c")}, {"a": words("x")}],
    ),
    ('{"a.b": ["x"]}', [{"a.b": words("x")}], [{"a": words("x")}]),
    ('{"a": [{"sounds-like": "x"}]}', [{}, {"a": words("y")}], []),
]


@pytest.mark.parametrize(("text", "passing", "failing"), lines(ATTRIBUTE_ROWS))
def test_it_compares_attributes_by_their_type(text, passing, failing):
    policy = parse(text, ATTRIBUTES)

    def matches(attributes):
        notification = {"Message": '{"a": "x"}', "MessageAttributes": attributes}
        return policy.matches(policy.decoded(notification))

    assert_takes(matches, passing, failing)


BODY_ROWS = [
    ("{}", ["{}", "plain text", ""], []),
    (
        '{"a": ["x"]}',
        ['{"a": "x"}', '{"a": ["y", "x"]}'],
        ['{"a": "y"}', "{}", "x", '"x"', "", "{"],
    ),
    ('{"a": [100]}', ['{"a": 100.0}', '{"a": 1e2}'], ['{"a": "100"}', '{"a": true}']),
    (
        '{"a": {"b": ["x"]}}',
        ['{"a": {"b": "x"}}', '{"a": [{"b": "x"}]}', '{"a.b": "x"}'],
        ['{"a": "x"}', '{"b": "x"}'],
    ),
    ('{"a.b": ["x"]}', ['{"a": {"b": "x"}}', '{"a.b": "x"}'], ['{"a": {"c": "x"}}']),
    ('{"a": {"b": [1], "c": [2]}}', ['{"a": [{"b": 1, "c": 2}]}'], ['{"a": [{"b": 1}, {"c": 2}]}']),
    (
        '{"a": [{"exists": false}]}',
        ["{}", '{"b": 1}', '{"a": {"b": 1}}'],
        ['{"a": null}', "plain text"],
    ),
    ('{"a": [{"exists": true}]}', ['{"a": null}', '{"a": 0}'], ["{}", '{"a": {}}']),
    ('{"a": [{"anything-but": "x"}]}', ['{"a": "y"}', '{"a": ["x", "y"]}'], ['{"a": "x"}', "{}"]),
    ('{"$or": [{"a": ["x"]}, {"b": {"c": [1]}}]}', ['{"a": "x"}', '{"b": {"c": 1}}'], ['{"b": 1}']),
    (
        '{"Records": {"s3": {"object": {"key": [{"prefix": "in/"}]}},'
        ' "eventName": [{"prefix": "ObjectCreated:"}]}}',
        ['{"Records": [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "in/a"}}}]}'],
        [
            '{"Records": [{"eventName": "ObjectRemoved:Put", "s3": {"object": {"key": "in/a"}}}]}',
            '{"Event": "s3:TestEvent"}',
        ],
    ),
]


@pytest.mark.parametrize(("text", "passing", "failing"), lines(BODY_ROWS))
def test_it_compares_the_body_as_json(text, passing, failing):
    policy = parse(text, BODY)
    assert_takes(lambda m: policy.matches(policy.decoded({"Message": m})), passing, failing)


@pytest.mark.parametrize(
    ("policy", "path", "word"),
    [
        ('{"a": {"b": ["x"]}}', "a", "an attribute has no fields"),
        ('{"$or": [{"a": ["x"]}, {"b": {"c": ["x"]}}]}', "$or[1].b", "an attribute has no fields"),
        ('{"a": "x"}', "a", "an object or a list"),
        ('{"a": []}', "a", "empty list"),
        ('{"a": [{"numeric": ["between", 1, 2]}]}', "a[0].numeric[0]", "none of"),
        ('{"a": [{"prefix": 1}]}', "a[0].prefix", "a string"),
        ('{"a": [["x"]]}', "a[0]", "not a list"),
    ],
)
def test_it_refuses_what_sns_refuses_and_says_where(policy, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(policy, ATTRIBUTES)
    assert caught.value.path == path


def test_an_attribute_policy_never_looks_into_the_body():
    policy = parse('{"a": ["x"]}', ATTRIBUTES)
    assert not policy.matches({"Message": {"a": "x"}, "MessageAttributes": {}})


def test_a_body_policy_never_looks_at_the_attributes():
    policy = parse('{"a": ["x"]}', BODY)
    assert not policy.matches({"Message": {}, "MessageAttributes": {"a": "x"}})
