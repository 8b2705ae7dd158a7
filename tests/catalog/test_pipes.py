"""EventBridge Pipes: what they poll, who enriches it, and where it goes."""

from __future__ import annotations

import json

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources, unread
from tests.rig.answers import RECORDINGS
from topology.graph import Meaning

RUNNING, STOPPED = items("pipes/list_pipes.two")
ROLE = "arn:aws:iam::111122223333:role/pipe"
CASES = sorted(
    path.stem.removeprefix("describe_pipe.")
    for path in (RECORDINGS / "pipes").glob("describe_pipe.*.json")
)


def described(case):
    return read(f"pipes/describe_pipe.{case}", RUNNING)


def by_kind(case):
    return {edge.kind: edge for edge in edges(described(case))}


def test_it_reads_pipes():
    found = resources(read("pipes/list_pipes.two"))
    assert [(each.kind, each.arn) for each in found] == [
        ("pipes.pipe", arn("pipes", "pipe/refill")),
        ("pipes.pipe", arn("pipes", "pipe/paused")),
    ]


@pytest.mark.parametrize(
    ("case", "kind", "source", "language"),
    [
        ("queue", "pipe.source.sqs", arn("sqs", "orders"), "pipes.criteria.sqs"),
        ("stream", "pipe.source.kinesis", arn("kinesis", "stream/clicks"), ""),
        (
            "table",
            "pipe.source.dynamodb",
            arn("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000"),
            "",
        ),
        ("msk", "pipe.source.msk", arn("kafka", "cluster/main/0a-1"), "pipes.criteria.kafka"),
        ("kafka", "pipe.source.selfkafka", "kafka://a.example.com:9092", "pipes.criteria.kafka"),
        ("broker", "pipe.source.mq", arn("mq", "broker:main:b-0a"), "pipes.criteria.mq"),
    ],
)
def test_a_pipe_polls_its_source_through_its_filter(case, kind, source, language):
    edge = by_kind(case)[kind]
    assert (edge.source, edge.meaning) == (source, Meaning.FORWARDS)
    assert edge.target.startswith(arn("pipes", "pipe/"))
    assert (edge.filter.language if edge.filter else "") == language


def test_a_filter_is_kept_as_aws_stores_it():
    document = json.loads(by_kind("queue")["pipe.source.sqs"].filter.document)
    assert document == {"Filters": [{"Pattern": '{"body": {"state": ["new"]}}'}]}


@pytest.mark.parametrize(
    ("case", "kind", "pattern"),
    [
        ("msk", "pipe.source.msk", {"topic": ["orders"], "value": {"state": ["new"]}}),
        ("kafka", "pipe.source.selfkafka", {"topic": ["orders"]}),
    ],
)
def test_a_pipe_hears_one_topic_of_a_cluster(case, kind, pattern):
    [found] = json.loads(by_kind(case)[kind].filter.document)["Filters"]
    assert json.loads(found["Pattern"]) == pattern


def test_a_pipe_that_is_stopped_polls_nothing():
    assert by_kind("stream")["pipe.source.kinesis"].dormant == "the pipe is STOPPED"
    assert by_kind("queue")["pipe.source.sqs"].dormant == ""


