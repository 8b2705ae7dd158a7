"""EventBridge: rules as filters of the edges they make, targets of every kind, schedules."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Filter, Meaning

PLACED, ASLEEP, BOTH, NIGHTLY = items("events/list_rules.states")
BUS = {"Name": "shop", "Arn": arn("events", "event-bus/shop")}
TARGETS = "events/list_targets_by_rule.every_kind"


def test_it_reads_partner_buses_too():
    assert [bus.name for bus in resources(read("events/list_event_buses.partner"))] == [
        "default",
        "aws.partner/example.com/shop",
    ]


def test_a_rule_is_the_filter_of_an_edge_from_its_bus_to_each_target():
    found = [edge for edge in edges(read(TARGETS, PLACED, BUS)) if edge.kind != "eb.rule.dlq"]
    assert {edge.source for edge in found} == {BUS["Arn"]}
    assert {edge.filter for edge in found} == {
        Filter("eventbridge.pattern", '{"source": ["shop"]}')
    }
    assert [(edge.label, edge.kind, edge.meaning) for edge in found] == [
        ("placed/function", "eb.rule.lambda", Meaning.TRIGGERS),
        ("placed/queue", "eb.rule.sqs", Meaning.FORWARDS),
        ("placed/topic", "eb.rule.sns", Meaning.FORWARDS),
        ("placed/stream", "eb.rule.kinesis", Meaning.FORWARDS),
        ("placed/machine", "eb.rule.sfn", Meaning.TRIGGERS),
        ("placed/bus", "eb.rule.bus", Meaning.FORWARDS),
        ("placed/custom-bus", "eb.rule.busv2", Meaning.FORWARDS),
        ("placed/http", "eb.rule.apidest", Meaning.TRIGGERS),
        ("placed/api", "eb.rule.apigw", Meaning.TRIGGERS),
        ("placed/task", "eb.rule.ecs", Meaning.TRIGGERS),
        ("placed/logs", "eb.rule.logs", Meaning.FORWARDS),
    ]


def test_a_rule_that_hears_of_reads_too_says_so():
    rule = {**PLACED, "State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"}
    assert {edge.attributes.get("state") for edge in edges(read(TARGETS, PLACED, BUS))} == {None}
    assert rule["State"] in {
        edge.attributes.get("state") for edge in edges(read(TARGETS, rule, BUS))
    }


def test_targets_are_named_by_what_really_runs():
    by_label = {edge.label: edge for edge in edges(read(TARGETS, PLACED, BUS))}
    assert by_label["placed/task"].target == arn("ecs", "task-definition/report:3")
    assert by_label["placed/logs"].target == arn("logs", "log-group:/aws/events/all")
    assert by_label["placed/bus"].target == arn("events", "event-bus/other", "444455556666")


def test_a_dead_letter_queue_belongs_to_one_target():
    [dead] = [edge for edge in edges(read(TARGETS, PLACED, BUS)) if edge.kind == "eb.rule.dlq"]
    assert (dead.label, dead.target) == ("placed/function", arn("sqs", "undelivered"))
    assert dead.meaning is Meaning.ON_FAILURE
    assert dead.filter == Filter("eventbridge.pattern", '{"source": ["shop"]}')


@pytest.mark.parametrize(
    ("rule", "dormant"), [(PLACED, ""), (ASLEEP, "the rule is DISABLED"), (BOTH, "")]
)
def test_only_a_disabled_rule_is_dormant(rule, dormant):
    assert {edge.dormant for edge in edges(read(TARGETS, rule, BUS))} == {dormant}


def test_a_schedule_is_where_events_enter_and_no_write_to_the_bus_fires_it():
    [clock] = resources(read("events/list_rules.states", BUS))[1:]
    assert (clock.kind, clock.arn) == ("events.schedule", NIGHTLY["Arn"])
    found = [edge for edge in edges(read(TARGETS, NIGHTLY, BUS)) if edge.kind != "eb.rule.dlq"]
    assert {(edge.source, edge.kind, edge.filter) for edge in found} == {
        (NIGHTLY["Arn"], "eb.rule.schedule", None)
    }


def test_a_rule_with_a_pattern_and_a_schedule_has_both_causes():
    found = [edge for edge in edges(read(TARGETS, BOTH, BUS)) if edge.label == "both/queue"]
    assert {(edge.source, edge.kind) for edge in found} == {
        (BUS["Arn"], "eb.rule.sqs"),
        (BOTH["Arn"], "eb.rule.schedule"),
    }
