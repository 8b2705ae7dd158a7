"""Every rule of the platform: where it stops a delivery, and the nearest case where it does not."""

from __future__ import annotations

import pytest

from topology.graph import Edge, Meaning, Resource
from topology.inference import refuters
from topology.inference.refuters import Delivery, Mark, in_doubt, marks_after, refute
from topology.verdict import Always, Cannot, Sometimes, Unknown

PASSES = Always("There is no filter: every event passes.", {})


def resource(kind, name, **attributes):
    return Resource(f"arn:{name}", kind, "111122223333", "eu-west-1", name, attributes)


BUCKET, OTHER_BUCKET = resource("s3.bucket", "one"), resource("s3.bucket", "other")
BUS, OTHER_BUS = resource("events.bus", "orders"), resource("events.bus", "partners")
CUSTOM_BUS = resource("events.busv2", "shop")
QUEUE, TOPIC = resource("sqs.queue", "jobs"), resource("sns.topic", "done")
FUNCTION = resource("lambda.function", "index")
PAUSED = resource("lambda.function", "index", reserved_concurrency=0)
BUSY = resource("lambda.function", "index", reserved_concurrency=1)
RENAMED = resource("lambda.function", "index", log_group="/logs/index")
TRAIL = resource("cloudtrail.trail", "audit")
FIREHOSE = resource("firehose.stream", "archive")
NAMESAKE = resource("firehose.stream", "index")
OWN_GROUP = resource("logs.loggroup", "/aws/lambda/index")
OTHER_GROUP = resource("logs.loggroup", "/aws/lambda/work")
FLOW_LOGS = resource("logs.loggroup", "/vpc/flow-logs")
NAMED_GROUP = resource("logs.loggroup", "/logs/index")


def delivery(kind, source, target, *marks, meaning=Meaning.FORWARDS, dormant="", **attributes):
    edge = Edge(source.arn, target.arn, meaning, kind, dormant=dormant, attributes=attributes)
    return Delivery(edge, source, target, frozenset(marks))


WRITES, TRIGGERS, FAILS = Meaning.WRITES, Meaning.TRIGGERS, Meaning.ON_FAILURE
OFF = "the event source mapping is Disabled"

STOPPED = [
    (refuters.dormant, delivery("esm.sqs.lambda", QUEUE, FUNCTION, dormant=OFF)),
    (refuters.never_runs, delivery("iam.s3.bucket.put", PAUSED, BUCKET, meaning=WRITES)),
    (refuters.never_runs, delivery("lambda.loggroup", PAUSED, OWN_GROUP, meaning=WRITES)),
    (
        refuters.never_runs,
        delivery("lambda.async.onsuccess", PAUSED, TOPIC, meaning=TRIGGERS),
    ),
    (refuters.second_bus, delivery("eb.rule.bus", OTHER_BUS, BUS, Mark.FORWARDED)),
    (refuters.replica_of_a_replica, delivery("s3.replication", OTHER_BUCKET, BUCKET, Mark.REPLICA)),
    (
        refuters.own_trail_file,
        delivery("cloudtrail.data", BUCKET, TRAIL, Mark.TRAILED, suppresses=True),
    ),
    (refuters.own_log_group, delivery("logs.account_subscription", OWN_GROUP, FUNCTION)),
    (refuters.own_log_group, delivery("logs.account_subscription", NAMED_GROUP, RENAMED)),
    (
        refuters.destination_of_a_poll,
        delivery("lambda.async.onsuccess", FUNCTION, QUEUE, Mark.POLLED, meaning=TRIGGERS),
    ),
    (
        refuters.destination_of_a_poll,
        delivery("lambda.async.onfailure", FUNCTION, QUEUE, Mark.POLLED, meaning=FAILS),
    ),
    (
        refuters.destination_of_a_poll,
        delivery("lambda.dlq", FUNCTION, QUEUE, Mark.POLLED, meaning=FAILS),
    ),
    (
        refuters.failure_of_no_poll,
        delivery("esm.onfailure", FUNCTION, BUCKET, meaning=FAILS),
    ),
]

