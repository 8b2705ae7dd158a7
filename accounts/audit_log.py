"""The audit log: one line for everything that changes who may do what, or what is read."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts import row_security
from accounts.access import workspaces
from accounts.models import Deed, User, Workspace


def record(workspace: Workspace, by: User | AnonymousUser, did: str, about: str = "") -> None:
    """Append a line, ``did`` as in "invited"; in the transaction of what it tells of."""
    named = by.get_username() if isinstance(by, User) else "nobody signed in"
    Deed.objects.create(workspace=workspace, by=named, did=did, about=about[:2048])


def record_sign_in(user: User, how: str) -> None:
    """Append a line to the log of every workspace that the person belongs to."""
    with row_security.across():
        mine = list(workspaces(user))
    for workspace in mine:
        with row_security.within(workspace):
            record(workspace, user, "signed in", how)
