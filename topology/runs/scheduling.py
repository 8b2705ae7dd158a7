"""When an account is crawled: when its schedule says so, or now because somebody asks."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import AwsAccount
from topology.models import Run, RunState
from topology.runs.crawling import send_unheld
from topology.runs.sending import send

LIVE = (RunState.REQUESTED, RunState.RUNNING)


def request(aws_account: AwsAccount, scheduled_for: datetime | None = None) -> Run:
    """Ask for a crawl, now or at a time; asking again while one is to be done is asking once."""
    when = scheduled_for or timezone.now()
    try:
        run, _ = Run.objects.get_or_create(aws_account=aws_account, scheduled_for=when)
    except IntegrityError:  # another crawl of the account is not done
        live = Run.objects.filter(aws_account=aws_account, state__in=LIVE).first()
        return live or request(aws_account, when)
    if run.state == RunState.REQUESTED and run.scheduled_for <= timezone.now():
        send("topology.plan", run.pk)
    return run


def start_due() -> None:
    """Ask for what schedules ask for, and send whatever nobody holds. Every minute."""
    request_due(timezone.now())
    send_unheld()


def request_due(now: datetime) -> None:
    """Ask for a crawl of every account whose schedule asks for one at or before ``now``.

    Any number of schedulers may do this at once: the database takes one run per account and time.
    A time that passed while another crawl went on, or nobody looked, is made up for once.
    """
    for account in AwsAccount.objects.filter(paused=False).exclude(schedule=""):
        due = account.due(now)
        if due and not Run.objects.filter(aws_account=account, scheduled_for__gte=due).exists():
            request(account, due)
