"""CloudWatch: what alarms do, what moves them, alarms over alarms and over logs, streams."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread
from topology.catalog import cloudwatch
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

ALARMS = "cloudwatch/describe_alarms"
TOPIC, HEAL = arn("sns", "operators"), arn("lambda", "function:heal")
BUS = arn("events", "event-bus/default")


def alarm(name):
    return arn("cloudwatch", f"alarm:{name}")


def metric(name):
    return arn("cloudwatch", f"metric/{name}")


def of_kind(kind, facts):
    return [each for each in edges(facts) if each.kind == kind]


def log_alarms():
    return [fact for item in items_of_log_alarms() for fact in cloudwatch.log_alarm(HERE, item)]


def items_of_log_alarms():
    [answer] = items(f"{ALARMS}.log_alarms")
    return answer["LogAlarms"]


def test_it_reads_every_kind_of_action_and_the_state_that_takes_it():
    found = of_kind("cw.alarm", read(f"{ALARMS}.actions"))
    assert [(e.source, e.label, e.target, e.meaning) for e in found[:8]] == [
        (alarm("errors"), "ALARM", TOPIC, Meaning.FORWARDS),
        (alarm("errors"), "ALARM", HEAL, Meaning.TRIGGERS),
        (alarm("errors"), "ALARM to live", HEAL, Meaning.TRIGGERS),
        (alarm("errors"), "ALARM", "arn:aws:automate:eu-west-1:ec2:reboot", Meaning.TRIGGERS),
        (
            alarm("errors"),
            "ALARM",
            arn("autoscaling", "scalingPolicy:p-1:autoScalingGroupName/web:policyName/out"),
            Meaning.TRIGGERS,
        ),
        (alarm("errors"), "ALARM", arn("ssm", "opsitem:3#CATEGORY=Availability"), Meaning.TRIGGERS),
        (alarm("errors"), "OK", TOPIC, Meaning.FORWARDS),
        (
            alarm("errors"),
            "INSUFFICIENT_DATA",
            "arn:aws:ssm-incidents::111122223333:responseplan/page",
            Meaning.TRIGGERS,
        ),
    ]
    assert len({each.id for each in found}) == len(found)


def test_it_keeps_actions_that_are_switched_off_dormant_and_still_tells_eventbridge():
    facts = read(f"{ALARMS}.actions")
    [quiet] = [each for each in of_kind("cw.alarm", facts) if each.source == alarm("quiet: ours")]
    assert quiet.dormant == "the alarm's actions are switched off"
    told = of_kind("cw.alarm.event", facts)
    assert [(each.source, each.target, each.dormant) for each in told] == [
        (alarm("errors"), BUS, ""),
        (alarm("quiet: ours"), BUS, ""),
    ]


def test_a_metric_that_may_be_published_moves_an_alarm():
    facts = read(f"{ALARMS}.actions")
    assert [(each.source, each.target) for each in of_kind("cw.metric", facts)] == [
        (metric("Shop/Errors"), alarm("errors")),
        (metric("Shop/Orders"), alarm("quiet: ours")),
    ]
    kinds = {each.arn: each.kind for each in resources(facts)}
    assert kinds[metric("Shop/Errors")] == "cloudwatch.metric"
    assert kinds[alarm("errors")] == "cloudwatch.alarm"


def test_what_a_service_measures_of_a_resource_leads_from_it_to_the_alarm():
    facts = read(f"{ALARMS}.of_services")
    found = {each.target: each for each in of_kind("cw.metric", facts)}
    assert {target.rpartition(":")[2]: each.source for target, each in found.items()} == {
        "function": arn("lambda", "function:work"),
        "queue": arn("sqs", "jobs"),
        "topic": arn("sns", "news"),
        "machine": arn("states", "stateMachine:order"),
        "stream": arn("kinesis", "stream/logs"),
        "firehose": arn("firehose", "deliverystream/archive"),
        "table": arn("dynamodb", "table/orders"),
        "rule": arn("events", "event-bus/default"),
        "bus": arn("events", "event-bus/orders"),
        "bucket": "arn:aws:s3:::in",
        "group": arn("logs", "log-group:/aws/lambda/work"),
        "pipe": arn("pipes", "pipe/refill"),
        "build": arn("codebuild", "project/web"),
        "instance": metric("AWS/EC2"),
        "every function": metric("AWS/Lambda"),
    }
    assert found[alarm("function")].meaning is Meaning.WRITES
    assert found[alarm("queue")].meaning is Meaning.FORWARDS
    assert found[alarm("queue")].label == "ApproximateAgeOfOldestMessage"


def test_an_alarm_over_all_functions_says_of_which_metric():
    facts = resources(read(f"{ALARMS}.of_services"))
    told = {each.arn: each.attributes["of_everyone"] for each in facts if each.attributes}
    assert told == {alarm("every function"): {"AWS/Lambda Errors": True}}


def test_nobody_but_aws_publishes_the_metrics_of_its_services():
    facts = read(f"{ALARMS}.of_services")
    kinds = {each.kind for each in resources(facts)}
    assert kinds == {"cloudwatch.alarm", "cloudwatch.servicemetrics"}
    assert "cloudwatch.servicemetrics" not in {write.on for write in cloudwatch.service.writes}


def test_metric_math_names_its_metrics_or_any():
    found = of_kind("cw.metric", read(f"{ALARMS}.metric_math"))
    assert [(each.source, each.target) for each in found] == [
        (metric("Shop/Errors"), alarm("rate")),
        (arn("lambda", "function:work"), alarm("rate")),
        (arn("sqs", "theirs", "444455556666"), alarm("elsewhere")),
        (metric("any"), alarm("query")),
        (metric("any"), alarm("prometheus")),
    ]


def test_a_composite_alarm_hears_of_every_alarm_in_its_rule():
    found = of_kind("cw.composite", read(f"{ALARMS}.composite"))
    assert [(each.source, each.target, each.label) for each in found] == [
        (alarm("queue"), alarm("all"), ""),
        (alarm("deploying"), alarm("all"), "suppressor"),
        (alarm("errors"), alarm("all"), ""),
        (alarm('too "hot"'), alarm("all"), ""),
        (alarm("7"), alarm("most"), ""),
        (alarm("a"), alarm("most"), ""),
        (alarm("b c"), alarm("most"), ""),
        (alarm("d"), alarm("most"), ""),
    ]


def test_an_answer_without_any_list_of_alarms_is_a_gap():
    assert unread(cloudwatch.page(HERE, {}))
    assert not unread(cloudwatch.page(HERE, {"MetricAlarms": []}))


def test_an_alarm_over_logs_hears_of_its_log_groups():
    facts = log_alarms()
    assert [(each.source, each.target) for each in of_kind("cw.logalarm", facts)] == [
        (arn("logs", "log-group:/aws/lambda/work"), alarm("log")),
        (arn("logs", "log-group:/theirs", "444455556666"), alarm("log")),
    ]
    assert [each.target for each in of_kind("cw.alarm", facts)] == [HEAL]
    assert [each.resource for each in unread(facts)] == [alarm("log of any")]


def test_a_stream_of_metrics_goes_to_firehose_unless_it_is_stopped():
    found = edges(read("cloudwatch/list_metric_streams.two"))
    streams = [arn("cloudwatch", f"metric-stream/{name}") for name in ("all", "off")]
    assert [(each.kind, each.source, each.target, each.dormant) for each in found] == [
        ("cw.metric", metric("any"), streams[0], ""),
        ("cw.metricstream", streams[0], arn("firehose", "deliverystream/metrics"), ""),
        ("cw.metric", metric("any"), streams[1], ""),
        (
            "cw.metricstream",
            streams[1],
            arn("firehose", "deliverystream/metrics"),
            "the metric stream is stopped",
        ),
    ]


@pytest.mark.parametrize("case", ["actions", "of_services", "metric_math", "composite"])
def test_neither_descriptions_nor_reasons_nor_queries_are_kept(case):
    assert "canary" not in repr(read(f"{ALARMS}.{case}"))
    assert "canary" not in repr(log_alarms())


def told(over="metrics"):
    bus = Resource(BUS, "events.bus", HERE.account, HERE.region, "default")
    edge = Edge(alarm("errors"), BUS, Meaning.FORWARDS, "cw.alarm.event", attributes={"over": over})
    return cloudwatch.state_change(EventSet.anything(), edge, bus)


def asked(detail_type, **more):
    known: dict[tuple[str, ...], str] = {
        ("source",): "aws.cloudwatch",
        ("detail-type",): detail_type,
    }
    known |= {("detail", key): value for key, value in more.items()}
    return EventSet.scalars({path: strings.literal(text) for path, text in known.items()})


@pytest.mark.parametrize(
    ("over", "wanted", "passes"),
    [
        ("metrics", asked(cloudwatch.STATE_CHANGE, alarmName="errors"), True),
        ("metrics", asked(cloudwatch.STATE_CHANGE, alarmName="others"), False),
        ("metrics", asked(cloudwatch.CONTRIBUTOR_CHANGE, alarmName="others"), True),
        ("metrics", asked("CloudWatch Alarm Configuration Change"), False),
        ("metrics", EventSet.scalars({("source",): strings.literal("shop")}), False),
        ("logs", asked(cloudwatch.STATE_CHANGE, alarmName="others"), True),
        ("logs", asked("CloudWatch Alarm Configuration Change"), False),
    ],
)
def test_an_alarm_tells_eventbridge_of_its_own_changes_of_state(over, wanted, passes):
    assert ((told(over) & wanted).witness() is not None) is passes
