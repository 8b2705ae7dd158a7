"""Home: the scope's verdict, the loops by rank, what was not read, and the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import row_security
from accounts.access import may_change, may_crawl, workspace_or_404, workspaces
from accounts.audit_log import record
from accounts.models import Role
from topology import runs
from topology.reports.wording import headline
from topology.verdict import HARMLESS
from topology.web import changes, questions, readings

LISTED = 100  # loops, unless somebody asks for all
PLACES = 6  # where a gap occurred, before the page only counts


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the only workspace; a choice where there are several."""
    with row_security.across():
        mine = list(workspaces(request.user))
    if len(mine) == 1:
        return redirect("workspace", mine[0].slug)
    return render(request, "web/home.html", {"workspaces": mine})


@never_cache
@login_required
@require_safe
def workspace(request: HttpRequest, slug: str) -> HttpResponse:
    """What matters first: loops nothing stops, then gaps, then loops that something stops."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    report = reading.report if reading else None
    loops = report["loops"] if report else []
    is_judged_anew = readings.is_judged_anew(space)
    accounts = readings.progress(
        space.aws_accounts.filter(disconnected=None).order_by("name", "account_id", "pk")
    )
    pressing = [loop for loop in loops if loop["verdict"] not in HARMLESS]
    stopped = [loop for loop in loops if loop["verdict"] in HARMLESS]
    listed = None if "all" in request.GET else LISTED
    context = {
        "workspace": space,
        "report": report,
        "headline": headline(report, is_judged_anew=is_judged_anew),
        "pressing": pressing[:listed],
        "stopped": stopped[:listed],
        "in_all": {"pressing": len(pressing), "stopped": len(stopped)},
        "gaps": grouped(report["scope"]["gaps"]) if report else [],
        "accepted_gaps": grouped(report["scope"]["accepted_gaps"]) if report else [],
        "questions": questions.cards(report) if report else [],
        "changed": changes.since_last(space, reading) if reading else None,
        "accounts": accounts,
        "reading": is_judged_anew or any(each.is_reading for each in accounts),
        "may_crawl": may_crawl(request.user, space),
        "may_change": may_change(request.user, space),
    }
    return render(request, "web/workspace.html", context)


@login_required
@require_POST
def trust(request: HttpRequest, slug: str) -> HttpResponse:
    """Let code lower verdicts ("code" is "trusted"), or let it not (anything else); admins may."""
    space = workspace_or_404(request.user, slug, Role.ADMIN)
    trusts = request.POST.get("code") == "trusted"
    runs.trust_code(space, trusts=trusts)
    record(space, request.user, "trusted code" if trusts else "distrusted code")
    said = "may lower verdicts" if trusts else "lowers no verdict any more"
    messages.success(request, f"Code {said}. What was read is judged anew.")
    return redirect("workspace", space.slug)


def grouped(gaps: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Gaps that one change would close as one row, with the places it was missed."""
    rows: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for gap in gaps:
        key = (gap["call"], gap["action"], gap["code"], gap["reason"])
        rows.setdefault(key, []).append(gap)
    return [
        {
            "call": call,
            "action": action,
            "code": code,
            "reason": reason,
            "places": places[:PLACES],
            "more": len(places[PLACES:]),
        }
        for (call, action, code, reason), places in rows.items()
    ]
