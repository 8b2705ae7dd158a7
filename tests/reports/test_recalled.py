"""Loops from a kept report are worked with as the analysis' own are."""

from __future__ import annotations

import json

import pytest

from tests.reports.written import as_json
from tests.world import World, allow
from topology.analysis import analyse
from topology.analysis.assumptions import DEFAULTS, Assumptions, Span
from topology.analysis.forecast import forecast, forecasts
from topology.analysis.prices import packaged
from topology.graph import Graph, Meaning
from topology.reports import recalled
from topology.reports.report import Coverage, build


def busy() -> Graph:
    """Loops through a queue, a table's stream, and a topic heard twice."""
    world = World()
    jobs = world.queue("jobs", visibility_timeout=90)
    work = world.function("work", allow("sqs:SendMessage", jobs), timeout=5, memory=512)
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda", batch_size=7, max_concurrency=3)
    table, stream = world.table("orders")
    totals = world.function("totals", allow("dynamodb:*Item", table), names=[table])
    world.listen(stream, totals)
    news = world.topic("news")
    for name in ("one", "two"):
        world.subscribe(news, world.function(name, allow("sns:Publish", news), names=[news]))
    return world.graph()


@pytest.mark.parametrize("assumed", [DEFAULTS, DEFAULTS.changed(writes=Span(2, 4), arrivals=3)])
def test_a_forecast_from_a_kept_report_is_the_analysis_own(assumed: Assumptions) -> None:
    analysed = analyse(busy())
    assert len(analysed.loops) >= 4
    kept = json.loads(as_json(build(analysed, Coverage((), (), None, None, (), ()))))
    again = recalled.loops(kept)
    resources = {**recalled.resources(kept), **analysed.graph.resources}
    known = forecasts(analysed.loops, analysed.graph.resources, packaged(), assumed)
    assert [each.fingerprint for each in again] == list(known)
    for each in again:
        assert forecast(each, again, resources, packaged(), assumed) == known[each.fingerprint]
