"""Filters of a subscriber on a Custom Event Bus: all of them, over data and metadata.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-filtering.html
"""

from __future__ import annotations

import json

import pytest

from topology import filters
from topology.filters import FilterError
from topology.graph import Filter
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Unknown

SHOP = EventSet.scalars({("source",): strings.literal("shop")})
LANGUAGE = "eventbridge.subscriber"


def asked(**scopes):
    found = [{"Scope": scope, "Pattern": json.dumps(scopes[scope])} for scope in scopes]
    return filters.parse(Filter(LANGUAGE, json.dumps({"Filters": found})))


def test_a_pattern_of_data_is_compared_with_the_event():
    parsed = asked(DATA={"source": ["shop"]})
    assert parsed.matches({"source": "shop"})
    assert not parsed.matches({"source": "billing"})
    assert isinstance(compare(SHOP, parsed.heard()), Always)


def test_what_is_asked_of_metadata_is_not_decided():
    parsed = asked(METADATA={"tenant": ["acme"]}, SYSTEM_METADATA={"aws:Source": ["shop"]})
    assert parsed.matches({"source": "shop"})
    assert isinstance(compare(SHOP, parsed.heard()), Unknown)


def test_data_that_are_not_as_asked_exclude_an_event_whatever_its_metadata():
    parsed = asked(DATA={"source": ["billing"]}, METADATA={"tenant": ["acme"]})
    assert not parsed.matches({"source": "shop"})
    assert isinstance(compare(SHOP, parsed.heard()), Cannot)


def test_an_event_must_match_every_filter():
    document = {
        "Filters": [
            {"Scope": "DATA", "Pattern": '{"source": ["shop"]}'},
            {"Scope": "DATA", "Pattern": '{"detail": {"state": ["new"]}}'},
        ]
    }
    parsed = filters.parse(Filter(LANGUAGE, json.dumps(document)))
    assert parsed.matches({"source": "shop", "detail": {"state": "new"}})
    assert not parsed.matches({"source": "shop", "detail": {"state": "done"}})


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        '{"Filters": []}',
        '{"Filters": [{"Scope": "DATA"}]}',
        '{"Filters": [{"Scope": "METADATA", "Pattern": "{"}]}',
    ],
)
def test_it_refuses_filters_without_a_pattern(document):
    with pytest.raises(FilterError):
        filters.parse(Filter(LANGUAGE, document))
