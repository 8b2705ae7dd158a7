"""Kinesis: data streams, and the channels that copy them."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources
from topology.catalog import kinesis
from topology.graph import Meaning

CLICKS = arn("kinesis", "stream/clicks")
ARCHIVE, LAKE = items("kinesis/list_channels.two")


def test_it_reads_streams():
    found = resources(read("kinesis/list_streams.two"))
    assert [(stream.arn, stream.kind, stream.name) for stream in found] == [
        (CLICKS, "kinesis.stream", "clicks"),
        (arn("kinesis", "stream/changes"), "kinesis.stream", "changes"),
    ]


def test_an_empty_document_is_no_policy():
    for document in ("", "{}"):
        [stream] = resources(kinesis.policy(HERE, {"Policy": document}, {"StreamARN": CLICKS}))
        assert stream.attributes == {"policy": None}


def test_a_channel_writes_its_stream_to_a_bucket_and_what_fails_to_another():
    found = edges(read("kinesis/describe_channel.bucket", ARCHIVE))
    assert [(e.kind, e.source, e.target, e.meaning, e.label) for e in found] == [
        ("kinesis.channel", CLICKS, "arn:aws:s3:::archive", Meaning.WRITES, "archive"),
        ("kinesis.channel", CLICKS, "arn:aws:s3:::failed", Meaning.ON_FAILURE, "archive/failed"),
    ]
    assert not any(edge.dormant for edge in found)


def test_a_channel_that_failed_is_dormant_and_its_reason_is_not_kept():
    facts = read("kinesis/describe_channel.tables_failed", LAKE)
    assert [(edge.target, edge.dormant) for edge in edges(facts)] == [
        (arn("s3tables", "bucket/lake"), "the channel is FAILED"),
        ("arn:aws:s3:::failed", "the channel is FAILED"),
    ]
    assert "canary" not in repr(facts)
