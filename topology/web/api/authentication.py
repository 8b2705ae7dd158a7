"""Who calls: a token's person, or whoever a browser signed in."""

from __future__ import annotations

from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.models import ApiToken, User

LONGEST = 200  # characters of a token


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer lsc_…`` (RFC 6750)."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's person; ``AuthenticationFailed`` alike for every token that does not hold."""
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = tokens.bearer(token.strip()) if len(token) <= LONGEST else None
        if found is None:
            raise AuthenticationFailed("This token opens nothing: it may have ended or be revoked.")
        return found.member.user, found

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


class BrowserSession(SessionAuthentication):
    """Who is signed in to the pages; anything but reading takes their token against forgery."""
