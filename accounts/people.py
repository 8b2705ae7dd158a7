"""Who belongs to a workspace: invitations, roles, and that somebody always administers it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import opaque, row_security
from accounts.audit_log import record
from accounts.models import Invitation, Membership, Role, User, Workspace

LIFETIME = timedelta(days=7)


class RefusedError(Exception):
    """A change that would leave a workspace to nobody; says so in a sentence."""


def invite(workspace: Workspace, by: User | None, role: str, email: str = "") -> str:
    """Make a place in a workspace; return the link's token, which nobody can read again.

    ``by`` is None for somebody at the server's own console.
    """
    token = opaque.new_token()
    maker = by.get_username() if by else "the console"
    with transaction.atomic():
        Invitation.objects.create(
            workspace=workspace,
            email=email,
            role=role,
            digest=opaque.digest(token),
            made_by=maker,
            expires=timezone.now() + LIFETIME,
        )
        if by:
            record(workspace, by, "invited", f"{email or 'somebody'} as {role}")
    return token


def invitation(token: str) -> Invitation | None:
    """The open invitation of a token; None alike for a used, old, revoked or made-up one."""
    found = Invitation.objects.filter(digest=opaque.digest(token), expires__gt=timezone.now())
    with row_security.across():
        return found.select_related("workspace").first()


def accept(token: str, user: User) -> Workspace | None:
    """Give the invitation's place to the user, once; a member keeps the higher of two roles."""
    found = invitation(token)
    return found.workspace if found and take(found, user) else None


def invitations_of(email: str) -> list[Invitation]:
    """The open invitations that were made for an address."""
    found = Invitation.objects.filter(email__iexact=email, expires__gt=timezone.now())
    with row_security.across():
        return list(found.select_related("workspace").order_by("pk"))


def take(found: Invitation, user: User) -> bool:
    """Give an invitation's place to the user; False if somebody was faster."""
    with row_security.within(found.workspace), transaction.atomic():
        # The delete is the claim: of two who bring one link, the second deletes nothing.
        if not _delete(found):
            return False
        member, is_new = Membership.objects.get_or_create(
            user=user, workspace=found.workspace, defaults={"role": found.role}
        )
        if not is_new and _rank(found.role) > _rank(member.role):
            member.role = found.role
            member.save()
        record(found.workspace, user, "joined", f"as {member.role}, invited by {found.made_by}")
    return True


def revoke(found: Invitation, by: User) -> None:
    """Take an invitation back; its link stops working at once."""
    with transaction.atomic():
        if _delete(found):
            record(found.workspace, by, "revoked", f"{found} for {found.email or 'somebody'}")


def change_role(member: Membership, role: str, by: User) -> None:
    """Give a member another role; raise ``RefusedError`` for the last who administers."""
    with transaction.atomic():
        _keep_an_admin(member, stays=role == Role.ADMIN)
        before, member.role = member.role, role
        member.save()
        record(member.workspace, by, "changed the role of", f"{member.user}: {before} → {role}")


def remove(member: Membership, by: User) -> None:
    """End a membership; raise ``RefusedError`` for the last who administers."""
    with transaction.atomic():
        _keep_an_admin(member, stays=False)
        record(member.workspace, by, "removed", f"{member.user}, who was {member.role}")
        member.delete()


def _keep_an_admin(member: Membership, *, stays: bool) -> None:
    # The workspace's row is the lock: two admins who demote each other do it one after another.
    Workspace.objects.select_for_update().get(pk=member.workspace_id)
    others = member.workspace.memberships.exclude(pk=member.pk)
    if member.role == Role.ADMIN and not stays and not others.filter(role=Role.ADMIN).exists():
        raise RefusedError(
            f"{member.user} is the only one who administers {member.workspace.name}. "
            "Make somebody else an admin first."
        )


def _delete(found: Invitation) -> bool:
    return bool(Invitation.objects.filter(pk=found.pk).delete()[0])


def _rank(role: str) -> int:
    return list(Role).index(Role(role))
