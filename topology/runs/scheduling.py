"""When an account is crawled, by its schedule or because somebody asks, and how long it is kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError
from django.utils import timezone

from accounts import row_security
from accounts.models import AwsAccount, Workspace
from topology import store
from topology.models import EVERYTHING, Run, RunState, Touched
from topology.runs.accepting import end_acceptances
from topology.runs.alerting import deliver_all, tell_of_accounts
from topology.runs.crawling import send_unheld
from topology.runs.rereading import touch
from topology.runs.sending import send

log = structlog.get_logger(__name__)
LIVE = (RunState.REQUESTED, RunState.RUNNING)


def request(aws_account: AwsAccount, scheduled_for: datetime | None = None) -> Run:
    """Ask for a whole crawl, now or at a time; asking again while one is to be done is asking once.

    While Regions are being read again, it comes right after.
    """
    when = scheduled_for or timezone.now()
    try:
        run, is_new = Run.objects.get_or_create(aws_account=aws_account, scheduled_for=when)
    except IntegrityError:  # another crawl of the account is not done
        live = Run.objects.filter(aws_account=aws_account, state__in=LIVE).first()
        if live and live.regions:
            touch(aws_account, [EVERYTHING])
        return live or request(aws_account, when)
    if is_new:
        Touched.objects.filter(aws_account=aws_account).delete()
    if run.state == RunState.REQUESTED and run.scheduled_for <= timezone.now():
        send("topology.plan", run.pk)
    return run


def start_due() -> None:
    """Ask for what is due, send what nobody holds, and tell what time has ended. Every minute."""
    now = timezone.now()
    request_due(now)
    send_unheld()
    end_acceptances(now.date())
    tell_of_accounts(now)
    deliver_all()


def request_due(now: datetime) -> None:
    """Ask for a crawl of every account whose schedule asks for one at or before ``now``.

    Any number of schedulers may do this at once: the database takes one run per account and time.
    A time that passed while another crawl went on, or nobody looked, is made up for once.
    """
    read = AwsAccount.objects.filter(paused=False, disconnected=None).exclude(schedule="")
    with row_security.across():
        due = [(account, when) for account in read if (when := account.due(now))]
    for account, when in due:
        with row_security.within(account.workspace_id):
            if not Run.objects.filter(
                aws_account=account, scheduled_for__gte=when, regions=[]
            ).exists():
                request(account, when)


def schedule(aws_account: AwsAccount, when: str, time_zone: str, *, paused: bool) -> None:
    """Crawl an account by a schedule from now on; what passed before, or in a pause, is not due.

    Raises ``ValidationError`` where schedule or time zone are none.
    """
    aws_account.schedule, aws_account.time_zone, aws_account.paused = when, time_zone, paused
    aws_account.scheduled_since = timezone.now()
    names = ["schedule", "time_zone", "paused", "scheduled_since"]
    aws_account.clean_fields(exclude={f.name for f in aws_account._meta.fields} - {*names})
    aws_account.save(update_fields=names)


def prune() -> None:
    """Forget what is older than ``KEEP_DAYS`` and needed by nothing that is shown. Every night.

    Sessions that have ended are forgotten too: everybody who comes to sign in makes one.
    """
    SessionStore.clear_expired()
    before = timezone.now() - timedelta(days=settings.KEEP_DAYS)
    with row_security.across():
        workspaces = list(Workspace.objects.order_by("pk"))
    for workspace in workspaces:
        with row_security.within(workspace):
            pruned = store.prune(workspace, before)
        log.info("pruned", workspace=str(workspace), **asdict(pruned))
