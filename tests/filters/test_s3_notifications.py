"""S3 notifications, row by row.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
and https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
"""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topology.filters import FilterError
from topology.filters.s3 import parse

from .tables import assert_takes, lines


def document(events=("s3:ObjectCreated:*",), **rules):
    filter_rules = [{"Name": name, "Value": value} for name, value in rules.items()]
    found = {"Events": list(events)}
    return json.dumps(found | ({"Filter": {"Key": {"FilterRules": filter_rules}}} if rules else {}))


def event(key, name="ObjectCreated:Put"):
    return {"eventName": name, "s3": {"object": {"key": key}}}


KEYS = [
    (document(), ["a", "", "in/a.csv", "é", "a b"], []),
    (document(prefix=""), ["", "a"], []),
    (document(prefix="in/"), ["in/", "in/a", "in/in/a"], ["in", "IN/a", "xin/a", "/in/a", ""]),
    (document(suffix=".csv"), [".csv", "a.csv", "a/b.csv"], ["a.CSV", "a.csv.gz", "csv", ""]),
    (document(prefix="in/", suffix=".csv"), ["in/.csv", "in/a.csv"], ["in/a", "a.csv", "in.csv"]),
    (document(prefix="a.c", suffix=".c"), ["a.c", "a.c.c"], ["a", ".c", "a.cd"]),
    (document(prefix="aba", suffix="bab"), ["abab", "ababab"], ["aba", "bab"]),
    (document(Prefix="in/", Suffix="z"), ["in/z"], ["z", "in/"]),
    (document(PREFIX="in/"), ["in/a"], ["a"]),
    # stars and brackets are characters
    (document(prefix="*"), ["*a"], ["a"]),
    (document(suffix="[a]?"), ["x[a]?"], ["a", "xa"]),
    # values may be given URL-encoded: both readings are heard
    (document(prefix="my+in/"), ["my in/a", "my+in/a"], ["my%20in/a", "myin/a"]),
    (document(prefix="year%3D2026/"), ["year=2026/a", "year%3D2026/a"], ["year2026/"]),
    (document(prefix="a b/"), ["a b/c"], ["a+b/c"]),
    (document(suffix="%.csv"), ["100%.csv"], ["100.csv"]),
    # a rule AWS added since is no reason to hear less
    (document(infix="x", prefix="a"), ["a", "ax"], ["b"]),
]


@pytest.mark.parametrize(("text", "passing", "failing"), lines(KEYS))
def test_it_compares_the_key_as_stored(text, passing, failing):
    notification = parse(text)
    assert_takes(lambda key: notification.matches(event(key)), passing, failing)


NAMES = [
    (
        document(["s3:ObjectCreated:*"]),
        ["ObjectCreated:Put", "ObjectCreated:Copy"],
        ["ObjectRemoved:Delete", "ObjectCreated"],
    ),
    (
        document(["s3:ObjectCreated:Put"]),
        ["ObjectCreated:Put"],
        ["ObjectCreated:Post", "ObjectCreated:CompleteMultipartUpload"],
    ),
    (
        document(["s3:ObjectRemoved:*"]),
        ["ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated"],
        ["LifecycleExpiration:Delete"],
    ),
    (document(["s3:ObjectTagging:*"]), ["ObjectTagging:Put"], ["ObjectAcl:Put"]),
    (document(["s3:LifecycleTransition"]), ["LifecycleTransition"], ["LifecycleTransition:x"]),
    (
        document(["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"]),
        ["ObjectCreated:Put", "ObjectRemoved:Delete"],
        ["ObjectCreated:Copy"],
    ),
    (document(["s3:*"]), ["ObjectCreated:Put", "TestEvent"], []),
    (document(["s3:ObjectAnnotation:*"]), ["ObjectAnnotation:Put"], ["ObjectCreated:Put"]),
]


@pytest.mark.parametrize(("text", "passing", "failing"), lines(NAMES))
def test_it_compares_the_name_of_the_event(text, passing, failing):
    notification = parse(text)
    assert_takes(lambda name: notification.matches(event("a", name)), passing, failing)


REFUSED = [
    ("{}", "Events", "at least one"),
    ('{"Events": []}', "Events", "at least one"),
    ('{"Events": "s3:ObjectCreated:*"}', "Events", "a list"),
    ('{"Events": [5]}', "Events[0]", "a string"),
    ('{"Events": ["ObjectCreated:*"]}', "Events[0]", "no S3 event name"),
    ('{"Events": ["s3:*:Put"]}', "Events[0]", "no S3 event name"),
    ('{"Events": ["s3:ObjectCreated:*", ""]}', "Events[1]", "no S3 event name"),
    ('{"Events": ["s3:*"], "Filter": []}', "Filter", "an object"),
    ('{"Events": ["s3:*"], "Filter": "x"}', "Filter", "an object"),
    ('{"Events": ["s3:*"], "Filter": {"Key": 5}}', "Filter.Key", "an object"),
    (
        '{"Events": ["s3:*"], "Filter": {"Key": {"FilterRules": {"a": 1}}}}',
        "Filter.Key.FilterRules",
        "a list",
    ),
    (
        '{"Events": ["s3:*"], "Filter": {"Key": {"FilterRules": ["x"]}}}',
        "Filter.Key.FilterRules[0]",
        "an object",
    ),
    (
        '{"Events": ["s3:*"], "Filter": {"Key": {"FilterRules": [{"Value": "x"}]}}}',
        "Filter.Key.FilterRules[0].Name",
        "a string",
    ),
    (
        document(prefix=1),
        "Filter.Key.FilterRules[0].Value",
        "a string",
    ),
    (document(prefix="a", Prefix="b"), "Filter.Key.FilterRules[1]", "one prefix"),
]


@pytest.mark.parametrize(("text", "path", "word"), REFUSED)
def test_it_refuses_what_s3_refuses_and_says_where(text, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(text)
    assert caught.value.path == path


@given(st.text(max_size=20))
def test_a_record_carries_the_key_encoded(key):
    record = {**event(quote_plus(key.encode("utf-8", "surrogatepass"))), "eventVersion": "2.1"}
    found = parse(document()).decoded(record)
    if key.isascii():
        assert found == {**event(key), "eventVersion": "2.1"}
    assert found["eventName"] == record["eventName"]


@pytest.mark.parametrize(
    "broken", [{}, {"s3": {}}, {"eventName": "ObjectCreated:Put"}, event(None)]
)
def test_an_event_without_name_or_key_is_not_heard(broken):
    assert not parse(document()).matches(broken)