NOT_STOPPED = {
    "a mapping that is enabled": delivery("esm.sqs.lambda", QUEUE, FUNCTION),
    "a delivery to a function without concurrency, which may fail": delivery(
        "sns.sub.lambda", TOPIC, PAUSED, meaning=TRIGGERS
    ),
    "what a function without concurrency was sent goes to its failures": delivery(
        "lambda.async.onfailure", PAUSED, TOPIC, meaning=FAILS
    ),
    "its dead letters too": delivery("lambda.dlq", PAUSED, QUEUE, meaning=FAILS),
    "a function that may run once at a time": delivery(
        "iam.s3.bucket.put", BUSY, BUCKET, meaning=WRITES
    ),
    "the first hop from bus to bus": delivery("eb.rule.bus", BUS, OTHER_BUS),
    "an event from another bus that starts a function": delivery(
        "eb.rule.lambda", OTHER_BUS, FUNCTION, Mark.FORWARDED, meaning=TRIGGERS
    ),
    "an event from another bus that goes to a custom one": delivery(
        "eb.rule.busv2", OTHER_BUS, CUSTOM_BUS, Mark.FORWARDED
    ),
    "an object that was uploaded": delivery("s3.replication", BUCKET, OTHER_BUCKET),
    "a replica that starts a function": delivery(
        "s3.notif.lambda", OTHER_BUCKET, FUNCTION, Mark.REPLICA, meaning=TRIGGERS
    ),
    "what CloudTrail delivers to a trail that logs that": delivery(
        "cloudtrail.data", BUCKET, TRAIL, Mark.TRAILED
    ),
    "what others put beside a trail's own files": delivery(
        "cloudtrail.data", BUCKET, TRAIL, suppresses=True
    ),
    "a filter of the log group itself": delivery("logs.subscription", OWN_GROUP, FUNCTION),
    "the log of another function": delivery("logs.account_subscription", OTHER_GROUP, FUNCTION),
    "the flow log of the network that the function is in": delivery(
        "logs.account_subscription", FLOW_LOGS, FUNCTION
    ),
    "a log group that only would be the function's own": delivery(
        "logs.account_subscription", OWN_GROUP, RENAMED
    ),
    "the function's own log on its way to Firehose": delivery(
        "logs.account_subscription", OWN_GROUP, FIREHOSE
    ),
    "its way to a stream that is called as the function is": delivery(
        "logs.account_subscription", OWN_GROUP, NAMESAKE
    ),
    "the result of an asynchronous invocation": delivery(
        "lambda.async.onsuccess", FUNCTION, QUEUE, meaning=TRIGGERS
    ),
    "what a polled function writes itself": delivery(
        "iam.sqs.queue.send", FUNCTION, QUEUE, Mark.POLLED, meaning=WRITES
    ),
    "what a mapping could not process": delivery(
        "esm.onfailure", FUNCTION, BUCKET, Mark.POLLED, meaning=FAILS
    ),
}


@pytest.mark.parametrize(
    ("rule", "stopped"), STOPPED, ids=[f"{r.__name__}: {d.edge.kind}" for r, d in STOPPED]
)
def test_it_stops_what_the_platform_refuses(rule, stopped):
    assert isinstance(rule(stopped), Cannot)
    assert refute(stopped) == rule(stopped)


@pytest.mark.parametrize("passing", NOT_STOPPED.values(), ids=NOT_STOPPED)
def test_it_lets_the_nearest_case_pass(passing):
    assert refute(passing) is None


def test_every_rule_is_shown_and_names_its_source():
    assert {rule for rule, _ in STOPPED} == set(refuters.RULES)
    sourced = [rule for rule in refuters.RULES if rule is not refuters.dormant]
    assert all("https://docs.aws.amazon.com/" in (rule.__doc__ or "") for rule in sourced)


@pytest.mark.parametrize(
    ("kind", "marks"),
    [
        ("eb.rule.bus", {Mark.FORWARDED}),
        ("eb.rule.lambda", set()),
        ("eb2.subscriber", {Mark.SUBSCRIBED}),
        ("s3.replication", {Mark.REPLICA}),
        ("cloudtrail.out", {Mark.TRAILED}),
        ("s3.notif.sqs", set()),
        ("esm.kinesis.lambda", {Mark.POLLED}),
        ("esm.onfailure", set()),
        ("iam.events.bus.put", set()),
    ],
)
def test_it_remembers_how_something_arrived_only_until_the_next_hop(kind, marks):
    assert marks_after(Edge("a", "b", Meaning.FORWARDS, kind)) == marks


