"""Find: resources and loops by a few words, as a page and as what the dialog shows of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import runs
from topology.reports import find
from topology.reports.diagram import title_of
from topology.reports.wording import verdict_name
from topology.web import lists


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The search without a dialog, and without JavaScript."""
    space = workspace_or_404(request.user, slug)
    words = request.GET.get("q", "")[: find.LONGEST]
    found = _found(space, words)
    if form := lists.form_of(request):
        return lists.file(request, space, form, "found", found["results"])
    context = {"workspace": space, "words": words, **found}
    return render(request, "web/find.html", context)


@never_cache
@login_required
@require_safe
def data(request: HttpRequest, slug: str) -> JsonResponse:
    """``{results: [{title, detail, page, map}], more, is_read}``, likeliest first."""
    space = workspace_or_404(request.user, slug)
    return JsonResponse(_found(space, request.GET.get("q", "")))


def _found(space: Workspace, words: str) -> dict[str, Any]:
    among = runs.findable(space)
    matching = find.found(among, words)
    whole = reverse("map", args=(space.slug,))
    resources = [
        {
            "title": each.name,
            "detail": " · ".join(filter(None, (title_of(each.kind), each.place, tag))),
            "page": reverse("resource", args=(space.slug, each.id)),
            "map": f"{whole}?at={each.id}",
        }
        for each, tag in matching.resources
    ]
    loops = [
        {
            "title": each.title,
            "detail": f"{verdict_name(each.verdict)} loop {each.number}",
            "page": reverse("loop", args=(space.slug, each.fingerprint)),
            "map": f"{whole}?loop={each.fingerprint}",
        }
        for each in matching.loops
    ]
    is_read = bool(among.resources)
    return {"results": [*resources, *loops], "more": matching.more, "is_read": is_read}
