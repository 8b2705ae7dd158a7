"""People, the workspaces they share, and the AWS accounts a workspace reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts import schedules

LEASE = timedelta(minutes=2)  # without a sign, after which an analysis is taken for dead
TWO_INTERVALS = 3  # times of a schedule: between the first and the third lie two intervals


class User(AbstractUser):
    """A person."""


class Workspace(models.Model):
    """What a team sees together; every row of an account belongs to one.

    ``moment`` numbers its publications. Who publishes raises it first, and so holds the row's
    lock until the end of the transaction: moments are taken one after another. ``trusts_code``
    lets code that was read and understood lower a verdict; changing it is a moment too.
    While ``shares_suspended``, no link to a shared report opens. ``analysed_until`` is when whoever
    analyses it is taken for dead; null while nobody does. ``analysis_attempts`` have died since the
    last that did not.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    moment = models.PositiveBigIntegerField(default=0)
    trusts_code = models.BooleanField(default=True)
    shares_suspended = models.BooleanField(default=False)
    analysed_until = models.DateTimeField(null=True, editable=False)
    analysis_attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")

    def __str__(self) -> str:
        return self.slug

    def begin_analysis(self) -> bool:
        """Take the analysis, unless somebody else has it; look at everything anew."""
        now = timezone.now()
        is_free = Q(analysed_until=None) | Q(analysed_until__lt=now)
        mine = Workspace.objects.filter(is_free, pk=self.pk).update(
            analysed_until=now + LEASE, analysis_attempts=F("analysis_attempts") + 1
        )
        self.refresh_from_db()
        return bool(mine)

    def renew_analysis(self) -> None:
        """Hold it further, if nobody has taken it for left."""
        self._hold_analysis(timezone.now() + LEASE, self.analysis_attempts)

    def end_analysis(self, *, died: bool = False) -> None:
        """Leave it to the next, which is the next attempt where this one ``died``."""
        self._hold_analysis(None, self.analysis_attempts if died else 0)

    def _hold_analysis(self, until: datetime | None, attempts: int) -> None:
        mine = Workspace.objects.filter(pk=self.pk, analysed_until=self.analysed_until)
        if mine.update(analysed_until=until, analysis_attempts=attempts):
            self.analysed_until = until


class Role(models.TextChoices):
    """What a member may do: look, start crawls, change everything."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


class Membership(models.Model):
    """A person's role in a workspace."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "workspace"], name="one_role_per_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.workspace}"


class Invitation(models.Model):
    """A place in a workspace for whoever brings its link first.

    ``digest`` is the SHA-256 of the link's token; the token itself is shown once and kept nowhere.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.VIEWER)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=150)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()

    def __str__(self) -> str:
        return f"an invitation to {self.workspace} as {self.role}"


class Scope(models.TextChoices):
    """What an API token may do: look, ask for crawls, or change what a workspace keeps."""

    READ = "read", "read everything its person sees"
    CRAWL = "crawl", "ask for crawls"
    CHANGE = "change", "accept, share, and keep scenarios"


class ApiToken(models.Model):
    """What lets a program act for a member, within ``scopes`` and the member's role.

    It belongs to the membership, and ends with it. ``digest`` is the token's SHA-256; ``hint`` is
    how it begins, by which its person recognises it.
    """

    member = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True)
    last_used = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.member.user}"

    @property
    def has_ended(self) -> bool:
        """Whether it is past its last day."""
        return self.expires is not None and self.expires <= timezone.now()


class Deed(models.Model):
    """A line of the audit log: who did what to what, and when. It is never changed or removed.

    People are named by text, so that a line outlives whoever it is about. PostgreSQL refuses to
    change or delete a row; SQLite, whose file is one person's own, refuses to change one.
    """

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="deeds")
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=150)
    did = models.CharField(max_length=60)
    about = models.CharField(max_length=2048, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["workspace", "-id"], name="deeds_of_workspace")]

    def __str__(self) -> str:
        return f"{self.by} {self.did} {self.about}".rstrip()


class AwsAccount(models.Model):
    """An AWS account, and how it is reached: boto3's usual chain, a profile, a role, or both.

    ``account_id`` is empty until AWS has said whose credentials they are. An empty ``regions``
    means every enabled one. ``evidence`` are the kinds of further evidence that may be read.
    ``schedule`` is a name or a cron line (``accounts.schedules``), empty for none; it counts from
    ``scheduled_since``, so that setting it or ending a pause makes nothing due in the past.
    ``disconnected`` is the moment since which it is history, and read no more.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="aws_accounts")
    account_id = models.CharField(
        max_length=12, blank=True, validators=[RegexValidator(r"^[0-9]{12}\Z")]
    )
    partition = models.CharField(max_length=20, default="aws")
    name = models.CharField(max_length=200, blank=True)
    profile = models.CharField(max_length=200, blank=True)
    role_arn = models.CharField(max_length=2048, blank=True)
    external_id = models.CharField(max_length=1224, blank=True)
    regions = models.JSONField(default=list, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    schedule = models.CharField(
        max_length=100, blank=True, validators=[schedules.validate_schedule]
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[schedules.validate_zone])
    scheduled_since = models.DateTimeField(default=timezone.now)
    paused = models.BooleanField(default=False)
    disconnected = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "account_id"],
                condition=~models.Q(account_id=""),
                name="one_row_per_aws_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.known_as

    @property
    def known_as(self) -> str:
        """What reports call it: the id, once AWS has said whose credentials these are."""
        return self.account_id or self.name or "an account not identified yet"

    def due(self, now: datetime) -> datetime | None:
        """The last time at or before ``now`` for which its schedule asks; None for none yet."""
        if not self.schedule or self.paused:
            return None
        last = self._last_ticks(now)
        return last[0] if last and last[0] > self.scheduled_since else None

    def next_due(self, now: datetime) -> datetime | None:
        """When its schedule asks for a crawl next; None without one, or at a pause."""
        if not self.schedule or self.paused:
            return None
        jitter = schedules.jitter_of(self.pk)
        return schedules.next_tick(self.schedule, self.time_zone, jitter, now)

    def is_overdue(self, last: datetime, now: datetime) -> bool:
        """Whether two intervals have passed since its last whole crawl, and one should have been.

        Between uneven times (working days) more than two intervals may pass without one being due.
        A pause does not make what was read younger.
        """
        ticks = self._last_ticks(now) if self.schedule else []
        if len(ticks) < TWO_INTERVALS:
            return False
        return last < ticks[1] and now - last > ticks[0] - ticks[-1]

    def _last_ticks(self, now: datetime) -> list[datetime]:
        jitter = schedules.jitter_of(self.pk)
        found = schedules.ticks(self.schedule, self.time_zone, jitter, now)
        return list(islice(found, TWO_INTERVALS))
