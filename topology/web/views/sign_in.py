"""Signing in, with a password or with a link that works once, and out.

Source: https://docs.djangoproject.com/en/5.2/topics/auth/default/#all-authentication-views
"""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit_log import record_sign_in
from accounts.models import User
from accounts.sign_in import bearer

_password = LoginView.as_view(template_name="web/sign_in.html", redirect_authenticated_user=True)
sign_out = LogoutView.as_view(next_page="sign-in")


def with_password(request: HttpRequest) -> HttpResponseBase:
    """Sign in by user name and password; five wrong ones from one address are enough."""
    was = request.user
    answer = _password(request)
    if isinstance(request.user, User) and request.user != was:
        record_sign_in(request.user, "with a password")
    return answer


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
