"""API tokens: what a program may do in one workspace in the name of a member.

A token never reaches further than its person's role does when it is used.
Source: https://www.rfc-editor.org/rfc/rfc6750
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import opaque, row_security
from accounts.audit_log import record
from accounts.models import ApiToken, Membership, Role, Scope, User, Workspace

PREFIX = "lsc_"  # by which people and secret scanners recognise one
MOST = 50  # tokens of a member
NOTICED = timedelta(minutes=1)  # between two updates of "last used"

ROLES: dict[Scope, tuple[Role, ...]] = {
    Scope.READ: (Role.VIEWER, Role.OPERATOR, Role.ADMIN),
    Scope.CRAWL: (Role.OPERATOR, Role.ADMIN),
    Scope.CHANGE: (Role.OPERATOR, Role.ADMIN),
}


class RefusedError(Exception):
    """A token that cannot be made; says why in a sentence."""


def allowed(role: str) -> list[Scope]:
    """The scopes that a role can give away."""
    return [scope for scope, roles in ROLES.items() if role in roles]


def make(
    member: Membership, name: str, scopes: Iterable[str], lasts: timedelta | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a member; return its row and the token, which nobody can read again.

    It may read whatever else it may do. Raises ``RefusedError`` for a scope beyond the member's
    role, and for a member who has ``MOST`` of them.
    """
    wanted = {Scope.READ.value, *scopes}
    if not wanted <= {scope.value for scope in allowed(member.role)}:
        raise RefusedError(f"A token of a {member.role} cannot do that.")
    if member.tokens.count() >= MOST:
        raise RefusedError(f"A member has {MOST} tokens at most: revoke one first.")
    token = opaque.new_token(PREFIX)
    with transaction.atomic():
        made = ApiToken.objects.create(
            member=member,
            name=name[:100],
            hint=token[: len(PREFIX) + 4],
            digest=opaque.digest(token),
            scopes=sorted(wanted),
            expires=timezone.now() + lasts if lasts else None,
        )
        until = f"until {made.expires:%Y-%m-%d}" if made.expires else "without an end"
        about = f"{name} ({made.hint}…): {', '.join(made.scopes)}, {until}"
        record(member.workspace, member.user, "made the API token", about)
    return made, token


def bearer(token: str) -> ApiToken | None:
    """The row of a token that holds now; None alike for one ended, revoked or made up."""
    now = timezone.now()
    holding = ApiToken.objects.filter(Q(expires=None) | Q(expires__gt=now))
    mine = holding.filter(digest=opaque.digest(token), member__user__is_active=True)
    with row_security.across():
        found = mine.select_related("member__user", "member__workspace").first()
    if found:
        with row_security.within(found.member.workspace):
            _notice(found, now)
    return found


def visible(workspace: Workspace, user: User) -> QuerySet[ApiToken]:
    """The tokens a member may see and revoke: their own; who administers, everybody's."""
    found = ApiToken.objects.filter(member__workspace=workspace)
    if not workspace.memberships.filter(user=user, role=Role.ADMIN).exists():
        found = found.filter(member__user=user)
    return found.select_related("member__user").order_by("member__user__username", "-pk")


def revoke(token: ApiToken, by: User) -> None:
    """End a token at once."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk).delete()[0]:
            about = f"{token.name} ({token.hint}…) of {token.member.user}"
            record(token.member.workspace, by, "revoked the API token", about)


def _notice(token: ApiToken, now: datetime) -> None:
    # Not at every request: a busy pipeline would write a row for each of them.
    unnoticed = Q(last_used=None) | Q(last_used__lt=now - NOTICED)
    ApiToken.objects.filter(unnoticed, pk=token.pk).update(last_used=now)
