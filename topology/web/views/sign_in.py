"""Signing in, with a password or with a link that works once, and out.

Source: https://docs.djangoproject.com/en/5.2/topics/auth/default/#all-authentication-views
"""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.sign_in import bearer

with_password = LoginView.as_view(
    template_name="web/sign_in.html", redirect_authenticated_user=True
)
sign_out = LogoutView.as_view(next_page="sign-in")


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
    return redirect("home")
