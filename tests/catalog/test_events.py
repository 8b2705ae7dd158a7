"""EventBridge: rules as filters of the edges they make, targets of every kind, schedules."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import (
    arn,
    declared,
    edges,
    filtered,
    items,
    read,
    resources,
    unread,
    wanted,
)
from topology import catalog
from topology.filters import heard
from topology.graph import Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot

PLACED, ASLEEP, BOTH, NIGHTLY = items("events/list_rules.states")
BUS = {"Name": "shop", "Arn": arn("events", "event-bus/shop")}
TARGETS = "events/list_targets_by_rule.every_kind"
MORE_TARGETS = "events/list_targets_by_rule.long_tail"
SHOP = "arn:aws:events:eu-west-1:111122223333:event-bus/shop"
ARCHIVE = "arn:aws:events:eu-west-1:111122223333:archive/orders"


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
        ("placed/http", "eb.rule.apidest", Meaning.FORWARDS),
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
    assert by_label["placed/task"].target == arn("ecs", "task-definition/report")
    assert by_label["placed/task"].attributes["qualifier"] == "3"
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


def test_targets_of_the_long_tail_have_their_own_kinds():
    found = edges(read(MORE_TARGETS, PLACED, BUS))
    assert [(edge.label.removeprefix("placed/"), edge.kind, edge.target) for edge in found] == [
        ("delivery", "eb.rule.firehose", arn("firehose", "deliverystream/lake")),
        ("job", "eb.rule.batch", arn("batch", "job-definition/report")),
        ("job-by-arn", "eb.rule.batch", arn("batch", "job-definition/report")),
        ("graph", "eb.rule.appsync", arn("appsync", "endpoints/graphql-api/abc")),
        ("build", "eb.rule.codebuild", arn("codebuild", "project/site")),
        ("pipeline", "eb.rule.codepipeline", arn("codepipeline", "release")),
        ("command", "eb.rule.ssm.runcommand", arn("ssm", "document/AWS-RunShellScript", "")),
        ("command", "eb.rule.ssm.runcommand", arn("ec2", "instance/i-0aa")),
        ("command", "eb.rule.ssm.runcommand", arn("ec2", "instance/i-0bb")),
        ("command", "eb.rule.ssm.runcommand", arn("ec2", "instance/*")),
        ("automation", "eb.rule.ssm.automation", arn("ssm", "document/Restart")),
        ("item", "eb.rule.ssm.opsitem", arn("ssm", "opsitem")),
        (
            "incident",
            "eb.rule.ssmincidents",
            "arn:aws:ssm-incidents::111122223333:response-plan/outage",
        ),
        ("warehouse", "eb.rule.redshift", arn("redshift", "cluster:dwh")),
        ("workgroup", "eb.rule.redshift", arn("redshift-serverless", "workgroup/8f1")),
        ("train", "eb.rule.sagemaker", arn("sagemaker", "pipeline/train")),
        ("workflow", "eb.rule.glue", arn("glue", "workflow/load")),
        ("scan", "eb.rule.inspector", arn("inspector", "target/0-a/template/0-b")),
        ("image", "eb.rule.imagebuilder", arn("imagebuilder", "image-pipeline/base")),
        (
            "stop",
            "eb.rule.ec2api",
            arn("events", "target/stop-instance/rule/shop/placed/stop"),
        ),
        (
            "strange",
            "eb.rule.ec2api",
            arn("events", "target/hibernate-instance/rule/shop/placed/strange"),
        ),
        ("hook", "eb.rule.apidest", arn("events", "api-destination/hook/0000")),
    ]
    forwarded = {edge.label for edge in found if edge.meaning is Meaning.FORWARDS}
    assert forwarded == {"placed/delivery", "placed/hook"}


def test_nothing_that_a_target_is_given_is_kept():
    assert "CANARY" not in repr(read(MORE_TARGETS, PLACED, BUS))


def test_an_edge_says_who_performs_how_often_it_is_tried_and_who_manages_the_rule():
    rule = {**PLACED, "ManagedBy": "events.amazonaws.com", "RoleArn": "arn:aws:iam::1:role/rule"}
    delivery, *others = edges(read(MORE_TARGETS, rule, BUS))
    assert delivery.attributes == {
        "managed_by": "events.amazonaws.com",
        "role": "arn:aws:iam::111122223333:role/deliver",
        "retries": 4,
        "retry_seconds": 3600,
    }
    by_label = {edge.label: edge for edge in others}
    assert by_label["placed/strange"].attributes["role"] == "arn:aws:iam::1:role/rule"


def test_what_a_rule_calls_of_ec2_is_an_actor_with_the_targets_role():
    facts = read(MORE_TARGETS, PLACED, BUS)
    stop, strange = resources(facts)
    assert (stop.kind, stop.attributes["calls"]) == ("events.ec2-call", ["ec2:StopInstances"])
    assert stop.attributes["role"] == "arn:aws:iam::111122223333:role/stop"
    assert "calls" not in strange.attributes
    assert [(gap.resource, gap.code) for gap in unread(facts)] == [(strange.arn, "RoleNotKnown")]


def test_the_rule_that_fills_an_archive_is_not_stated_twice():
    rule = {**PLACED, "ManagedBy": "prod.vhs.events.aws.internal"}
    assert not read(TARGETS, rule, BUS)


def test_a_bus_has_dead_letters_of_its_own():
    [dead] = edges(read("events/describe_event_bus.dead_letters", BUS))
    assert (dead.kind, dead.source, dead.target) == ("eb.bus.dlq", SHOP, arn("sqs", "bus-dead"))
    assert dead.meaning is Meaning.ON_FAILURE
    assert not read("events/describe_event_bus.plain", BUS)


def test_an_api_destination_leads_outside_and_keeps_only_scheme_and_host():
    facts = read("events/list_api_destinations.two")
    assert {each.kind for each in resources(facts)} == {"events.api-destination"}
    assert [(edge.kind, edge.target, edge.dormant) for edge in edges(facts)] == [
        ("eb.apidest.https", "https://hooks.example.com", ""),
        ("eb.apidest.https", "https://old.example.com", "the API destination is INACTIVE"),
    ]
    assert "CANARY" not in repr(facts)


LISTED = {"ArchiveName": "orders"}


def test_an_archive_keeps_what_matches_and_is_not_replayed():
    facts = read("events/describe_archive.pattern", LISTED)
    assert [(each.kind, each.arn) for each in resources(facts)] == [
        ("events.archive", ARCHIVE),
        ("events.archived", f"{ARCHIVE}/events"),
    ]
    kept, _ = edges(facts)
    assert (kept.kind, kept.source, kept.target, kept.label) == (
        "eb.archive",
        SHOP,
        f"{ARCHIVE}/events",
        "orders",
    )
    assert filtered(kept) == {
        "source": ["shop"],
        "replay-name": [{"exists": False}],
    }
    assert "CANARY" not in repr(facts)


def test_an_archive_that_is_disabled_keeps_nothing_new():
    kept, _ = edges(read("events/describe_archive.pattern", LISTED))
    disabled, _ = edges(read("events/describe_archive.everything", LISTED))
    assert (kept.dormant, disabled.dormant) == ("", "the archive is DISABLED")
    assert filtered(disabled) == {"replay-name": [{"exists": False}]}


def test_who_starts_a_replay_brings_events_back_to_the_bus():
    _, back = edges(read("events/describe_archive.pattern", LISTED))
    assert (back.kind, back.source, back.target) == ("eb.replay", ARCHIVE, SHOP)
    [write] = [each for each in catalog.writes() if each.on == "events.archive"]
    assert write.actions == ("events:StartReplay",)


def test_only_replays_that_run_are_asked_for():
    _, call = declared("events/describe_replay.running")
    asked = wanted(call, items("events/list_replays.every_state"))
    assert [replay["State"] for replay in asked] == ["STARTING", "RUNNING"]


def test_while_a_replay_runs_what_is_archived_goes_back_to_the_bus():
    [back] = edges(read("events/describe_replay.running", {"ReplayName": "again"}))
    assert (back.kind, back.source, back.target, back.label) == (
        "eb.replay",
        f"{ARCHIVE}/events",
        SHOP,
        "again",
    )


def test_what_was_replayed_is_not_archived_again():
    kept, back = edges(read("events/describe_archive.pattern", LISTED))
    bus = Resource(SHOP, "events.bus", "", "", "shop")
    event = EventSet.scalars({("source",): strings.literal("shop")})
    replayed = catalog.carriers()["eb.replay"](event & heard(kept.filter), back, bus)
    assert isinstance(compare(replayed, heard(kept.filter)), Cannot)
    placed = heard(Filter("eventbridge.pattern", '{"source": ["shop"]}'))
    assert isinstance(compare(replayed, placed), Always)


def test_a_partners_events_enter_by_the_bus_of_the_same_name():
    facts = read("events/list_event_sources.states")
    assert [(edge.kind, edge.target, edge.dormant) for edge in edges(facts)] == [
        ("eb.partner", arn("events", "event-bus/aws.partner/example.com/shop"), ""),
        (
            "eb.partner",
            arn("events", "event-bus/aws.partner/example.com/new"),
            "the partner event source is PENDING",
        ),
    ]
    assert {each.kind for each in resources(facts)} == {"events.event-source"}


def test_a_global_endpoint_leads_to_the_buses_of_both_regions():
    facts = read("events/list_endpoints.two_regions")
    [endpoint] = resources(facts)
    assert endpoint.kind == "events.endpoint"
    assert [(edge.kind, edge.source, edge.target) for edge in edges(facts)] == [
        ("eb.endpoint", endpoint.arn, SHOP),
        ("eb.endpoint", endpoint.arn, SHOP.replace("eu-west-1", "eu-central-1")),
    ]
