"""The objects of a bucket that a CloudTrail event selector takes, row by row.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
"""

from __future__ import annotations

import json

import pytest

from topology.filters import FilterError
from topology.filters.cloudtrail import ARN, parse

from .tables import assert_takes, lines

BUCKET = "arn:aws:s3:::uploads"


def document(**operators):
    return json.dumps({"Bucket": BUCKET, "Conditions": [{"Field": ARN, **operators}]})


KEYS = [
    (document(), ["a", "in/a", ""], []),
    (document(StartsWith=["arn:aws:s3"]), ["a", "in/a", ""], []),
    (document(StartsWith=["arn:aws:s3:::"]), ["a", "in/a"], []),
    (document(StartsWith=[f"{BUCKET}/"]), ["a", "in/a"], []),
    (document(StartsWith=[f"{BUCKET}/in/"]), ["in/", "in/a"], ["a", "out/a"]),
    (document(StartsWith=["arn:aws:s3:::logs/"]), [], ["a", "in/a"]),
    (document(StartsWith=["arn:aws:s3:::logs/", f"{BUCKET}/in/"]), ["in/a"], ["a"]),
    (document(StartsWith=["arn:aws:s3:::up"]), ["a"], []),
    (document(Equals=[f"{BUCKET}/a"]), ["a"], ["ab", "b"]),
    (document(EndsWith=[".csv"]), ["a.csv"], ["a.json"]),
    (document(NotStartsWith=[f"{BUCKET}/AWSLogs/"]), ["a", "in/AWSLogs/"], ["AWSLogs/a"]),
    (document(NotStartsWith=[f"{BUCKET}/"]), [], ["a", "AWSLogs/a"]),
    (document(NotEquals=[f"{BUCKET}/a", f"{BUCKET}/b"]), ["c"], ["a", "b"]),
    (document(NotEndsWith=[".log"]), ["a"], ["a.log"]),
    # selecting operators are alternatives, the others all have to hold
    (document(StartsWith=[f"{BUCKET}/in/"], EndsWith=[".csv"]), ["in/a", "a.csv"], ["a"]),
    (document(StartsWith=[f"{BUCKET}/in/"], NotEndsWith=[".log"]), ["in/a"], ["in/a.log", "a"]),
]


@pytest.mark.parametrize(("text", "passing", "failing"), lines(KEYS))
def test_it_compares_the_arn_of_the_object(text, passing, failing):
    def takes(key):
        return parse(text).matches({"s3": {"object": {"key": key}}})

    assert_takes(takes, passing, failing)


@pytest.mark.parametrize(("text", "passing", "failing"), lines(KEYS))
def test_it_hears_what_it_matches(text, passing, failing):
    heard = parse(text).heard()
    keys = [dict(box.fields)["s3", "object", "key"].strings for box in heard.boxes if box.fields]
    for key in passing:
        assert all(key in each for each in keys)
    for key in failing:
        assert keys
        assert not any(key in each for each in keys)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "Bucket: must be a string"),
        ('{"Bucket": "arn:aws:s3:::uploads"}', "Conditions: must be a list"),
        (document(Resembles=["a"]), r"Conditions\[0\]\.Resembles: there is no such operator"),
        (document(Equals="a"), r"Conditions\[0\]\.Equals: must be a list"),
        (document(Equals=[1]), r"Conditions\[0\]\.Equals\[0\]: must be a string"),
    ],
)
def test_it_says_what_is_wrong_with_a_document(text, message):
    with pytest.raises(FilterError, match=message):
        parse(text)


def test_an_event_without_a_key_is_of_no_object():
    assert not parse(document()).matches({"eventName": "ObjectCreated:Put"})
    assert parse(document()).decoded({"eventName": "a"}) == {"eventName": "a"}
