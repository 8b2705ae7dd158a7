"""Badges: addresses at which anybody sees a workspace's verdict, until somebody revokes them.

An address is the id of its row signed with the server's key, so that no table holds addresses.
Source: https://docs.djangoproject.com/en/5.2/topics/signing/
"""

from __future__ import annotations

import secrets

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from accounts import row_security
from accounts.audit_log import record
from accounts.models import User, Workspace
from topology import store
from topology.models import Badge
from topology.reports import badge

MOST = 20  # of a workspace


def make_badge(workspace: Workspace, by: User) -> Badge | None:
    """A further badge; None where there are ``MOST``."""
    if workspace.badges.count() >= MOST:
        return None
    with transaction.atomic():
        made = Badge.objects.create(
            workspace=workspace,
            public_id=secrets.token_urlsafe(16),
            made_by=by.get_username(),
        )
        record(workspace, by, "made a badge", made.public_id)
    return made


def token_of(made: Badge) -> str:
    """What stands for it in its address."""
    return _signer().sign(made.public_id)


def badge_at(token: str) -> str | None:
    """The SVG as it is now; None alike for what was never made, is revoked, or is suspended."""
    try:
        public_id = _signer().unsign(token)
    except BadSignature:
        return None
    open_ = Badge.objects.filter(public_id=public_id, workspace__shares_suspended=False)
    with row_security.across():
        found = open_.select_related("workspace").first()
    if found is None:
        return None
    with row_security.within(found.workspace):
        analysis = store.latest_analysis(found.workspace)
    return badge.badge(analysis.report if analysis else None, timezone.now())


def revoke_badge(made: Badge, by: User) -> None:
    """End an address at once."""
    with transaction.atomic():
        if Badge.objects.filter(pk=made.pk).delete()[0]:
            record(made.workspace, by, "revoked a badge", made.public_id)


def _signer() -> Signer:
    """Made when it is needed: it reads the secret key, which a first use makes and writes down."""
    return Signer(sep=".", salt="topology.badge")
