"""Who may see and do what: the functions that every page asks."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from accounts import row_security
from accounts.models import ApiToken, Role, User, Workspace


def workspace_or_404(
    user: User | AnonymousUser, slug: str, *roles: Role, token: ApiToken | None = None
) -> Workspace:
    """The workspace, if the user is a member; ``Http404`` alike for a foreign and an absent one.

    With ``roles``, ``PermissionDenied`` for a member who has none of them. A ``token`` lets its
    person into its own workspace alone. Until the request ends, the database shows this workspace's
    rows and no others.
    """
    with row_security.across():
        found = workspaces(user, token).filter(slug=slug).first()
    if found is None:
        raise Http404
    row_security.enter(found)
    if roles and not _is_one_of(user, found, *roles):
        raise PermissionDenied
    return found


def workspaces(user: User | AnonymousUser, token: ApiToken | None = None) -> QuerySet[Workspace]:
    """The workspaces the user is a member of, by name; through a token, its own one.

    They are there to see within ``row_security.across``, as none of them is named yet.
    """
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
