"""How events travel: what each kind of edge makes of them, and how walks are shared."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.world import ACCOUNT, World, allow, criteria, pattern, policy
from topology import catalog, filters
from topology.analysis import analyse
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json
from topology.inference import passage
from topology.inference.writes import permitted_writes
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.verdict import HARMLESS

SOURCE = "arn:aws:sns:eu-west-1:111122223333:orders"
BUCKET = "arn:aws:s3:::uploads"
ALARM = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:errors"
MACHINE = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:settle"


def holding(**fields: str) -> EventSet:
    """Events with these texts: two underscores go one level down, three are a dash."""
    named = {name.replace("___", "-"): text for name, text in fields.items()}
    return EventSet.scalars(
        {tuple(name.split("__")): strings.literal(text) for name, text in named.items()}
    )


def notification(prefix: str, *events: str) -> Filter:
    rules = [{"Name": "prefix", "Value": prefix}]
    document = {"Events": list(events), "Filter": {"Key": {"FilterRules": rules}}}
    return Filter("s3.notification", canonical_json(document))


@dataclass(frozen=True)
class Carried:
    """An edge of a kind takes ``before``; of the filters behind it ``heard`` hears all of it,
    ``not_heard`` none, and ``perhaps`` some."""

    kind: str
    before: EventSet
    heard: Filter | None = None
    not_heard: Filter | None = None
    perhaps: Filter | None = None
    attributes: dict[str, Any] = field(default_factory=dict, hash=False)
    source: str = SOURCE
    target: str = "sqs.queue"

    @property
    def after(self) -> EventSet:
        edge = Edge(self.source, "to", Meaning.FORWARDS, self.kind, attributes=self.attributes)
        target = Resource("to", self.target, ACCOUNT, "eu-west-1", "to")
        return catalog.carriers()[self.kind](self.before, edge, target)


def sqs(body: dict[str, Any]) -> Filter:
    return criteria("lambda.criteria.sqs", {"body": body})


def kinesis(data: dict[str, Any]) -> Filter:
    return criteria("lambda.criteria.kinesis", {"data": data})


UPLOADED = holding(eventName="ObjectCreated:Put", s3__object__key="in/a b.csv")
DELETED = holding(eventName="ObjectRemoved:Delete", s3__object__key="in/a.csv")
ORDERED = EventSet.scalars(
    {
        ("source",): strings.literal("shop"),
        ("detail-type",): strings.literal("Ordered"),
        ("detail", "state"): strings.literal("new"),
    }
)
INSERTED = holding(eventName="INSERT")
NEW = holding(Message__state="new")
MESSAGE = holding(body__state="new")


def key(value: object) -> dict[str, Any]:
    return {"Records": {"s3": {"object": {"key": [value]}}}}


ROWS = [
    Carried("s3.notif.sqs", UPLOADED, sqs(key("in/a+b.csv")), sqs(key("in/a b.csv"))),
    Carried(
        "s3.notif.sqs",
        UPLOADED,
        sqs({"Records": {"eventName": [{"prefix": "ObjectCreated:"}]}}),
        sqs({"Records": ["text"]}),
        perhaps=sqs({"Records": {"awsRegion": ["eu-west-1"]}}),
    ),
    Carried(
        "s3.notif.sns",
        UPLOADED,
        policy(key({"prefix": "in/"}), "body"),
        policy(key({"prefix": "out/"}), "body"),
    ),
    Carried("s3.notif.sns", UPLOADED, policy({"a": [{"exists": False}]}), policy({"a": ["b"]})),
    Carried(
        "s3.notif.eventbridge",
        UPLOADED,
        pattern(
            {
                "source": ["aws.s3"],
                "detail-type": ["Object Created"],
                "account": [ACCOUNT],
                "resources": [BUCKET],
                "detail": {
                    "bucket": {"name": ["uploads"]},
                    "object": {"key": ["in/a b.csv"]},
                    "reason": ["PutObject"],
                },
            }
        ),
        pattern({"detail-type": ["Object Deleted"]}),
        perhaps=pattern({"detail": {"requester": [ACCOUNT]}}),
        source=BUCKET,
    ),
    Carried(
        "s3.notif.eventbridge",
        DELETED,
        pattern({"detail": {"deletion-type": ["Permanently Deleted"]}}),
        pattern({"detail": {"reason": ["PutObject"]}}),
        source=BUCKET,
    ),
    Carried(
        "cw.alarm.event",
        ORDERED,
        pattern({"source": ["aws.cloudwatch"], "account": [ACCOUNT], "region": ["eu-west-1"]}),
        pattern({"source": ["shop"]}),
        perhaps=pattern({"detail": {"alarmName": ["errors"]}}),
        source=ALARM,
        target="events.bus",
    ),
    Carried(
        "cw.alarm.event",
        ORDERED,
        not_heard=pattern(
            {
                "detail-type": ["CloudWatch Alarm State Change"],
                "detail": {"alarmName": ["others"]},
            }
        ),
        perhaps=pattern({"resources": [ALARM], "detail": {"state": {"value": ["ALARM"]}}}),
        source=ALARM,
        target="events.bus",
    ),
    Carried(
        "ses.events",
        ORDERED,
        pattern({"source": ["aws.ses"]}),
        pattern({"source": ["shop"]}),
        perhaps=pattern({"detail-type": ["Email Sent"]}),
        target="events.bus",
    ),
    Carried("ses.events", ORDERED, perhaps=policy({"eventType": ["Bounce"]}, "body")),
    Carried(
        "ses.receipt",
        ORDERED,
        perhaps=notification("in/2026", "s3:ObjectCreated:*"),
        not_heard=notification("out/", "s3:*"),
        attributes={"prefix": "in/"},
        target="s3.bucket",
    ),
    Carried("ses.receipt", ORDERED, perhaps=notification("out/", "s3:*"), target="s3.bucket"),
    Carried(
        "iot.shadow",
        ORDERED,
        not_heard=Filter("iot.sql", "SELECT * FROM 'plant/#'"),
        perhaps=Filter("iot.sql", "SELECT * FROM '$aws/things/+/shadow/update/accepted'"),
        target="iot.topic",
    ),
    Carried(
        "s3.replication",
        UPLOADED,
        perhaps=notification("in/", "s3:ObjectCreated:Put"),
        not_heard=notification("out/", "s3:*"),
        target="s3.bucket",
    ),
    Carried(
        "s3.logging",
        UPLOADED,
        perhaps=notification("logs/2026", "s3:ObjectCreated:Put"),
        not_heard=notification("in/", "s3:*"),
        target="s3.bucket",
        attributes={"prefix": "logs/"},
    ),
    Carried(
        "s3.accesspoint",
        UPLOADED,
        notification("in/", "s3:ObjectCreated:*"),
        notification("out/", "s3:*"),
        target="s3.bucket",
    ),
    Carried(
        "sns.sub.sqs",
        NEW,
        sqs({"Type": ["Notification"], "TopicArn": [SOURCE]}),
        sqs({"Message": {"state": ["new"]}}),
    ),
    Carried(
        "sns.sub.sqs",
        NEW,
        sqs({"state": ["new"]}),
        sqs({"state": ["done"]}),
        attributes={"raw": True},
    ),
    Carried(
        "eb.rule.sqs",
        ORDERED,
        sqs({"source": ["shop"], "detail": {"state": ["new"]}}),
        sqs({"source": ["billing"]}),
        perhaps=sqs({"state": ["new"]}),
    ),
    Carried(
        "eb.rule.sqs",
        ORDERED,
        sqs({"state": ["new"]}),
        sqs({"state": ["done"]}),
        perhaps=sqs({"source": ["shop"]}),
        attributes={"input_path": "$.detail"},
    ),
    Carried(
        "eb.rule.sqs", ORDERED, perhaps=sqs({"source": ["billing"]}), attributes={"input": "made"}
    ),
    Carried(
        "eb.rule.sqs",
        ORDERED,
        perhaps=sqs({"state": ["done"]}),
        attributes={"input_path": "$.detail['state']"},
    ),
    Carried(
        "eb.rule.kinesis", ORDERED, kinesis({"source": ["shop"]}), kinesis({"source": ["billing"]})
    ),
    Carried(
        "eb.rule.sns",
        ORDERED,
        policy({"detail": {"state": ["new"]}}, "body"),
        policy({"state": ["new"]}),
        target="sns.topic",
    ),
    Carried("eb.rule.bus", ORDERED, pattern({"source": ["shop"]}), pattern({"source": ["a"]})),
    Carried(
        "eb.rule.bus",
        ORDERED,
        perhaps=pattern({"source": ["a"]}),
        attributes={"input": "made"},
    ),
    Carried("eb.endpoint", ORDERED, pattern({"source": ["shop"]}), pattern({"source": ["a"]})),
    Carried("eb.archive", ORDERED, pattern({"source": ["shop"]}), pattern({"source": ["a"]})),
    Carried(
        "eb.replay",
        ORDERED,
        pattern({"source": ["shop"], "replay-name": [{"exists": True}]}),
        pattern({"replay-name": [{"exists": False}]}),
        perhaps=pattern({"replay-name": ["again"]}),
    ),
    Carried(
        "ddb.stream",
        INSERTED,
        criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT"]}),
        criteria("lambda.criteria.dynamodb", {"eventName": ["REMOVE"]}),
    ),
    Carried(
        "ddb.kinesis",
        INSERTED,
        kinesis({"eventName": ["INSERT"]}),
        kinesis({"eventName": ["REMOVE"]}),
    ),
    Carried(
        "msk.topics",
        holding(topic="placed"),
        criteria("lambda.criteria.kafka", {"topic": ["placed"]}),
        criteria("lambda.criteria.kafka", {"topic": ["shipped"]}),
    ),
    Carried("sqs.redrive", MESSAGE, sqs({"state": ["new"]}), sqs({"state": ["done"]})),
    Carried(
        "sfn.status",
        EventSet.anything(),
        pattern({"source": ["aws.states"], "detail": {"stateMachineArn": [MACHINE]}}),
        pattern({"detail": {"stateMachineArn": [f"{MACHINE}-2"]}}),
        perhaps=pattern({"detail": {"status": ["FAILED"]}}),
        source=MACHINE,
    ),
    Carried(
        "sfn.task.dynamodb",
        EventSet.anything(),
        criteria("lambda.criteria.dynamodb", {"eventName": ["REMOVE"]}),
        criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT"]}),
        attributes={"actions": ["dynamodb:DeleteItem"]},
        target="dynamodb.table",
    ),
    Carried(
        "sfn.task.events",
        EventSet.anything(),
        pattern({"source": ["shop"]}),
        pattern({"source": ["aws.s3"]}),
        perhaps=pattern({"detail-type": ["Ordered"]}),
        attributes={"actions": ["events:PutEvents"], "entry": {"source": "shop"}},
        target="events.bus",
    ),
    Carried(
        "sfn.task.awssdk",
        EventSet.anything(),
        not_heard=notification("", "s3:ObjectCreated:*"),
        perhaps=notification("in/", "s3:ObjectRemoved:*"),
        attributes={"actions": ["s3:DeleteObject"]},
        target="s3.bucket",
    ),
    Carried(
        "sfn.task.awssdk",
        EventSet.anything(),
        perhaps=notification("in/", "s3:ObjectCreated:*"),
        target="s3.bucket",
    ),
    Carried(
        "firehose.dest",
        EventSet.anything(),
        notification("logs/", "s3:ObjectCreated:*"),
        notification("in/", "s3:ObjectCreated:*"),
        perhaps=notification("logs/2026/", "s3:ObjectCreated:Put"),
        attributes={"prefix": "logs/!{timestamp:yyyy}/"},
        target="s3.bucket",
    ),
    Carried(
        "esm.onfailure",
        EventSet.anything(),
        criteria("lambda.criteria.kafka", {"topic": ["failures"]}),
        criteria("lambda.criteria.kafka", {"topic": ["clicks"]}),
        attributes={"topic": "failures"},
        target="kafka.cluster",
    ),
    Carried(
        "ddb.global",
        INSERTED,
        criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT", "MODIFY"]}),
        criteria("lambda.criteria.dynamodb", {"eventName": ["REMOVE"]}),
        perhaps=criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT"]}),
        target="dynamodb.table",
    ),
    Carried(
        "cloudtrail.out",
        EventSet.anything(),
        perhaps=notification("AWSLogs/", "s3:ObjectCreated:Put"),
        not_heard=notification("", "s3:ObjectRemoved:*"),
        target="s3.bucket",
    ),
    Carried(
        "cloudtrail.out",
        EventSet.anything(),
        perhaps=notification("audit/AWSLogs/", "s3:ObjectCreated:Put"),
        not_heard=notification("in/", "s3:*"),
        target="s3.bucket",
        attributes={"prefix": "audit"},
    ),
    Carried(
        "cloudtrail.out",
        EventSet.anything(),
        perhaps=policy({"s3Bucket": ["audit"]}, "body"),
        target="sns.topic",
    ),
    Carried(
        "iot.republish",
        holding(topic="plant/7/alarm"),
        Filter("iot.sql", "SELECT * FROM 'alerts/#'"),
        Filter("iot.sql", "SELECT * FROM 'plant/#'"),
        attributes={"topic": "alerts/${device}"},
    ),
    Carried(
        "eb2.subscriber",
        ORDERED,
        pattern({"source": ["shop.done"]}),
        pattern({"source": ["shop"]}),
        attributes={"entry": {"source": "shop.done"}},
    ),
    Carried("eb2.source", ORDERED, pattern({"source": ["shop"]}), pattern({"source": ["a"]})),
    Carried(
        "pipe.source.sqs",
        MESSAGE,
        sqs({"state": ["new"]}),
        criteria("lambda.criteria.sqs", {"eventSource": ["aws:kinesis"]}),
    ),
    Carried(
        "pipe.source.kinesis",
        holding(data__state="new"),
        kinesis({"state": ["new"]}),
        criteria("lambda.criteria.kinesis", {"eventSource": ["aws:sqs"]}),
    ),
    Carried(
        "pipe.source.dynamodb",
        INSERTED,
        criteria("lambda.criteria.dynamodb", {"eventSource": ["aws:dynamodb"]}),
        criteria("lambda.criteria.dynamodb", {"eventName": ["REMOVE"]}),
    ),
    Carried(
        "pipe.target.sqs",
        MESSAGE,
        sqs({"body": {"state": ["new"]}}),
        sqs({"body": {"state": ["done"]}}),
        perhaps=sqs({"state": ["new"]}),
    ),
    Carried(
        "pipe.target.sqs",
        MESSAGE,
        perhaps=sqs({"body": {"state": ["done"]}}),
        attributes={"input": "made"},
    ),
    Carried(
        "pipe.target.kinesis",
        MESSAGE,
        kinesis({"body": {"state": ["new"]}}),
        kinesis({"body": {"state": ["done"]}}),
    ),
    Carried(
        "pipe.target.sns",
        MESSAGE,
        policy({"body": {"state": ["new"]}}, "body"),
        policy({"state": ["new"]}),
    ),
    Carried(
        "pipe.target.bus",
        MESSAGE,
        pattern({"detail": {"body": {"state": ["new"]}}}),
        pattern({"source": ["aws.sqs"]}),
        perhaps=pattern({"source": ["Pipe refill"]}),
    ),
    Carried(
        "pipe.target.bus",
        MESSAGE,
        pattern({"source": ["shop"]}),
        pattern({"source": ["billing"]}),
        perhaps=pattern({"detail": {"body": {"state": ["done"]}}}),
        attributes={"input": "made", "entry": {"source": "shop"}},
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_it_makes_of_an_event_what_the_service_makes_of_it(row):
    for word, heard in (
        ("always", row.heard),
        ("cannot", row.not_heard),
        ("sometimes", row.perhaps),
    ):
        if heard is not None:
            hop = compare(row.after, filters.parse(heard).heard())
            assert hop.word == word, hop.because


def test_every_carrier_is_shown():
    assert {row.kind for row in ROWS} == set(catalog.carriers())


def test_it_takes_an_edge_without_a_carrier_for_one_that_may_send_anything():
    world = World()
    queue, topic = world.queue("jobs"), world.topic("done")
    world.edge(queue, topic, Meaning.FORWARDS, "unheard.of")
    world.subscribe(topic, queue, policy({"state": ["new"]}, "body"))
    assert {step.hop.word for step in walked(world) if step.edge.filter} == {"sometimes"}


def walked(world: World) -> tuple[passage.Step, ...]:
    graph = world.graph()
    return passage.travel(graph, permitted_writes(graph), frozenset(graph.resources)).steps


def writers(count: int, keys: str) -> World:
    """Functions that write to one bucket, each below its own ``keys``, and hear what it holds."""
    world = World()
    bucket = world.bucket("uploads")
    for number in range(count):
        own = keys.format(number)
        function = world.function(f"f{number}", allow("s3:PutObject", f"{bucket}/{own}*"))
        world.notify(bucket, function, prefix=own, label=own)
    return world


def places(world: World, name: str) -> int:
    ends = {end for step in walked(world) for end in (step.source, step.target)}
    return sum(place.resource.endswith(f":::{name}") for place in ends)


def test_writers_of_the_same_events_share_a_place():
    anything_and_written = 2
    assert places(writers(10, "in/"), "uploads") == anything_and_written


def test_writers_of_different_events_do_not():
    assert places(writers(10, "in/{}/"), "uploads") == 1 + 10


def test_it_tells_only_so_many_sets_of_events_apart_and_loses_no_loop(monkeypatch):
    world = writers(8, "in/{}/")
    told_apart = endangered(world)
    assert len(told_apart) == 8
    monkeypatch.setattr(passage, "MOST_EVENTS", 3)
    assert places(world, "uploads") == 3
    assert endangered(world) >= told_apart


def endangered(world: World) -> set[str]:
    """The labels of the deliveries that lie on a loop which may go round."""
    loops = [loop for loop in analyse(world.graph()).loops if loop.verdict not in HARMLESS]
    return {hop.edge.label for loop in loops for hop in loop.hops if hop.edge.filter is not None}


def test_it_remembers_why_nothing_passes_and_goes_on_behind_it():
    world = World()
    bucket, topic, queue = world.bucket("uploads"), world.topic("uploaded"), world.queue("jobs")
    function = world.function("convert", allow("s3:PutObject", f"{bucket}/out/*"))
    world.notify(bucket, topic, prefix="in/")
    world.subscribe(topic, queue)
    world.listen(queue, function)
    stopped = [step for step in walked(world) if step.hop.word == "cannot"]
    assert [step.edge.kind for step in stopped] == ["s3.notif.sns"]
    assert json.dumps("in/*") in stopped[0].hop.because
    assert any(step.source == stopped[0].target for step in walked(world))
