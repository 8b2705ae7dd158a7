"""What the four questions found, as JSON and as text."""

from __future__ import annotations

import jsonschema

from tests.audits.cases import queued
from tests.reports.test_report import GAP, covered, report, world_with_loop
from tests.reports.written import as_text
from tests.world import World
from topology import audits
from topology.analysis import analyse
from topology.reports import json_report
from topology.reports.report import Report, build
from topology.runs.asking import asked, undecided


def audited(world: World, **changes) -> Report:
    analysed, coverage = analyse(world.graph()), covered(**changes)
    return build(analysed, coverage, audits=asked(analysed, coverage.reads, coverage.gaps))


def test_every_finding_has_its_reason_evidence_and_fix_and_the_contract_holds():
    document = json_report.to_json(audited(queued(fifo=False).world))
    jsonschema.validate(document, json_report.schema())
    [finding] = [
        each for each in document["audits"]["findings"] if each["rule"] == "poison-message"
    ]
    assert finding["facts"] == {"max_receives": None}
    assert finding["edges"]
    assert finding["page"].startswith("https://docs.aws.amazon.com/")
    assert "redrive policy" in finding["fix"]


def test_the_questions_come_in_order_and_their_findings_gravest_first():
    document = json_report.to_json(audited(queued(fifo=False).world))
    questions = [each["question"] for each in document["audits"]["questions"]]
    assert questions == [each.value for each in audits.Question]
    ranks = [
        (questions.index(each["question"]), audits.Severity(each["severity"]).gravity)
        for each in document["audits"]["findings"]
    ]
    assert ranks == sorted(ranks)


def test_findings_change_no_verdict():
    quiet = queued(fifo=False).world
    assert audited(quiet).verdict == report(quiet.graph()).verdict


def test_a_storm_is_told_once_in_the_text():
    text = as_text(audited(queued(fifo=False).world))
    assert text.count("A message that cannot be processed is never given up") == 1
    assert "What happens if this runs twice?" in text


def test_a_loop_is_told_once_in_the_text():
    text = as_text(audited(world_with_loop()))
    assert "What does it write to, and could that trigger something?" in text
    assert "[loop:" not in text


def test_what_could_not_be_asked_is_counted_in_the_text():
    text = " ".join(as_text(audited(World(), gaps=(GAP,))).split())
    assert "undecided of 1: `sqs.list_queues` failed with AccessDenied" in text


def test_nothing_is_said_to_hold_where_the_analysis_failed():
    found = build(analyse(World().graph()), covered(), audits=undecided(KeyError("hops")))
    assert "and hold" not in as_text(found)
    questions = json_report.to_json(found)["audits"]["questions"]
    assert all(rule["undecided"] for each in questions for rule in each["rules"])
