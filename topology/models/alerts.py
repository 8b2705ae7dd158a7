"""Where alerts go, what was told, and whether it arrived."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import AwsAccount, Workspace
from topology.models.fields import CanonicalJSONField


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