@pytest.mark.parametrize(
    ("case", "kind", "target", "meaning"),
    [
        ("queue", "pipe.target.lambda", arn("lambda", "function:work"), Meaning.TRIGGERS),
        ("kafka", "pipe.target.sfn", arn("states", "stateMachine:fulfil"), Meaning.TRIGGERS),
        ("stream", "pipe.target.sqs", arn("sqs", "jobs"), Meaning.FORWARDS),
        ("table", "pipe.target.sns", arn("sns", "news"), Meaning.FORWARDS),
        ("broker", "pipe.target.kinesis", arn("kinesis", "stream/clicks"), Meaning.FORWARDS),
        ("msk", "pipe.target.bus", arn("events", "event-bus/shop"), Meaning.FORWARDS),
        ("task", "pipe.target.ecs", arn("ecs", "task-definition/report"), Meaning.TRIGGERS),
        ("job", "pipe.target.batch", arn("batch", "job-definition/report"), Meaning.TRIGGERS),
        (
            "to_firehose",
            "pipe.target.firehose",
            arn("firehose", "deliverystream/lake"),
            Meaning.FORWARDS,
        ),
        ("to_logs", "pipe.target.logs", arn("logs", "log-group:/records"), Meaning.FORWARDS),
        (
            "to_apidest",
            "pipe.target.apidest",
            arn("events", "api-destination/hook/0000"),
            Meaning.FORWARDS,
        ),
        (
            "to_apigw",
            "pipe.target.apigw",
            arn("execute-api", "a1b2c3"),
            Meaning.TRIGGERS,
        ),
        ("to_redshift", "pipe.target.redshift", arn("redshift", "cluster:dwh"), Meaning.TRIGGERS),
        (
            "to_sagemaker",
            "pipe.target.sagemaker",
            arn("sagemaker", "pipeline/train"),
            Meaning.TRIGGERS,
        ),
        (
            "to_timestream",
            "pipe.target.timestream",
            arn("timestream", "database/metrics/table/clicks"),
            Meaning.FORWARDS,
        ),
        (
            "to_inspector",
            "pipe.target.inspector",
            arn("inspector", "target/0-a/template/0-b"),
            Meaning.TRIGGERS,
        ),
    ],
)
def test_a_pipe_has_one_target_in_the_role_of_the_pipe(case, kind, target, meaning):
    edge = by_kind(case)[kind]
    assert (edge.target, edge.meaning) == (target, meaning)
    assert edge.attributes["role"] == ROLE


def test_a_template_stands_for_the_record():
    assert by_kind("table")["pipe.target.sns"].attributes["input"] == "made"
    assert "input" not in by_kind("queue")["pipe.target.lambda"].attributes


@pytest.mark.parametrize(
    ("case", "target", "meaning"),
    [
        ("enriched", arn("lambda", "function:price"), Meaning.TRIGGERS),
        ("enriched_outside", arn("events", "api-destination/prices/0000"), Meaning.FORWARDS),
    ],
)
def test_the_answer_of_an_enrichment_goes_on_for_the_record(case, target, meaning):
    found = by_kind(case)
    asked = found["pipe.enrichment"]
    assert (asked.target, asked.meaning) == (target, meaning)
    assert found["pipe.target.sqs"].attributes["input"] == "made"


def test_an_empty_enrichment_is_none():
    found = by_kind("stream")
    assert "pipe.enrichment" not in found
    assert "input" not in found["pipe.target.sqs"].attributes


def test_a_pipe_says_the_source_of_what_it_puts_on_a_bus_unless_the_record_does():
    assert by_kind("msk")["pipe.target.bus"].attributes["entry"] == {"source": "shop"}


def test_records_that_are_given_up_go_to_the_dead_letters_of_the_stream():
    for case, target in (("stream", arn("sqs", "given-up")), ("table", arn("sns", "given-up"))):
        edge = by_kind(case)["pipe.dlq"]
        assert (edge.target, edge.meaning) == (target, Meaning.ON_FAILURE)


def test_a_pipe_writes_its_logs_to_every_destination():
    found = [edge for edge in edges(described("queue")) if edge.kind == "pipe.logs"]
    assert [(edge.target, edge.meaning, edge.dormant) for edge in found] == [
        (arn("logs", "log-group:/aws/vendedlogs/pipes/refill"), Meaning.WRITES, ""),
        (arn("firehose", "deliverystream/lake"), Meaning.WRITES, ""),
        ("arn:aws:s3:::pipe-logs", Meaning.WRITES, ""),
    ]
    assert by_kind("stream")["pipe.logs"].dormant == "the pipe logs nothing"


@pytest.mark.parametrize(
    ("case", "codes"),
    [
        ("any_task", ["DefinitionNotKnown", "TaskRoleOverridden"]),
        ("endpoint", ["EndpointNotFollowed"]),
        ("task", []),
    ],
)
def test_what_only_the_record_or_a_run_can_tell_is_a_gap(case, codes):
    assert [gap.code for gap in unread(described(case))] == codes


def test_a_task_that_depends_on_the_record_leaves_the_cluster_as_the_target():
    assert by_kind("any_task")["pipe.target.ecs"].target == arn("ecs", "cluster/main")


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_a_pipe_is_given_is_kept(case):
    assert "CANARY" not in repr(described(case))
