"""Where changes are heard of as they happen, and what waits to be read again because of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import AwsAccount

EVERYTHING = ""  # in place of a Region: the whole account


class Ear(models.Model):
    """A Region in which an account's changes are listened to.

    ``heard`` is the last time its queue answered, ``changes`` how many changes it told of so far;
    ``failed`` says why it did not answer the last time, and ``strange`` counts the messages that
    were none of this account's: they are left to go aside.
    """

    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, related_name="ears")
    region = models.CharField(max_length=32)
    heard = models.DateTimeField(null=True)
    changes = models.PositiveIntegerField(default=0)
    strange = models.PositiveIntegerField(default=0)
    failed = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["aws_account", "region"], name="one_ear_per_region"),
        ]

    def __str__(self) -> str:
        return f"{self.region} of {self.aws_account_id}"


class Touched(models.Model):
    """A Region in which something was changed, ``EVERYTHING`` for all of them, not read since."""

    aws_account = models.ForeignKey(AwsAccount, models.CASCADE, related_name="touched")
    region = models.CharField(max_length=32, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["aws_account", "region"], name="touched_once"),
        ]

    def __str__(self) -> str:
        return f"{self.region or 'all'} of {self.aws_account_id}"
