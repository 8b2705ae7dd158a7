"""Badges: made and revoked on the page of shares, seen by anybody who has the address."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_POST, require_safe

from accounts.access import workspace_or_404
from accounts.models import Role, User
from topology import runs
from topology.models import Badge
from topology.runs import badges

FRESH = "public, max-age=120, must-revalidate"  # so that no cache shows an older verdict
POLICY = "default-src 'none'; frame-ancestors 'none'"


@require_safe
@conditional_page
def badge(request: HttpRequest, token: str) -> HttpResponse:
    """The picture as it is now; one answer for all that is none."""
    drawn = runs.badge_at(token)
    if drawn is None:
        said = "There is no badge here.\n"
        return HttpResponse(
            said, "text/plain; charset=utf-8", 404, headers={"Cache-Control": "no-store"}
        )
    headers = {"Cache-Control": FRESH, "Content-Security-Policy": POLICY}
    return HttpResponse(drawn, "image/svg+xml", headers=headers)


def address(made: Badge) -> str:
    """The path at which a badge is seen."""
    return reverse("badge", args=[runs.token_of(made)])


@login_required
@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """A further badge of the workspace."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    if runs.make_badge(space, cast(User, request.user)):
        messages.success(request, "The badge was made. Its address stands below.")
    else:
        messages.error(request, f"A workspace has {badges.MOST} badges at most: revoke one first.")
    return redirect(f"{reverse('shares', args=[slug])}#badges")


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End one address at once."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    runs.revoke_badge(get_object_or_404(space.badges, pk=pk), cast(User, request.user))
    messages.success(request, "The badge was revoked. Its address shows nothing more.")
    return redirect("shares", slug)
