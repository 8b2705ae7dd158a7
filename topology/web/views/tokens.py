"""API tokens: made for oneself, shown once, and revoked; who administers may revoke any."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens
from accounts.access import workspace_or_404
from accounts.models import Membership, Scope, User, Workspace
from topology.reports.svg import printable

DAYS = {"30": "30 days", "90": "90 days", "365": "a year", "": "until it is revoked"}
USUAL = "90"


class NewToken(forms.Form):
    """A name, what it may do beside reading, and how long it lasts."""

    name = forms.CharField(max_length=100)
    scopes = forms.MultipleChoiceField(choices=Scope.choices, required=False)
    days = forms.ChoiceField(choices=list(DAYS.items()), required=False)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The tokens one may see; a POST makes one for oneself, shown once."""
    space = workspace_or_404(request.user, slug)
    member = space.memberships.get(user=cast(User, request.user))
    if request.method != "POST":
        return render(request, "web/tokens.html", _context(space, member))
    form = NewToken(request.POST)
    if not form.is_valid():
        return _refused(request, space, member, "A token has a name.")
    given = form.cleaned_data
    lasts = timedelta(days=int(given["days"])) if given["days"] else None
    try:
        made, token = tokens.make(member, printable(given["name"]), given["scopes"], lasts)
    except tokens.RefusedError as error:
        return _refused(request, space, member, str(error))
    context = _context(space, member) | {"token": token, "made": made}
    return render(request, "web/tokens.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a token at once."""
    me = cast(User, request.user)
    space = workspace_or_404(request.user, slug)
    tokens.revoke(get_object_or_404(tokens.visible(space, me), pk=pk), me)
    messages.success(request, "The token was revoked. It works no more.")
    return redirect("tokens", slug)


def _context(space: Workspace, member: Membership) -> dict[str, object]:
    return {
        "workspace": space,
        "tokens": tokens.visible(space, member.user),
        "scopes": [each for each in tokens.allowed(member.role) if each is not Scope.READ],
        "days": DAYS,
        "usual": USUAL,
    }


def _refused(
    request: HttpRequest, space: Workspace, member: Membership, complaint: str
) -> HttpResponse:
    context = _context(space, member) | {"complaint": f"{complaint} None was made."}
    return render(request, "web/tokens.html", context, status=400)
