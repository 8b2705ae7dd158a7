"""Who may see what: the one function that every page asks."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User, Workspace


def workspace_or_404(user: User | AnonymousUser, slug: str) -> Workspace:
    """The workspace, if the user is a member; ``Http404`` alike for a foreign and an absent one."""
    if isinstance(user, AnonymousUser):
        raise Http404
    return get_object_or_404(Workspace, slug=slug, members=user)
