"""Firehose: what streams read, the functions they ask, and every kind of destination."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, read, resources, unread
from topology import catalog, filters
from topology.graph import Filter, Meaning, Resource, canonical_json
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot

ARCHIVE = arn("firehose", "deliverystream/archive")
WRITES, FAILURE = Meaning.WRITES, Meaning.ON_FAILURE


def described(case):
    return read(f"firehose/describe_delivery_stream.{case}", "archive")


def of(kind, facts):
    return [edge for edge in edges(facts) if edge.kind == kind]


def ends(case):
    return [
        (edge.target, edge.meaning, edge.label, edge.attributes.get("prefix"))
        for edge in of("firehose.dest", described(case))
    ]


def test_it_reads_streams_from_their_names():
    found = resources(read("firehose/list_delivery_streams.two"))
    assert [(stream.arn, stream.kind) for stream in found] == [
        (ARCHIVE, "firehose.stream"),
        (arn("firehose", "deliverystream/metrics"), "firehose.stream"),
    ]


@pytest.mark.parametrize(
    ("case", "source", "label"),
    [
        ("bucket", arn("kinesis", "stream/clicks"), ""),
        ("http", arn("kafka", "cluster/events/0a1b2c3d-0000-0000-0000-000000000000-1"), "clicks"),
        ("redshift", "mysql://db.example.com", ""),
    ],
)
def test_a_stream_reads_from_a_data_stream_a_topic_or_a_database(case, source, label):
    [edge] = of("firehose.source", described(case))
    assert (edge.source, edge.target, edge.label) == (source, ARCHIVE, label)
    assert edge.meaning is Meaning.FORWARDS


def test_a_stream_that_is_being_deleted_reads_nothing_any_more():
    [edge] = of("firehose.source", described("http"))
    assert edge.dormant == "the stream is DELETING"


def test_a_stream_that_is_only_put_to_has_no_source():
    assert of("firehose.source", described("plain")) == []


def test_records_go_through_a_function_unless_that_is_switched_off():
    [asked] = of("firehose.transform", described("bucket"))
    assert (asked.source, asked.target) == (ARCHIVE, arn("lambda", "function:redact"))
    assert (asked.meaning, asked.dormant) == (Meaning.TRIGGERS, "")
    [off] = of("firehose.transform", described("plain"))
    assert off.dormant == "the transformation of records is switched off"


def test_objects_errors_originals_and_logs_go_different_ways():
    assert ends("bucket") == [
        ("arn:aws:s3:::archive", WRITES, "", "logs/!{timestamp:yyyy}/"),
        ("arn:aws:s3:::archive", FAILURE, "errors", "errors/!{firehose:error-output-type}/"),
        ("arn:aws:s3:::originals", WRITES, "source records", None),
        (arn("logs", "log-group:/aws/kinesisfirehose/archive"), FAILURE, "log", None),
    ]


def test_a_backup_that_is_switched_off_is_dormant_and_logs_that_are_off_are_none():
    found = of("firehose.dest", described("plain"))
    assert [(edge.label, edge.dormant) for edge in found] == [
        ("", ""),
        ("errors", ""),
        ("source records", "the backup in S3 is Disabled"),
    ]


def test_destinations_that_were_not_shown_are_a_gap():
    assert [gap.code for gap in unread(described("plain"))] == ["MoreDestinations"]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "http",
            [
                ("https://intake.example.com", WRITES, "", None),
                ("arn:aws:s3:::failed", FAILURE, "errors", None),
                (arn("logs", "log-group:/aws/kinesisfirehose/archive"), FAILURE, "log", None),
            ],
        ),
        (
            "redshift",
            [
                ("redshift://shop.abc123.eu-west-1.redshift.amazonaws.com", WRITES, "", None),
                ("arn:aws:s3:::staging", WRITES, "backup", "redshift/"),
                ("arn:aws:s3:::staging", FAILURE, "errors", None),
                ("arn:aws:s3:::originals", WRITES, "source records", "raw/"),
            ],
        ),
        (
            "opensearch",
            [
                (arn("es", "domain/search"), WRITES, "", None),
                ("arn:aws:s3:::documents", WRITES, "backup", None),
                ("arn:aws:s3:::documents", FAILURE, "errors", None),
            ],
        ),
        (
            "splunk",
            [
                ("https://splunk.example.com", WRITES, "", None),
                ("arn:aws:s3:::failed", FAILURE, "errors", None),
            ],
        ),
        (
            "snowflake",
            [
                ("https://shop.snowflakecomputing.com", WRITES, "", None),
                ("arn:aws:s3:::failed", FAILURE, "errors", None),
            ],
        ),
        (
            "serverless",
            [
                ("https://abc.eu-west-1.aoss.amazonaws.com", WRITES, "", None),
                ("arn:aws:s3:::failed", FAILURE, "errors", None),
            ],
        ),
        (
            "iceberg",
            [
                (arn("glue", "catalog"), WRITES, "", None),
                ("arn:aws:s3:::lake", WRITES, "tables", None),
                ("arn:aws:s3:::failed", FAILURE, "errors", None),
            ],
        ),
    ],
)
def test_it_reads_every_kind_of_destination(case, expected):
    assert ends(case) == expected


@pytest.mark.parametrize("case", ["http", "redshift", "splunk", "snowflake"])
def test_no_token_password_path_or_user_is_kept(case):
    assert "canary" not in repr(described(case))


def test_tables_whose_buckets_only_the_catalog_tells_are_a_gap_and_s3_tables_are_none():
    [gap] = unread(described("iceberg"))
    assert (gap.resource, gap.code, gap.action) == (ARCHIVE, "TableLocationUnread", "glue:GetTable")
    assert unread(described("s3_tables")) == []


def test_a_destination_that_says_no_address_is_a_gap():
    assert [gap.code for gap in unread(described("not_yet_known"))] == ["DestinationUnnamed"]


def heard(prefix, event="s3:ObjectCreated:*"):
    rules = [{"Name": "prefix", "Value": prefix}]
    document = {"Events": [event], "Filter": {"Key": {"FilterRules": rules}}}
    return filters.heard(Filter("s3.notification", canonical_json(document)))


def written(case, label):
    [edge] = [
        edge
        for edge in of("firehose.dest", described(case))
        if (edge.label, edge.target.split(":")[2]) == (label, "s3")
    ]
    bucket = Resource(edge.target, "s3.bucket", "", "", "")
    return catalog.carriers()["firehose.dest"](EventSet.anything(), edge, bucket)


def test_an_objects_key_begins_with_the_fixed_part_of_its_prefix():
    events = written("bucket", "")
    assert isinstance(compare(events, heard("logs/")), Always)
    assert isinstance(compare(events, heard("in/")), Cannot)
    assert isinstance(compare(events, heard("", "s3:ObjectRemoved:*")), Cannot)


def test_without_a_prefix_it_begins_with_a_year():
    events = written("plain", "")
    assert isinstance(compare(events, heard("in/")), Cannot)
    assert not isinstance(compare(events, heard("2026/")), Cannot)


@pytest.mark.parametrize(
    ("case", "label"),
    [("plain", "errors"), ("bucket", "source records"), ("opensearch", "backup")],
)
def test_of_the_keys_of_errors_and_backups_without_a_prefix_nothing_is_claimed(case, label):
    assert not isinstance(compare(written(case, label), heard("in/")), Cannot)


def test_of_what_reaches_a_log_group_or_a_web_address_nothing_is_claimed():
    carrier = catalog.carriers()["firehose.dest"]
    for edge in of("firehose.dest", described("http")):
        if not edge.target.startswith("arn:aws:s3"):
            target = Resource(edge.target, "", "", "", "")
            assert carrier(EventSet.anything(), edge, target) == EventSet.anything()
