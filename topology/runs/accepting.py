"""Living with something: what was read is judged anew when somebody says so, and when it ends."""

from __future__ import annotations

from datetime import date

from accounts.models import Workspace
from topology import store
from topology.models import AcceptanceRow
from topology.reports.acceptance import Acceptance
from topology.runs.sending import send


def accept(workspace: Workspace, acceptance: Acceptance, title: str, made_by: str) -> AcceptanceRow:
    """Accept a loop, finding or gap until a day."""
    row = store.accept(workspace, acceptance, title, made_by)
    send("topology.analyse", workspace.pk)
    return row


def withdraw(row: AcceptanceRow) -> None:
    """Accept it no longer."""
    store.withdraw(row)
    send("topology.analyse", row.workspace_id)


def end_acceptances(today: date) -> None:
    """Judge anew where an acceptance has ended: the alert of its loop follows from that."""
    for workspace in store.lapse(today):
        send("topology.analyse", workspace.pk)
