"""What would stop a loop is in the report: by the contract, and in whatever order it was read."""

from __future__ import annotations

import random

import jsonschema
import pytest

from tests.analysis.loop_classes import Case, cases
from tests.analysis.test_analyse import shuffled
from tests.analysis.test_cuts import crowded
from tests.reports.test_report import covered, world_with_loop
from tests.reports.written import as_json
from tests.world import World
from topology.analysis import Analysis, analyse
from topology.analysis.cuts import remedies
from topology.graph import Graph, graph
from topology.reports import json_report
from topology.reports.report import build
from topology.runs.proposing import FAILED, proposed


def text(known: Graph) -> str:
    analysis = analyse(known)
    return as_json(build(analysis, covered(), remedies=remedies(analysis)))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.loop_class}: {case.name}")
def test_it_keeps_the_contract(case: Case) -> None:
    world = World()
    case.build(world)
    analysis = analyse(world.graph())
    found = json_report.to_json(build(analysis, covered(), remedies=remedies(analysis)))
    jsonschema.validate(found, json_report.schema())
    for loop in found["loops"]:
        assert bool(loop["cuts"]) is (loop["verdict"] != "blocked")


def test_a_report_without_proposals_keeps_it_too():
    found = json_report.to_json(build(analyse(world_with_loop().graph()), covered()))
    jsonschema.validate(found, json_report.schema())
    assert [loop["cuts"] for loop in found["loops"]] == [[], []]


@pytest.mark.parametrize("seed", range(20))
def test_the_same_account_gives_the_same_proposals(seed):
    world = world_with_loop()
    assert text(world.graph()) == text(shuffled(world, random.Random(seed)))


def test_a_long_cut_is_told_in_full_once():
    analysis = analyse(crowded(12).graph())
    found = json_report.to_json(build(analysis, covered(), remedies=remedies(analysis)))
    jsonschema.validate(found, json_report.schema())
    gravest, *others = [loop["cuts"][0] for loop in found["loops"]]
    assert len(gravest["changes"]) == gravest["changes_in_all"] == 12
    for loop, cut in zip(found["loops"][1:], others, strict=True):
        assert [each["edge"] in [e["id"] for e in loop["edges"]] for each in cut["changes"]] == [
            True
        ]
        assert (cut["changes_in_all"], cut["all_at"]) == (12, found["loops"][0]["fingerprint"])


def test_a_failure_is_said_of_every_loop_and_hides_none():
    analysis = analyse(world_with_loop().graph())
    broken = Analysis(graph((), ()), analysis.writes, analysis.loops, 0, ())
    found = json_report.to_json(build(analysis, covered(), remedies=proposed(broken)))
    assert [loop["cuts_note"] for loop in found["loops"]] == [FAILED, FAILED]
