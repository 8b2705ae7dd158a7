"""The graph with its validity in time, and what was made of its moments (docs/design.md §7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import AwsAccount, Workspace
from topology.models.fields import CanonicalJSONField, PackedJSONField


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


class _Light(models.Manager["Analysis"]):
    """What an analysis says is asked of ``store``, and its scene by the map alone."""

    def get_queryset(self) -> models.QuerySet[Analysis]:
        return super().get_queryset().defer("scene", "report", "overviews")


class Analysis(models.Model):
    """What one moment of a workspace means: the published report and a drawing per account.

    ``scene`` is what its map shows (``reports.map_kept``), for the latest moments that are not too
    large; ``scene_basis`` is what that rests on.

    ``trusts_code`` is whether code could lower a verdict in it: the workspace's word at the moment.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="analyses")
    moment = models.PositiveBigIntegerField()
    created = models.DateTimeField(auto_now_add=True)
    report = PackedJSONField()
    overviews = PackedJSONField()
    trusts_code = models.BooleanField(default=True)
    scene = models.BinaryField(null=True)
    scene_basis = models.CharField(max_length=100, default="")

    objects = _Light()

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
