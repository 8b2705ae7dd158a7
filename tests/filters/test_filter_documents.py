"""Filter documents are read within bounds, and an error says where it stands."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from decimal import Decimal

import pytest

from topology.filters import FilterError, languages, parse
from topology.filters.document import read
from topology.graph import Filter

JSON_LANGUAGES = [name for name in languages() if name not in ("logs.pattern", "iot.sql")]

MALFORMED = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ('{"a": [1}', "not JSON"),
    ('{"a": [NaN]}', "NaN is no JSON value"),
    ('{"a": [Infinity]}', "Infinity is no JSON value"),
    ('{"a": ["tab\there"]}', "not JSON"),
    ('{"a": [01]}', "not JSON"),
    ('{"a": [1e9999999]}', "out of range"),
    ('{"a": [' + "9" * 200 + "]}", "characters at most"),
    ("[" * 100_0, "too deep"),
    ('{"a":' * 100 + "1" + "}" * 100, "too deep"),
    ('"' + "x" * 70_000 + '"', "too large"),
    ('"' + "é" * 40_000 + '"', "too large"),
    ('{"a": ["\0"]}', "NUL"),
    ('{"a": ["\\u0000"]}', "NUL"),
    ('{"a": ["\ud800"]}', "surrogate"),
    ('{"a": ["\\ud800"]}', "surrogate"),
    ('{"\\udfff": ["a"]}', "surrogate"),
    ('{"a": [1], "a": [2]}', "given twice"),
]


@pytest.mark.parametrize(("document", "message"), MALFORMED)
def test_it_refuses_a_malformed_document_in_words(document, message):
    with pytest.raises(FilterError, match=message):
        read(document)


@pytest.mark.parametrize("language", languages())
def test_no_language_takes_text_that_no_event_can_hold(language):
    for document in ("\0", "\ud800", "x" * 1_000_000):
        with pytest.raises(FilterError):
            parse(Filter(language, document))


@pytest.mark.parametrize("language", JSON_LANGUAGES)
def test_no_json_language_takes_what_is_no_object(language):
    for document in ("", "[]", "null", "1", '"text"', "{", "[" * 60_000, "true"):
        with pytest.raises(FilterError):
            parse(Filter(language, document))


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ('{"a": [1], "a": [2]}', "a"),
        ('{"a": {"b": [{"x": 1, "x": 2}]}}', "a.b[0].x"),
        ('{"a": {"b": ["fine", "\\u0000"]}}', "a.b[1]"),
        ('{"a\\n": {"b": ["\\ud800"]}}', "'a\\n'.b[0]"),
    ],
)
def test_it_says_where_inside_the_document_it_stands(document, path):
    with pytest.raises(FilterError) as caught:
        read(document)
    assert caught.value.path == path
    assert str(caught.value).startswith(f"{path}: ")


def test_it_says_line_and_column_of_what_is_no_json():
    with pytest.raises(FilterError, match=r"line 2, column 4"):
        read('{"a":\n  [x]}')


def test_it_keeps_numbers_exact():
    assert read("[0.1, 1e2, 3]") == [Decimal("0.1"), Decimal(100), Decimal(3)]


def test_a_bracket_inside_a_string_is_no_depth():
    assert read('{"a": ["' + "[" * 1000 + '"]}') == {"a": ["[" * 1000]}


@pytest.mark.parametrize(
    "document",
    [
        "[" * 65_000,
        '{"a":' * 13_000,
        '"' * 65_000,
        '"\\' * 32_000,
        '{"' + "." * 65_000 + '": [1]}',
        '{"a": [{"wildcard": "' + "a*" * 30_000 + '"}]}',
        '{"$or": [' + ",".join('{"a": [1]}' for _ in range(5000)) + "]}",
        "{"
        + ",".join(f'"k{n}": {{"$or": [{{"a": [1]}}, {{"b": [1]}}]}}' for n in range(1200))
        + "}",
        '{"Filters": [' + ",".join("{}" for _ in range(15_000)) + "]}",
        "{" + " || ".join("$.a = 1" for _ in range(6000)) + "}",
        "{ " + "(" * 60_000 + "}",
        "[" + "," * 60_000 + "]",
        "SELECT " + "'" * 60_001 + " FROM 'a'",
    ],
    ids=range(13),
)
@pytest.mark.parametrize(
    "language",
    [
        "s3.notification",
        "eventbridge.pattern",
        "eventbridge.subscriber",
        "sns.policy.attributes",
        "lambda.criteria.kafka",
        "logs.pattern",
        "iot.sql",
    ],
)
def test_no_document_costs_more_than_a_moment(language, document, uncollected):
    started = time.process_time()
    with suppress(FilterError):
        parse(Filter(language, document))
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("language", "document"),
    [
        ("eventbridge.pattern", json.dumps({"a": [f"v{n}" for n in range(4000)]})),
        ("eventbridge.pattern", json.dumps({"a": list(range(4000))})),
        ("eventbridge.pattern", json.dumps({"a": [{"prefix": f"v{n}"} for n in range(2000)]})),
        ("eventbridge.pattern", json.dumps({"a": [{"wildcard": "*a" * 20_000}]})),
        ("eventbridge.pattern", json.dumps({"a": [{"anything-but": [*map(str, range(4000))]}]})),
        ("eventbridge.pattern", json.dumps({"$or": [{f"k{n}": ["x"]} for n in range(250)]})),
        ("eventbridge.pattern", json.dumps({f"k{n}": ["x"] for n in range(3000)})),
        ("eventbridge.pattern", json.dumps({"a": [{"equals-ignore-case": "aé" * 9000}]})),
        ("logs.pattern", "a " * 500),
        ("logs.pattern", "{ " + " && ".join(["$.a = 1"] * 80) + " }"),
        ("iot.sql", "SELECT * FROM '+/+/+/+/+/+/#'"),
    ],
    ids=range(11),
)
def test_no_filter_costs_more_than_a_moment_to_hear(language, document, uncollected):
    started = time.process_time()
    assert parse(Filter(language, document)).heard().boxes
    assert time.process_time() - started < 1


def test_an_unknown_language_is_an_error_that_names_it():
    with pytest.raises(FilterError, match=r"'sql\.2099'"):
        parse(Filter("sql.2099", "{}"))


def test_every_language_of_the_vocabulary_has_a_parser():
    assert {
        "s3.notification",
        "cloudtrail.selector",
        "eventbridge.pattern",
        "eventbridge.subscriber",
        "sns.policy.attributes",
        "sns.policy.body",
        "logs.pattern",
        "iot.sql",
    } | {
        f"lambda.criteria.{s}" for s in ("sqs", "kinesis", "dynamodb", "kafka", "mq", "documentdb")
    } | {f"pipes.criteria.{s}" for s in ("sqs", "kinesis", "dynamodb", "kafka", "mq")} == set(
        languages()
    )
