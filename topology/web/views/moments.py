"""The readings of a workspace in time, and what one of them changed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import store
from topology.web import changes

PAGE = 25  # moments


@never_cache
@login_required
@require_safe
def moments(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, each with what it changed; ``?until=`` pages back."""
    space = workspace_or_404(request.user, slug)
    until = _number(request.GET.get("until", ""))
    points = store.points(space, PAGE, until)
    rows = [
        {
            "point": each,
            "counts": store.counts(space, each.moment - 1, each.moment),
            "loops": store.loops_at(space, each.moment),
            "before": each.moment - 1,
        }
        for each in points
    ]
    context = {
        "workspace": space,
        "rows": rows,
        "older": points[-1].moment - 1 if points else 0,
        "is_latest": until is None or until >= space.moment,
    }
    return render(request, "web/moments.html", context)


@never_cache
@login_required
@require_safe
def moment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What differs at one moment from the one before, or from ``?since=``."""
    space = workspace_or_404(request.user, slug)
    since = _since(request, number)
    complaint = _complaint(space, since, number)
    context = {"workspace": space, "number": number, "since": since}
    if complaint or since is None:
        status = 400 if since is None else 404
        return render(request, "web/moment.html", context | {"complaint": complaint}, status=status)
    when = store.times(space, [since, number])
    context |= {
        "changed": changes.changed(space, since, number),
        "when": when.get(number),
        "when_before": when.get(since),
        **changes.listed(space, since, number),
    }
    return render(request, "web/moment.html", context)


def _since(request: HttpRequest, number: int) -> int | None:
    """The moment compared with; None where the address names none."""
    said = request.GET.get("since", "")
    return _number(said) if said else number - 1


def _complaint(space: Workspace, since: int | None, number: int) -> str:
    if since is None:
        return "“since” is the number of a reading."
    if not 1 <= number <= space.moment:
        return f"This workspace has no reading number {number}."
    if since >= number:
        return "“since” is the number of an earlier reading."
    return ""


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_number else None
