"""Scenarios: supposed changes under a name, tried again on the latest reading."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may_keep, workspace_or_404
from accounts.audit_log import record
from topology import runs
from topology.analysis.edits import EditError
from topology.models import Scenario
from topology.reports.svg import printable
from topology.web import readings
from topology.web.supposals import EDIT, address
from topology.web.views import what_if

LONGEST = 100  # characters of a name
MOST = 200  # scenarios of a workspace
TAKEN = "Another scenario has that name."


@login_required
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep changes under a name; operators and admins may."""
    space = workspace_or_404(request.user, slug)
    if not may_keep(request.user, space):
        raise PermissionDenied
    texts, name = request.POST.getlist(EDIT), _name(request)
    back = redirect("what-if", slug)
    back["Location"] += address(texts)
    reading = readings.latest(space)
    complaint = ""
    if not name or not texts or reading is None:
        complaint = "A scenario has a name and at least one change."
    elif space.scenarios.count() >= MOST:
        complaint = f"A workspace keeps {MOST} scenarios at most: delete one first."
    if complaint or reading is None:
        messages.error(request, complaint)
        return back
    try:
        found = runs.supposed(space, reading.moment, reading.report, texts)
        edits = [
            {"text": each.text, "words": each.patch.words if each.patch else each.misfit}
            for each in found.told
        ]
        with transaction.atomic():
            made = Scenario.objects.create(
                workspace=space,
                name=name,
                edits=edits,
                moment=reading.moment,
                author_id=request.user.pk,
            )
            record(space, request.user, "kept the scenario", name)
    except (EditError, IntegrityError) as error:
        messages.error(request, str(error) if isinstance(error, EditError) else TAKEN)
        return back
    messages.success(request, f"“{name}” is kept.")
    return redirect("scenario", slug, made.pk)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scenario(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A scenario on the latest reading; renamed or deleted by operators and admins."""
    space = workspace_or_404(request.user, slug)
    found = get_object_or_404(space.scenarios, pk=pk)
    if request.method != "POST":
        kept = {each["text"]: each["words"] for each in found.edits}
        return what_if.shown(request, space, list(kept), {"scenario": found, "kept": kept})
    if not may_keep(request.user, space):
        raise PermissionDenied
    if "delete" in request.POST:
        with transaction.atomic():
            found.delete()
            record(space, request.user, "deleted the scenario", found.name)
        messages.success(request, f"“{found.name}” is deleted.")
        return redirect("what-if", slug)
    name = _name(request)
    try:
        with transaction.atomic():
            if name:
                before, found.name = found.name, name
                found.save(update_fields=["name"])
                record(space, request.user, "renamed the scenario", f"{before} to {name}")
    except IntegrityError:
        messages.error(request, TAKEN)
    return redirect("scenario", slug, pk)


def _name(request: HttpRequest) -> str:
    return printable(request.POST.get("name", "")).strip()[:LONGEST]
