"""What the latest moment of a workspace means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import Workspace
from topology import store
from topology.analysis import Analysis, analyse
from topology.analysis.overview import overviews
from topology.audits import Asked
from topology.graph import Gap, graph
from topology.inference.coded import without_trust
from topology.inference.writes import PermittedWrites
from topology.models import Analysis as Made
from topology.models import Packed, Run, RunState, packed
from topology.reports import json_report, report
from topology.reports.acceptance import NOTHING, Accepted, with_accepted
from topology.reports.subjects import Subject, Whole, subjects
from topology.runs import pricing, unasked
from topology.runs.alerting import send_soon
from topology.runs.asking import asked, undecided
from topology.runs.mapping import keep_map
from topology.runs.proposing import proposed
from topology.runs.sending import send
from topology.runs.wholes import SOON, whole_workspace
from topology.store import Moment

REST = timedelta(seconds=30)
LEASE = timedelta(minutes=2)  # after which a worker that has not ended is taken for dead

log = structlog.get_logger(__name__)


def analyse_latest(workspace: Workspace) -> None:
    """Keep the report and the drawings of the workspace's latest moment, unless they are there.

    One worker is at it at a time, and while other accounts are being read it rests in between:
    what they bring is a moment of its own. Whoever finds it busy or at rest leaves it, as every
    publication and every minute asks again.
    """
    with whole_workspace() as may:
        if not may:
            send("topology.analyse", workspace.pk, after=SOON)
        elif workspace.begin_analysis(LEASE):
            try:
                _analyse_if_due(workspace)
            finally:
                workspace.end_analysis()


def _analyse_if_due(workspace: Workspace) -> None:
    last = store.latest_analysis(workspace)
    if last and (last.moment >= workspace.moment or _rests(workspace, last)):
        return
    _analyse(workspace, last.report if last else None)
    if Workspace.objects.filter(pk=workspace.pk, moment__gt=workspace.moment).exists():
        send("topology.analyse", workspace.pk)  # published meanwhile, when it was busy


def _rests(workspace: Workspace, last: Made) -> bool:
    """Whether more is about to come, and the last analysis is not long ago."""
    if timezone.now() - last.created > REST:
        return False
    live = Run.objects.filter(aws_account__workspace=workspace, state=RunState.RUNNING)
    return live.exists()


def _analyse(workspace: Workspace, before: Mapping[str, Any] | None) -> None:
    moment = store.load(workspace)
    accepted = Accepted.on(timezone.now().date(), store.acceptances(workspace))
    try:
        late = unasked.unasked(moment)
        moment = replace(moment, gaps=tuple(sorted({*moment.gaps, *unasked.gaps(late)})))
        meaning = _meaning(moment, accepted)
    except Exception as error:
        log.exception("the analysis failed", workspace=str(workspace), moment=moment.moment)
        told = _failure(moment, error)
        store.save_analysis(workspace, moment, told.report, told.loops, packed({}))
        return  # and nobody is told
    told = meaning.told
    with transaction.atomic():
        store.save_analysis(workspace, moment, told.report, told.loops, meaning.drawn)
        send_soon(store.watch(workspace, moment.moment, meaning.subjects, meaning.whole))
    unasked.read_again(workspace, late, before)
    keep_map(workspace, moment.moment, meaning.analysed, told.loops)


@dataclass(frozen=True, slots=True)
class _Told:
    """A report as it is kept, and its loops: the whole of it would be most of a worker's memory."""

    report: Packed
    loops: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Meaning:
    analysed: Analysis
    told: _Told
    drawn: Packed
    subjects: Sequence[Subject]
    whole: Whole


def _meaning(moment: Moment, accepted: Accepted) -> _Meaning:
    judged = analyse(moment.graph if moment.trusts_code else without_trust(moment.graph))
    analysed = with_accepted(judged, accepted)
    edges = [write.edge for write in analysed.writes.writes]
    drawn = overviews(analysed.graph, edges, analysed.loops, moment.accounts)
    questions = asked(analysed, moment.reads, (*moment.gaps, *analysed.gaps))
    return _Meaning(
        analysed,
        _report(analysed, moment, questions, accepted),
        packed(drawn),
        tuple(subjects(analysed, questions)),
        Whole(
            moment.reads,
            (*moment.gaps, *analysed.gaps),
            moment.stale,
            analysed.loops,
            analysed.more_loops,
            analysed.complete_to,
            frozenset(each.rule.name for each in questions if each.undecided),
        ),
    )


def _failure(moment: Moment, error: Exception) -> _Told:
    """A report that says so, or the last clear verdict would go on standing."""
    reason = f"The analysis failed with {type(error).__name__} (see the worker's log)."
    gap = Gap("", "", "", "", "", "AnalysisFailed", reason)
    empty = Analysis(graph((), ()), PermittedWrites((), (), {}), (), 0, (gap,))
    return _report(empty, moment, undecided(error))


def _report(
    analysed: Analysis,
    moment: Moment,
    questions: tuple[Asked, ...],
    accepted: Accepted = NOTHING,
) -> _Told:
    every = (*moment.gaps, *analysed.gaps)
    coverage = report.Coverage(
        moment.accounts,
        tuple(sorted({read.region for read in moment.reads})),
        moment.read_from,
        moment.read_to,
        moment.reads,
        tuple(gap for gap in moment.gaps if not accepted.gap(gap)),
        tuple(sorted({gap for gap in every if accepted.gap(gap)})),
        moment.stale,
    )
    built = report.build(
        analysed,
        coverage,
        pricing.prices(),
        remedies=proposed(analysed),
        audits=questions,
        accepted=accepted,
    )
    document = json_report.to_json(built, every=iter)
    return _Told(packed(document), document["loops"])
