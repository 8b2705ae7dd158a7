"""Our matcher and moto's answer alike on random patterns and events, where moto is right.

Where moto is known to be wrong, the sentence of AWS that decides stands beside the case.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from moto.events.models import EventPattern

from topology.filters.eventbridge import parse

from .test_heard_events import EVENTS, FILTERS, KEYS, QUICK, SCALARS

WITH_LISTS = st.builds(
    lambda event, lists: {**event, **lists},
    EVENTS,
    st.dictionaries(KEYS, st.lists(SCALARS, min_size=1, max_size=3), max_size=1),
)


def moto_matches(pattern, event):
    return EventPattern(json.dumps(pattern), pattern).matches_event(event)


def scalars(value):
    """Every scalar, and every empty object or list, in a pattern or an event."""
    if isinstance(value, dict | list) and value:
        for member in value.values() if isinstance(value, dict) else value:
            yield from scalars(member)
    else:
        yield value


@QUICK
@given(FILTERS, WITH_LISTS)
def test_it_answers_as_moto_does(pattern, event):
    found = [*scalars(pattern), *scalars(event)]
    assume(not any(value in ({}, []) or isinstance(value, bool) for value in found))
    assert parse(json.dumps(pattern)).matches(event) is moto_matches(pattern, event)


# AWS's sentence, pattern, event, what AWS answers. All from
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
MOTO_IS_WRONG = [
    ("Patterns follow JSON rules: true is no number", {"a": [1]}, {"a": True}, False),
    ("Numeric matching: JSON numbers", {"a": [{"numeric": ["=", 1]}]}, {"a": True}, False),
    ("Anything but the number", {"a": [{"anything-but": 1}]}, {"a": True}, True),
    ("Exists works on leaf nodes only", {"a": [{"exists": True}]}, {"a": {}}, False),
    ("Exists works on leaf nodes only", {"a": [{"exists": False}]}, {"a": {}}, True),
    ("An empty list has no leaf", {"a": [{"exists": False}]}, {"a": []}, True),
    ("Anything-but takes a value", {"a": [{"anything-but": "x"}]}, {"a": {}}, False),
    ("A list matches by any element", {"a": {"b": ["x"]}}, {"a": [{"b": "x"}]}, True),
    ("A list in a list is searched too", {"a": ["x"]}, {"a": [["x"]]}, True),
    ("A star is any character", {"a": [{"wildcard": "a*z"}]}, {"a": "a\nz"}, True),
    ("An address of the network", {"a": [{"cidr": "10.0.0.5/24"}]}, {"a": "10.0.0.9"}, True),
    ("One object: a field of that name", {"$or": ["x"]}, {"$or": "x"}, True),
]


@pytest.mark.parametrize(("sentence", "pattern", "event", "answer"), MOTO_IS_WRONG)
def test_it_follows_aws_where_moto_does_not(sentence, pattern, event, answer):
    assert parse(json.dumps(pattern)).matches(event) is answer, sentence
    assert moto_matches(pattern, event) is not answer, "moto is right now: drop this line"
