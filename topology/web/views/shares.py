"""The links a workspace has handed out: made, looked after, and ended."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may_crawl, workspace_or_404
from accounts.models import Role, User, Workspace
from topology import runs
from topology.reports.parts import NotThereError
from topology.runs import sharing
from topology.web.views import badges

DAYS = (1, 7, 30, 90)
LONGEST_PASSCODE = 100
LISTED = 200


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: HttpRequest, slug: str) -> HttpResponse:
    """Every link with who made it and how often it was opened; a POST makes one, shown once."""
    if request.method != "POST":
        space = workspace_or_404(request.user, slug)
        return render(request, "web/shares.html", _context(request, space))
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    form = request.POST
    wanted = runs.Wanted(form.get("loop", ""), form.get("account", ""), masks="plain" not in form)
    days, passcode = form.get("days", ""), form.get("passcode", "")
    if days not in map(str, DAYS) or len(passcode) > LONGEST_PASSCODE:
        return _complaint(request, space, "Choose how long the link lasts. Nothing was shared.")
    try:
        made, token = runs.share(
            space,
            cast(User, request.user),
            wanted,
            lasts=timedelta(days=int(days)),
            passcode=passcode,
        )
    except NotThereError as error:
        return _complaint(request, space, f"{error} Nothing was shared.")
    address = request.build_absolute_uri(reverse("shared", args=[made.public_id]))
    context = _context(request, space) | {"link": f"{address}#{token}", "made": made}
    return render(request, "web/shares.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End one link at once."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    sharing.revoke(get_object_or_404(space.shares, pk=pk), cast(User, request.user))
    messages.success(request, "The link was revoked. It opens no more.")
    return redirect("shares", slug)


@login_required
@require_POST
def all_of_them(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend every link, take that back, or destroy them all ("do")."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    by = cast(User, request.user)
    match request.POST.get("do"):
        case "suspend":
            runs.suspend(space, by, suspends=True)
            messages.success(request, "No link and no badge opens until you take that back.")
        case "resume":
            runs.suspend(space, by, suspends=False)
            messages.success(request, "What was not revoked opens again.")
        case "destroy":
            gone = runs.revoke_all(space, by)
            messages.success(request, f"Shared reports and badges destroyed: {gone}.")
    return redirect("shares", slug)


def _context(request: HttpRequest, space: Workspace) -> dict[str, object]:
    query = request.POST if request.method == "POST" else request.GET
    rows = space.shares.defer("page").order_by("-pk")[:LISTED]
    return {
        "workspace": space,
        "shares": [
            {"row": each, "is_open": each.revoked is None and each.expires > timezone.now()}
            for each in rows
        ],
        "badges": [
            {"row": each, "address": request.build_absolute_uri(badges.address(each))}
            for each in space.badges.order_by("-pk")
        ],
        "loop_id": query.get("loop", ""),
        "account_id": query.get("account", ""),
        "days": DAYS,
        "usual": sharing.USUAL.days,
        "may_share": may_crawl(request.user, space),
        "may_end_all": space.memberships.filter(user=cast(User, request.user), role=Role.ADMIN),
    }


def _complaint(request: HttpRequest, space: Workspace, sentence: str) -> HttpResponse:
    context = _context(request, space) | {"complaint": sentence}
    return render(request, "web/shares.html", context, status=400)
