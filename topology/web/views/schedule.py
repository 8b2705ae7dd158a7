"""When an account is crawled: its schedule, and the history of its runs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import workspace_or_404
from accounts.audit_log import record
from accounts.models import AwsAccount, Role
from topology import runs
from topology.web import run_history

PAGE = 50  # runs
BY_NAME = {
    "": "never by itself",
    "15min": "every 15 minutes",
    "hourly": "every hour",
    "6h": "every 6 hours",
    "daily": "every day",
    "weekly": "every week, on Monday",
    "cron": "by a cron line",
}


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The account's runs, newest first: how long, how many calls, what was missed, what changed."""
    space = workspace_or_404(request.user, slug)
    found = get_object_or_404(space.aws_accounts, pk=pk)
    all_of_them = run_history.of(found)
    page = Paginator(all_of_them, PAGE).get_page(request.GET.get("page", "1"))
    first = PAGE * (page.number - 1)
    context = {
        "workspace": space,
        "account": found,
        "page": page,
        "rows": run_history.told(all_of_them[first : first + PAGE]),
        "schedule": told(found),
    }
    return render(request, "web/runs.html", context)


@login_required
@require_POST
def schedule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Set the schedule (``when`` by name, or ``cron``), ``time_zone`` and ``paused``."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    found = get_object_or_404(space.aws_accounts, pk=pk)
    when = request.POST.get("when", "")
    if when == "cron":
        when = " ".join(request.POST.get("cron", "").split()) or "no cron line"
    zone = request.POST.get("time_zone", "").strip() or "UTC"
    try:
        runs.schedule(found, when, zone, paused="paused" in request.POST)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        record(space, request.user, "changed the schedule of", f"{found}: {told(found)}")
        messages.success(request, f"{found} is crawled {told(found)}")
    return redirect("account", space.slug, found.pk)


def told(account: AwsAccount) -> str:
    """``every day (Europe/Berlin). Next: 30 Nov 2026, 06:30.``"""
    if not account.schedule:
        return "only when somebody asks."
    words = BY_NAME.get(account.schedule, f"by the cron line {account.schedule}")
    if account.paused:
        return f"{words} ({account.time_zone}), but paused."
    due = account.next_due(timezone.now())
    if due is None:
        return f"{words} ({account.time_zone})."
    there = due.astimezone(ZoneInfo(account.time_zone))
    return f"{words} ({account.time_zone}). Next: {there:%d %b %Y, %H:%M}.".replace(": 0", ": ")
