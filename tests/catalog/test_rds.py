"""RDS: the roles databases call other services with, activity streams, and event topics."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, wanted
from topology.catalog import rds
from topology.graph import Meaning

CLUSTERS, INSTANCES = "rds/describe_db_clusters.calls", "rds/describe_db_instances.two"
ORDERS, LEDGER, REPORTS = (
    arn("rds", "cluster:orders"),
    arn("rds", "db:ledger"),
    arn("rds", "db:reports"),
)
ONE, ALL, OF_CLUSTERS, SNAPSHOTS, GROUPS = items("rds/describe_event_subscriptions.every_type")
TOPIC = arn("sns", "database-events")


def of_kind(facts, kind):
    return [edge for edge in edges(facts) if edge.kind == kind]


def test_a_database_calls_other_services_with_every_role_it_has():
    facts = list(rds.cluster(HERE, items(CLUSTERS)[0]))
    found = {each.arn: each for each in resources(facts)}
    caller = found[f"{ORDERS}/role/calls"]
    assert caller.kind == "rds.caller"
    assert caller.attributes == {
        "role": "arn:aws:iam::111122223333:role/db/calls",
        "calls": ["lambda:InvokeFunction"],
    }
    assert found[f"{ORDERS}/role/exports"].attributes["calls"] == ["s3:PutObject"]


def test_a_role_without_a_feature_may_be_used_for_all_it_allows():
    facts = list(rds.cluster(HERE, items(CLUSTERS)[1]))
    [caller] = [each for each in resources(facts) if each.kind == "rds.caller"]
    assert caller.attributes == {"role": "arn:aws:iam::111122223333:role/mysql"}


def test_what_is_done_in_a_database_starts_what_it_calls():
    found = of_kind(read(CLUSTERS), "rds.lambda") + of_kind(read(INSTANCES), "rds.lambda")
    assert [(edge.source, edge.target, edge.label) for edge in found] == [
        (ORDERS, f"{ORDERS}/role/calls", "Lambda"),
        (ORDERS, f"{ORDERS}/role/exports", "s3Export"),
        (arn("rds", "cluster:mysql"), arn("rds", "cluster:mysql/role/mysql"), ""),
        (LEDGER, f"{LEDGER}/role/ledger", "Lambda"),
    ]
    assert {edge.meaning for edge in found} == {Meaning.TRIGGERS}


def test_an_activity_stream_is_fed_by_its_cluster_until_it_is_stopped():
    started, stopped = of_kind(read(CLUSTERS), "rds.activitystream")
    assert started.target == arn("kinesis", "stream/aws-rds-das-cluster-abc")
    assert [started.dormant, stopped.dormant] == ["", "the activity stream is stopped"]


def test_a_database_without_roles_and_streams_leads_nowhere():
    facts = read("rds/describe_db_clusters.plain")
    assert [each.arn for each in resources(facts)] == [arn("rds", "cluster:documents")]
    assert edges(facts) == []


def test_no_user_of_a_database_is_kept():
    assert "canary" not in repr([read(CLUSTERS), read(INSTANCES)])


@pytest.mark.parametrize(
    ("subscription", "sources"),
    [(ONE, [LEDGER]), (ALL, [LEDGER, REPORTS]), (SNAPSHOTS, [LEDGER, REPORTS])],
)
def test_a_topic_hears_of_the_instances_that_are_subscribed_to(subscription, sources):
    found = edges(
        fact
        for instance in items(INSTANCES)
        for fact in rds.instance_events(HERE, instance, subscription)
    )
    assert [edge.source for edge in found] == sources
    assert {(edge.target, edge.kind) for edge in found} == {(TOPIC, "rds.events")}


def test_only_subscriptions_that_may_hear_of_a_kind_are_asked_about():
    listed = [ONE, ALL, OF_CLUSTERS, SNAPSHOTS, GROUPS]
    assert wanted(rds.instances_heard, listed) == [ONE, ALL, SNAPSHOTS]
    assert wanted(rds.clusters_heard, listed) == [ALL, OF_CLUSTERS]


def test_a_subscription_switched_off_is_dormant():
    [edge] = edges(rds.cluster_events(HERE, items(CLUSTERS)[0], OF_CLUSTERS))
    assert (edge.source, edge.dormant) == (ORDERS, "the subscription is switched off")


def test_events_of_other_things_enter_at_the_subscription():
    facts = read("rds/describe_event_subscriptions.every_type")
    assert [edge.source for edge in edges(facts)] == [arn("rds", "es:groups")]
    assert [each.kind for each in resources(facts)] == ["rds.es"]
