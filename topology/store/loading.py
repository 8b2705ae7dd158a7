"""One moment of a workspace, from indexed queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import Workspace
from topology import garbage
from topology.graph import Edge, Gap, Graph, Read, Resource, canonical_json, graph
from topology.models import (
    Analysis,
    EdgeVersion,
    LoopSighting,
    Packed,
    ResourceVersion,
    Version,
)
from topology.reports import recalled
from topology.reports.acceptance import lapsed
from topology.store import last_runs, rows
from topology.store.overdue import late

AT_ONCE = 200  # rows parsed together
SCENES = 3  # moments, the latest, of which the map is kept


@dataclass(frozen=True)
class Moment:
    """What was known after a publication: the graph, and the ledger of every account's last run.

    ``stale`` are sentences, one per account and region that keeps rows its last run did not see.
    ``read_from`` and ``read_to`` bound the reading of those last runs. ``trusts_code`` is what the
    workspace said together with its latest moment. ``followed`` are the ARNs that were looked at
    closely, by account and Region.
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
    followed: Mapping[tuple[str, str], Set[str]] = field(default_factory=dict)


def load(workspace: Workspace, moment: int | None = None) -> Moment:
    """The workspace as it was after publication ``moment``; the latest one by default.

    Of a past moment, rows seen again since then do not count as stale: its own report does.
    """
    said = Workspace.objects.values_list("moment", "trusts_code")
    latest, trusts_code = said.get(pk=workspace.pk)
    moment = latest if moment is None else moment
    accounts = list(last_runs.connected(workspace, moment).order_by("account_id", "pk"))
    last = last_runs.last_runs(workspace, moment)
    times = last_runs.times(last)
    with garbage.left_alone():
        loaded = graph(
            all_resources(workspace, moment), all_edges(workspace, moment), rows.by_content
        )
    return Moment(
        moment,
        loaded,
        tuple(account.known_as for account in accounts),
        tuple(sorted(last_runs.reads(last))),
        tuple(sorted({*last_runs.gaps(last), *last_runs.never_crawled(accounts, last)})),
        tuple(last_runs.stale(workspace, moment, last)),
        min((first for first, _ in times), default=None),
        max((finished for _, finished in times), default=None),
        trusts_code,
        last_runs.followed(last),
    )


def resources(workspace: Workspace, moment: int, arns: Iterable[str]) -> dict[str, Resource]:
    """Some resources as they were after publication ``moment``, by ARN; as far as they are rows."""
    wanted = [rows.identity_of(arn) for arn in arns]
    found = ResourceVersion.at(workspace, moment).filter(identity__in=wanted)
    known = (rows.resource(data) for data in found.values_list("data", flat=True))
    return {each.arn: each for each in known}


def all_resources(workspace: Workspace, moment: int) -> Iterator[Resource]:
    """Every resource as it was after publication ``moment``, without what leads where."""
    found = ResourceVersion.at(workspace, moment).order_by()
    return chain.from_iterable(map(rows.resources, texts(found)))


def all_edges(workspace: Workspace, moment: int) -> Iterator[Edge]:
    """Every edge as it was after publication ``moment``, as ``all_resources``."""
    found = EdgeVersion.at(workspace, moment).order_by()
    return chain.from_iterable(map(rows.edges, texts(found)))


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
    report: Packed,
    loops: Iterable[Mapping[str, Any]],
    overviews: Packed,
) -> None:
    """Keep what a moment means, and which loops it lists; the first of equal analyses stays.

    ``report`` and ``overviews`` are as ``packed`` makes them, and ``loops`` those of the report.
    """
    made = Analysis(
        workspace=workspace,
        moment=moment.moment,
        report=report,
        overviews=overviews,
        trusts_code=moment.trusts_code,
    )
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
                for each in loops
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


def texts(found: QuerySet[Version]) -> Iterator[Sequence[str]]:
    """The contents of rows as they are stored, some at a time."""
    stored = found.annotate(text=Cast("data", TextField())).values_list("text")
    rest = stored.iterator(chunk_size=AT_ONCE)
    while some := [text for (text,) in islice(rest, AT_ONCE)]:
        yield some
