"""Filter criteria of event source mappings and pipes, row by row.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html,
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
"""

from __future__ import annotations

import base64
import json

import pytest

from topology.filters import FilterError, parse
from topology.graph import Filter

from .tables import assert_takes, lines


def criteria(*patterns):
    filters = [{"Pattern": p if isinstance(p, str) else json.dumps(p)} for p in patterns]
    return json.dumps({"Filters": filters})


def delivery(language, document):
    parsed = parse(Filter(language, document))
    return lambda record: parsed.matches(parsed.decoded(record))


def encoded(value):
    text = (
        value
        if isinstance(value, bytes)
        else (value if isinstance(value, str) else json.dumps(value)).encode()
    )
    return base64.b64encode(text).decode()


def sqs(body, **more):
    return {"messageId": "1", "body": body if isinstance(body, str) else json.dumps(body), **more}


SQS = [
    # the table of formats: message plain or JSON, pattern plain, JSON or none
    (criteria({"body": ["go"]}), [sqs("go")], [sqs("stop"), sqs("Go"), sqs({"go": 1}), sqs({})]),
    (
        criteria({"body": {"a": [1]}}),
        [sqs({"a": 1}), sqs([{"a": 1}])],
        [sqs({"a": 2}), sqs("a"), sqs("1"), sqs("")],
    ),
    (criteria({"messageId": ["1"]}), [sqs("plain"), sqs({"a": 1})], [sqs("x", messageId="2")]),
    # a pattern that JSON could satisfy by what it lacks does not take plain text
    (
        criteria({"body": {"a": [{"exists": False}]}}),
        [sqs({}), sqs({"b": 1})],
        [sqs("plain"), sqs({"a": 1})],
    ),
    (
        criteria({"body": [{"prefix": "x"}]}),
        [sqs("xy"), sqs("x{")],
        [sqs({"x": 1}), sqs("y")],
    ),
    # any of up to five filters; none lets everything through
    (
        criteria({"body": {"a": [1]}}, {"body": ["go"]}),
        [sqs({"a": 1}), sqs("go")],
        [sqs({"a": 2}), sqs("stop")],
    ),
    ("{}", [sqs("x"), sqs({})], []),
    ('{"Filters": []}', [sqs("x")], []),
    ('{"Filters": [{}]}', [sqs("x")], []),
    (criteria("{}"), [sqs("x"), sqs({"a": 1})], []),
    (
        criteria({"body": {"Records": {"eventName": [{"prefix": "ObjectCreated"}]}}}),
        [sqs({"Records": [{"eventName": "ObjectCreated:Put"}]})],
        [sqs({"Event": "s3:TestEvent"})],
    ),
    (
        criteria({"$or": [{"body": {"a": [1]}}, {"messageId": ["9"]}]}),
        [sqs({"a": 1}), sqs("text", messageId="9")],
        [sqs("text")],
    ),
    (
        criteria({"attributes": {"SenderId": ["AID"]}}),
        [sqs("x", attributes={"SenderId": "AID"})],
        [sqs("x", attributes={})],
    ),
    (criteria({"body": {"a": [{"sounds-like": "x"}]}}), [sqs({}), sqs({"a": 1})], [sqs("plain")]),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(SQS))
@pytest.mark.parametrize("service", ["lambda", "pipes"])
def test_it_filters_messages_of_a_queue(service, document, passing, failing):
    assert_takes(delivery(f"{service}.criteria.sqs", document), passing, failing)


def shard(data, key="1"):
    return {"partitionKey": key, "data": encoded(data)}


KINESIS = [
    (
        criteria({"data": {"City": ["Seattle"]}}),
        [shard({"City": "Seattle"})],
        [shard({"City": "Reno"}), shard("Seattle"), shard(b"\xff\xfe"), shard("")],
    ),
    (criteria({"partitionKey": ["1"]}), [shard("text"), shard({})], [shard("text", "2")]),
    (
        criteria({"partitionKey": ["1"], "data": {"T": [{"numeric": [">", 50]}]}}),
        [shard({"T": 51})],
        [shard({"T": "51"}), shard({"T": 51}, "2")],
    ),
    (criteria({"data": {"a": [{"exists": False}]}}), [shard({})], [shard("text"), shard({"a": 1})]),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(KINESIS))
