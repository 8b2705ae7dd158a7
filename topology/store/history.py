"""What became of things in time: the versions of one resource, what a moment changed, its loops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q

from accounts.models import Workspace
from topology.graph import Edge, Resource, canonical_json
from topology.models import (
    Analysis,
    EdgeVersion,
    LoopSighting,
    ResourceVersion,
    Run,
    RunState,
    Version,
)
from topology.store import rows

Thing = TypeVar("Thing", Resource, Edge)
AT_ONCE = 500  # keys of one query; SQLite takes 999 in its oldest form


@dataclass(frozen=True, slots=True)
class Seen(Generic[Thing]):
    """A thing as it was from moment ``first`` until ``until`` (None: still), ``last`` seen so."""

    thing: Thing
    first: int
    last: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Change(Generic[Thing]):
    """A resource or edge that was "added", "removed" or "changed": as it is now, or was last."""

    word: str
    thing: Thing
    before: Thing | None = None  # what a changed one was


@dataclass(frozen=True, slots=True)
class Counts:
    """How many resources or edges are not what they were."""

    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A moment: what made it, and when. ``reason`` is why a crawl failed."""

    moment: int
    when: datetime | None
    account: str
    reason: str
    is_analysed: bool


def versions(workspace: Workspace, beginning: str) -> list[Seen[Resource]]:
    """What a resource was, oldest first; ``beginning`` are the first digits of its identity."""
    found = ResourceVersion.objects.filter(
        workspace=workspace, identity__gte=beginning, identity__lt=f"{beginning}g"
    )
    return [
        Seen(rows.resource(row.data), row.valid_from, row.seen, row.valid_until)
        for row in found.order_by("valid_from", "pk")
    ]


def edge_versions(workspace: Workspace, ids: Collection[str]) -> list[Seen[Edge]]:
    """What some edges were, oldest first."""
    found = EdgeVersion.objects.filter(workspace=workspace, identity__in=sorted(ids)[:AT_ONCE])
    return [
        Seen(rows.edge(row.data), row.valid_from, row.seen, row.valid_until)
        for row in found.order_by("valid_from", "identity", "pk")
    ]


def changed_edges(workspace: Workspace, arn: str, first: int) -> list[Seen[Edge]]:
    """What those edges of a resource were that are not as they were at moment ``first``.

    O(rows that began or ended since): which edges are those of a resource, only their data says.
    """
    later = Q(valid_from__gt=first) | Q(valid_until__gt=first)
    found = EdgeVersion.objects.filter(
        later, workspace=workspace, data__contains=canonical_json(arn)
    )
    edges = map(rows.edge, found.values_list("data", flat=True))
    return edge_versions(workspace, {e.id for e in edges if arn in (e.source, e.target)})


def loops_at(workspace: Workspace, moment: int) -> dict[str, str]:
    """The verdict of every loop that was listed at an analysed moment, by fingerprint."""
    found = LoopSighting.objects.filter(workspace=workspace, moment=moment)
    return dict(found.order_by("fingerprint").values_list("fingerprint", "verdict"))


def loop_history(workspace: Workspace, fingerprint: str) -> list[tuple[int, str]]:
    """Every analysed moment, oldest first, with a loop's verdict in it; empty where not listed."""
    found = LoopSighting.objects.filter(workspace=workspace, fingerprint=fingerprint)
    listed = dict(found.values_list("moment", "verdict"))
    analysed = Analysis.objects.filter(workspace=workspace).order_by("moment")
    return [(each, listed.get(each, "")) for each in analysed.values_list("moment", flat=True)]


def analysed_before(workspace: Workspace, moment: int) -> int | None:
    """The last moment before ``moment`` that was analysed."""
    found = Analysis.objects.filter(workspace=workspace, moment__lt=moment)
    return found.order_by("-moment").values_list("moment", flat=True).first()


def were_analysed(workspace: Workspace, moments: Collection[int]) -> bool:
    """Whether each of some moments was analysed."""
    found = Analysis.objects.filter(workspace=workspace, moment__in=moments)
    return found.count() == len(set(moments))


