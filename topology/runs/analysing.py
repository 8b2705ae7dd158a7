"""What the latest moment of a workspace means."""

from __future__ import annotations

import structlog

from accounts.models import Workspace
from topology import store
from topology.analysis import Analysis, analyse
from topology.analysis.overview import overview
from topology.graph import Gap, Graph
from topology.inference.writes import PermittedWrites
from topology.reports import json_report, report

log = structlog.get_logger(__name__)


def analyse_latest(workspace: Workspace) -> None:
    """Say what the workspace's latest moment means, unless that is already said."""
    moment = store.load(workspace)
    analysed = _analyse(moment.graph)
    whole = report.build(
        analysed,
        report.Coverage(
            moment.accounts,
            tuple(sorted({read.region for read in moment.reads})),
            moment.read_from,
            moment.read_to,
            moment.reads,
            moment.gaps,
            stale=moment.stale,
        ),
    )
    edges = [write.edge for write in analysed.writes.writes]
    store.save_analysis(
        workspace,
        moment.moment,
        json_report.to_json(whole),
        {
            account: overview(moment.graph, edges, analysed.loops, account)
            for account in moment.accounts
        },
    )


def _analyse(graph: Graph) -> Analysis:
    """The analysis; one that fails is a gap, or the last clear verdict would go on standing."""
    try:
        return analyse(graph)
    except Exception as error:
        log.exception("the analysis failed")
        reason = f"The analysis failed with {type(error).__name__} (see the worker's log)."
        gap = Gap("", "", "", "", "", "AnalysisFailed", reason)
        return Analysis(graph, PermittedWrites((), (), {}), (), 0, (gap,))
