"""What nobody needs any more is forgotten; the last published state never is.

Kept for ever: a workspace's latest analysis, every account's last run and last published run, and
every run that some row still standing was last seen by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min, Q

from accounts.models import AwsAccount, Workspace
from topology.models import (
    Analysis,
    EdgeVersion,
    LoopSighting,
    ResourceVersion,
    Run,
    RunState,
    Version,
)


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many rows were forgotten."""

    analyses: int
    runs: int
    versions: int


def prune(workspace: Workspace, before: datetime) -> Pruned:
    """Forget what was over ``before``: reports, runs with their ledgers, and ended versions.

    Every moment from the oldest report kept on can still be loaded as it was. Harmless to repeat,
    and to do beside a crawl.
    """
    with transaction.atomic():
        analyses = _analyses(workspace, before)
        kept = Analysis.objects.filter(workspace=workspace).aggregate(first=Min("moment"))["first"]
        if kept is None:
            return Pruned(analyses, 0, 0)
        LoopSighting.objects.filter(workspace=workspace, moment__lt=kept).delete()
        versions = sum(_ended(model, workspace, kept) for model in (ResourceVersion, EdgeVersion))
        runs = sum(
            _runs(account, kept, before)
            for account in AwsAccount.objects.filter(workspace=workspace)
        )
        return Pruned(analyses, runs, versions)


def _analyses(workspace: Workspace, before: datetime) -> int:
    mine = Analysis.objects.filter(workspace=workspace)
    latest = mine.aggregate(latest=Max("moment"))["latest"]
    return mine.filter(created__lt=before).exclude(moment=latest).delete()[0]


def _ended(model: type[Version], workspace: Workspace, kept: int) -> int:
    """Versions that no kept moment shows: they held until ``kept`` at the latest."""
    ended = model._default_manager.filter(workspace=workspace, valid_until__lte=kept)
    return ended.delete()[0]


def _runs(account: AwsAccount, kept: int, before: datetime) -> int:
    """Runs before the oldest kept moment, but for those that the present state rests on."""
    mine = Run.objects.filter(aws_account=account)
    needed = {*_needed(account, kept)}
    old = mine.filter(finished__lt=before, moment__lt=kept).exclude(moment__in=needed)
    return old.delete()[1].get("topology.Run", 0)


def _needed(account: AwsAccount, kept: int) -> Iterator[int]:
    """The moments of runs that a reader of ``kept`` or of any later moment would ask for."""
    until = Run.objects.filter(aws_account=account, moment__lte=kept)
    for state in (Q(), Q(state=RunState.PUBLISHED)):
        last = until.filter(state, regions=[]).aggregate(last=Max("moment"))["last"]
        if last is not None:
            yield last
            # And what read parts of it again: of each Region the last one counts.
            later = until.filter(moment__gt=last).values_list("moment", flat=True)
            yield from filter(None, later)
    for model in (ResourceVersion, EdgeVersion):
        rows = model._default_manager.filter(aws_account=account)
        yield from rows.values_list("seen", flat=True).distinct().order_by()
