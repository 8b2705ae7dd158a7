"""What a workspace accepted; every change of it is a moment of its own, and is judged anew."""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.db.models import Case, F, PositiveBigIntegerField, When

from accounts import row_security
from accounts.models import Workspace
from topology.graph import canonical_json
from topology.models import AcceptanceRow
from topology.reports.acceptance import Acceptance

NAMES = ("call", "region", "resource", "fingerprint", "verdict")


def acceptances(workspace: Workspace) -> list[Acceptance]:
    """All of them, those that have expired too."""
    return [
        Acceptance(row.kind, row.owner, row.reason, row.expires, **row.names)
        for row in AcceptanceRow.objects.filter(workspace=workspace).order_by("kind", "what")
    ]


def accept(workspace: Workspace, acceptance: Acceptance, title: str, made_by: str) -> AcceptanceRow:
    """Accept one thing from now on, in place of what was said of it before."""
    names = {name: getattr(acceptance, name) for name in NAMES}
    digest = hashlib.sha256(canonical_json(names).encode("utf-8", "surrogatepass")).hexdigest()
    with transaction.atomic():
        row, _ = AcceptanceRow.objects.update_or_create(
            workspace=workspace,
            kind=acceptance.kind,
            what=acceptance.fingerprint or digest[:16],
            defaults={
                "title": title,
                "names": names,
                "owner": acceptance.owner,
                "reason": acceptance.reason,
                "expires": acceptance.expires,
                "lapsed": False,
                "made_by": made_by,
            },
        )
        _judge_anew(workspace)
    return row


def withdraw(row: AcceptanceRow) -> None:
    """Accept it no longer."""
    with transaction.atomic():
        row.delete()
        _judge_anew(row.workspace)


def lapse(today: date) -> list[Workspace]:
    """The workspaces of which an acceptance has ended, each told once; they are judged anew."""
    ended = AcceptanceRow.objects.filter(expires__lt=today, lapsed=False)
    found = []
    affected = Workspace.objects.filter(acceptances__in=ended).distinct().order_by("pk")
    with row_security.across():
        workspaces = list(affected)
    for workspace in workspaces:
        with row_security.within(workspace), transaction.atomic():
            if ended.filter(workspace=workspace).update(lapsed=True):
                _judge_anew(workspace)
                found.append(workspace)
    return found


def _judge_anew(workspace: Workspace) -> None:
    """A moment of the same graph, unless there is none yet."""
    next_moment = Case(
        When(moment__gt=0, then=F("moment") + 1),
        default=F("moment"),
        output_field=PositiveBigIntegerField(),
    )
    Workspace.objects.filter(pk=workspace.pk).update(moment=next_moment)
