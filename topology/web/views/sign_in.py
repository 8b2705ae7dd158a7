"""Signing in, with a password, by a provider or with a link that works once, and out.

Source: https://docs.djangoproject.com/en/5.2/topics/auth/default/#all-authentication-views
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import single_sign_on
from accounts.admission import NotLetInError
from accounts.audit_log import record_sign_in
from accounts.models import User
from accounts.sign_in import bearer


def ways() -> dict[str, object]:
    """How people may sign in here: the provider's name, if there is one, and with passwords."""
    return {
        "provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "passwords": settings.PASSWORDS,
    }


_password = LoginView.as_view(
    template_name="web/sign_in.html",
    redirect_authenticated_user=True,
    extra_context={"ways": ways},
)
sign_out = LogoutView.as_view(next_page="sign-in")


def with_password(request: HttpRequest) -> HttpResponseBase:
    """Sign in by user name and password; five wrong ones from one address are enough."""
    if request.method == "POST" and not settings.PASSWORDS:
        raise PermissionDenied
    was = request.user
    answer = _password(request)
    if isinstance(request.user, User) and request.user != was:
        record_sign_in(request.user, "with a password")
    return answer


@never_cache
@require_safe
def with_provider(request: HttpRequest) -> HttpResponse:
    """Go to the provider, and then to the page of ``next``."""
    then = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(then, allowed_hosts=None):
        then = "/"
    return _or_refused(request, lambda: single_sign_on.begin(request, then))


@never_cache
@require_safe
def from_provider(request: HttpRequest) -> HttpResponse:
    """Come back from the provider, signed in or refused with a sentence."""
    was = request.user
    answer = _or_refused(request, lambda: single_sign_on.end(request))
    if isinstance(request.user, User) and request.user != was:
        record_sign_in(request.user, f"by {settings.OIDC_NAME}")
    return answer


def _or_refused(request: HttpRequest, way: Callable[[], HttpResponse]) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        return way()
    except NotLetInError as error:
        context = {"because": str(error), "ways": ways()}
        return render(request, "web/sign_in_refused.html", context, status=403)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def with_link(request: HttpRequest, whose: str, token: str) -> HttpResponse:
    """Sign the link's bearer in, on a POST only: a program that looks at links burns none."""
    user = bearer(whose, token)
    if user is None:
        return render(request, "web/link_spent.html", status=404)
    if request.method != "POST":
        return render(request, "web/sign_in_once.html", {"bearer": user})
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record_sign_in(user, "with a one-time link")
    return redirect("home")
