"""Regions in which something was changed are read again, and everything else stands as it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import row_security
from accounts.models import AwsAccount
from topology.models import EVERYTHING, Run, RunPart, RunState, Touched
from topology.runs.sending import send

SETTLE = timedelta(seconds=5)  # a change seldom comes alone
REST = timedelta(
    seconds=20
)  # between two such crawls of an account, so that it is not asked on end


def touch(account: AwsAccount, regions: Iterable[str]) -> None:
    """Note that something was changed there, until it has been read again."""
    rows = [Touched(aws_account=account, region=region) for region in sorted(regions)]
    Touched.objects.bulk_create(rows, ignore_conflicts=True)


def read_touched() -> None:
    """Ask for a crawl of what was changed, account by account, unless one is under way."""
    with row_security.across():
        touched = AwsAccount.objects.filter(
            touched__since__lte=timezone.now() - SETTLE, disconnected=None, paused=False
        )
        accounts = list(touched.distinct())
    for account in accounts:
        with row_security.within(account.workspace_id):
            _read_again(account)


def _read_again(account: AwsAccount) -> None:
    """One crawl of every Region that was touched; those that no whole crawl has read are left."""
    mine = Run.objects.filter(aws_account=account)
    whole = mine.filter(moment__gt=0, regions=[]).order_by("-moment").first()
    rested = timezone.now() - REST
    if whole is None or mine.exclude(regions=[]).filter(finished__gt=rested).exists():
        return
    try:
        with transaction.atomic():
            touched = Touched.objects.filter(aws_account=account)
            names = set(touched.values_list("region", flat=True))
            known = set(RunPart.objects.filter(run=whole).values_list("region", flat=True))
            regions = [] if EVERYTHING in names else sorted(names & known)
            # What is touched from here on stays, and is read once more.
            touched.filter(region__in=names).delete()
            if not regions and EVERYTHING not in names:
                return
            run = Run.objects.create(
                aws_account=account, scheduled_for=timezone.now(), regions=regions
            )
    except IntegrityError:  # a crawl of the account is under way: after it
        return
    if run.state == RunState.REQUESTED:
        send("topology.plan", run.pk)
