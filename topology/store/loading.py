"""One moment of a workspace, from indexed queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import AwsAccount, Workspace
from topology import garbage
from topology.graph import Edge, Gap, Graph, Read, ReadStatus, Resource, canonical_json, graph
from topology.models import (
    Analysis,
    EdgeVersion,
    GapRow,
    LedgerRead,
    LoopSighting,
    PartState,
    ResourceVersion,
    Run,
    RunPart,
    Version,
)
from topology.reports import recalled
from topology.reports.acceptance import lapsed
from topology.store import rows
from topology.store.overdue import late

AT_ONCE = 200  # rows parsed together
SCENES = 3  # moments, the latest, of which the map is kept


@dataclass(frozen=True)
class Moment:
    """What was known after a publication: the graph, and the ledger of every account's last run.

    ``stale`` are sentences, one per account and region that keeps rows its last run did not see.
    ``read_from`` and ``read_to`` bound the reading of those last runs. ``trusts_code`` is what the
    workspace said together with its latest moment.
    """

    moment: int
    graph: Graph
    accounts: tuple[str, ...]
    reads: tuple[Read, ...]
    gaps: tuple[Gap, ...]
    stale: tuple[str, ...]
    read_from: datetime | None
    read_to: datetime | None
    trusts_code: bool = True


def load(workspace: Workspace, moment: int | None = None) -> Moment:
    """The workspace as it was after publication ``moment``; the latest one by default.

    Of a past moment, rows seen again since then do not count as stale: its own report does.
    """
    said = Workspace.objects.values_list("moment", "trusts_code")
    latest, trusts_code = said.get(pk=workspace.pk)
    moment = latest if moment is None else moment
    accounts = list(_connected(workspace, moment).order_by("account_id", "pk"))
    last = _last_runs(workspace, moment)
    runs = [run.pk for run in last.values()]
    staged = RunPart.objects.filter(run__in=runs, state=PartState.STAGED)
    times = staged.aggregate(first=Min("started"), last=Max("finished"))
    with garbage.left_alone():
        loaded = graph(
            all_resources(workspace, moment), all_edges(workspace, moment), rows.by_content
        )
    return Moment(
        moment,
        loaded,
        tuple(account.known_as for account in accounts),
        tuple(sorted(_reads(runs))),
        tuple(sorted({*_gaps(runs), *_never_crawled(accounts, last)})),
        tuple(_stale(workspace, moment, last)),
        times["first"],
        times["last"],
        trusts_code,
    )


def resources(workspace: Workspace, moment: int, arns: Iterable[str]) -> dict[str, Resource]:
    """Some resources as they were after publication ``moment``, by ARN; as far as they are rows."""
    wanted = [rows.identity_of(arn) for arn in arns]
    found = ResourceVersion.at(workspace, moment).filter(identity__in=wanted)
    known = (rows.resource(data) for data in found.values_list("data", flat=True))
    return {each.arn: each for each in known}


def all_resources(workspace: Workspace, moment: int) -> Iterator[Resource]:
    """Every resource as it was after publication ``moment``, without what leads where."""
    return chain.from_iterable(map(rows.resources, _texts(ResourceVersion, workspace, moment)))


def all_edges(workspace: Workspace, moment: int) -> Iterator[Edge]:
    """Every edge as it was after publication ``moment``, as ``all_resources``."""
    return chain.from_iterable(map(rows.edges, _texts(EdgeVersion, workspace, moment)))


def started_by(workspace: Workspace, source: str) -> set[str]:
    """The ARNs that edges lead to now from one source, say a function's own address."""
    open_ = EdgeVersion.objects.filter(
        workspace=workspace, valid_until=None, data__contains=canonical_json(source)
    )
    edges = map(rows.edge, open_.values_list("data", flat=True))
    return {edge.target for edge in edges if edge.source == source}


def latest_analysis(workspace: Workspace) -> Analysis | None:
    """The analysis of the latest moment that has one; None if it trusts code as nobody does now.

    Its report says what has become of it since (``analysis_by``).
    """
    found = Analysis.objects.filter(workspace=workspace).select_related("workspace")
    last = found.order_by("moment").last()
    if last is None or last.trusts_code != last.workspace.trusts_code:
        return None
    return _as_of_now(last)


def analysis_by(workspace: Workspace, moment: int) -> Analysis | None:
    """The last analysis up to a moment, with what has become of its report since.

    Nothing that is kept stays clear for ever: a report says which accounts have not been read for
    too long, and what is no longer accepted.
    """
    found = kept_analysis(workspace, moment)
    return _as_of_now(found) if found else None


def kept_analysis(workspace: Workspace, moment: int) -> Analysis | None:
    """The last analysis up to a moment, as it was when it was made: for what is history."""
    found = Analysis.objects.filter(workspace=workspace, moment__lte=moment)
    return found.order_by("-moment").first()


