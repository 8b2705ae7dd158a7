"""DMS: tasks move changes from one endpoint to another, and endpoints to what is behind them."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

ENDPOINTS = read("dms/describe_endpoints.every_store")


def endpoint(name):
    return arn("dms", f"endpoint:{name.upper()}")


def test_what_is_behind_an_endpoint_starts_it_or_is_written():
    found = [(edge.source, edge.meaning, edge.target) for edge in edges(ENDPOINTS)]
    kafka = "kafka://b-1.orders.abc123.c6.kafka.eu-west-1.amazonaws.com:9096"
    assert found == [
        (arn("rds", "cluster:orders"), Meaning.TRIGGERS, endpoint("orders")),
        (arn("rds", "db:ledger"), Meaning.TRIGGERS, endpoint("ledger")),
        (endpoint("clicks"), Meaning.WRITES, arn("kinesis", "stream/clicks")),
        (endpoint("lake"), Meaning.WRITES, "arn:aws:s3:::lake"),
        (endpoint("topics"), Meaning.WRITES, kafka),
    ]
    assert {edge.kind for edge in edges(ENDPOINTS)} == {"dms.task"}


def test_only_the_endpoint_of_dynamodb_writes_what_its_role_allows():
    calls = {each.arn: each.attributes["calls"] for each in resources(ENDPOINTS)}
    assert "dynamodb:PutItem" in calls.pop(endpoint("tables"))
    assert all(each == [] for each in calls.values())


def test_no_password_no_user_and_no_address_is_kept():
    assert "canary" not in repr(ENDPOINTS)


def test_a_task_passes_on_what_happens_at_its_source():
    running, asleep = (f"task:{name}" for name in ("RUNNING", "ASLEEP"))
    facts = read("dms/describe_replication_tasks.two")
    assert [(edge.source, edge.target, edge.dormant) for edge in edges(facts)] == [
        (endpoint("orders"), arn("dms", running), ""),
        (arn("dms", running), endpoint("clicks"), ""),
        (endpoint("orders"), arn("dms", asleep), "the task is stopped"),
        (arn("dms", asleep), endpoint("clicks"), "the task is stopped"),
    ]
    assert "canary" not in repr(facts)


def test_a_serverless_replication_does_the_same():
    facts = read("dms/describe_replication_configs.one")
    assert [each.kind for each in resources(facts)] == ["dms.replication"]
    assert [edge.target for edge in edges(facts)][-1] == endpoint("clicks")
    assert "canary" not in repr(facts)