COMES_BACK = delivery("eb2.subscriber", CUSTOM_BUS, CUSTOM_BUS, Mark.SUBSCRIBED)


METRIC, ALARM = resource("cloudwatch.metric", "Errors"), resource("cloudwatch.alarm", "errors")
DELIVERED = resource("logs.deliverydestination", "archive")
MAIL = resource("ses.identity", "example.com")

DOUBTED = [
    (refuters.comes_back_to_a_custom_bus, COMES_BACK),
    (refuters.moves_an_alarm, delivery("cw.metric", METRIC, ALARM)),
    (refuters.moves_an_alarm, delivery("cw.alarm", ALARM, TOPIC)),
    (refuters.moves_an_alarm, delivery("cw.alarm.event", ALARM, BUS)),
    (refuters.moves_an_alarm, delivery("cw.composite", ALARM, ALARM)),
    (refuters.is_logged, delivery("eb.bus.logs", BUS, DELIVERED)),
    (refuters.is_logged, delivery("logs.delivery", BUCKET, DELIVERED)),
    (
        refuters.is_selected_otherwise,
        delivery("logs.subscription", OWN_GROUP, FUNCTION, transformed=True),
    ),
    (
        refuters.is_selected_otherwise,
        delivery("logs.account_subscription", OWN_GROUP, FIREHOSE, selection="LogGroupNamePrefix"),
    ),
    (refuters.becomes_of_mail, delivery("ses.events", MAIL, TOPIC, events=["BOUNCE", "CLICK"])),
    (refuters.becomes_of_mail, delivery("ses.identity", MAIL, TOPIC, events=["BOUNCE"])),
]

SURE = {
    "a delivery that was logged already": delivery("logs.delivery", DELIVERED, BUCKET),
    "a subscription by its pattern alone": delivery("logs.subscription", OWN_GROUP, FUNCTION),
    "a metric filter": delivery("logs.metricfilter", OWN_GROUP, METRIC),
    "what every mail that is sent leads to": delivery(
        "ses.events", MAIL, TOPIC, events=["BOUNCE", "SEND"]
    ),
}


@pytest.mark.parametrize(("doubt", "doubted"), DOUBTED)
def test_it_doubts_what_aws_may_not_deliver_and_nothing_else(doubt, doubted):
    assert doubt(doubted)
    assert in_doubt(doubted, PASSES) == Unknown(doubt(doubted), {}, None)
    assert refute(doubted) is None


@pytest.mark.parametrize("sure", SURE.values(), ids=SURE)
def test_it_leaves_the_nearest_case_as_sure_as_it_is(sure):
    assert in_doubt(sure, PASSES) is PASSES


def test_every_doubt_is_shown_and_names_its_source():
    assert {doubt for doubt, _ in DOUBTED} == set(refuters.DOUBTS)
    assert all("https://docs.aws.amazon.com/" in (doubt.__doc__ or "") for doubt in refuters.DOUBTS)


@pytest.mark.parametrize(
    "hop", [PASSES, Sometimes("Some do.", {"a": 1}, {}), Unknown("Who knows.")]
)
def test_it_is_not_sure_of_what_a_custom_bus_may_stop(hop):
    doubted = in_doubt(COMES_BACK, hop)
    assert isinstance(doubted, Unknown)
    assert "best effort" in doubted.because
    assert (doubted.witness, doubted.counterexample) == (hop.witness, hop.counterexample)


@pytest.mark.parametrize(
    ("arriving", "hop"),
    [
        (COMES_BACK, Cannot("No event is both.")),
        (delivery("eb2.subscriber", CUSTOM_BUS, QUEUE), PASSES),
        (delivery("eb.rule.busv2", BUS, CUSTOM_BUS, Mark.SUBSCRIBED), PASSES),
    ],
    ids=["a filter that stops it", "an event that comes for the first time", "a classic bus"],
)
def test_it_leaves_every_other_hop_as_it_was_decided(arriving, hop):
    assert in_doubt(arriving, hop) is hop
