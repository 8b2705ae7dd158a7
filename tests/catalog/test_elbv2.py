"""Elastic Load Balancing: functions as targets, and access logs."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, wanted
from topology.catalog import elbv2
from topology.graph import Meaning

GROUPS = "elbv2/describe_target_groups.every_type"
HEALTH = "elbv2/describe_target_health.function"
ORDERS, UNUSED, WEB = items(GROUPS)
(SHOP,) = items("elbv2/describe_load_balancers.one")


def test_only_target_groups_of_functions_are_asked_for_their_targets():
    assert wanted(elbv2.health, items(GROUPS)) == [ORDERS, UNUSED]


def test_a_target_group_triggers_its_function():
    [edge] = edges(read(HEALTH, ORDERS))
    assert (edge.kind, edge.meaning) == ("elbv2.lambda", Meaning.TRIGGERS)
    assert (edge.source, edge.target) == (
        ORDERS["TargetGroupArn"],
        arn("lambda", "function:orders"),
    )
    assert edge.attributes == {"qualifier": "live"}
    assert not edge.dormant


def test_a_target_group_that_no_load_balancer_uses_is_dormant():
    [edge] = edges(read(HEALTH, UNUSED))
    assert edge.dormant == "no load balancer uses it"


def test_a_load_balancer_writes_its_logs_to_a_bucket():
    facts = read("elbv2/describe_load_balancer_attributes.logs", SHOP)
    assert [(e.kind, e.label, e.target, bool(e.dormant)) for e in edges(facts)] == [
        ("elbv2.accesslogs", "access_logs", "arn:aws:s3:::lb-logs", False),
        ("elbv2.accesslogs", "connection_logs", "arn:aws:s3:::lb-logs", True),
    ]
    assert edges(facts)[0].attributes == {"prefix": "shop"}
    assert "canary" not in repr(facts)


def test_a_load_balancer_without_logs_has_no_edge():
    assert edges(read("elbv2/describe_load_balancer_attributes.no_logs", SHOP)) == []
