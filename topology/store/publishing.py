"""From staged observations to the published graph, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, PositiveBigIntegerField, When
from django.utils import timezone

from accounts.models import Workspace
from topology import catalog
from topology.graph import Gap, Observation, Read, ReadStatus
from topology.models import (
    EdgeVersion,
    GapRow,
    LedgerRead,
    PartState,
    ResourceVersion,
    Run,
    RunPart,
    RunState,
    Version,
)
from topology.store import rows
from topology.store.rows import Contents, Staged

BATCH = 500  # parameters of one statement; SQLite takes 999 in its oldest form


class FencedOutError(Exception):
    """Somebody else has taken the work over: what this worker brings is not kept."""


def plan(run: Run, reads: Mapping[str, Sequence[Read]]) -> list[RunPart]:
    """Write the ledger of a claimed run, all ``not_read``, and a part for every region.

    ``reads`` are the planned calls by region. Raises ``FencedOutError``.
    """
    with transaction.atomic():
        _move(run, RunState.REQUESTED, RunState.RUNNING, attempts=0)
        LedgerRead.objects.bulk_create(
            LedgerRead(run=run, region=region, call=read.call, action=read.action)
            for region, planned in sorted(reads.items())
            for read in planned
        )
        return RunPart.objects.bulk_create(
            RunPart(run=run, region=region, calls_planned=len(planned))
            for region, planned in sorted(reads.items())
        )


def stage(part: RunPart, observation: Observation) -> None:
    """Keep what a claimed part's crawl brought until its run is published; ``FencedOutError``."""
    _move(
        part,
        PartState.RUNNING,
        PartState.STAGED,
        staged=rows.pack(observation),
        finished=timezone.now(),
        calls_done=F("calls_planned"),
    )


def abandon(part: RunPart, reason: str) -> None:
    """End a part that will not be tried again: its region stays unread; ``FencedOutError``."""
    _move(part, part.state, PartState.FAILED, finished=timezone.now(), reason=reason)


def publish(run: Run) -> int:
    """Make a claimed run's observations the account's graph, whole or not at all.

    Returns the moment. What could not be read completely stays as it was last seen (see
    ``_Coverage.shows_absence``); an equal observation published again changes only when its rows
    were last seen. No earlier crawl can come late and undo it: one is under way at a time
    (``one_live_run_per_account``). Raises ``FencedOutError``.
    """
    with transaction.atomic():
        moment = _next_moment(run)
        _move(run, RunState.RUNNING, RunState.PUBLISHED, moment=moment, finished=timezone.now())
        for part in run.parts.order_by("region").iterator(chunk_size=1):
            if part.staged is None:
                _keep_gaps(run, [_failure(run, part.region, part.reason)])
            else:
                _publish_part(run, part.region, rows.unpack(bytes(part.staged)), moment)
        run.parts.update(staged=None)
        return moment


def fail(run: Run, reason: str) -> int:
    """End a claimed run that will not be tried again; the failure is a moment too.

    The graph stays, and nothing of it counts as read. Returns the moment; ``FencedOutError``.
    """
    with transaction.atomic():
        moment = _next_moment(run)
        _move(
            run,
            run.state,
            RunState.FAILED,
            moment=moment,
            finished=timezone.now(),
            reason=reason,
        )
        _keep_gaps(run, [_failure(run, region, reason) for region in run.regions or [""]])
        run.parts.update(staged=None)
        return moment


def trust_code(workspace: Workspace, *, trusts: bool) -> bool:
    """Let code lower verdicts from now on, or not. False if that was so before.

    It is a moment of its own, unless there is none yet: what was analysed before it stays what it
    was, and an analysis that is under way then is of the moment before.
    """
    other = Workspace.objects.filter(pk=workspace.pk).exclude(trusts_code=trusts)
    next_moment = Case(
        When(moment__gt=0, then=F("moment") + 1),
        default=F("moment"),
        output_field=PositiveBigIntegerField(),
    )
    return bool(other.update(trusts_code=trusts, moment=next_moment))


