"""One AWS account: how its resources hang together, and its crawls."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may_change, may_crawl, workspace_or_404
from accounts.audit_log import record
from accounts.models import Role
from topology import runs
from topology.reports.group_diagram import draw_group
from topology.reports.wording import headline
from topology.web import questions, readings
from topology.web.views import schedule


@never_cache
@login_required
@require_safe
def account(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The overview of an account: a picture of at most 200 boxes, and the same as tables."""
    space = workspace_or_404(request.user, slug)
    found = get_object_or_404(space.aws_accounts, pk=pk)
    reading = readings.latest(space)
    overview = reading.overviews.get(found.known_as) if reading else None
    groups = overview["groups"] if overview else []
    listed = {each["fingerprint"]: each for each in reading.report["loops"]} if reading else {}
    context = {
        "workspace": space,
        "account": found,
        "may_crawl": may_crawl(request.user, space),
        "schedule": schedule.told(found),
        "schedules": schedule.BY_NAME,
        "chosen": found.schedule if found.schedule in schedule.BY_NAME else "cron",
        "progress": readings.progress(space.aws_accounts.filter(pk=pk))[0],
        "headline": headline(
            reading.report if reading else None, is_judged_anew=readings.is_judged_anew(space)
        ),
        "questions": questions.cards(reading.report, found.known_as) if reading else [],
        "account_id": found.known_as,
        "overview": overview,
        "may_change": may_change(request.user, space),
        "panels": [
            # The element tree wrote the drawing: every name in it is escaped text.
            {
                "group": group,
                "drawing": mark_safe(draw_group(group)),  # noqa: S308
                "loops": [listed[each] for each in group["loops"] if each in listed],
            }
            for group in groups
            if group["boxes"]
        ],
        "folded": [group for group in groups if not group["boxes"]],
    }
    return render(request, "web/account.html", context)


@login_required
@require_POST
def crawl(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for a crawl now; operators and admins may."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    found = get_object_or_404(space.aws_accounts, pk=pk, disconnected=None)
    runs.request(found)
    record(space, request.user, "asked for a crawl of", str(found))
    messages.success(request, f"Reading {found} has been asked for.")
    return redirect("workspace", space.slug)


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, slug: str) -> JsonResponse:
    """``{reading, accounts: [{id, words}]}``: where the crawl of each account stands."""
    space = workspace_or_404(request.user, slug)
    accounts = readings.progress(space.aws_accounts.filter(disconnected=None).order_by("pk"))
    return JsonResponse(
        {
            "reading": any(each.is_reading for each in accounts) or readings.is_judged_anew(space),
            "accounts": [{"id": str(each.account.pk), "words": each.words} for each in accounts],
        }
    )
