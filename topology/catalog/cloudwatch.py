"""CloudWatch: alarms, what moves them, what they do, and streams of metrics.

An alarm is moved by metrics, which have no ARN: ``metrics`` names them. What a service measures of
a resource leads from the resource to the alarm; other metrics may be written by whoever may publish
them.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from topology import arn as arns
from topology.catalog.metrics import (
    METRIC,
    SERVICE_METRICS,
    any_metric,
    is_of_a_service,
    metric,
    owners,
    service_metrics,
)
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import MISSING, EventSet, Path, Values
from topology.sets.strings import StringSet

ALARM, STREAM = "cloudwatch.alarm", "cloudwatch.metricstream"
SOURCE = "aws.cloudwatch"
STATE_CHANGE = "CloudWatch Alarm State Change"
CONTRIBUTOR_CHANGE = "CloudWatch Alarm Contributor State Change"

service = Service(
    client="cloudwatch",
    title="Amazon CloudWatch",
    rate=4.0,  # of 9/s for describing alarms
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html",
    kinds=(
        Kind(ALARM, "alarm", Part.CHANNEL),
        Kind(METRIC, "metric", Part.CHANNEL),
        Kind(SERVICE_METRICS, "metrics of a service", Part.OTHER),
        Kind(STREAM, "metric stream", Part.CHANNEL),
    ),
    writes=(
        Write("set", ALARM, ("cloudwatch:SetAlarmState",)),
        Write("put", METRIC, ("cloudwatch:PutMetricData",)),
    ),
    emissions=(
        Emission(
            "alarm",
            ("cloudwatch:SetAlarmState",),
            SOURCE,
            (STATE_CHANGE,),
            of=("alarm:",),
            name_at=("detail", "alarmName"),
            unless="cw.alarm.event",
        ),
        Emission(
            "metric",
            ("cloudwatch:PutMetricData",),
            SOURCE,
            (STATE_CHANGE, CONTRIBUTOR_CHANGE),
            unless="cw.alarm.event",
        ),
        Emission(
            "alarm configuration",
            (
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:PutCompositeAlarm",
                "cloudwatch:DeleteAlarms",
                "cloudwatch:EnableAlarmActions",
                "cloudwatch:DisableAlarmActions",
            ),
            SOURCE,
            ("CloudWatch Alarm Configuration Change",),
            of=("alarm:",),
            name_at=("detail", "alarmName"),
        ),
    ),
    edges=(
        "cw.alarm",
        "cw.alarm.event",
        "cw.metric",
        "cw.composite",
        "cw.logalarm",
        "cw.metricstream",
    ),
)

# One answer holds alarms of several types, each in a list of its own.
alarms = Call("describe_alarms", parameters={"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]})
log_alarms = Call(
    "describe_alarms",
    items="LogAlarms",
    parameters={"AlarmTypes": ["LogAlarm"]},
    absent=frozenset({"ValidationError"}),  # where a Region does not know them yet
    omits_empty=True,
)
streams = Call("list_metric_streams", items="Entries", token=("NextToken", "NextToken"))

# The states of an alarm by the list of actions that are taken when it enters them.
STATES = {
    "AlarmActions": "ALARM",
    "OKActions": "OK",
    "InsufficientDataActions": "INSUFFICIENT_DATA",
}
PASSES_ON = ("sns",)
ACTORS = ("lambda", "states", "codebuild")

# Functions of metric math that find metrics, or values, which the alarm does not name.
QUERIES = re.compile(
    r"\b(SELECT|SEARCH|LAMBDA|INSIGHT_RULE_METRIC|SERVICE_QUOTA|DB_PERF_INSIGHTS)\b", re.IGNORECASE
)
IN_A_RULE = re.compile(r'AT_LEAST\s*\(\s*[\d.]+%?|"((?:[^"\\]|\\.)*)"|([^\s(),"]+)')
RULE_WORDS = frozenset(
    {"ALARM", "OK", "INSUFFICIENT_DATA", "AND", "OR", "NOT", "TRUE", "FALSE", "AT_LEAST"}
)


@service.reads(alarms)
def page(here: Here, item: Item) -> Iterator[Fact]:
    """Alarms over metrics, and alarms over alarms."""
    if not item.keys() & {"MetricAlarms", "CompositeAlarms"}:
        yield Unread("", "UnexpectedAnswer", "the answer has no alarms")
    for alarm in item.get("MetricAlarms", ()):
        yield from _alarm(here, alarm)
        yield from _measured(here, alarm)
    for alarm in item.get("CompositeAlarms", ()):
        yield from _alarm(here, alarm)
        yield from _composed(here, alarm)


@service.reads(log_alarms)
def log_alarm(here: Here, item: Item) -> Iterator[Fact]:
    """An alarm over the results of a query that runs over log groups by the clock."""
    yield from _alarm(here, item, over="logs")
    groups = item.get("ScheduledQueryConfiguration", {}).get("LogGroupIdentifiers", ())
    if not groups:
        reason = "the query names its log groups in its text, which is not kept"
        yield Unread(item["AlarmArn"], "UnknownLogGroups", reason)
    for group in groups:
        head = f"arn:{here.partition}:logs:{here.region}:{here.account}:log-group:"
        source = group if arns.is_arn(group) else f"{head}{group}"
        yield delivery(source, item["AlarmArn"], Meaning.FORWARDS, "cw.logalarm")


@service.reads(streams)
def stream(here: Here, item: Item) -> Iterator[Fact]:
    """A stream of metrics, which goes to Firehose. What it leaves out is not read."""
    yield resource(here, item["Arn"], STREAM)
    yield resource(here, any_metric(here), METRIC)
    yield delivery(any_metric(here), item["Arn"], Meaning.FORWARDS, "cw.metric")
    yield delivery(
        item["Arn"],
        item["FirehoseArn"],
        Meaning.FORWARDS,
        "cw.metricstream",
        dormant="the metric stream is stopped" if item.get("State") == "stopped" else "",
    )


def _alarm(here: Here, alarm: Item, over: str = "metrics") -> Iterator[Fact]:
    """An alarm, its actions, and what it tells EventBridge even where they are switched off."""
    arn = alarm["AlarmArn"]
    yield resource(here, arn, ALARM)
    dormant = "" if alarm.get("ActionsEnabled", True) else "the alarm's actions are switched off"
    for actions, state in STATES.items():
        for target in alarm.get(actions, ()):
            passes_on = arns.is_arn(target) and arns.parse(target).service in PASSES_ON
            meaning = Meaning.FORWARDS if passes_on else Meaning.TRIGGERS
            _, qualifier = arns.canonical(target) if arns.is_arn(target) else (target, "")
            label = f"{state} to {qualifier}" if qualifier else state
            yield delivery(arn, target, meaning, "cw.alarm", label=label, dormant=dormant)
    bus = f"arn:{here.partition}:events:{here.region}:{here.account}:event-bus/default"
    yield delivery(arn, bus, Meaning.FORWARDS, "cw.alarm.event", over=over)


def _measured(here: Here, alarm: Item) -> Iterator[Fact]:
    """What moves an alarm over metrics: resources, metrics that may be published, or any."""
    target, found = alarm["AlarmArn"], False
    for there, of in _metrics(here, alarm):
        found = True
        namespace, name = of["Namespace"], of["MetricName"]
        if not is_of_a_service(namespace):
            yield from _moves(there, metric(there, namespace, name), METRIC, target)
            continue
        dimensions = {each["Name"]: each["Value"] for each in of.get("Dimensions", ())}
        whose = list(owners(there, namespace, dimensions))
        for owner in whose:
            is_actor = arns.parse(owner).service in ACTORS
            meaning = Meaning.WRITES if is_actor else Meaning.FORWARDS
            yield delivery(owner, target, meaning, "cw.metric", label=name)
        if not whose:
            everyones = service_metrics(there, namespace)
            yield from _moves(there, everyones, SERVICE_METRICS, target)
            if not dimensions:
                yield resource(here, target, ALARM, of_everyone={f"{namespace} {name}": True})
    expressions = [query.get("Expression", "") for query in alarm.get("Metrics", ())]
    if not found or any(map(QUERIES.search, expressions)):
        yield from _moves(here, any_metric(here), METRIC, target)


def _moves(here: Here, source: str, kind: str, alarm: str) -> Iterator[Fact]:
    yield resource(here, source, kind)
    yield delivery(source, alarm, Meaning.FORWARDS, "cw.metric")


def _metrics(here: Here, alarm: Item) -> Iterator[tuple[Here, Item]]:
    """The metrics an alarm names, each with the account it is in."""
    if "MetricName" in alarm:
        yield here, alarm
    for query in alarm.get("Metrics", ()):
        if "MetricStat" in query:
            there = replace(here, account=query.get("AccountId", here.account))
            yield there, query["MetricStat"]["Metric"]


def _composed(here: Here, alarm: Item) -> Iterator[Fact]:
    """The alarms a composite alarm looks at, and the one that holds its actions back."""
    head = f"arn:{here.partition}:cloudwatch:{here.region}:{here.account}:alarm:"
    watched = {(name, "") for name in _named(alarm.get("AlarmRule", ""))}
    if alarm.get("ActionsSuppressor"):
        watched.add((alarm["ActionsSuppressor"], "suppressor"))
    for name, label in sorted(watched):
        source = name if arns.is_arn(name) else f"{head}{name}"
        yield delivery(source, alarm["AlarmArn"], Meaning.FORWARDS, "cw.composite", label=label)


def _named(rule: str) -> Iterator[str]:
    """The names and ARNs in an alarm rule, ``ALARM("a") AND NOT OK(b)``."""
    for found in IN_A_RULE.finditer(rule):
        quoted, bare = found.groups()
        if quoted is not None:
            yield re.sub(r"\\(.)", r"\1", quoted)
        elif bare and bare not in RULE_WORDS:
            yield bare


@service.carries("cw.alarm.event")
def state_change(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """An alarm names itself when its state changes; of one of several time series it may not.

    Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-cloudwatch.html
    """
    told: dict[Path, StringSet | Values] = {
        ("source",): strings.literal(SOURCE),
        ("account",): strings.literal(bus.account),
        ("region",): strings.literal(bus.region),
        ("detail", "eventName"): MISSING,
    }
    of_itself: dict[Path, StringSet | Values] = {
        ("resources",): strings.literal(edge.source),
        ("detail", "alarmName"): strings.literal(arns.name(edge.source)),
    }
    if edge.attributes.get("over") == "logs":  # AWS shows no example of theirs
        of_itself = {}
    changed = {**told, ("detail-type",): strings.literal(STATE_CHANGE), **of_itself}
    contributed = {**told, ("detail-type",): strings.literal(CONTRIBUTOR_CHANGE)}
    return EventSet.scalars(changed) | EventSet.scalars(contributed)