def _as_of_now(found: Analysis) -> Analysis:
    said = [*late(found.workspace), *lapsed(found.report, timezone.now().date())]
    if found.trusts_code and not found.workspace.trusts_code:
        said.append("it was judged while code could lower verdicts, which it no longer may here")
    found.report = recalled.with_stale(found.report, said)
    return found


def save_analysis(
    workspace: Workspace,
    moment: Moment,
    report: Mapping[str, Any],
    overviews: Mapping[str, object],
) -> None:
    """Keep what a moment means, and which loops it lists; the first of equal analyses stays."""
    made = Analysis(
        workspace=workspace,
        moment=moment.moment,
        report=report,
        overviews=overviews,
        trusts_code=moment.trusts_code,
    )
    listed: Iterable[Mapping[str, str]] = report["loops"]
    with transaction.atomic():
        Analysis.objects.bulk_create([made], ignore_conflicts=True)
        LoopSighting.objects.bulk_create(
            (
                LoopSighting(
                    workspace=workspace,
                    moment=moment.moment,
                    fingerprint=each["fingerprint"],
                    verdict=each["verdict"],
                )
                for each in listed
            ),
            ignore_conflicts=True,
        )


def keep_scene(workspace: Workspace, moment: int, basis: str, scene: bytes) -> None:
    """Keep what the map of an analysed moment shows, and no longer that of much earlier ones."""
    mine = Analysis.objects.filter(workspace=workspace)
    mine.filter(moment__lte=moment - SCENES).exclude(scene=None).update(scene=None)
    mine.filter(moment=moment).update(scene=scene, scene_basis=basis)


def kept_scene(workspace: Workspace, moment: int, basis: str) -> bytes | None:
    """What was kept of a moment, if it rests on what it would rest on now."""
    found = Analysis.objects.filter(workspace=workspace, moment=moment, scene_basis=basis)
    scene = found.values_list("scene", flat=True).first()
    return bytes(scene) if scene is not None else None


def _connected(workspace: Workspace, moment: int) -> QuerySet[AwsAccount]:
    """The accounts that were part of the workspace after a publication."""
    is_there = Q(disconnected=None) | Q(disconnected__gt=moment)
    return AwsAccount.objects.filter(is_there, workspace=workspace)


def _last_runs(workspace: Workspace, moment: int) -> dict[int, Run]:
    """The last finished run of every account, by the account's key."""
    finished = Run.objects.filter(aws_account=OuterRef("pk"), moment__lte=moment)
    last = _connected(workspace, moment).annotate(
        last=Subquery(finished.order_by("-moment").values("pk")[:1])
    )
    runs = Run.objects.filter(pk__in=last.values("last")).select_related("aws_account")
    return {run.aws_account_id: run for run in runs}


def _texts(model: type[Version], workspace: Workspace, moment: int) -> Iterator[Sequence[str]]:
    """The rows' contents as they are stored, in any order, some at a time."""
    found = model.at(workspace, moment).order_by().annotate(text=Cast("data", TextField()))
    texts = found.values_list("text", flat=True).iterator(chunk_size=AT_ONCE)
    while some := list(islice(texts, AT_ONCE)):
        yield some


def _reads(runs: list[int]) -> Iterator[Read]:
    ledger = LedgerRead.objects.filter(run__in=runs).select_related("run__aws_account")
    for row in ledger.iterator():
        yield Read(
            row.run.aws_account.known_as,
            row.region,
            row.call,
            row.action,
            ReadStatus(row.status),
            row.items,
            row.requests,
        )


def _gaps(runs: list[int]) -> Iterator[Gap]:
    return map(rows.gap, GapRow.objects.filter(run__in=runs).values_list("data", flat=True))


def _never_crawled(accounts: list[AwsAccount], last: Mapping[int, Run]) -> Iterator[Gap]:
    for account in accounts:
        if account.pk not in last:
            yield Gap(account.known_as, "", "", "", "", "NotCrawled", "No crawl has finished.")


def _stale(workspace: Workspace, moment: int, last: Mapping[int, Run]) -> Iterator[str]:
    """A sentence per account and region with rows that its last run did not see."""
    unseen: dict[tuple[int, str], list[tuple[int, int]]] = {}
    newest = max((run.moment or 0 for run in last.values()), default=0)
    for model in (ResourceVersion, EdgeVersion):
        older = model.at(workspace, moment).filter(seen__lt=newest).order_by()
        seen = older.values_list("aws_account", "region", "seen")
        for account, region, when, count in seen.annotate(count=Count("pk")):
            if when < (last[account].moment or 0):
                unseen.setdefault((account, region), []).append((when, count))
    for (account, region), counts in sorted(unseen.items()):
        place = f"{last[account].aws_account.known_as} {region}"
        kept = sum(count for _, count in counts)
        oldest = Run.objects.get(aws_account=account, moment=min(counts)[0])
        yield (
            f"{place}: {kept} resources and edges were not read this time and are kept from "
            f"{oldest.finished:%Y-%m-%d %H:%M} UTC"
        )
