"""EventBridge Scheduler: what schedules start, and the calls they make in a role of their own."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

LISTED = items("scheduler/list_schedules.two_groups")
ROLE = "arn:aws:iam::111122223333:role/schedule"
CASES = (
    "once",
    "task",
    "bus",
    "custom_bus",
    "sends_a_message",
    "starts_a_build",
    "stops_instances",
)


def described(case):
    return read(f"scheduler/get_schedule.{case}", LISTED[0])


def schedule(name):
    return arn("scheduler", f"schedule/default/{name}")


def test_it_reads_the_schedules_of_every_group():
    found = resources(read("scheduler/list_schedules.two_groups"))
    assert [(each.kind, each.arn) for each in found] == [
        ("scheduler.schedule", schedule("remind")),
        ("scheduler.schedule", arn("scheduler", "schedule/reports/report")),
    ]


def test_a_schedule_starts_its_target_and_has_dead_letters():
    edge, dead = edges(described("once"))
    assert (edge.kind, edge.source, edge.target, edge.label) == (
        "scheduler.templated",
        schedule("remind"),
        arn("lambda", "function:remind"),
        "remind",
    )
    assert (edge.meaning, edge.dormant) == (Meaning.TRIGGERS, "")
    assert edge.attributes == {
        "qualifier": "live",
        "role": ROLE,
        "retries": 185,
        "retry_seconds": 86400,
    }
    assert (dead.kind, dead.target) == ("scheduler.dlq", arn("sqs", "missed"))
    assert dead.meaning is Meaning.ON_FAILURE


def test_a_schedule_says_when_it_fires():
    [once] = resources(described("once"))
    assert once.attributes == {"expression": "at(2026-12-24T18:00:00)"}


def test_a_task_is_named_by_its_definition_and_a_disabled_schedule_is_dormant():
    [edge] = edges(described("task"))
    assert edge.target == arn("ecs", "task-definition/report")
    assert edge.dormant == "the schedule is DISABLED"


@pytest.mark.parametrize(
    ("case", "bus"),
    [
        ("bus", "event-bus/shop"),
        ("custom_bus", "event-busv2/orders/abcdefghijklmnopqrstuvwxy"),
    ],
)
def test_a_bus_of_either_kind_is_a_target(case, bus):
    [edge] = edges(described(case))
    assert (edge.kind, edge.target) == ("scheduler.templated", arn("events", bus))
    assert edge.meaning is Meaning.FORWARDS


def test_a_call_that_delivers_is_an_edge_to_what_it_names():
    facts = described("sends_a_message")
    [edge] = edges(facts)
    assert (edge.kind, edge.source, edge.target) == (
        "scheduler.universal",
        schedule("send"),
        arn("sqs", "jobs"),
    )
    assert edge.meaning is Meaning.FORWARDS
    assert {each.kind for each in resources(facts)} == {"scheduler.schedule"}


def test_any_other_call_is_made_by_an_actor_with_the_schedules_role():
    facts = described("starts_a_build")
    _, actor = resources(facts)
    assert (actor.kind, actor.arn) == ("scheduler.call", arn("scheduler", "call/default/build"))
    assert actor.attributes == {"role": ROLE, "calls": ["codebuild:StartBuild"]}
    assert [(edge.kind, edge.source, edge.target, edge.meaning) for edge in edges(facts)] == [
        ("scheduler.universal", actor.arn, arn("codebuild", "project/site"), Meaning.TRIGGERS),
        ("scheduler.universal", schedule("build"), actor.arn, Meaning.TRIGGERS),
        ("scheduler.dlq", schedule("build"), arn("sqs", "missed"), Meaning.ON_FAILURE),
    ]


def test_a_call_whose_input_cannot_be_read_may_be_whatever_its_role_allows():
    facts = described("stops_instances")
    _, actor = resources(facts)
    [edge] = edges(facts)
    assert edge.target == actor.arn
    assert actor.attributes == {"role": ROLE, "calls": ["ec2:StopInstances"]}


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_a_target_is_given_is_kept(case):
    assert "CANARY" not in repr(described(case))
