"""Reports handed to people without an account: frozen, by a link that ends and can be revoked."""

from __future__ import annotations

import gzip
import hmac
import secrets
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import opaque, row_security
from accounts.audit_log import record
from accounts.models import User, Workspace
from topology.models import Share
from topology.reports.document import Document, legible
from topology.reports.page import frame
from topology.runs.reporting import Wanted, reported

USUAL, LONGEST = timedelta(days=7), timedelta(days=90)
WEIGHT = 150_000  # bytes on the wire: people read it on a phone, during an incident
MISSES = 20  # wrong passcodes before a link opens no more


def share(
    workspace: Workspace,
    by: User,
    wanted: Wanted,
    *,
    lasts: timedelta = USUAL,
    passcode: str = "",
) -> tuple[Share, str]:
    """Freeze a report; return its row and the link's token, which nobody can read again.

    Raises ``parts.NotThereError`` for what the reading has not. ``lasts`` is at most ``LONGEST``.
    """
    token, about = opaque.new_token(), _about(workspace, wanted)
    page = _light(legible(reported(workspace, wanted)))
    with transaction.atomic():
        made = Share.objects.create(
            workspace=workspace,
            public_id=secrets.token_urlsafe(16),
            digest=opaque.digest(token),
            passcode=make_password(passcode) if passcode else "",
            about=about[:200],
            page=page,
            made_by=by.get_username(),
            expires=timezone.now() + min(lasts, LONGEST),
        )
        record(workspace, by, "shared", f"{about} until {made.expires:%Y-%m-%d}")
    return made, token


def opened(public_id: str, token: str, passcode: str) -> bytes | None:
    """The frozen page, packed by gzip; None alike for whatever opens nothing.

    That is a link that never was, has ended or was revoked, and a wrong token or passcode.
    """
    open_ = Share.objects.filter(
        public_id=public_id,
        revoked=None,
        expires__gt=timezone.now(),
        workspace__shares_suspended=False,
        misses__lt=MISSES,
    )
    with row_security.across():
        found = open_.first()
    # Compared either way, so that the time it takes tells nobody which ids there are.
    kept = found.digest if found else opaque.digest("")
    if not hmac.compare_digest(opaque.digest(token), kept) or not found:
        return None
    mine = Share.objects.filter(pk=found.pk)
    with row_security.within(found.workspace_id):
        if found.passcode and not check_password(passcode, found.passcode):
            mine.update(misses=F("misses") + 1)
            return None
        mine.update(views=F("views") + 1, last_view=timezone.now())
    return bytes(found.page)


def revoke(found: Share, by: User) -> None:
    """End a link at once; its row stays, to tell who looked."""
    with transaction.atomic():
        if Share.objects.filter(pk=found.pk, revoked=None).update(revoked=timezone.now()):
            record(found.workspace, by, "revoked", str(found))


def revoke_all(workspace: Workspace, by: User) -> int:
    """End every link and badge of a workspace and forget what they showed; return their number."""
    with transaction.atomic():
        gone = workspace.shares.all().delete()[0] + workspace.badges.all().delete()[0]
        record(workspace, by, "destroyed", f"{gone} shared reports and badges")
    return gone


def suspend(workspace: Workspace, by: User, *, suspends: bool) -> None:
    """Have no link and no badge open until this is taken back, or take it back."""
    with transaction.atomic():
        Workspace.objects.filter(pk=workspace.pk).update(shares_suspended=suspends)
        record(
            workspace, by, "suspended" if suspends else "resumed", "all shared reports and badges"
        )


def _about(workspace: Workspace, wanted: Wanted) -> str:
    if wanted.loop:
        return f"loop {wanted.loop[:16]}"
    return f"account {wanted.account}" if wanted.account else f"the workspace {workspace.name}"


def _light(document: Document) -> bytes:
    """The page, compressed; only so many loops are told in full that it stays within ``WEIGHT``."""
    detailed = frame.DETAILED
    while True:
        packed = gzip.compress(frame.page(document, detailed=detailed).encode(), mtime=0)
        if len(packed) <= WEIGHT or not detailed:
            return packed
        detailed //= 2