@dataclass(frozen=True)
class _Coverage:
    """Which absences an observation proves."""

    reads: Mapping[str, ReadStatus]
    gaps: Mapping[str, frozenset[str]]  # by call, the subjects that could not be read

    @classmethod
    def of(cls, staged: Staged) -> _Coverage:
        gaps: dict[str, frozenset[str]] = {}
        for gap in staged.gaps:
            gaps[gap.call] = gaps.get(gap.call, frozenset()) | {gap.resource}
        return cls({read.call: read.status for read in staged.reads}, gaps)

    def shows_absence(self, data: Mapping[str, Any]) -> bool:
        """Whether a row that this observation lacks is gone, and not merely unread.

        The call that showed it must have been read completely, or at least for everyone but
        others; and so must the calls that said whom to ask.
        """
        call = data["read"]
        above = catalog.ancestors().get(call, ())
        if any(self.reads.get(each) is not ReadStatus.COMPLETE for each in above):
            return False
        if self.reads.get(call) is ReadStatus.PARTIAL:
            unread = self.gaps.get(call, frozenset({""}))
            return "" not in unread and unread.isdisjoint(rows.subjects(data))
        return self.reads.get(call) is ReadStatus.COMPLETE


def _publish_part(run: Run, region: str, staged: Staged, moment: int) -> None:
    coverage = _Coverage.of(staged)
    _keep_reads(run, staged.reads)
    _keep_gaps(run, staged.gaps)
    _merge(ResourceVersion, run, region, staged.resources, coverage, moment)
    _merge(EdgeVersion, run, region, staged.edges, coverage, moment)


def _merge(
    model: type[Version],
    run: Run,
    region: str,
    contents: Contents,
    coverage: _Coverage,
    moment: int,
) -> None:
    """Bring the open rows of one account and region to what was observed."""
    open_rows = model._default_manager.filter(
        aws_account=run.aws_account, region=region, valid_until=None
    )
    known = {row[0]: row[1:] for row in open_rows.values_list("identity", "digest", "seen")}

    changed = {
        each for each in contents.keys() & known.keys() if known[each][0] != contents[each][0]
    }
    absent = known.keys() - contents.keys()
    stale = {
        identity
        for batch in _batches(sorted(absent))
        for identity, data in open_rows.filter(identity__in=batch).values_list("identity", "data")
        if not coverage.shows_absence(data)
    }
    for batch in _batches(sorted(changed | (absent - stale))):
        open_rows.filter(identity__in=batch).update(valid_until=moment)
    # One statement touches every row that is still open; those kept unseen are then put back.
    open_rows.update(seen=moment)
    for seen in sorted({known[each][1] for each in stale}):
        for batch in _batches(sorted(each for each in stale if known[each][1] == seen)):
            open_rows.filter(identity__in=batch).update(seen=seen)
    _insert(
        model,
        {
            "workspace_id": run.aws_account.workspace_id,
            "aws_account_id": run.aws_account_id,
            "region": region,
            "valid_from": moment,
            "seen": moment,
        },
        [
            {"identity": each, "digest": contents[each][0], "data": contents[each][1]}
            for each in sorted(changed | (contents.keys() - known.keys()))
        ],
    )


def _insert(
    model: type[Version], common: Mapping[str, Any], versions: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows past the ORM, whose ``bulk_create`` takes six times as long (50,000 rows)."""
    if not versions:
        return
    columns = [*common, *versions[0]]
    names = ", ".join(map(connection.ops.quote_name, columns))
    marks = ", ".join(["%s"] * len(columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 (our own names)
            [(*common.values(), *version.values()) for version in versions],
        )


def _keep_reads(run: Run, reads: Iterable[Read]) -> None:
    LedgerRead.objects.bulk_create(
        [
            LedgerRead(
                run=run,
                region=read.region,
                call=read.call,
                action=read.action,
                status=read.status,
                items=read.items,
                requests=read.requests,
            )
            for read in reads
        ],
        update_conflicts=True,
        unique_fields=["run", "region", "call"],
        update_fields=["status", "items", "requests"],
    )


def _keep_gaps(run: Run, gaps: Iterable[Gap]) -> None:
    GapRow.objects.bulk_create(GapRow(run=run, data=rows.gap_data(gap)) for gap in sorted(gaps))


def _failure(run: Run, region: str, reason: str) -> Gap:
    return Gap(run.aws_account.known_as, region, "", "", "", "CrawlFailed", reason)


def _move(row: Run | RunPart, state: str, to: str, **changes: Any) -> None:
    """Change a claimed row's state while its fence and state still hold, and let go of it."""
    moved = row.held().filter(state=state)
    if not moved.update(**{"state": to, "lease_until": None, "reason": "", **changes}):
        raise FencedOutError(f"{row} has been taken over")


def _next_moment(run: Run) -> int:
    workspace = Workspace.objects.filter(pk=run.aws_account.workspace_id)
    workspace.update(moment=F("moment") + 1)
    return workspace.values_list("moment", flat=True).get()


def _batches(identities: Sequence[str]) -> Iterator[Sequence[str]]:
    return (identities[at : at + BATCH] for at in range(0, len(identities), BATCH))
