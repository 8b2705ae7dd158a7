"""One event on its way: what hears it, by which clause not, and what each target is handed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.world import World, allow, criteria, pattern, policy
from topology import catalog, filters
from topology.filters.document import FilterError
from topology.filters.places import located
from topology.filters.single import NO_ONE, decide
from topology.graph import Filter, Graph, Meaning, Resource
from topology.inference import reaching
from topology.inference.journeys import Delivered, Parcel, journey, parcel
from topology.inference.reaching import arriving, reaches
from topology.inference.records import record, stored
from topology.inference.writes import permitted_writes
from topology.sets.events import compare
from topology.verdict import Always, Cannot, Sometimes

ORDER = {"source": "shop", "detail-type": "order", "detail": {"total": 12.5, "tags": ["a", "b"]}}

# language, filter, event as the channel holds it decoded, verdict, a part of the reason
DECIDED: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("eventbridge.pattern", '{"source":["shop"]}', ORDER, "always", "all that the filter asks"),
    ("eventbridge.pattern", '{"source":["bank"]}', ORDER, "cannot", '"bank"'),
    ("eventbridge.pattern", '{"detail":{"tags":["b"]}}', ORDER, "always", ""),
    ("eventbridge.pattern", '{"detail":{"tags":["c"]}}', ORDER, "cannot", "detail.tags"),
    (
        "eventbridge.pattern",
        '{"detail":{"total":[{"numeric":[">",20]}]}}',
        ORDER,
        "cannot",
        "total",
    ),
    ("eventbridge.pattern", '{"detail":{"gone":[{"exists":false}]}}', ORDER, "always", ""),
    ("eventbridge.pattern", '{"detail":{"gone":["x"]}}', ORDER, "cannot", "missing"),
    (
        "eventbridge.pattern",
        '{"detail":{"rows":{"a":[1],"b":[1]}}}',
        {"detail": {"rows": [{"a": 1, "b": 2}, {"a": 2, "b": 1}]}},
        "cannot",
        NO_ONE,
    ),
    (
        "s3.notification",
        '{"Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"suffix","Value":".csv"}]}}}',
        {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "a.json"}}},
        "cannot",
        "s3.object.key",
    ),
    ("sns.policy.body", '{"kind":["a"]}', {"Message": {"kind": "a"}}, "always", ""),
    ("sns.policy.body", '{"kind":["a"]}', {"Message": "text"}, "cannot", "Message"),
    (
        "sns.policy.attributes",
        '{"kind":["a"]}',
        {"MessageAttributes": {"kind": ["b"]}},
        "cannot",
        "kind",
    ),
    (
        "lambda.criteria.sqs",
        '{"Filters":[{"Pattern":"{\\"body\\":{\\"a\\":[1]}}"}]}',
        {"body": {"a": 1}},
        "always",
        "",
    ),
    (
        "lambda.criteria.dynamodb",
        '{"Filters":[{"Pattern":"{\\"eventName\\":[\\"INSERT\\"]}"}]}',
        {"eventName": "MODIFY"},
        "cannot",
        "eventName",
    ),
    (
        "pipes.criteria.sqs",
        '{"Filters":[{"Pattern":"{\\"eventName\\":[\\"INSERT\\"]}"}]}',
        {"eventName": "x"},
        "unknown",
        "poller",
    ),
    ("logs.pattern", "ERROR", {"message": "an ERROR here"}, "always", ""),
    ("logs.pattern", "ERROR", {"message": "fine"}, "cannot", "message"),
    ("logs.pattern", "%x[0-9]%", {"message": "x1"}, "unknown", "regular"),
    (
        "iot.sql",
        "SELECT * FROM 'plant/+/alarm' WHERE x > 1",
        {"topic": "plant/7/alarm"},
        "unknown",
        "WHERE",
    ),
    ("iot.sql", "SELECT * FROM 'plant/+/alarm'", {"topic": "plant/7/ok"}, "cannot", "topic"),
]


@pytest.mark.parametrize(("language", "document", "event", "word", "says"), DECIDED)
def test_one_event_passes_a_filter_or_a_clause_says_why_not(
    language: str, document: str, event: Mapping[str, Any], word: str, says: str
) -> None:
    hop = decide(filters.parse(Filter(language, document)), event)
    assert hop.word == word, hop.because
    assert says in hop.because


def shop() -> tuple[Graph, dict[str, str]]:
    """A bucket over a topic and a queue to a function, and over the default bus to another."""
    world = World()
    bucket, topic, queue, raw = (
        world.bucket("in"),
        world.topic("told"),
        world.queue("q"),
        world.queue("raw"),
    )
    bus, stream = world.bus(), world.data_stream("s")
    read, see = (
        world.function("read", allow("s3:PutObject", f"{bucket}/out/*")),
        world.function("see"),
    )
    world.notify(bucket, topic, suffix=".csv")
    world.tell_eventbridge(bucket, bus)
    world.subscribe(topic, queue)
    world.subscribe(topic, raw, raw=True)
    world.listen(queue, read)
    world.rule(bus, see, {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "in/"}]}}})
    world.rule(bus, stream, {"source": ["aws.s3"]}, label="all/1", input_path="$.detail.object")
    names = {"bucket": bucket, "topic": topic, "queue": queue, "raw": raw, "bus": bus}
    return world.graph(), names | {"read": read, "see": see, "stream": stream}


def went(graph: Graph, channel: str, sent: Parcel) -> dict[str, Delivered]:
    return {each.edge.target: each for each in journey(graph, channel, sent).deliveries}


def test_an_object_goes_as_far_as_filters_let_it_and_arrives_as_aws_wraps_it() -> None:
    graph, name = shop()
    bucket = graph.resources[name["bucket"]]
    found = went(
        graph, bucket.arn, parcel(stored("in/a b.csv", "ObjectCreated:Put", bucket), bucket)
    )
    given = found[name["read"]].record
    assert given is not None
    body = json.loads(given["Records"][0]["body"])
    assert body["TopicArn"] == name["topic"]
    inner = json.loads(body["Message"])["Records"][0]
    assert inner["s3"]["object"]["key"] == "in/a+b.csv"
    handed = found[name["raw"]].record
    assert handed is not None
    assert json.loads(handed["body"])["Records"][0] == inner
    seen = found[name["see"]].record
    assert seen is not None
    assert seen["detail"]["object"] == {"key": "in/a b.csv"}
    data = found[name["stream"]].record
    assert data is not None
    assert json.loads(base64.b64decode(data["kinesis"]["data"])) == {"key": "in/a b.csv"}
    assert "new event" in found[name["see"]].ends


def test_what_is_not_heard_goes_no_further() -> None:
    graph, name = shop()
    bucket = graph.resources[name["bucket"]]
    found = went(
        graph, bucket.arn, parcel(stored("out/x.json", "ObjectCreated:Put", bucket), bucket)
    )
    assert isinstance(found[name["topic"]].hop, Cannot)
    assert name["queue"] not in found
    assert isinstance(found[name["see"]].hop, Cannot)


def test_a_set_of_events_travels_where_no_event_is_given() -> None:
    graph, name = shop()
    writes = permitted_writes(graph)
    (write,) = (
        w for w in writes.writes if w.edge.target == name["bucket"] and "put" in w.edge.kind
    )
    found = went(graph, name["bucket"], Parcel(write.events))
    assert isinstance(found[name["topic"]].hop, Sometimes)
    assert isinstance(found[name["see"]].hop, Cannot)
    assert all(each.record is None for each in found.values())


def test_a_way_that_comes_back_ends_and_says_so() -> None:
    world = World()
    one, two = world.queue("one"), world.queue("two")
    world.dead_letters(one, two)
    world.dead_letters(two, one)
    graph = world.graph()
    found = journey(graph, one, parcel({"body": "x"}, graph.resources[one])).deliveries
    assert [each.ends for each in found][-1].startswith("The same has been here before")


def test_what_a_wrapper_makes_lies_in_what_the_carrier_of_its_edge_says() -> None:
    graph, _ = shop()
    world = World(list(graph.resources.values()), list(graph.edges))
    table, _stream = world.table("people")
    group = world.log_group("log")
    pipe = world.pipe("p", world.queue("piped"), world.queue("out"))
    graph = world.graph()
    samples = {
        "s3.bucket": stored("in/ü +.csv", "ObjectCreated:Put", graph.resources["arn:aws:s3:::in"]),
        "sns.topic": {"Message": '{"a": 1}', "MessageAttributes": {}},
        "sqs.queue": {"body": '{"a": 1}'},
        "events.bus": {**ORDER, "source": "aws.s3"},
        "dynamodb.table": {"eventName": "INSERT", "dynamodb": {"Keys": {"id": {"S": "1"}}}},
        "logs.loggroup": {"message": "text"},
        "pipes.pipe": {"body": "x", "eventSource": "aws:sqs"},
    }
    assert {table, group, pipe} <= graph.resources.keys()
    tried = set()
    for edge in graph.edges:
        source, target = graph.resources[edge.source], graph.resources[edge.target]
        carrier = catalog.carriers().get(edge.kind)
        if source.kind not in samples or carrier is None:
            continue
        sent = parcel(samples[source.kind], source)
        arrived = next(
            (e.record for e in journey(graph, source.arn, sent).deliveries if e.edge == edge), None
        )
        if arrived is not None:
            tried.add(edge.kind)
            told = carrier(sent.events, edge, target)
            there = parcel(arrived, target).events
            assert not isinstance(compare(there, told), Cannot), edge.kind
    assert tried >= {
        "s3.notif.sns",
        "s3.notif.eventbridge",
        "sns.sub.sqs",
        "pipe.target.sqs",
        "ddb.stream",
    }


def test_log_events_arrive_packed() -> None:
    world = World()
    group, work = world.log_group("g"), world.function("work")
    world.read_logs(group, work)
    graph = world.graph()
    (only,) = journey(graph, group, parcel({"message": "hello"}, graph.resources[group])).deliveries
    assert only.record is not None
    unpacked = json.loads(gzip.decompress(base64.b64decode(only.record["awslogs"]["data"])))
    assert unpacked["logEvents"][0]["message"] == "hello"


def at(kind: str) -> Resource:
    return Resource(f"arn:aws:x:eu-west-1:1:{kind}", kind, "1", "eu-west-1", "x")


@pytest.mark.parametrize(
    ("kind", "pasted", "made"),
    [
        ("sqs.queue", "plain text", {"body": "plain text"}),
        ("sqs.queue", '{"a": 1}', {"body": '{"a": 1}'}),
        ("sqs.queue", '{"body": {"a": 1}}', {"body": '{"a": 1}'}),
        ("sqs.queue", '{"Records": [{"body": "x"}]}', {"body": "x"}),
        ("sns.topic", '{"Message": "x"}', {"Message": "x", "MessageAttributes": {}}),
        ("sns.topic", "[1, 2]", {"Message": "[1, 2]"}),
        ("logs.loggroup", '{"level": "E"}', {"message": '{"level": "E"}'}),
        ("kinesis.stream", "hi", {"kinesis": {"data": "aGk="}}),
        ("events.bus", '{"source": "a", "n": 1.5}', {"source": "a", "n": 1.5}),
    ],
)
def test_what_is_pasted_is_a_record_of_its_channel(kind: str, pasted: str, made: object) -> None:
    assert record(pasted, at(kind)) == made


@pytest.mark.parametrize(
    ("kind", "pasted", "line", "says"),
    [
        ("events.bus", '{\n "source": }', 2, "Expecting"),
        ("events.bus", "[1]", 1, "an object"),
        ("events.bus", "text", 1, "Expecting"),
        ("events.bus", "[" * 101, 1, "Expecting|too deep"),
        ("sns.topic", '{"Message": "x", "MessageAttributes": {"a": 1}}', 1, "an object"),
        ("s3.bucket", '{"eventName": "x"}', 1, "s3"),
        ("sqs.queue", '{"a": 1,}', 1, "Expecting|Illegal"),
    ],
)
def test_what_is_no_event_is_refused_with_its_place(
    kind: str, pasted: str, line: int, says: str
) -> None:
    with pytest.raises(FilterError) as caught:
        record(pasted, at(kind))
    reason, where, _column = located(pasted, caught.value)
    assert where == line
    assert any(each in reason for each in says.split("|")), reason


@pytest.mark.parametrize(
    "pasted",
    ['{"a":' * 5000 + "1" + "}" * 5000, '"' + "x" * 1_048_577 + '"', "[" + "1," * 250_001 + "1]"],
    ids=["deep", "large", "many"],
)
def test_what_costs_too_much_is_refused_before_it_is_built(pasted: str) -> None:
    with pytest.raises(FilterError, match=r"too (deep|large)"):
        record(pasted, at("events.bus"))


def test_a_pattern_is_tried_on_every_known_writer_before_and_after() -> None:
    graph, name = shop()
    ways, more = arriving(graph, permitted_writes(graph), name["bus"])
    assert not more
    (put,) = (each for each in ways if each.writer == name["read"] and "put" in each.way[0].kind)
    assert [edge.target for edge in put.way] == [name["bucket"], name["bus"]]
    old = pattern({"detail": {"object": {"key": [{"prefix": "in/"}]}}})
    new = pattern({"detail": {"object": {"key": [{"prefix": "out/"}]}}})
    (found,) = reaches([put], old, new)
    assert isinstance(found.before, Cannot)
    assert isinstance(found.after, Always)
    assert isinstance(reaches([put], old, None)[0].after, Always)


def test_more_ways_than_anybody_reads_are_not_all_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    bus = world.bus()
    for number in range(6):
        world.tell_eventbridge(world.bucket(f"b{number}"), bus)
        world.function(f"f{number}", allow("s3:PutObject", "*"))
    graph = world.graph()
    writes = permitted_writes(graph)
    assert arriving(graph, writes, bus)[1] is False
    for name, few in (("EFFORT", 10), ("MOST", 5)):
        monkeypatch.setattr(reaching, name, few)
        ways, more = arriving(graph, writes, bus)
        assert more
        assert len(ways) <= few


def test_only_what_a_filter_lets_through_arrives_beyond_it() -> None:
    world = World()
    topic, queue = world.topic("t"), world.queue("q")
    world.function("tell", allow("sns:Publish", topic), names=[topic])
    world.subscribe(topic, queue, policy({"kind": ["a"]}))
    work = world.function("work")
    world.listen(queue, work, criteria("lambda.criteria.sqs", {"body": {"Type": ["Notification"]}}))
    graph = world.graph()
    ways, _ = arriving(graph, permitted_writes(graph), queue)
    (found,) = reaches(ways, None, criteria("lambda.criteria.sqs", {"body": {"Type": ["Other"]}}))
    assert isinstance(found.after, Cannot)
    assert found.arriving.way[-1].meaning is Meaning.FORWARDS
