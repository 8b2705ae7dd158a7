"""Sign-in by a provider of OpenID Connect: the way there and back is allauth's, made stricter.

Every sign-in sends a state, a nonce and a PKCE challenge of its own; the answer counts only with an
ID token that ``id_tokens`` has proven. No token and no claim of the provider's is kept.
Source: https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, NoReturn

import structlog
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from accounts import admission, id_tokens
from accounts.admission import NotLetInError

PROVIDER = "oidc"  # how rows name it
CALLBACK = "sign-in-provider-back"
KEPT = 600  # seconds
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

log = structlog.get_logger(__name__)


def described() -> str:
    """Under what name the provider's description of itself is kept for a while."""
    return f"oidc:{hashlib.sha256(settings.OIDC_ISSUER.encode()).hexdigest()}"


def begin(request: HttpRequest, then: str) -> HttpResponse:
    """Send a browser to the provider; signed in, it goes on to the path ``then``.

    Raises ``NotLetInError`` where the provider does not answer.
    """
    provider = get_adapter(request).get_provider(request, PROVIDER)
    try:
        answer: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=then)
    except (RequestException, OAuth2Error) as error:
        raise _silence(error) from error
    return answer


def end(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider sends back; raise ``NotLetInError`` for everybody else."""
    wire = _Wire(request, PROVIDER)
    try:
        answer: HttpResponse = _Back.adapter_view(wire)(request)
    except RequestException as error:
        raise _silence(error) from error
    return answer


class _UnprovenError(OAuth2Error):  # type: ignore[misc] # has no types
    """What the provider says is not proven; its text is ours, and may be logged."""


class _Back(OAuth2CallbackView):  # type: ignore[misc] # has no types
    """The way back, which tells the adapter what nonce its sign-in was begun with."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, answer


class _Wire(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # has no types
    """What is asked of the provider, and what is made of its answers."""

    redirect_uri_protocol = "https" if settings.HTTPS else None
    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself, which must be of the issuer that is configured."""
        known = cache.get(described())
        config: dict[str, Any] = known or super().openid_config
        if config.get("issuer") != settings.OIDC_ISSUER:
            raise _UnprovenError("the issuer calls itself something else than is configured")
        if missing := [name for name in ENDPOINTS if not isinstance(config.get(name), str)]:
            raise _UnprovenError(f"the issuer's description has no {missing[0]}")
        if not known:  # whoever knocks at our door need not knock at the provider's
            cache.set(described(), config, KEPT)
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends people back to."""
        return str(build_absolute_uri(request, reverse(CALLBACK), self.redirect_uri_protocol))

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: Any = None
    ) -> Any:
        """The provider's answer to the code; nobody's without the challenge's other half."""
        if not pkce_code_verifier:
            raise _UnprovenError("the sign-in was begun without PKCE")
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is, by an ID token that proves it."""
        config, session = self.openid_config, get_adapter().get_requests_session()
        with session:
            keys = session.get(config["jwks_uri"])
            keys.raise_for_status()
        try:
            claims = id_tokens.claims(
                kwargs["response"].get("id_token", ""),
                keys.json(),
                issuer=settings.OIDC_ISSUER,
                audience=app.client_id,
                nonce=self.nonce,
            )
        except id_tokens.InvalidTokenError as error:
            raise _UnprovenError(str(error)) from error
        if "email" not in claims:
            claims |= self._of_user_info(token.token, claims["sub"])
        return self.get_provider().sociallogin_from_response(request, claims)

    def _of_user_info(self, access_token: str, subject: str) -> dict[str, Any]:
        """The address, from providers whose tokens are brief; only of the token's own person."""
        told = self._fetch_user_info(access_token)
        if told.get("sub") != subject:
            raise _UnprovenError("the user info is somebody else's")
        return {name: told.get(name) for name in ("email", "email_verified")}


class Provider(OpenIDConnectProvider):  # type: ignore[misc] # has no types
    """The one that is configured."""

    oauth2_adapter_class = _Wire

    def redirect(self, request: HttpRequest, process: Any, **kwargs: Any) -> Any:
        """The way to the provider, with a nonce that the answer has to repeat."""
        nonce = secrets.token_urlsafe(32)
        return super().redirect(
            request, process, auth_params={"nonce": nonce}, nonce=nonce, **kwargs
        )

    def get_default_scope(self) -> list[str]:
        """No more than is used."""
        return ["openid", "email"]

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Subjects are told apart within their issuer alone."""
        return hashlib.sha256(f"{data['iss']}\n{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of the claims: nothing."""
        return {}


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # has no types
    """Who gets in, and what is said to who does not."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link the provider's person to one of ours, or refuse them."""
        email = next((each for each in sociallogin.email_addresses if each.verified), None)
        address = email.email if email else ""
        known = sociallogin.user if sociallogin.is_existing else None
        with transaction.atomic():  # of two first sign-ins of one person, one makes the account
            user = admission.admitted(known, address, str(sociallogin.state.get("next") or ""))
            if known is None:
                sociallogin.connect(request, user)
            admission.take_invitations(user, address)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> NoReturn:
        """Say what can be said to whoever it is; the log has the rest."""
        if error == AuthError.CANCELLED:
            raise NotLetInError("You ended the sign-in at the provider. Nothing has happened.")
        kind = type(exception).__name__ if exception else "no sign-in has that state"
        because = str(exception) if isinstance(exception, _UnprovenError) else kind
        log.warning("a sign-in was refused", because=because)
        if exception is None:
            raise NotLetInError(
                "This answer of the provider belongs to no sign-in that began in this browser a "
                "moment ago, or it was used already. Sign in again."
            )
        raise NotLetInError(
            "What the provider says of you could not be verified. Sign in again; if it stays so, "
            "whoever runs this server finds the reason in its log."
        ) from exception


def _silence(error: Exception) -> NotLetInError:
    log.warning("the provider does not answer", error=type(error).__name__)
    return NotLetInError("The provider does not answer as it should. Try again in a while.")
