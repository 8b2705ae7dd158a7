"""Gain, cost, first hour and retry storms in the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from tests.reports.test_report import GAP, covered, report, world_with_loop
from tests.reports.written import as_text
from tests.world import World
from topology.analysis import analyse
from topology.analysis.assumptions import Span
from topology.analysis.course import SAMPLES
from topology.analysis.prices import Price, PriceList, packaged
from topology.graph import Meaning
from topology.reports import forecasts, json_report
from topology.reports.report import build


def poisoned() -> World:
    """A queue that never gives up, and no loop."""
    world = World()
    jobs = world.queue("jobs", fifo=False, visibility_timeout=180, retention=345_600)
    work = world.function("work", timeout=30)
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda")
    return world


def test_every_loop_that_goes_round_has_its_gain_cost_and_first_hour():
    loop, blocked = json_report.to_json(report(world_with_loop().graph()))["loops"]
    assert loop["gain"]["usual"] == 1
    assert {term["what"] for term in loop["gain"]["terms"]} == {"writes", "batch", "retries"}
    hour = loop["first_hour"]
    assert hour["seconds"] == list(SAMPLES)
    assert len(hour["usual"]["runs"]) == len(SAMPLES)
    assert hour["usual"]["runs"][-1] == 17
    metered = {each["meter"] for each in loop["cost"]["metered"]}
    assert metered == {"lambda_request", "lambda_gb_second", "logs_gb", "sqs_request"}
    assert loop["cost"]["prices"]["as_of"] == packaged().as_of.isoformat()
    assert blocked["gain"]["usual"] == 1
    assert blocked["cost"] is None
    assert blocked["first_hour"] is None


def test_it_says_what_it_assumes_and_what_it_found_and_keeps_its_contract():
    document = json_report.to_json(report(poisoned().graph()))
    jsonschema.validate(document, json_report.schema())
    assert document["assumptions"]["writes"] == {"low": 1, "high": 1}
    [finding] = document["findings"]
    assert finding["kind"] == "poison-message"
    assert finding["subject_name"] == "jobs"


def test_an_accepted_gap_is_still_unread():
    world = poisoned()
    gap = replace(GAP, resource=world.resources[0].arn)
    assert report(world.graph(), accepted=(gap,)).findings == ()


def test_the_text_report_says_in_a_line_what_a_loop_would_do():
    text = " ".join(as_text(report(world_with_loop().graph())).split())
    assert "Gain 1 (0.1 to 11,520) per turn. First hour from one event: 17 (17 to" in text
    assert text.count("First hour from one event") == 1  # nothing goes round the other one


def test_newer_prices_are_used_where_they_are_given():
    free = {
        name: Price(name, each.title, each.unit, Span(0, 0), each.source)
        for name, each in packaged().prices.items()
    }
    prices = PriceList(date(2026, 11, 1), "eu-west-1", "https://pricing.example", free)
    found = build(analyse(world_with_loop().graph()), covered(), prices)
    cost = json_report.to_json(found)["loops"][0]["cost"]
    assert cost["first_hour"] == {"low": 0, "high": 0}
    assert cost["prices"]["region"] == "eu-west-1"


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "$0"), (0.001, "under 1 ¢"), (0.02, "$0.02"), (99.5, "$99.50"), (3100.4, "$3,100")],
)
def test_money_is_said_as_people_read_it(amount, said):
    assert forecasts.money(amount) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "1 s"),
        (14, "14 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (3010, "50 min"),
        (3600, "1 h"),
    ],
)
def test_times_are_said_as_people_read_them(seconds, said):
    assert forecasts.lasting(seconds) == said
