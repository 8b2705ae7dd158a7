"""Rows: runs and their ledger, the graph with its validity in time, and what was made of it.

``topology.store`` is the only translator between these and the vocabulary (docs/design.md §7, §8).
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import AwsAccount, User, Workspace
from topology.graph import ReadStatus, canonical_json

ATTEMPTS = 3
LEASE = timedelta(seconds=60)


class CanonicalJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON as canonical ASCII text: the same bytes in every database, and any name survives.

    PostgreSQL's own type refuses NUL and lone surrogates, which names from AWS may hold.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def get_prep_value(self, value: Any) -> str:
        """The value as a column takes it."""
        return canonical_json(value)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        """The value as it was given."""
        return None if value is None else json.loads(value)


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
    """One crawl of one account. ``moment`` is its publication's number, or its failure's."""

    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, related_name="runs")
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

    ``doing`` is the call that AWS answered last: ``lambda.list_functions``.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts")
    region = models.CharField(max_length=32)
    state = models.CharField(max_length=9, choices=PartState.choices, default=PartState.WAITING)
    calls_done = models.PositiveIntegerField(default=0)
    calls_planned = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=128, blank=True)
    staged = models.BinaryField(null=True)

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


class Version(models.Model):
    """What one resource or edge was, from one moment until another.

    ``identity`` says which (a digest: names may be longer than an index takes), ``digest`` sums
    its content up, ``seen`` is the last moment at which a crawl saw it so.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, related_name="+")
    region = models.CharField(max_length=32)
    identity = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    data = CanonicalJSONField()
    valid_from = models.PositiveBigIntegerField()
    valid_until = models.PositiveBigIntegerField(null=True)
    seen = models.PositiveBigIntegerField()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["aws_account", "region", "identity"],
                condition=Q(valid_until=None),
                name="one_open_%(class)s",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "valid_until"], name="%(class)s_in_time"),
            models.Index(fields=["workspace", "valid_from"], name="%(class)s_began"),
            models.Index(fields=["workspace", "identity"], name="%(class)s_of"),
        ]

    @classmethod
    def at(cls, workspace: Workspace, moment: int) -> models.QuerySet[Any]:
        """The rows that held at a moment, in an order that only their content decides."""
        return (
            cls._default_manager.filter(workspace=workspace, valid_from__lte=moment)
            .filter(Q(valid_until=None) | Q(valid_until__gt=moment))
            .order_by("identity", "digest")
        )


class ResourceVersion(Version):
    """A resource as it was for a while."""


class EdgeVersion(Version):
    """An edge as it was for a while."""


class Analysis(models.Model):
    """What one moment of a workspace means: the published report and a drawing per account.

    ``trusts_code`` is whether code could lower a verdict in it: the workspace's word at the moment.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="analyses")
    moment = models.PositiveBigIntegerField()
    created = models.DateTimeField(auto_now_add=True)
    report = CanonicalJSONField()
    overviews = CanonicalJSONField()
    trusts_code = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "moment"], name="one_analysis_per_moment"),
        ]
        get_latest_by = "moment"

    def __str__(self) -> str:
        return f"{self.workspace} at moment {self.moment}"


class LoopSighting(models.Model):
    """That an analysed moment lists a loop, and with which verdict: a loop's history."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    moment = models.PositiveBigIntegerField()
    fingerprint = models.CharField(max_length=16)
    verdict = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "fingerprint", "moment"], name="one_sighting_per_moment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "moment"], name="loops_of_a_moment"),
        ]

    def __str__(self) -> str:
        return f"loop {self.fingerprint} at moment {self.moment}: {self.verdict}"


class Scenario(models.Model):
    """Changes that somebody supposed and gave a name, to be tried again on every later moment.

    ``edits`` are ``{"text", "words"}``: what is tried, and what it meant when it was kept, which
    can still be read when its edge is gone. ``moment`` is the one they were made at.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=100)
    edits = CanonicalJSONField()
    moment = models.PositiveBigIntegerField()
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "name"], name="one_scenario_per_name"),
        ]
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Channel(models.Model):
    """Somewhere a workspace's alerts are sent. ``sealed`` is encrypted; ``shown`` tells no secret.

    ``every`` are the minutes of a digest, 0 for each alert at once. Channels of AWS send with the
    credentials of ``aws_account``.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=20)
    shown = models.CharField(max_length=300)
    sealed = models.TextField()
    every = models.PositiveIntegerField(default=0)
    findings = models.BooleanField(default=False)
    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, null=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.shown}"


class Watched(models.Model):
    """A loop, finding or account as the last reading that showed it said, open or closed."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    is_open = models.BooleanField()
    data = CanonicalJSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "fingerprint"], name="one_row_per_watched"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint} ({self.state})"


class Alert(models.Model):
    """That something became new, changed or resolved at a moment: told once, whatever is sent."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=8)
    fingerprint = models.CharField(max_length=16)
    turn = models.CharField(max_length=8)
    moment = models.PositiveBigIntegerField()
    state = models.CharField(max_length=16)
    before = models.CharField(max_length=16, blank=True)
    title = models.TextField()
    detail = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "fingerprint", "turn", "moment"],
                name="one_alert_per_turn",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "created"], name="alerts_in_time")]

    def __str__(self) -> str:
        return f"{self.turn}: {self.kind} {self.fingerprint}"


class Delivery(models.Model):
    """An alert's way to a channel: written with the alert, tried until it arrives or is given up.

    ``not_before`` is when it is tried next, and while somebody tries, until when nobody else does.
    """

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "channel"], name="one_delivery_per_channel"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"], condition=Q(sent=None, given_up=False), name="undelivered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} to {self.channel_id}"


class Share(models.Model):
    """A report frozen for whoever has its link: nothing that is read later changes it.

    Of the link's token only the SHA-256 is kept (``digest``), of a passcode Django's own hash.
    ``page`` is the HTML, compressed by gzip. ``misses`` counts wrong passcodes.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="shares")
    public_id = models.CharField(max_length=22, unique=True)
    digest = models.CharField(max_length=64)
    passcode = models.CharField(max_length=128, blank=True)
    about = models.CharField(max_length=200)
    page = models.BinaryField()
    made_by = models.CharField(max_length=150)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    last_view = models.DateTimeField(null=True)
    misses = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"a link to {self.about}"


class AcceptanceRow(models.Model):
    """What a workspace decided to live with until a day (``reports.acceptance``).

    ``what`` is a fingerprint, or a digest of what names a gap. ``lapsed`` once its end was told.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="acceptances")
    kind = models.CharField(max_length=8)
    what = models.CharField(max_length=16)
    title = models.TextField()
    names = CanonicalJSONField()  # what of an Acceptance names the thing
    owner = models.CharField(max_length=200)
    reason = models.TextField()
    expires = models.DateField()
    lapsed = models.BooleanField(default=False)
    made_by = models.CharField(max_length=150)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "what"], name="one_acceptance_per_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}, until {self.expires}"
