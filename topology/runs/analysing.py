"""What the latest moment of a workspace means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from accounts.models import Workspace
from topology import store
from topology.analysis import Analysis, analyse
from topology.analysis.overview import overviews
from topology.audits import Asked
from topology.graph import Gap, graph
from topology.inference.coded import without_trust
from topology.inference.writes import PermittedWrites
from topology.reports import json_report, report
from topology.runs import pricing
from topology.runs.asking import asked, undecided
from topology.runs.proposing import proposed
from topology.store import Moment

log = structlog.get_logger(__name__)


def analyse_latest(workspace: Workspace) -> None:
    """Keep the report and the drawings of the workspace's latest moment, unless they are there."""
    last = store.latest_analysis(workspace)
    if last and last.moment >= workspace.moment:
        return
    moment = store.load(workspace)
    try:
        told, drawn = _meaning(moment)
    except Exception as error:
        log.exception("the analysis failed", workspace=str(workspace), moment=moment.moment)
        told, drawn = _failure(moment, error), {}
    store.save_analysis(workspace, moment, told, drawn)


def _meaning(moment: Moment) -> tuple[dict[str, Any], Mapping[str, Any]]:
    analysed = analyse(moment.graph if moment.trusts_code else without_trust(moment.graph))
    edges = [write.edge for write in analysed.writes.writes]
    drawn = overviews(analysed.graph, edges, analysed.loops, moment.accounts)
    questions = asked(analysed, moment.reads, (*moment.gaps, *analysed.gaps))
    return _report(analysed, moment, questions), drawn


def _failure(moment: Moment, error: Exception) -> dict[str, Any]:
    """A report that says so, or the last clear verdict would go on standing."""
    reason = f"The analysis failed with {type(error).__name__} (see the worker's log)."
    gap = Gap("", "", "", "", "", "AnalysisFailed", reason)
    empty = Analysis(graph((), ()), PermittedWrites((), (), {}), (), 0, (gap,))
    return _report(empty, moment, undecided(error))


def _report(analysed: Analysis, moment: Moment, questions: tuple[Asked, ...]) -> dict[str, Any]:
    coverage = report.Coverage(
        moment.accounts,
        tuple(sorted({read.region for read in moment.reads})),
        moment.read_from,
        moment.read_to,
        moment.reads,
        moment.gaps,
        stale=moment.stale,
    )
    return json_report.to_json(
        report.build(
            analysed,
            coverage,
            pricing.prices(),
            remedies=proposed(analysed),
            audits=questions,
        )
    )
