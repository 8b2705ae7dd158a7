"""Which accounts have not been read for too long: nothing is clear then (docs/design.md §6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import AwsAccount, Workspace
from topology.models import RunState


def overdue(
    accounts: QuerySet[AwsAccount], now: datetime
) -> Iterator[tuple[AwsAccount, datetime | None]]:
    """Those with a schedule and no whole crawl for two intervals, and when they had their last."""
    whole = Max("runs__finished", filter=Q(runs__state=RunState.PUBLISHED, runs__regions=[]))
    for account in accounts.exclude(schedule="").annotate(last_whole=whole).order_by("pk"):
        last: datetime | None = account.last_whole
        if account.is_overdue(last or account.scheduled_since, now):
            yield account, last


def late(workspace: Workspace) -> list[str]:
    """A sentence per account of a workspace that is overdue now."""
    found = overdue(AwsAccount.objects.filter(workspace=workspace), timezone.now())
    return [
        f"{account.known_as}: two intervals of its schedule have passed without a whole crawl; it "
        + (f"was last read {last:%Y-%m-%d %H:%M} UTC" if last else "was never read")
        for account, last in found
    ]
