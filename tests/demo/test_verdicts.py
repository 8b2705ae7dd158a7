"""The demo end to end: over HTTP, through the real crawl and the whole analysis."""

from __future__ import annotations

from pathlib import Path

import pytest

from topology import crawl, demo, runs
from topology.analysis import Loop
from topology.reports.report import Report
from topology.verdict import Event, LoopVerdict, ScopeVerdict

DOCUMENT = Path(__file__).parents[2] / "docs" / "demo.md"
NOT_YET = {LoopVerdict.ACCEPTED}  # nobody can accept a loop yet


@pytest.fixture(scope="module")
def report(shop: str) -> Report:
    return runs.audit(crawl.Connection(endpoint_url=shop), demo.DEMO_REGIONS)


@pytest.mark.parametrize(("function", "verdict"), sorted(demo.expected().items()))
def test_it_gives_the_loop_through_each_function_the_verdict_its_story_tells(
    report, function, verdict
):
    assert {loop.verdict for loop in _through(report, function)} == ({verdict} - {None})


def test_it_reads_the_whole_account_and_finds_loops(report):
    assert report.gaps == ()
    assert report.verdict is ScopeVerdict.LOOPS_FOUND
    assert report.more_loops == 0


def test_it_has_a_story_for_every_verdict():
    assert set(demo.expected().values()) - {None} == set(LoopVerdict) - NOT_YET


def test_it_has_two_services_that_are_simply_healthy():
    assert sum(verdict is None for verdict in demo.expected().values()) >= 2


@pytest.mark.parametrize(("function", "verdict"), sorted(demo.expected().items()))
def test_it_tells_the_same_in_its_documentation(function, verdict):
    rows = [line for line in DOCUMENT.read_text().splitlines() if f"| `{function}` |" in line]
    assert len(rows) == 1
    assert f"| {verdict.value.replace('-', ' ') if verdict else 'no loop'} |" in rows[0]


def test_it_shows_a_key_that_comes_back_and_one_that_does_not(report):
    (loop,) = _through(report, "stamp-invoice")
    (hop,) = [hop.hop for hop in loop.hops if hop.edge.kind == "s3.notif.sns"]
    assert hop.word == "sometimes"
    assert _key(hop.witness).startswith("incoming/")
    assert not _key(hop.counterexample).startswith("incoming/")


def test_it_names_the_two_clauses_that_no_key_satisfies(report):
    (loop,) = _through(report, "feed-to-json")
    (because,) = [hop.hop.because for hop in loop.hops if hop.hop.word == "cannot"]
    assert ".csv" in because
    assert ".json" in because


def _through(report: Report, function: str) -> list[Loop]:
    arns = {arn for arn, resource in report.resources.items() if resource.name == function}
    assert any(":function:" in arn for arn in arns), f"{function} was not read"
    return [loop for loop in report.loops if arns & {hop.edge.source for hop in loop.hops}]


def _key(event: Event | None) -> str:
    assert event
    return str(event["s3"]["object"]["key"])


def test_its_sheets_name_metrics_of_what_is_on_the_way_and_log_groups_that_were_read(report):
    groups = {each.name for each in report.resources.values() if each.kind == "logs.loggroup"}
    for loop in report.loops:
        told = report.incidents.get(loop.fingerprint)
        assert (told is None) == (loop.verdict is LoopVerdict.BLOCKED)
        if told is None:
            continue
        on_way = {hop.edge.source for hop in loop.hops}
        measured = {row["subject"] for row in told["metrics"]}
        assert measured | set(told["unmeasured"]) == on_way
        assert any(report.resources[arn].kind == "lambda.function" for arn in measured)
        assert {row["name"] for row in told["log_groups"]} <= groups