def test_it_filters_records_of_a_stream(document, passing, failing):
    assert_takes(delivery("pipes.criteria.kinesis", document), passing, failing)
    takes = delivery("lambda.criteria.kinesis", document)
    assert_takes(lambda record: takes({"eventID": "1", "kinesis": record}), passing, failing)


def change(name="MODIFY", **image):
    return {"eventName": name, "dynamodb": {"Keys": {"Id": {"N": "101"}}, "NewImage": image}}


DYNAMODB = [
    (criteria({"dynamodb": {"Keys": {"Id": {"N": ["101"]}}}}), [change()], []),
    (
        criteria({"dynamodb": {"Keys": {"Id": {"N": [101]}}}}),
        [],
        [change()],
    ),  # typed numbers are strings
    (criteria({"dynamodb": {"Keys": {"Id": {"N": [{"numeric": ["=", 101]}]}}}}), [], [change()]),
    (
        criteria({"dynamodb": {"NewImage": {"s": {"S": ["new"]}}}}),
        [change(s={"S": "new"})],
        [change(s={"S": "old"}), change(s={"N": "1"}), change()],
    ),
    (
        criteria({"dynamodb": {"NewImage": {"t": {"SS": ["a"]}}}}),
        [change(t={"SS": ["b", "a"]})],
        [change(t={"SS": ["b"]})],
    ),
    (
        criteria({"dynamodb": {"NewImage": {"m": {"M": {"x": {"BOOL": [True]}}}}}}),
        [change(m={"M": {"x": {"BOOL": True}}})],
        [change(m={"M": {"x": {"BOOL": False}}})],
    ),
    # exists looks at the typed value, never at the attribute above it
    (criteria({"dynamodb": {"NewImage": {"s": [{"exists": True}]}}}), [], [change(s={"S": "new"})]),
    (
        criteria({"dynamodb": {"NewImage": {"s": {"S": [{"exists": True}]}}}}),
        [change(s={"S": ""})],
        [change()],
    ),
    (criteria({"dynamodb": {"OldImage": {"s": {"S": [{"exists": False}]}}}}), [change()], []),
]
NAMES = [
    (criteria({"eventName": ["INSERT"]}), [change("INSERT")], [change("MODIFY"), change("REMOVE")]),
    (
        criteria({"eventName": [{"anything-but": ["REMOVE"]}]}),
        [change("INSERT"), change("MODIFY")],
        [change("REMOVE")],
    ),
    (
        criteria({"eventName": ["INSERT"]}, {"eventName": ["REMOVE"]}),
        [change("INSERT"), change("REMOVE")],
        [change("MODIFY")],
    ),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(DYNAMODB))
@pytest.mark.parametrize("service", ["lambda", "pipes"])
def test_it_filters_changes_of_a_table(service, document, passing, failing):
    assert_takes(delivery(f"{service}.criteria.dynamodb", document), passing, failing)


@pytest.mark.parametrize(("document", "passing", "failing"), lines(NAMES))
def test_a_mapping_filters_by_the_kind_of_change(document, passing, failing):
    assert_takes(delivery("lambda.criteria.dynamodb", document), passing, failing)


def kafka(value, key="k"):
    return {"topic": "t", "key": encoded(key), "value": encoded(value)}


KAFKA = [
    (
        criteria({"value": {"a": [1]}}),
        [kafka({"a": 1}), kafka("text"), kafka(b"\xff\xfe")],
        [kafka({"a": 2}), kafka({})],
    ),
    (criteria({"value": ["go"]}), [kafka("go"), kafka({"a": 1})], [kafka("stop")]),
    (criteria({"key": ["k"], "value": {"a": [1]}}), [kafka({"a": 1})], [kafka({"a": 1}, "j")]),
    (
        criteria({"topic": ["t"], "value": {"a": [1]}}),
        [kafka("text")],
        [{**kafka("text"), "topic": "u"}],
    ),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(KAFKA))
@pytest.mark.parametrize("service", ["lambda", "pipes"])
def test_it_ignores_a_payload_filter_of_another_format_on_kafka(
    service, document, passing, failing
):
    assert_takes(delivery(f"{service}.criteria.kafka", document), passing, failing)


