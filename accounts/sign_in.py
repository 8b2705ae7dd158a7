"""Sign-in by a link that works once.

Source: https://docs.djangoproject.com/en/5.2/topics/auth/default/#built-in-auth-views
"""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from accounts.models import User


def ticket(user: User) -> tuple[str, str]:
    """The two parts of a link's path: whose it is, and the token.

    The token is signed over the user's last sign-in, so signing in uses it up; it also dies
    ``PASSWORD_RESET_TIMEOUT`` seconds after now.
    """
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def bearer(whose: str, token: str) -> User | None:
    """The person a ticket lets in; None alike for a used, old, forged or foreign one."""
    try:
        user = User.objects.get(pk=urlsafe_base64_decode(whose).decode(), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        return None
    return user if default_token_generator.check_token(user, token) else None
