"""Scenarios: supposed changes under a name, tried again on the latest reading."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may_keep, workspace_or_404
from accounts.models import User
from topology.web import keeping
from topology.web.supposals import EDIT, address
from topology.web.views import what_if


@login_required
@require_POST
def keep(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep changes under a name; operators and admins may."""
    space = workspace_or_404(request.user, slug)
    if not may_keep(request.user, space):
        raise PermissionDenied
    texts, name = request.POST.getlist(EDIT), request.POST.get("name", "")
    try:
        made = keeping.keep(space, cast(User, request.user), name, texts)
    except keeping.RefusedError as error:
        messages.error(request, str(error))
        back = redirect("what-if", slug)
        back["Location"] += address(texts)
        return back
    messages.success(request, f"“{made.name}” is kept.")
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
    me = cast(User, request.user)
    if "delete" in request.POST:
        keeping.delete(found, me)
        messages.success(request, f"“{found.name}” is deleted.")
        return redirect("what-if", slug)
    try:
        keeping.rename(found, me, request.POST.get("name", ""))
    except keeping.RefusedError as error:
        messages.error(request, str(error))
    return redirect("scenario", slug, pk)
