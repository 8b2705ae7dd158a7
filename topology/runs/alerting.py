"""Alerts: told to what is watched when a reading is published, and sent until they arrive.

The outbox is the database: a delivery is written in the transaction of its alert, and whoever
sends it first puts off when the next one may try. It arrives at least once, with one key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import mailing, row_security
from accounts.models import AwsAccount, Workspace
from topology import alerts, crawl, store
from topology.alerts import ChannelError, Item, Message, RefusedError, posting
from topology.crawl.errors import FAILURES, explained
from topology.crawl.session import opened
from topology.models import Alert, Channel, Delivery
from topology.reports.subjects import Kind, Subject, Turn, Whole
from topology.runs.sending import send

ATTEMPTS = 10
HELD = timedelta(minutes=2)  # while somebody sends, nobody else does
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=2)
TOGETHER = 200  # alerts of one message

log = structlog.get_logger(__name__)


def add_channel(
    workspace: Workspace,
    kind: str,
    config: Mapping[str, str],
    *,
    aws_account: AwsAccount | None,
    every: int = 0,
    findings: bool = False,
) -> Channel:
    """Send alerts there from now on; ``ChannelError`` where that can never work, or would loop."""
    declared = alerts.kinds()[kind]
    if declared.uses_aws and aws_account is None:
        raise ChannelError("Choose the account whose credentials send.")
    declared.check(config)
    _must_be_apart(workspace, declared, config)
    return Channel.objects.create(
        workspace=workspace,
        kind=kind,
        shown=declared.shown(config)[:300],
        sealed=alerts.sealed(config),
        every=every,
        findings=findings,
        aws_account=aws_account if declared.uses_aws else None,
    )


def try_channel(channel: Channel) -> None:
    """Send a test that opens nothing and rings nobody; raise ``ChannelError`` if it fails."""
    nothing = Item(
        hashlib.sha256(f"test {channel.pk} {timezone.now()}".encode()).hexdigest()[:32],
        Kind.ACCOUNT.value,
        "0" * 16,
        Turn.RESOLVED.value,
        "test",
        "",
        "a test, nothing has happened",
        "Somebody pressed the test button of this channel.",
        timezone.now(),
    )
    _send(channel, Message(str(channel.workspace.name), (nothing,), is_test=True))


def tell_of_accounts(now: datetime) -> None:
    """Watch the clock: accounts that are overdue, and those that are not any more."""
    with row_security.across():
        read = list(Workspace.objects.filter(aws_accounts__isnull=False).distinct())
    for workspace in read:
        with row_security.within(workspace), transaction.atomic():
            overdue = store.overdue(workspace.aws_accounts.all(), now)
            found = [_overdue(account, last) for account, last in overdue]
            whole = Whole((), (), ())
            told = store.watch(workspace, workspace.moment, found, whole, (Kind.ACCOUNT,))
            send_soon(told)


def send_soon(told: Sequence[Alert]) -> None:
    """Have somebody look into the outbox, once what was told is committed."""
    if told:
        send("topology.deliver", told[0].workspace_id)


def deliver(workspace: Workspace) -> None:
    """Send what is due to every channel of a workspace."""
    for channel in Channel.objects.filter(workspace=workspace).order_by("pk"):
        while claimed := _claim(channel):
            _try(channel, claimed)


def deliver_all() -> None:
    """Send what is due anywhere: messages that were lost, and attempts that failed."""
    due = Delivery.objects.filter(sent=None, given_up=False, not_before__lte=timezone.now())
    with row_security.across():
        workspaces = set(due.values_list("channel__workspace", flat=True))
    for key in workspaces:
        send("topology.deliver", key)


def _claim(channel: Channel) -> list[Delivery]:
    """What is sent together now; nobody else sends it for a while."""
    now = timezone.now()
    due = channel.deliveries.filter(sent=None, given_up=False, not_before__lte=now)
    some = due.order_by("pk").values_list("pk", flat=True)[: TOGETHER if channel.every else 1]
    mine = [
        pk
        for pk in some
        if due.filter(pk=pk).update(not_before=now + HELD, attempts=F("attempts") + 1)
    ]
    found = Delivery.objects.filter(pk__in=mine).select_related("alert__workspace")
    return list(found.order_by("pk"))


def _try(channel: Channel, claimed: Sequence[Delivery]) -> None:
    mine = Delivery.objects.filter(pk__in=[each.pk for each in claimed], sent=None)
    try:
        _send(channel, Message(channel.workspace.name, [_item(each.alert) for each in claimed]))
    except ChannelError as error:
        attempts = max(each.attempts for each in claimed)
        over = isinstance(error, RefusedError) or attempts >= ATTEMPTS
        wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
        mine.update(reason=str(error), given_up=over, not_before=timezone.now() + wait)
        log.warning("an alert did not arrive", channel=channel.pk, kind=channel.kind, over=over)
    else:
        mine.update(sent=timezone.now(), reason="")


def _send(channel: Channel, message: Message) -> None:
    declared = alerts.kinds()[channel.kind]
    config = alerts.unsealed(channel.sealed)
    _must_be_apart(channel.workspace, declared, config)
    try:
        declared.send(config, message, SiteWire(channel.aws_account))
    except FAILURES as error:
        raise ChannelError(str(explained(error))) from error


def _must_be_apart(
    workspace: Workspace, declared: alerts.ChannelKind, config: Mapping[str, str]
) -> None:
    """Refuse a channel that is a part of a loop: its alert would drive what it tells of."""
    latest = store.latest_analysis(workspace)
    touched = set(declared.touches(config))
    for host in {each for each in touched if not each.startswith("arn:")}:
        touched |= store.started_by(workspace, f"https://{host}")
    if title := alerts.part_of_a_loop(touched, latest.report if latest else None):
        raise RefusedError(
            f"It is part of a loop that Loopscope reports ({title}): an alert sent there would go "
            "round with it. Choose another target, or stop the loop first."
        )


class SiteWire:
    """The site's own ways to send."""

    def __init__(self, account: AwsAccount | None) -> None:
        self._account = account

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        posting.post(url, body, headers, posting.configured())

    def aws(self, service: str, region: str) -> Any:
        if self._account is None:
            raise RefusedError("The account whose credentials sent is not connected any more.")
        account = self._account
        reached = crawl.Connection(account.profile, account.role_arn, account.external_id)
        try:
            return opened(reached).client(service, region)
        except crawl.CrawlError as error:
            raise ChannelError(str(error)) from error

    def mail(self, to: str, message: Message) -> None:
        headers = {"Message-ID": f"<{message.key}@loopscope>"}
        try:
            mailing.send(to, message.subject, message.text, headers)
        except mailing.NotSentError as error:
            raise ChannelError(str(error)) from error


def _item(alert: Alert) -> Item:
    identity = (alert.workspace.slug, alert.kind, alert.fingerprint, alert.turn, str(alert.moment))
    path = f"/w/{alert.workspace.slug}/"
    if alert.kind == Kind.LOOP:
        path += f"loops/{alert.fingerprint}/"
    elif alert.kind == Kind.FINDING:
        path += "findings/?severity=high"
    return Item(
        hashlib.sha256("\x00".join(identity).encode()).hexdigest()[:32],
        alert.kind,
        alert.fingerprint,
        alert.turn,
        alert.state,
        alert.before,
        alert.title,
        alert.detail,
        alert.created,
        settings.BASE_URL.rstrip("/") + path if settings.BASE_URL else "",
    )


def _overdue(account: AwsAccount, last: datetime | None) -> Subject:
    read = f"It was last read as a whole {last:%Y-%m-%d %H:%M} UTC." if last else "It never was."
    return Subject(
        Kind.ACCOUNT,
        hashlib.sha256(f"account {account.pk}".encode()).hexdigest()[:16],
        "overdue",
        f"{account.known_as} was not read as a whole for two intervals",
        f"{read} Until it is, nothing in this workspace is clear.",
    )
