"""One moment of a workspace, from indexed queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from accounts.models import Workspace
from topology import garbage
from topology.graph import Edge, Gap, Graph, Read, Resource, canonical_json, graph
from topology.models import EdgeVersion, ResourceVersion, Version
from topology.store import last_runs, rows

AT_ONCE = 200  # rows parsed together


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


def texts(found: QuerySet[Version]) -> Iterator[Sequence[str]]:
    """The contents of rows as they are stored, some at a time."""
    stored = found.annotate(text=Cast("data", TextField())).values_list("text")
    rest = stored.iterator(chunk_size=AT_ONCE)
    while some := [text for (text,) in islice(rest, AT_ONCE)]:
        yield some
