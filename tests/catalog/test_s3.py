"""S3: notifications of every kind, and what the emulator would hide."""

from __future__ import annotations

import json

from tests.catalog.recorded import HERE, arn, edges, read, resources
from tests.rig.answers import recording
from topology import crawl, filters
from topology.analysis import analyse
from topology.catalog import s3
from topology.catalog.service import Here
from topology.catalog.wiring import resource
from topology.graph import Meaning, graph
from topology.sets.events import EventSet, compare
from topology.sets.strings import ANY, literal, prefix
from topology.verdict import Always, Cannot, LoopVerdict, Unknown

EVERY = "s3/get_bucket_notification_configuration.every_kind"
BUCKET = {"Name": "uploads"}


def test_it_reads_one_edge_per_configuration():
    found = edges(read(EVERY, BUCKET))
    assert [(e.kind, e.label, e.target, e.meaning) for e in found] == [
        ("s3.notif.lambda", "to-json", arn("lambda", "function:to-json"), Meaning.TRIGGERS),
        ("s3.notif.sqs", "to-queue", arn("sqs", "uploads"), Meaning.FORWARDS),
        ("s3.notif.sns", "to-topic", arn("sns", "uploads"), Meaning.FORWARDS),
        ("s3.notif.sns", "to-topic-too", arn("sns", "uploads"), Meaning.FORWARDS),
        ("s3.notif.eventbridge", "", arn("events", "event-bus/default"), Meaning.FORWARDS),
    ]
    assert {edge.source for edge in found} == {"arn:aws:s3:::uploads"}
    assert len({edge.id for edge in found}) == 5


def test_events_and_key_filter_are_one_document():
    first, second, *_ = edges(read(EVERY, BUCKET))
    assert first.filter
    assert second.filter
    assert first.filter.language == "s3.notification"
    assert json.loads(first.filter.document) == {
        "Events": ["s3:ObjectCreated:Copy", "s3:ObjectCreated:Put"],
        "Filter": {"Key": {"FilterRules": [{"Name": "Suffix", "Value": ".csv"}]}},
    }
    assert json.loads(second.filter.document) == {"Events": ["s3:ObjectCreated:*"], "Filter": {}}


def test_the_default_bus_hears_everything():
    assert edges(read(EVERY, BUCKET))[-1].filter is None


def test_a_bucket_without_notifications_has_no_edge():
    assert read("s3/get_bucket_notification_configuration.nothing", BUCKET) == []


def test_a_bucket_of_another_partition_keeps_it():
    china = Here("aws-cn", "111122223333", "cn-north-1")
    [bucket] = resources(s3.bucket(china, BUCKET))
    assert bucket.arn == "arn:aws-cn:s3:::uploads"
    *_, to_bus = edges(s3.notification(china, recording(EVERY), BUCKET))
    assert to_bus.target == "arn:aws-cn:events:cn-north-1:111122223333:event-bus/default"


def test_the_switch_to_eventbridge_is_read_over_the_wire(aws, proxy):
    aws.client("s3").create_bucket(
        Bucket=f"uploads-{aws.id}", CreateBucketConfiguration={"LocationConstraint": aws.region}
    )
    proxy.answer(recording(EVERY), "s3.GetBucketNotificationConfiguration")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    assert "s3.notif.eventbridge" in {edge.kind for edge in observation.edges}
    assert len(observation.edges) == 5


def test_only_the_buckets_of_the_region_are_read(aws):
    for region in ("eu-west-1", "eu-central-1"):
        aws.client("s3", region).create_bucket(
            Bucket=f"{region}-{aws.id}", CreateBucketConfiguration={"LocationConstraint": region}
        )
    observation = crawl.observe(aws.connection, aws.identity, "eu-central-1")
    buckets = [r for r in observation.resources if r.kind == "s3.bucket"]
    assert [(r.name, r.region) for r in buckets] == [(f"eu-central-1-{aws.id}", "eu-central-1")]


def heard(edge):
    """What the filter of an edge lets through: event names and rules of the key."""
    document = json.loads(edge.filter.document)
    return document["Events"], document["Filter"]["Key"]["FilterRules"]


def test_a_replication_rule_is_an_edge_with_its_prefix():
    facts = read("s3/get_bucket_replication.every_filter", BUCKET)
    invoices, tagged, one_tag = edges(facts)
    assert (invoices.kind, invoices.label) == ("s3.replication", "invoices")
    assert (invoices.source, invoices.target) == ("arn:aws:s3:::uploads", "arn:aws:s3:::archive")
    assert heard(invoices)[1] == [{"Name": "prefix", "Value": "invoices/"}]
    assert tagged.target == "arn:aws:s3:::archive-abroad"
    assert not invoices.dormant
    assert "Disabled" in one_tag.dormant
    assert "canary" not in repr(facts)


def test_a_replication_rule_hears_deletions_only_as_delete_markers_it_asks_for():
    invoices, tagged, _ = edges(read("s3/get_bucket_replication.every_filter", BUCKET))
    (first,) = edges(read("s3/get_bucket_replication.first_version", BUCKET))
    for edge, has_markers in ((invoices, True), (tagged, False), (first, True)):
        events, _ = heard(edge)
        assert ("s3:ObjectRemoved:DeleteMarkerCreated" in events) is has_markers
        assert "s3:ObjectRemoved:Delete" not in events


