"""The report: one verdict from one function, one contract, the same bytes."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest

from tests.analysis.test_analyse import shuffled
from tests.reports.written import as_json, as_text
from tests.world import ACCOUNT, REGION, World, allow
from topology.analysis import analyse
from topology.analysis.assumptions import DEFAULTS, Span
from topology.graph import Gap, Graph, Read, ReadStatus
from topology.reports import json_report
from topology.reports.report import Coverage, Report, build
from topology.verdict import LoopVerdict, ScopeVerdict

READ = Read(ACCOUNT, REGION, "sqs.list_queues", "sqs:ListQueues", ReadStatus.COMPLETE, 1, 1)
CHILD = replace(READ, call="sqs.get_queue_attributes", action="sqs:GetQueueAttributes")
GAP = Gap(ACCOUNT, REGION, "sqs.list_queues", "sqs:ListQueues", "", "AccessDenied", "refused")
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def covered(**changes) -> Coverage:
    whole = Coverage((ACCOUNT,), (REGION,), AT, AT, (READ, CHILD), ())
    return replace(whole, **changes)


def world_with_loop() -> World:
    world = World()
    queue = world.queue("jobs")
    world.listen(queue, world.function("work", allow("sqs:SendMessage", queue), names=[queue]))
    bucket = world.bucket("uploads")
    convert = world.function("convert", allow("s3:PutObject", "arn:aws:s3:::uploads/*.json"))
    world.notify(bucket, convert, suffix=".csv")
    return world


def report(graph: Graph, **changes) -> Report:
    return build(analyse(graph), covered(**changes))


def test_it_says_no_loop_only_of_a_scope_that_was_read_whole():
    quiet = World().graph()
    assert report(quiet).verdict is ScopeVerdict.NO_LOOP
    for hole in (
        {"gaps": (GAP,)},
        {"reads": ()},
        {"reads": (READ, replace(CHILD, status=ReadStatus.NOT_READ))},
        {"reads": (READ, replace(CHILD, status=ReadStatus.PARTIAL))},
        {"stale": ("eu-west-1: 3 resources kept from yesterday",)},
    ):
        assert report(quiet, **hole).verdict is ScopeVerdict.INCOMPLETE, hole


def test_it_finds_loops_whatever_else_could_not_be_read():
    assert report(world_with_loop().graph(), gaps=(GAP,)).verdict is ScopeVerdict.LOOPS_FOUND


def test_blocked_loops_alone_are_no_loop():
    world = world_with_loop()
    world.edges = [edge for edge in world.edges if edge.kind != "esm.sqs.lambda"]
    found = report(world.graph())
    assert [loop.verdict for loop in found.loops] == [LoopVerdict.BLOCKED]
    assert found.verdict is ScopeVerdict.NO_LOOP


def test_an_accepted_gap_forgives_its_read_and_what_could_not_be_asked_without_it():
    reads = (
        replace(READ, status=ReadStatus.NOT_READ),
        replace(CHILD, status=ReadStatus.NOT_READ),
    )
    quiet = World().graph()
    assert report(quiet, reads=reads, accepted=(GAP,)).verdict is ScopeVerdict.NO_LOOP
    elsewhere = replace(GAP, region="us-east-1")
    assert report(quiet, reads=reads, accepted=(elsewhere,)).verdict is ScopeVerdict.INCOMPLETE
    open_too = replace(GAP, resource="jobs")
    both = report(quiet, reads=reads, accepted=(GAP,), gaps=(open_too,))
    assert both.verdict is ScopeVerdict.INCOMPLETE


@pytest.mark.parametrize(
    ("least", "expected"),
    [("live", 1), ("guarded", 1), ("possible", 1), ("retry-storm", 1), ("blocked", 2)],
)
def test_guarded_counts_as_live_for_a_pipeline(least, expected):
    found = report(world_with_loop().graph())
    assert len(found.loops_as_grave_as(LoopVerdict(least))) == expected


def test_the_json_report_keeps_its_contract():
    document = json_report.to_json(report(world_with_loop().graph(), gaps=(GAP,)))
    jsonschema.Draft202012Validator.check_schema(json_report.schema())
    jsonschema.validate(document, json_report.schema())
    assert document["scope"]["verdict"] == "loops-found"
    assert document["scope"]["read_from"] == "2026-11-23T08:30:00Z"
    assert document["loops"][0]["resources"] == [
        edge["source"] for edge in document["loops"][0]["edges"]
    ]


@pytest.mark.parametrize("seed", range(100))
def test_the_same_account_gives_the_same_bytes_in_whatever_order_it_was_read(seed):
    world = world_with_loop()
    one = as_json(report(world.graph()))
    other = as_json(report(shuffled(world, random.Random(seed))))
    assert one == other


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\nb", "\u202egnp.exe", "😀", "x" * 512])
def test_a_terminal_gets_no_control_characters_from_names(name):
    world = World()
    queue = world.queue(name)
    world.listen(queue, world.function("work", allow("sqs:SendMessage", queue), names=[queue]))
    text = as_text(report(world.graph()))
    assert all(char.isprintable() or char == "\n" for char in text)
    json.loads(as_json(report(world.graph())))


def test_the_text_report_names_what_was_not_read_and_what_would_close_it():
    text = as_text(report(World().graph(), gaps=(GAP,)))
    assert text.startswith("INCOMPLETE")
    assert "Needs sqs:ListQueues." in text


def test_every_hop_has_its_proofs_with_the_age_of_their_reading():
    found = report(world_with_loop().graph())
    for loop in json_report.to_json(found)["loops"]:
        for edge in loop["edges"]:
            kinds = [proof["kind"] for proof in edge["evidences"]]
            assert kinds[0] == edge["evidence"]
            assert {proof["as_of"] for proof in edge["evidences"]} == {"2026-11-23T08:30:00Z"}
    assert "- configured: An environment variable names the target." in as_text(found)


def test_what_is_kept_from_an_earlier_reading_has_no_age():
    kept = report(world_with_loop().graph(), stale=(f"{ACCOUNT} {REGION}: 3 were not read",))
    (loop, _) = json_report.to_json(kept)["loops"]
    assert {proof["as_of"] for edge in loop["edges"] for proof in edge["evidences"]} == {None}


def test_what_the_guard_would_not_stop_is_listed():
    world = World()
    queue = world.queue("jobs")
    facts = {"names": [queue], "recursive_loop": "Allow"}
    world.listen(queue, world.function("work", allow("sqs:SendMessage", queue), **facts))
    found = report(world.graph())
    document = json_report.to_json(found)
    jsonschema.validate(document, json_report.schema())
    (gap,) = document["protection_gaps"]
    assert gap["kind"] == "allowed-on-loop"
    assert gap["loops"] == [document["loops"][0]["fingerprint"]]


def test_what_is_assumed_is_said_and_worked_with():
    graph = world_with_loop().graph()
    assumed = DEFAULTS.changed(writes=Span(3, 3))
    usual, other = (
        json_report.to_json(build(analyse(graph), covered(), assumed=each))
        for each in (DEFAULTS, assumed)
    )
    assert other["assumptions"]["writes"] == {"low": 3, "high": 3}
    assert other["loops"][0]["gain"]["usual"] > usual["loops"][0]["gain"]["usual"]


def test_a_stale_scope_is_said_in_the_text_report():
    text = as_text(report(World().graph(), stale=("eu-west-1 kept from 9:00",)))
    assert "eu-west-1 kept from 9:00" in text
