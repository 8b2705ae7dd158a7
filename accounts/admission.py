"""Whom a provider's word lets in: who was in before, was invited, or is of a domain that may.

A provider proves an e-mail address and nothing more; whoever it did not verify is nobody.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import Resolver404, resolve

from accounts import people
from accounts.models import User


class NotLetInError(Exception):
    """Somebody is not let in; says why in a sentence, for them to read."""


def admitted(known: User | None, email: str, then: str) -> User:
    """The person that a verified address signs in as; a new one where they may be.

    ``known`` is whom the provider's person was linked to before, ``email`` empty unless the
    provider verified it, ``then`` the path they came for: that of an invitation's link counts as
    one. Raises ``NotLetInError``.
    """
    if not email:
        raise NotLetInError("The provider does not say that your e-mail address was verified.")
    if known is not None:
        return _active(known)
    same = list(User.objects.filter(email__iexact=email)[:2])
    if same and settings.OIDC_LINKS_BY_EMAIL and len(same) == 1:
        return _active(same[0])
    if same:
        raise NotLetInError(
            f"Somebody here has the address {email} already, and this server does not take a "
            "provider's word for being them. Sign in as before, or ask who runs this server."
        )
    if not _may_come(email, then):
        raise NotLetInError(
            f"Nobody has invited {email}. Ask an admin of the workspace for an invitation."
        )
    user = User(username=_free_name(email), email=email)
    user.set_unusable_password()
    user.save()
    return user


def take_invitations(user: User, email: str) -> None:
    """Give somebody every place that an invitation to their verified address holds."""
    for found in people.invitations_of(email):
        people.take(found, user)


def _active(user: User) -> User:
    if not user.is_active:
        raise NotLetInError("Your account here has been closed.")
    return user


def _may_come(email: str, then: str) -> bool:
    domain = email.rpartition("@")[2].lower()
    return domain in settings.OIDC_DOMAINS or bool(people.invitations_of(email)) or _is_link(then)


def _is_link(then: str) -> bool:
    """Whether a path is that of an open invitation: a place for whoever brings its link first."""
    try:
        match = resolve(then)
    except Resolver404:
        return False
    return match.url_name == "join" and people.invitation(match.kwargs["token"]) is not None


def _free_name(email: str) -> str:
    taken = set(User.objects.filter(username__startswith=email).values_list("username", flat=True))
    names = (email, *(f"{email}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
