"""DynamoDB: tables, their live streams, their Kinesis streams, and their replicas."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources, wanted
from topology import catalog, filters
from topology.catalog import dynamodb
from topology.graph import Filter, Meaning, Resource, canonical_json
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot

TABLE = arn("dynamodb", "table/orders")
STREAM = arn("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000")
INSERTED = EventSet.scalars(
    {
        ("eventName",): strings.literal("INSERT"),
        ("dynamodb", "Keys", "id", "S"): strings.prefix("order-"),
    }
)
REMOVED = EventSet.scalars({("eventName",): strings.literal("REMOVE")})


def carried(edge, events):
    target = Resource(edge.target, "", "", "", "")
    return catalog.carriers()[edge.kind](events, edge, target)


def hears(pattern, source="dynamodb"):
    criteria = {"Filters": [{"Pattern": canonical_json(pattern)}]}
    return filters.heard(Filter(f"lambda.criteria.{source}", canonical_json(criteria)))


def test_it_reads_tables_from_their_names():
    assert [(table.arn, table.name) for table in resources(read("dynamodb/list_tables.two"))] == [
        (arn("dynamodb", "table/orders"), "orders"),
        (arn("dynamodb", "table/customers"), "customers"),
    ]


def test_a_live_stream_forwards_what_its_table_is_told():
    facts = read("dynamodb/describe_table.stream", "orders")
    assert [stream.arn for stream in resources(facts)] == [STREAM]
    [edge] = edges(facts)
    assert (edge.source, edge.target) == (arn("dynamodb", "table/orders"), STREAM)
    assert (edge.kind, edge.meaning) == ("ddb.stream", Meaning.FORWARDS)


def test_the_arn_of_a_stream_switched_off_is_no_stream():
    assert read("dynamodb/describe_table.stream_switched_off", "orders") == []


def test_it_knows_a_partition_key_whose_values_are_strings():
    [table] = resources(read("dynamodb/describe_table.keys", "orders"))
    assert table.attributes == {"partition_key": "customer"}
    assert read("dynamodb/describe_table.number_key", "orders") == []


DESCRIBED = items("dynamodb/describe_table.stream")[0]


def test_only_a_table_with_a_live_stream_is_asked_whether_its_items_expire():
    off = items("dynamodb/describe_table.stream_switched_off")[0]
    assert wanted(dynamodb.expiry, [DESCRIBED, off]) == [DESCRIBED]


def test_what_is_put_into_a_table_whose_items_expire_is_removed_some_day():
    [unknown] = edges(read("dynamodb/describe_table.stream", "orders"))
    [expiring] = edges(read("dynamodb/describe_time_to_live.enabled", DESCRIBED, "orders"))
    by_ttl = {"eventName": ["REMOVE"], "userIdentity": {"principalId": ["dynamodb.amazonaws.com"]}}
    for edge in (unknown, expiring):
        events = carried(edge, INSERTED)
        assert not isinstance(compare(events, hears(by_ttl)), Cannot)
        assert not isinstance(compare(events, hears({"eventName": ["INSERT"]})), Cannot)
        assert isinstance(compare(events, hears({"eventName": ["MODIFY"]})), Cannot)
        other_key = {"dynamodb": {"Keys": {"id": {"S": ["invoice-1"]}}}}
        assert isinstance(compare(events, hears(other_key)), Cannot)


def test_where_nothing_expires_the_stream_is_the_same_and_a_put_is_no_removal():
    [unknown] = edges(read("dynamodb/describe_table.stream", "orders"))
    [edge] = edges(read("dynamodb/describe_time_to_live.disabled", DESCRIBED, "orders"))
    assert edge.id == unknown.id
    assert carried(edge, INSERTED) == INSERTED
    assert isinstance(compare(carried(edge, INSERTED), hears({"eventName": ["REMOVE"]})), Cannot)


def test_what_was_removed_does_not_expire_as_well():
    [edge] = edges(read("dynamodb/describe_time_to_live.enabled", DESCRIBED, "orders"))
    assert carried(edge, REMOVED) == REMOVED


def test_a_kinesis_stream_hears_of_changes_unless_it_is_switched_off():
    facts = read("dynamodb/describe_kinesis_streaming_destination.states", "orders")
    assert [(e.kind, e.source, e.target, e.meaning, e.dormant) for e in edges(facts)] == [
        ("ddb.kinesis", TABLE, arn("kinesis", f"stream/{name}"), Meaning.FORWARDS, dormant)
        for name, dormant in (
            ("changes", ""),
            ("new", ""),
            ("old", "the streaming destination is DISABLED"),
        )
    ]
    assert "canary" not in repr(facts)


def test_a_kinesis_stream_may_hear_that_an_item_expired():
    changes, *_ = edges(read("dynamodb/describe_kinesis_streaming_destination.states", "orders"))
    removed = hears({"data": {"eventName": ["REMOVE"]}}, "kinesis")
    assert not isinstance(compare(carried(changes, INSERTED), removed), Cannot)


def test_every_other_replica_takes_what_the_table_is_told():
    found = edges(read("dynamodb/describe_table.replicas", "orders"))
    table = "arn:aws:dynamodb:{}:111122223333:table/orders"
    assert [(e.kind, e.source, e.target, e.dormant) for e in found] == [
        ("ddb.global", TABLE, table.format("us-east-1"), ""),
        ("ddb.global", TABLE, table.format("eu-central-1"), ""),
        ("ddb.global", TABLE, table.format("ap-east-1"), "the replica is REGION_DISABLED"),
    ]
    assert {edge.meaning for edge in found} == {Meaning.FORWARDS}


@pytest.mark.parametrize(
    ("events", "heard", "missed"),
    [(INSERTED, ["INSERT", "MODIFY"], ["REMOVE"]), (REMOVED, ["REMOVE"], ["INSERT", "MODIFY"])],
)
def test_what_is_new_here_may_be_known_to_a_replica_but_a_removal_stays_one(events, heard, missed):
    replica, *_ = edges(read("dynamodb/describe_table.replicas", "orders"))
    there = carried(replica, events)
    assert isinstance(compare(there, hears({"eventName": heard})), Always)
    assert isinstance(compare(there, hears({"eventName": missed})), Cannot)
