"""What people keep of a workspace: scenarios, acceptances, and reports and badges they shared."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import User, Workspace
from topology.models.fields import CanonicalJSONField


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


class Badge(models.Model):
    """An address at which anybody sees the verdict of a workspace, until the row is gone.

    The address is ``public_id`` with a signature of the server's (``runs.badges``).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="badges")
    public_id = models.CharField(max_length=22, unique=True)
    made_by = models.CharField(max_length=150)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"a badge of {self.workspace}"
