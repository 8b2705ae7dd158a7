"""What the latest moment of a workspace means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
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
from topology.models import ATTEMPTS, Packed, Run, RunState, packed
from topology.models import Analysis as Made
from topology.reports import json_report, report
from topology.reports.acceptance import NOTHING, Accepted, with_accepted
from topology.reports.subjects import Subject, Whole, subjects
from topology.runs import pricing, unasked
from topology.runs.alerting import send_soon
from topology.runs.apart import DiedError, analyse_apart
from topology.runs.asking import asked, undecided
from topology.runs.mapping import keep_map
from topology.runs.proposing import proposed
from topology.runs.sending import send
from topology.store import Moment

REST = timedelta(seconds=30)

log = structlog.get_logger(__name__)


def analyse_latest(workspace: Workspace) -> None:
    """Keep the report and the drawings of the workspace's latest moment, unless they are there.

    One worker is at it at a time, and while other accounts are being read it rests in between:
    what they bring is a moment of its own. Whoever finds it busy or at rest leaves it, as every
    publication and every minute asks again.
    """
    if not workspace.begin_analysis():
        return
    died = False
    try:
        if not _is_due(workspace):
            return
        if settings.ANALYSE_APART:
            died = not _analyses_apart(workspace)
        else:
            analyse_here(workspace)
    finally:
        workspace.end_analysis(died=died)
    if Workspace.objects.filter(pk=workspace.pk, moment__gt=workspace.moment).exists():
        send("topology.analyse", workspace.pk)  # published meanwhile, when it was busy


def _is_due(workspace: Workspace) -> bool:
    """Whether there is something to analyse, and not more about to come right after the last."""
    found = Made.objects.filter(workspace=workspace, trusts_code=workspace.trusts_code)
    last = found.order_by("-moment").only("moment", "created").first()
    if last is None:
        return True
    if last.moment >= workspace.moment:
        return False
    live = Run.objects.filter(aws_account__workspace=workspace, state=RunState.RUNNING)
    return timezone.now() - last.created > REST or not live.exists()


def _analyses_apart(workspace: Workspace) -> bool:
    """Whether it came to an end. One that dies is tried again within a minute, and then told of."""
    try:
        analyse_apart(workspace)
    except DiedError as error:
        attempt = workspace.analysis_attempts
        log.error("the analysis died", workspace=str(workspace), why=str(error), attempt=attempt)
        if attempt < ATTEMPTS:
            return False
        _keep_failure(workspace, store.load(workspace), error)
    return True


def analyse_here(workspace: Workspace) -> None:
    """Analyse the latest moment here and now; an error is a report that says so."""
    moment = store.load(workspace)
    accepted = Accepted.on(timezone.now().date(), store.acceptances(workspace))
    try:
        late = unasked.unasked(moment)
        moment = replace(moment, gaps=tuple(sorted({*moment.gaps, *unasked.gaps(late)})))
        meaning = _meaning(moment, accepted)
    except Exception as error:
        log.exception("the analysis failed", workspace=str(workspace), moment=moment.moment)
        _keep_failure(workspace, moment, error)
        return
    told = meaning.told
    before = store.latest_analysis(workspace) if late else None
    with transaction.atomic():
        store.save_analysis(workspace, moment, told.report, told.loops, meaning.drawn)
        send_soon(store.watch(workspace, moment.moment, meaning.subjects, meaning.whole))
    unasked.read_again(workspace, late, before.report if before else None)
    keep_map(workspace, moment.moment, meaning.analysed, told.loops)


def _keep_failure(workspace: Workspace, moment: Moment, error: Exception) -> None:
    """Say that the analysis failed, and tell nobody that anything has become better."""
    told = _failure(moment, error)
    store.save_analysis(workspace, moment, told.report, told.loops, packed({}))


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
