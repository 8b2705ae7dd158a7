"""What a workspace decided to live with: by whom, why, until when, and nothing of it hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import may_crawl, workspace_or_404
from accounts.audit_log import record
from accounts.models import Role, Workspace
from topology import runs
from topology.models import AcceptanceRow
from topology.reports.acceptance import Acceptance
from topology.verdict import HARMLESS
from topology.web import readings

LONGEST = timedelta(days=366)
USUAL = timedelta(days=90)
NAMES = ("kind", "fingerprint", "call", "region", "resource")


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them, and a form for the thing that the address names."""
    space = workspace_or_404(request.user, slug)
    today = timezone.now().date()
    names = {name: request.GET.get(name, "") for name in NAMES}
    context = {
        "workspace": space,
        "rows": AcceptanceRow.objects.filter(workspace=space).order_by("expires", "pk"),
        "today": today,
        "names": {name: value for name, value in names.items() if value},
        "chosen": _thing(space, request.GET) if names["kind"] else None,
        "usual": (today + USUAL).isoformat(),
        "latest": (today + LONGEST).isoformat(),
        "owner": request.user.email or request.user.get_username(),  # type: ignore[union-attr]
        "may_accept": may_crawl(request.user, space),
    }
    return render(request, "web/acceptances.html", context)


@login_required
@require_POST
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept what the form names, with ``owner``, ``reason`` and ``expires``."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    names, title = _thing(space, request.POST)
    owner, reason = (request.POST.get(each, "").strip() for each in ("owner", "reason"))
    expires = _day(request.POST.get("expires", ""))
    if not owner or not reason or expires is None:
        messages.error(
            request, "Accepting takes an owner, a reason, and a last day within a year from now."
        )
        return redirect("acceptances", space.slug)
    acceptance = Acceptance(owner=owner[:200], reason=reason[:2000], expires=expires, **names)
    runs.accept(space, acceptance, title, request.user.get_username())
    record(space, request.user, f"accepted until {expires}", f"{acceptance.kind}: {title}")
    messages.success(request, "Accepted. What was read is judged anew.")
    return redirect("acceptances", space.slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Accept it no longer."""
    space = workspace_or_404(request.user, slug, Role.OPERATOR, Role.ADMIN)
    row = get_object_or_404(AcceptanceRow, workspace=space, pk=pk)
    record(space, request.user, "no longer accepts", f"{row.kind}: {row.title}")
    runs.withdraw(row)
    messages.success(request, "No longer accepted. What was read is judged anew.")
    return redirect("acceptances", space.slug)


def _thing(space: Workspace, query: QueryDict) -> tuple[dict[str, Any], str]:
    """What names a thing of the latest reading, and its title; ``Http404`` if it has no such."""
    reading = readings.latest(space)
    if reading is None:
        raise Http404
    kind, fingerprint = query.get("kind", ""), query.get("fingerprint", "")
    found: Mapping[str, Any] | None = None
    if kind == "loop":
        loops = reading.report["loops"]
        found = next((each for each in loops if each["fingerprint"] == fingerprint), None)
        if found is not None and found["verdict"] not in HARMLESS:
            names = {"kind": kind, "fingerprint": fingerprint, "verdict": found["verdict"]}
            return names, str(found["title"])
    elif kind == "finding":
        all_of_them = reading.report.get("audits", {}).get("findings", [])
        found = next((each for each in all_of_them if each["fingerprint"] == fingerprint), None)
        if found is not None:
            names = {"kind": kind, "fingerprint": fingerprint}
            return names, f"{found['title']}: {found['subject_name']}"
    elif kind == "gap":
        wanted = {name: query.get(name, "") for name in ("call", "region", "resource")}
        for gap in reading.report["scope"]["gaps"]:
            if gap["call"] and all(not v or gap[name] == v for name, v in wanted.items()):
                place = " ".join(filter(None, (gap["call"], wanted["region"], wanted["resource"])))
                optional = {name: wanted[name] or None for name in ("region", "resource")}
                return {"kind": kind, "call": gap["call"], **optional}, place
    raise Http404


def _day(text: str) -> date | None:
    """A day from today to a year ahead."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    today = timezone.now().date()
    return day if today <= day <= today + LONGEST else None
