"""What the present state of a workspace rests on: the last crawls of its accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts.models import AwsAccount, Workspace
from topology.graph import Gap, Read, ReadStatus
from topology.models import (
    EdgeVersion,
    GapRow,
    LedgerRead,
    PartState,
    ResourceVersion,
    Run,
    RunPart,
)
from topology.store import rows


def connected(workspace: Workspace, moment: int) -> QuerySet[AwsAccount]:
    """The accounts that were part of the workspace after a publication."""
    is_there = Q(disconnected=None) | Q(disconnected__gt=moment)
    return AwsAccount.objects.filter(is_there, workspace=workspace)


@dataclass(frozen=True, slots=True)
class LastRuns:
    """What each account's present state rests on: its last whole crawl, and what came after it.

    ``again`` are the crawls that read a Region again since, by account and Region.
    """

    whole: Mapping[int, Run]
    again: Mapping[tuple[int, str], Run]

    @property
    def keys(self) -> set[int]:
        """The rows of all of them."""
        return {run.pk for run in (*self.whole.values(), *self.again.values())}

    def of(self, account: int, region: str) -> Run:
        """The crawl that a Region was read by last."""
        return self.again.get((account, region)) or self.whole[account]

    def is_of(self, run: Run, region: str) -> bool:
        """Whether what a crawl says of a Region still counts."""
        return self.of(run.aws_account_id, region).pk == run.pk


def last_runs(workspace: Workspace, moment: int) -> LastRuns:
    """The last finished crawls of every account that was connected after a publication."""
    finished = Run.objects.filter(
        aws_account=OuterRef("pk"), moment__lte=moment, regions=[]
    ).order_by("-moment")
    last = connected(workspace, moment).annotate(last=Subquery(finished.values("pk")[:1]))
    found = Run.objects.filter(pk__in=last.values("last")).select_related("aws_account")
    whole = {run.aws_account_id: run for run in found}
    later = Run.objects.filter(aws_account__in=whole, moment__lte=moment).exclude(regions=[])
    again: dict[tuple[int, str], Run] = {}
    for run in later.select_related("aws_account").order_by("moment"):
        if (run.moment or 0) > (whole[run.aws_account_id].moment or 0):
            again |= {(run.aws_account_id, region): run for region in run.regions}
    return LastRuns(whole, again)


def times(last: LastRuns) -> list[tuple[datetime, datetime]]:
    """When each Region was read."""
    parts = RunPart.objects.filter(run__in=last.keys, state=PartState.STAGED).select_related("run")
    return [
        (part.started, part.finished)
        for part in parts.defer("staged")
        if part.started and part.finished and last.is_of(part.run, part.region)
    ]


def followed(last: LastRuns) -> dict[tuple[str, str], frozenset[str]]:
    """What was looked at closely the last time, by account and Region; of those that noted it.

    What a single crawl has read was looked at together: of that there is nothing to tell.
    """
    if len(last.keys) < 2:
        return {}
    noted = RunPart.objects.filter(run__in=last.keys, state=PartState.STAGED)
    parts = noted.exclude(followed=None).select_related("run__aws_account").defer("staged")
    return {
        (part.run.aws_account.account_id, part.region): frozenset(part.followed or ())
        for part in parts
        if last.is_of(part.run, part.region)
    }


def reads(last: LastRuns) -> Iterator[Read]:
    """The coverage ledger: of each Region as it was read last."""
    accounts = {run.pk: run.aws_account for run in last.whole.values()}
    accounts |= {run.pk: run.aws_account for run in last.again.values()}
    ledger = LedgerRead.objects.filter(run__in=accounts)
    columns = ledger.values_list("run", "region", "call", "action", "status", "items", "requests")
    for run, region, call, action, status, items, requests in columns.iterator():
        account = accounts[run]
        if last.of(account.pk, region).pk == run:
            place = account.known_as, intern(region), intern(call), intern(action)
            yield Read(*place, ReadStatus(status), items, requests)


def gaps(last: LastRuns) -> Iterator[Gap]:
    """What was missed, of each Region the last time."""
    for row in GapRow.objects.filter(run__in=last.keys).select_related("run"):
        gap = rows.gap(row.data)
        if last.is_of(row.run, gap.region):
            yield gap


def never_crawled(accounts: Sequence[AwsAccount], last: LastRuns) -> Iterator[Gap]:
    """A gap for every account of which no crawl has finished."""
    for account in accounts:
        if account.pk not in last.whole:
            yield Gap(account.known_as, "", "", "", "", "NotCrawled", "No crawl has finished.")


def stale(workspace: Workspace, moment: int, last: LastRuns) -> Iterator[str]:
    """A sentence per account and region with rows that its last run did not see."""
    unseen: dict[tuple[int, str], list[tuple[int, int]]] = {}
    runs = (*last.whole.values(), *last.again.values())
    newest = max((run.moment or 0 for run in runs), default=0)
    for model in (ResourceVersion, EdgeVersion):
        older = model.at(workspace, moment).filter(seen__lt=newest).order_by()
        seen = older.values_list("aws_account", "region", "seen")
        for account, region, when, count in seen.annotate(count=Count("pk")):
            if when < (last.of(account, region).moment or 0):
                unseen.setdefault((account, region), []).append((when, count))
    for (account, region), counts in sorted(unseen.items()):
        place = f"{last.whole[account].aws_account.known_as} {region}"
        kept = sum(count for _, count in counts)
        oldest = Run.objects.get(aws_account=account, moment=min(counts)[0])
        yield (
            f"{place}: {kept} resources and edges were not read this time and are kept from "
            f"{oldest.finished:%Y-%m-%d %H:%M} UTC"
        )
