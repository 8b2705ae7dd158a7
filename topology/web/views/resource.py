"""One resource: what starts it, what it sets off, whether that comes back, and what it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import runs, store
from topology.reports.group_diagram import draw_group
from topology.reports.incident_sheet import Sheet, function_sheet
from topology.reports.neighbourhood import around
from topology.web import lists, resources

FILED = (
    "source",
    "source_kind",
    "meaning",
    "target",
    "target_kind",
    "label",
    "evidence",
    "dormant",
)


@never_cache
@login_required
@require_safe
def resource(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The resource now; as it was last, with status 410, if it is gone; else an honest 404."""
    space = workspace_or_404(request.user, slug)
    if (found := resources.known(space, key)) is None:
        absent = {"workspace": space, "key": key}
        return render(request, "web/resource_gone.html", absent, status=404)
    if form := lists.form_of(request):
        return lists.file(request, space, form, "deliveries", list(_rows(found.told)))
    ended = found.ended
    context = {
        "workspace": space,
        "resource": found.told,
        "reading": found.reading,
        "moment": found.moment,
        "ended": ended,
        "ended_at": store.times(space, [ended]).get(ended) if ended else None,
        "incident": _incident(found),
        "picture": _picture(space, found.moment, found.id),
        "history": found.history,
        "edge_history": found.edge_history,
        "configuration": found.configuration,
    }
    return render(request, "web/resource.html", context, status=410 if ended else 200)


def _rows(told: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """What leads to it, what it sets off and what becomes of failures, as rows of a file."""
    for part in ("arriving", "sets_off", "failures"):
        for row in told[part]:
            yield {
                "list": part,
                "depth": row.get("depth", 0),
                **{name: row[name] for name in FILED},
                "filter": row["filter"]["document"] if row["filter"] else "",
                "passes": row["hop"]["verdict"],
                "because": row["hop"]["because"],
            }


def _incident(found: resources.Known) -> Sheet | None:
    told = found.told["sheet"]
    return function_sheet(told, found.reading.report if found.reading else {}) if told else None


def _picture(space: Workspace, moment: int, key: str) -> str:
    def href(box: str) -> str:
        return reverse("resource", args=(space.slug, box))

    group = around(runs.mapped(space, moment), key, href)
    # The element tree wrote the drawing: every name in it is escaped text.
    return mark_safe(draw_group(group)) if group else ""  # noqa: S308
