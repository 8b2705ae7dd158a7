"""Who may see and do what: the functions that every page asks."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import ApiToken, Role, User, Workspace


def workspace_or_404(
    user: User | AnonymousUser, slug: str, *roles: Role, token: ApiToken | None = None
) -> Workspace:
    """The workspace, if the user is a member; ``Http404`` alike for a foreign and an absent one.

    With ``roles``, ``PermissionDenied`` for a member who has none of them. A ``token`` lets its
    person into its own workspace alone.
    """
    found = get_object_or_404(workspaces(user, token), slug=slug)
    if roles and not _is_one_of(user, found, *roles):
        raise PermissionDenied
    return found


def workspaces(user: User | AnonymousUser, token: ApiToken | None = None) -> QuerySet[Workspace]:
    """The workspaces the user is a member of, by name; through a token, its own one."""
    if isinstance(user, AnonymousUser):
        return Workspace.objects.none()
    found = Workspace.objects.filter(members=user).order_by("name", "slug")
    return found.filter(memberships__tokens=token) if token else found


def may_crawl(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Whether the user's role in the workspace includes starting a crawl."""
    return _is_one_of(user, workspace, Role.OPERATOR, Role.ADMIN)


def may_keep(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Whether the user's role in the workspace includes keeping scenarios for everybody."""
    return _is_one_of(user, workspace, Role.OPERATOR, Role.ADMIN)


def may_change(user: User | AnonymousUser, workspace: Workspace) -> bool:
    """Whether the user's role in the workspace includes changing how it is judged."""
    return _is_one_of(user, workspace, Role.ADMIN)


def _is_one_of(user: User | AnonymousUser, workspace: Workspace, *roles: Role) -> bool:
    mine = workspace.memberships.filter(role__in=roles)
    return isinstance(user, User) and mine.filter(user=user).exists()