def points(workspace: Workspace, most: int, until: int | None = None) -> list[Point]:
    """The moments of a workspace up to ``until``, newest first, ``most`` of them at most."""
    last = workspace.moment if until is None else min(until, workspace.moment)
    first = max(last - most + 1, 1)
    runs = Run.objects.filter(
        aws_account__workspace=workspace, moment__gte=first, moment__lte=last
    ).select_related("aws_account")
    by_moment = {run.moment: run for run in runs}
    analyses = Analysis.objects.filter(workspace=workspace, moment__gte=first, moment__lte=last)
    made = dict(analyses.values_list("moment", "created"))
    return [
        _point(each, by_moment.get(each), made.get(each)) for each in range(last, first - 1, -1)
    ]


def counts(workspace: Workspace, since: int, until: int) -> tuple[Counts, Counts]:
    """How many resources and edges are not at ``until`` what they were at ``since``."""
    resources, edges = (
        _counts(_between(model, workspace, since, until))
        for model in (ResourceVersion, EdgeVersion)
    )
    return resources, edges


def changes(
    workspace: Workspace, since: int, until: int, most: int
) -> tuple[list[Change[Resource]], list[Change[Edge]]]:
    """The same as a list of resources and one of edges, ``most`` of each at most."""
    return (
        _changes(ResourceVersion, rows.resource, workspace, since, until, most),
        _changes(EdgeVersion, rows.edge, workspace, since, until, most),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Pair:
    """The row that held before, and the one that holds after."""

    before: _Row | None = None
    after: _Row | None = None

    @property
    def is_changed(self) -> bool:
        if self.before and self.after:
            return self.before.digest != self.after.digest
        return self.before is not self.after


def _point(moment: int, run: Run | None, analysed: datetime | None) -> Point:
    if run is None:
        return Point(moment, analysed, "", "", analysed is not None)
    reason = run.reason if run.state == RunState.FAILED else ""
    return Point(moment, run.finished, str(run.aws_account), reason, analysed is not None)


def _between(model: type[Version], workspace: Workspace, since: int, until: int) -> list[_Pair]:
    """What is not the same before and after, of everything that began or ended in between.

    What is gone goes first, then what is new: both matter more than what is merely different.
    """
    touched = model._default_manager.filter(workspace=workspace).filter(
        Q(valid_from__gt=since, valid_from__lte=until)
        | Q(valid_until__gt=since, valid_until__lte=until)
    )
    found: dict[tuple[str, int, str], _Pair] = {}
    rows_of = touched.order_by("identity", "aws_account", "region", "pk").values_list(
        "identity", "aws_account", "region", "pk", "digest", "valid_from", "valid_until"
    )
    for identity, account, region, pk, digest, began, ended in rows_of:
        pair = found.get((identity, account, region), _Pair())
        if began <= since:
            pair = replace(pair, before=_Row(pk, digest))
        if began <= until and (ended is None or ended > until):
            pair = replace(pair, after=_Row(pk, digest))
        found[identity, account, region] = pair
    pairs = [pair for pair in found.values() if pair.is_changed]
    return sorted(pairs, key=lambda pair: 0 if not pair.after else 1 if not pair.before else 2)


def _counts(pairs: Sequence[_Pair]) -> Counts:
    added = sum(pair.before is None for pair in pairs)
    removed = sum(pair.after is None for pair in pairs)
    return Counts(added, removed, len(pairs) - added - removed)


def _changes(
    model: type[Version],
    translated: Callable[[dict[str, Any]], Thing],
    workspace: Workspace,
    since: int,
    until: int,
    most: int,
) -> list[Change[Thing]]:
    some = _between(model, workspace, since, until)[:most]
    wanted = [row.pk for pair in some for row in (pair.before, pair.after) if row]
    data = {pk: translated(found) for pk, found in _in_batches(model, wanted)}
    changes = []
    for pair in some:
        before = data[pair.before.pk] if pair.before else None
        after = data[pair.after.pk] if pair.after else None
        if after:
            changes.append(Change("changed" if before else "added", after, before))
        elif before:
            changes.append(Change("removed", before))
    return changes


def _in_batches(model: type[Version], keys: Sequence[int]) -> Iterator[tuple[int, Any]]:
    for at in range(0, len(keys), AT_ONCE):
        found = model._default_manager.filter(pk__in=keys[at : at + AT_ONCE])
        yield from found.values_list("pk", "data")


def times(workspace: Workspace, moments: Sequence[int]) -> dict[int, datetime]:
    """When some moments were published, as far as a crawl made them."""
    found = Run.objects.filter(aws_account__workspace=workspace, moment__in=moments)
    known = found.values_list("moment", "finished")
    return {moment: when for moment, when in known if moment and when}
