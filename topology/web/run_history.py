"""What the pages say of an account's runs: how long, how many calls, what was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import AwsAccount
from topology.models import EdgeVersion, GapRow, LedgerRead, ResourceVersion, Run
from topology.reports.forecasts import lasting


@dataclass(frozen=True, slots=True)
class Row:
    """A run; ``took`` is empty while it goes on, ``calls`` are requests that AWS answered."""

    run: Run
    took: str
    calls: int
    gaps: int
    appeared: int
    ended: int


def of(account: AwsAccount) -> QuerySet[Run]:
    """Its runs, newest first."""
    return Run.objects.filter(aws_account=account).order_by("-scheduled_for", "-pk")


def told(runs: QuerySet[Run]) -> Iterator[Row]:
    """Some runs of one workspace with what came of them, in few queries."""
    known = list(
        runs.annotate(calls=_of(LedgerRead, Sum("requests")), missed=_of(GapRow, Count("pk")))
    )
    accounts = {run.aws_account_id for run in known}
    moments = [run.moment for run in known if run.moment is not None]
    appeared, ended = (_changes(accounts, moments, name) for name in ("valid_from", "valid_until"))
    for run in known:
        yield Row(run, _took(run), run.calls, run.missed, appeared[run.moment], ended[run.moment])


def _of(model: type[LedgerRead | GapRow], count: Sum | Count) -> Coalesce:
    """A sum over what belongs to a run."""
    mine = model._default_manager.filter(run=OuterRef("pk")).order_by().values("run")
    return Coalesce(Subquery(mine.annotate(found=count).values("found")), 0)


def _changes(accounts: Collection[int], moments: Iterable[int], name: str) -> Counter[int | None]:
    """How many resources and edges became something, or stopped being it, by moment.

    A moment is one account's: no two crawls of a workspace are published in it.
    """
    found: Counter[int | None] = Counter()
    for model in (ResourceVersion, EdgeVersion):
        rows = model._default_manager.filter(aws_account__in=accounts, **{f"{name}__in": moments})
        found.update(dict(rows.order_by().values_list(name).annotate(count=Count("pk"))))
    return found


def _took(run: Run) -> str:
    if not run.finished or not run.started:
        return ""
    return lasting((run.finished - run.started).total_seconds())
