"""S3: notifications of every kind, and what the emulator would hide."""

from __future__ import annotations

import json

from tests.catalog.recorded import arn, edges, read, resources
from tests.rig.answers import recording
from topology import crawl
from topology.catalog import s3
from topology.catalog.service import Here
from topology.graph import Meaning

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
