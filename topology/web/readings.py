"""What the pages show of a workspace: its latest report, and where each account's crawl stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from accounts.models import AwsAccount, Workspace
from topology import catalog, store
from topology.models import Analysis, PartState, Run, RunPart, RunState

NAMED = 4  # regions a progress line names before it only counts


@dataclass(frozen=True, slots=True)
class Reading:
    """A published report and the drawings that belong to it, by account id."""

    report: Mapping[str, Any]
    overviews: Mapping[str, Any]
    moment: int


@dataclass(frozen=True, slots=True)
class Progress:
    """An account and, in words, what its last crawl does or did."""

    account: AwsAccount
    words: str
    is_reading: bool


def latest(workspace: Workspace) -> Reading | None:
    """The latest reading, every text in it fit for a page; None before the first."""
    return _reading(store.latest_analysis(workspace, legibly=True))


def at(workspace: Workspace, moment: int) -> Reading | None:
    """The last reading up to a moment, as ``latest``; None where nothing was analysed by then."""
    return _reading(store.analysis_by(workspace, moment, legibly=True))


def _reading(analysis: Analysis | None) -> Reading | None:
    if analysis is None:
        return None
    return Reading(analysis.report, analysis.overviews, analysis.moment)


def is_judged_anew(workspace: Workspace) -> bool:
    """Whether all there is was judged with another trust in code, and is being judged again."""
    words = Analysis.objects.filter(workspace=workspace).values_list("trusts_code", flat=True)
    return words.order_by("-moment").first() is (not workspace.trusts_code)


def progress(accounts: QuerySet[AwsAccount]) -> list[Progress]:
    """Where the last crawl of each account of a workspace stands, in few queries."""
    analyses = Analysis.objects.filter(
        workspace__aws_accounts__in=accounts,
        workspace__trusts_code=F("trusts_code"),
        moment__gte=F("workspace__moment"),
    )
    analysed = analyses.aggregate(latest=Max("moment"))["latest"] or 0
    newest = Run.objects.filter(aws_account=OuterRef("aws_account")).order_by("-scheduled_for")
    last = {
        run.aws_account_id: run
        for run in Run.objects.filter(
            aws_account__in=accounts, pk=Subquery(newest.values("pk")[:1])
        ).prefetch_related("parts")
    }
    return [_progress(account, last.get(account.pk), analysed) for account in accounts]


def _progress(account: AwsAccount, run: Run | None, analysed: int) -> Progress:
    if run is None:
        return Progress(account, "Never read.", False)
    match run.state:
        case RunState.REQUESTED:
            return Progress(account, "Waiting for a worker to start the crawl.", True)
        case RunState.RUNNING:
            return Progress(account, _running(list(run.parts.all())), True)
        case RunState.FAILED:
            return Progress(account, f"The last crawl failed: {run.reason}", False)
    if (run.moment or 0) > analysed:
        return Progress(account, "Everything is read. Working out what can go round.", True)
    done = f"{run.finished:%d %b %Y, %H:%M UTC}"
    if run.regions:
        where = ", ".join(run.regions[:NAMED])
        return Progress(account, f"Read again after a change, {where}: {done}.", False)
    return Progress(account, f"Last read {done}.", False)


def _running(parts: list[RunPart]) -> str:
    """``Reading eu-west-1 (12 of 63 calls, AWS Lambda: list functions); 3 of 5 regions done …``"""
    if not parts:
        return "Asking AWS whose credentials these are, and which regions are enabled."
    reading = sorted(
        (part for part in parts if part.state == PartState.RUNNING), key=lambda part: part.region
    )
    named = ", ".join(map(_part, reading[:NAMED]))
    more = f" and {len(reading) - NAMED} more regions" if len(reading) > NAMED else ""
    waiting = sum(part.state == PartState.WAITING for part in parts)
    done = len(parts) - waiting - len(reading)
    what = f"Reading {named}{more}" if reading else "Reading"
    return f"{what}; {done} of {len(parts)} regions done, {waiting} waiting."


def _part(part: RunPart) -> str:
    client, _, operation = part.doing.partition(".")
    title = next((each.title for each in catalog.services() if each.client == client), client)
    doing = f", {title}: {operation.replace('_', ' ')}" if operation else ""
    return f"{part.region} ({part.calls_done} of {part.calls_planned} calls{doing})"