def test_a_replication_rule_for_tags_is_not_decided():
    _, tagged, one_tag = edges(read("s3/get_bucket_replication.every_filter", BUCKET))
    for edge, key in ((tagged, "scans/a"), (one_tag, "a")):
        put = {("eventName",): literal("ObjectCreated:Put"), s3.KEY: literal(key)}
        assert isinstance(compare(EventSet.scalars(put), filters.heard(edge.filter)), Unknown)


def test_a_replication_rule_without_a_filter_takes_every_upload():
    (edge,) = edges(read("s3/get_bucket_replication.first_version", BUCKET))
    put = EventSet.scalars({("eventName",): literal("ObjectCreated:Put"), s3.KEY: ANY})
    assert isinstance(compare(put, filters.heard(edge.filter)), Always)
    gone = EventSet.scalars({("eventName",): literal("ObjectRemoved:Delete"), s3.KEY: ANY})
    assert isinstance(compare(gone, filters.heard(edge.filter)), Cannot)


def test_a_replica_has_the_key_of_its_source():
    (edge,) = edges(read("s3/get_bucket_replication.first_version", BUCKET))
    [bucket] = resources(s3.bucket(HERE, {"Name": "archive"}))
    put = EventSet.scalars({("eventName",): literal("ObjectCreated:Put"), s3.KEY: prefix("in/")})
    expected = EventSet.scalars({s3.KEY: prefix("in/")})
    assert s3.service.carriers["s3.replication"](put, edge, bucket) == expected


def test_access_logs_go_to_a_bucket_under_their_prefix():
    facts = read("s3/get_bucket_logging.into_another_bucket", BUCKET)
    (edge,) = edges(facts)
    assert (edge.kind, edge.meaning) == ("s3.logging", Meaning.WRITES)
    assert (edge.source, edge.target) == ("arn:aws:s3:::uploads", "arn:aws:s3:::logs")
    [bucket] = resources(s3.bucket(HERE, {"Name": "logs"}))
    logged = s3.service.carriers["s3.logging"](EventSet.anything(), edge, bucket)
    assert logged == EventSet.scalars({s3.KEY: prefix("access/uploads/")})
    assert "canary" not in repr(facts)


def test_a_bucket_that_logs_into_itself_is_a_loop():
    (edge,) = edges(read("s3/get_bucket_logging.into_itself", BUCKET))
    found = analyse(graph(resources(s3.bucket(HERE, BUCKET)), [edge]))
    assert [loop.verdict for loop in found.loops] == [LoopVerdict.LIVE]


def test_two_buckets_that_log_into_each_other_are_a_loop():
    nodes = resources([*s3.bucket(HERE, BUCKET), *s3.bucket(HERE, {"Name": "logs"})])
    (there,) = edges(read("s3/get_bucket_logging.into_another_bucket", BUCKET))
    (back,) = edges(read("s3/get_bucket_logging.into_itself", {"Name": "logs"}))
    assert [loop.verdict for loop in analyse(graph(nodes, [there, back])).loops] == ["live"]
    assert analyse(graph(nodes, [there])).loops == ()


def test_a_bucket_without_access_logs_has_no_edge():
    assert read("s3/get_bucket_logging.nothing", BUCKET) == []


def test_an_inventory_begins_by_the_clock_and_not_at_its_bucket():
    facts = read("s3/list_bucket_inventory_configurations.two", BUCKET)
    daily, weekly = edges(facts)
    assert (daily.kind, daily.label, daily.target) == ("s3.inventory", "daily", "arn:aws:s3:::logs")
    assert weekly.dormant
    assert [r.arn for r in resources(facts)] == [daily.source, weekly.source]
    assert daily.source == arn("s3", "inventory/uploads/daily")
    assert "canary" not in repr(facts)


def test_an_event_without_a_name_on_the_bus_is_none_of_the_named_ones():
    (*_, to_bus) = edges(read(EVERY, BUCKET))
    [bus] = resources([resource(HERE, to_bus.target, "events.bus")])
    annotated = EventSet.scalars({("eventName",): literal("ObjectAnnotation:Put"), s3.KEY: ANY})
    told = s3.on_the_bus(annotated, to_bus, bus)
    anything = EventSet.demands({("source",): literal("aws.s3")})
    created = EventSet.demands({("detail-type",): literal("Object Created")})
    assert isinstance(compare(told, anything), Always)
    assert isinstance(compare(told, created), Cannot)


def test_every_event_of_a_write_has_a_way_to_the_bus():
    raised = {name for write in s3.service.writes for name in _names(write)}
    assert raised == {*s3.ON_THE_BUS, *s3.UNNAMED}


def _names(write):
    return {
        name
        for name in (*s3.ON_THE_BUS, *s3.UNNAMED)
        if name in write.raises.boxes[0].fields[s3.NAME]
    }