MQ = [
    (
        criteria({"data": {"timeout": [0]}}),
        [{"data": encoded({"timeout": 0})}, {"data": encoded("text")}],
        [{"data": encoded({"timeout": 1})}],
    ),
    (
        criteria({"data": ["go"]}),
        [{"data": encoded("go")}, {"data": encoded({})}],
        [{"data": encoded("stop")}],
    ),
    (
        criteria({"messageID": ["1"]}),
        [{"messageID": "1", "data": encoded("x")}],
        [{"messageID": "2", "data": encoded("x")}],
    ),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(MQ))
@pytest.mark.parametrize("service", ["lambda", "pipes"])
def test_it_filters_messages_of_a_broker(service, document, passing, failing):
    assert_takes(delivery(f"{service}.criteria.mq", document), passing, failing)


DOCUMENTDB = [
    (
        criteria({"event": {"operationType": ["insert"]}}),
        [{"event": {"operationType": "insert"}}],
        [{"event": {"operationType": "delete"}}],
    ),
    (
        criteria({"operationType": ["insert"]}),
        [{"event": {"operationType": "insert"}}, {"operationType": "insert"}],
        [{"event": {"operationType": "delete"}}],
    ),
    (
        criteria({"fullDocument": {"n": [1]}}),
        [{"event": {"fullDocument": {"n": 1}}}],
        [{"event": {"fullDocument": {}}}],
    ),
]


@pytest.mark.parametrize(("document", "passing", "failing"), lines(DOCUMENTDB))
def test_it_hears_change_events_with_and_without_their_envelope(document, passing, failing):
    assert_takes(delivery("lambda.criteria.documentdb", document), passing, failing)


@pytest.mark.parametrize(
    "field",
    [
        "awsRegion",
        "eventSource",
        "eventSourceARN",
        "eventVersion",
        "eventID",
        "eventName",
        "invokeIdentityArn",
        "eventSourceKey",
    ],
)
def test_a_pipe_never_decides_by_what_its_poller_adds(field):
    document = criteria({field: ["x"], "dynamodb": {"Keys": {"Id": {"N": ["101"]}}}})
    record = {**change(), field: "y"}
    assert delivery("pipes.criteria.dynamodb", document)(record)
    assert not delivery("lambda.criteria.dynamodb", document)(record)


REFUSED = [
    ('{"Filters": {}}', "Filters", "a list"),
    ('{"Filters": "x"}', "Filters", "a list"),
    ('{"Filters": ["x"]}', "Filters[0]", "an object"),
    ('{"Filters": [{"Pattern": {"a": ["x"]}}]}', "Filters[0].Pattern", "a string"),
    ('{"Filters": [{"Pattern": null}]}', "Filters[0].Pattern", "a string"),
    (criteria(""), "Filters[0].Pattern", "not JSON"),
    (criteria("plain"), "Filters[0].Pattern", "not JSON"),
    (criteria("[]"), "Filters[0].Pattern", "an object"),
    (criteria({"a": ["x"]}, {"a": "x"}), "Filters[1].Pattern.a", "an object or a list"),
    (criteria({"a": {"b": [{"prefix": 1}]}}), "Filters[0].Pattern.a.b[0].prefix", "a string"),
    (criteria('{"a": ["\\u0000"]}'), "Filters[0].Pattern.a[0]", "NUL"),
    (criteria('{"a": ["\\ud800"]}'), "Filters[0].Pattern.a[0]", "surrogate"),
    (criteria('{"a": [1], "a": [2]}'), "Filters[0].Pattern.a", "given twice"),
    (criteria("[" * 2000), "Filters[0].Pattern", "too deep"),
    (criteria(*[{"a": ["x"]}] * 11), "Filters", "11 filters"),
]


@pytest.mark.parametrize(("document", "path", "word"), REFUSED)
@pytest.mark.parametrize("language", ["lambda.criteria.sqs", "pipes.criteria.sqs"])
def test_it_refuses_malformed_criteria_and_says_where(language, document, path, word):
    with pytest.raises(FilterError, match=word) as caught:
        parse(Filter(language, document))
    assert caught.value.path == path


@pytest.mark.parametrize(("source", "field"), [("kinesis", "data"), ("dynamodb", "dynamodb")])
@pytest.mark.parametrize("service", ["lambda", "pipes"])
def test_a_stream_takes_no_pattern_for_plain_text(service, source, field):
    with pytest.raises(FilterError, match="payload is JSON") as caught:
        parse(Filter(f"{service}.criteria.{source}", criteria({field: ["x"]})))
    assert caught.value.path == f"Filters[0].Pattern.{field}"
