"""Runs, the ledger of what they planned and read, and tests of connections (docs/design.md §8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AwsAccount
from topology.graph import ReadStatus
from topology.models.fields import CanonicalJSONField

ATTEMPTS = 3
LEASE = timedelta(seconds=60)


class Leased(models.Model):
    """Work that at most one worker holds at a time, and at most ``ATTEMPTS`` workers ever try.

    A worker that dies stops renewing its lease; one that merely slept finds that the fence has
    moved on, and nothing it writes then is kept.
    """

    state = models.CharField(max_length=9)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    started = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why the last attempt failed

    class Meta:
        abstract = True

    @staticmethod
    def unheld() -> Q:
        """The rows nobody holds now: never claimed, given back, or their worker is gone."""
        return Q(lease_until=None) | Q(lease_until__lt=timezone.now())

    def claim(self, *states: str, to: str) -> bool:
        """Take the work if it is in one of ``states``, held by nobody, and attempts are left."""
        now, mine = timezone.now(), self.fence + 1
        claimable = type(self)._default_manager.filter(self.unheld(), pk=self.pk, fence=self.fence)
        claimed = claimable.filter(state__in=states, attempts__lt=ATTEMPTS).update(
            state=to,
            fence=mine,
            attempts=F("attempts") + 1,
            lease_until=now + LEASE,
            heartbeat=now,
            started=Coalesce("started", now),
        )
        self.refresh_from_db()
        return bool(claimed) and self.fence == mine

    def held(self) -> models.QuerySet[Any]:
        """This row while its fence is still the one we were given: update through it."""
        return type(self)._default_manager.filter(pk=self.pk, fence=self.fence)

    def beat(self, **progress: Any) -> bool:
        """Renew the lease; False once the work is done, given back, or taken over."""
        now = timezone.now()
        leased = self.held().exclude(lease_until=None)
        return bool(leased.update(heartbeat=now, lease_until=now + LEASE, **progress))

    def give_back(self, reason: str) -> None:
        """Let the next attempt begin at once."""
        self.held().update(lease_until=None, reason=reason)


class RunState(models.TextChoices):
    """Where a run stands."""

    REQUESTED = "requested"
    RUNNING = "running"
    PUBLISHED = "published"
    FAILED = "failed"


class Run(Leased):
    """One crawl of one account. ``moment`` is its publication's number, or its failure's.

    ``regions`` are those it reads again because something was changed there; empty for a whole
    crawl. Of everything else the reading before it stands, as old as it is.
    """

    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, related_name="runs")
    regions = models.JSONField(default=list, blank=True)
    scheduled_for = models.DateTimeField()
    state = models.CharField(max_length=9, choices=RunState.choices, default=RunState.REQUESTED)
    moment = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["aws_account", "scheduled_for"], name="one_run_per_account_and_time"
            ),
            models.UniqueConstraint(
                fields=["aws_account"],
                condition=Q(state__in=["requested", "running"]),
                name="one_live_run_per_account",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["scheduled_for"],
                condition=Q(state__in=["requested", "running"]),
                name="unfinished_runs",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.aws_account_id} ({self.state})"


class PartState(models.TextChoices):
    """Where the crawl of one region stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STAGED = "staged"
    FAILED = "failed"


class RunPart(Leased):
    """A run's crawl of one region. ``staged`` is its observation until the run is published.

    ``doing`` is the call that AWS answered last: ``lambda.list_functions``. ``followed`` are the
    ARNs about which more was asked, as they may lie on a loop; null where nobody noted it.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts")
    region = models.CharField(max_length=32)
    state = models.CharField(max_length=9, choices=PartState.choices, default=PartState.WAITING)
    calls_done = models.PositiveIntegerField(default=0)
    calls_planned = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=128, blank=True)
    staged = models.BinaryField(null=True)
    followed = CanonicalJSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "region"], name="one_part_per_region"),
        ]

    def __str__(self) -> str:
        return f"{self.region} of run {self.run_id} ({self.state})"


class LedgerRead(models.Model):
    """The coverage ledger: a row per planned call, written before anything is read."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="reads")
    region = models.CharField(max_length=32)
    call = models.CharField(max_length=128)
    action = models.CharField(max_length=128)
    status = models.CharField(max_length=8, default=ReadStatus.NOT_READ.value)
    items = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "region", "call"], name="one_row_per_read"),
        ]

    def __str__(self) -> str:
        return f"{self.call} in {self.region}: {self.status}"


class GapRow(models.Model):
    """Something a run could not read, parse or decide."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="gaps")
    data = CanonicalJSONField()

    def __str__(self) -> str:
        return str(self.data)


class ConnectionTest(models.Model):
    """The last time an account's connection was tried.

    ``finished`` is empty until a worker has; ``refused`` says why the account cannot be read at
    all; ``calls`` are how many reads were ``tried``, and which were ``refused`` or ``undecided``.
    """

    aws_account = models.OneToOneField(AwsAccount, models.CASCADE, related_name="test")
    asked = models.DateTimeField()
    finished = models.DateTimeField(null=True)
    refused = models.TextField(blank=True)
    calls = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"test of {self.aws_account_id}"
