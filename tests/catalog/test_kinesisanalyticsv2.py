"""Managed Flink: applications act under their role; those in SQL say what they read and write."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.catalog.service import Mention
from topology.graph import Meaning

[LISTED] = items("kinesisanalyticsv2/list_applications.one")
FLINK = read("kinesisanalyticsv2/describe_application.flink", LISTED)
SQL = arn("kinesisanalytics", "application/averages")


def test_an_application_acts_under_its_role():
    [application] = resources(FLINK)
    assert application.kind == "kinesisanalytics.application"
    assert application.attributes == {"role": "arn:aws:iam::111122223333:role/totals"}
    assert edges(FLINK) == []


def test_its_properties_are_only_looked_up():
    mentions = [fact for fact in FLINK if isinstance(fact, Mention)]
    assert (mentions[0].variable, mentions[0].value) == ("streams.out", "totals")
    assert "canary" not in repr(FLINK)


def test_an_application_in_sql_names_what_it_reads_cleans_and_writes():
    found = edges(read("kinesisanalyticsv2/describe_application.sql", LISTED))
    assert [(edge.source, edge.meaning, edge.target) for edge in found] == [
        (arn("kinesis", "stream/clicks"), Meaning.TRIGGERS, SQL),
        (SQL, Meaning.TRIGGERS, arn("lambda", "function:clean")),
        (SQL, Meaning.WRITES, arn("firehose", "deliverystream/averages")),
        (SQL, Meaning.WRITES, arn("lambda", "function:alert")),
    ]
    assert {(edge.kind, edge.dormant) for edge in found} == {
        ("flink.app", "the application is READY")
    }
