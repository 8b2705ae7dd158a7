"""What somebody accepted is told as such, hides nothing, and makes nothing clear in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import jsonschema

from tests.audits.cases import queued
from tests.reports.test_report import GAP, covered, world_with_loop
from tests.world import World
from topology.analysis import Analysis, analyse
from topology.reports import json_report
from topology.reports.acceptance import NOTHING, Acceptance, Accepted, lapsed, with_accepted
from topology.reports.formats import plain_text
from topology.reports.report import Report, build
from topology.reports.wording import headline
from topology.runs.asking import asked
from topology.verdict import LoopVerdict, ScopeVerdict

TODAY, LAST = date(2026, 11, 29), date(2026, 12, 31)
QUIET = analyse(World().graph())


def entry(kind: str = "loop", **names: str) -> Acceptance:
    return Acceptance(kind, "shop@example.com", "It ends by itself.", LAST, **names)


def alone() -> Analysis:
    """An analysis of one loop that goes round, and one that is blocked."""
    return analyse(world_with_loop().graph())


def dangerous(analysis: Analysis) -> str:
    return next(e.fingerprint for e in analysis.loops if e.verdict is not LoopVerdict.BLOCKED)


def reported(analysis: Analysis, *entries: Acceptance, today: date = TODAY, **changes) -> Report:
    accepted = Accepted.on(today, entries)
    told = with_accepted(analysis, accepted)
    return build(told, covered(**changes), accepted=accepted)


def test_an_accepted_loop_stays_in_the_report_with_who_accepted_it():
    found = reported(alone(), entry(fingerprint=dangerous(alone())))
    document = json_report.to_json(found)
    jsonschema.validate(document, json_report.schema())
    [loop] = [each for each in document["loops"] if each["accepted"]]
    assert loop["verdict"] == "accepted"
    assert loop["accepted"]["owner"] == "shop@example.com"
    assert (
        "Accepted by shop@example.com until 2026-12-31: It ends by itself." in loop["explanation"]
    )
    assert "Otherwise it would be" in loop["explanation"]


def test_a_clear_verdict_names_what_was_accepted_in_the_same_breath():
    found = reported(alone(), entry(fingerprint=dangerous(alone())))
    assert found.verdict is ScopeVerdict.NO_LOOP
    said = headline(json_report.to_json(found))
    assert said.title == "No other loop within scope"
    assert said.detail.endswith("1 loop still closes: somebody accepted it.")
    text = plain_text.render(json_report.to_json(found))
    assert text.startswith("NO LOOP WITHIN SCOPE, but for 1 that somebody accepted")


def test_where_loops_are_only_counted_an_accepted_one_makes_nothing_clear():
    more = replace(alone(), more_loops=3)
    found = reported(more, entry(fingerprint=dangerous(more)))
    assert found.verdict is ScopeVerdict.INCOMPLETE
    assert [gap.code for gap in found.gaps] == ["MoreThanAccepted"]


def test_it_counts_until_the_end_of_its_last_day():
    accepted = entry(fingerprint=dangerous(alone()))
    for today, verdict in (
        (LAST, ScopeVerdict.NO_LOOP),
        (date(2027, 1, 1), ScopeVerdict.LOOPS_FOUND),
    ):
        assert reported(alone(), accepted, today=today).verdict is verdict


def test_a_loop_that_became_graver_is_no_longer_accepted():
    analysis = alone()
    for least, holds in (("possible", False), ("guarded", True), ("live", True)):
        accepted = entry(fingerprint=dangerous(analysis), verdict=least)
        is_clear = reported(analysis, accepted).verdict is ScopeVerdict.NO_LOOP
        assert is_clear is holds, least


def test_another_loop_and_a_blocked_one_are_not_accepted():
    blocked = next(e.fingerprint for e in alone().loops if e.verdict is LoopVerdict.BLOCKED)
    for fingerprint in ("0" * 16, blocked):
        told = with_accepted(alone(), Accepted.on(TODAY, [entry(fingerprint=fingerprint)]))
        assert told == alone()
    assert with_accepted(alone(), NOTHING) == alone()


def test_an_accepted_finding_is_listed_with_who_accepted_it():
    analysis = analyse(queued(fifo=False).world.graph())
    questions = asked(analysis, covered().reads, ())
    some = next(each for rule in questions for each in rule.findings)
    accepted = Accepted.on(TODAY, [entry("finding", fingerprint=some.fingerprint)])
    document = json_report.to_json(build(analysis, covered(), audits=questions, accepted=accepted))
    told = {each["fingerprint"]: each["accepted"] for each in document["audits"]["findings"]}
    assert told.pop(some.fingerprint)["expires"] == "2026-12-31"
    assert set(told.values()) <= {None}


def test_a_kept_report_says_when_an_acceptance_has_ended_since():
    found = reported(alone(), entry(fingerprint=dangerous(alone())))
    document = json_report.to_json(found)
    assert lapsed(document, LAST) == []
    [sentence] = lapsed(document, date(2027, 1, 1))
    assert sentence.endswith("until 2026-12-31, which is over")
    gap = reported(QUIET, entry("gap", call=GAP.call), accepted=(GAP,))
    assert len(lapsed(json_report.to_json(gap), date(2027, 1, 1))) == 1
