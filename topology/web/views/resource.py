"""One resource: what starts it, what it sets off, whether that comes back, and what it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
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
from topology.graph import Resource
from topology.reports.document import legible
from topology.reports.group_diagram import draw_group
from topology.reports.map_scene import id_of
from topology.reports.neighbourhood import around
from topology.reports.resource_view import configuration, differences, resource_view
from topology.store import Seen
from topology.web import readings

KEY = re.compile(r"[0-9a-f]{12}\Z")  # what map_scene.id_of makes of an ARN
NOTHING: dict[str, Any] = {
    "loops": [],
    "scope": {"gaps": [], "stale": []},
}


@dataclass(frozen=True)
class Version:
    """A row of a resource's history: from when until when it was so, and what was new in it."""

    first: int
    since: datetime | None
    last: int
    until: datetime | None
    ended: int | None
    changed: list[str]


@never_cache
@login_required
@require_safe
def resource(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The resource now; as it was last, with status 410, if it is gone; else an honest 404."""
    space = workspace_or_404(request.user, slug)
    is_key = bool(KEY.match(key)) and space.moment > 0
    arn = runs.wired(space, space.moment).arns.get(key, "") if is_key else ""
    seen = store.versions(space, id_of(arn) if arn else key) if is_key else []
    last = seen[-1] if seen else None
    if not arn and last is None:
        absent = {"workspace": space, "key": key}
        return render(request, "web/resource_gone.html", absent, status=404)
    # What is gone may still be named by an edge: it is shown as it was last all the same.
    ended = last.until if last else None
    moment = space.moment if ended is None else ended - 1
    arn = last.resource.arn if last else arn
    wiring = runs.wired(space, moment)
    reading = readings.at(space, moment)
    report = reading.report if reading else NOTHING
    read = report["scope"].get("read_to")
    told = resource_view(
        arn,
        wiring.graph,
        wiring.writes,
        report,
        datetime.fromisoformat(read) if read else None,
    )
    context = {
        "workspace": space,
        "resource": legible(told),
        "reading": reading,
        "moment": moment,
        "ended": ended,
        "ended_at": store.times(space, [ended]).get(ended) if ended else None,
        "picture": _picture(space, moment, id_of(arn)),
        "history": _history(space, seen),
        "configuration": legible(configuration(last.resource)) if last else None,
    }
    return render(request, "web/resource.html", context, status=410 if ended else 200)


def _picture(space: Workspace, moment: int, key: str) -> str:
    def href(box: str) -> str:
        return reverse("resource", args=(space.slug, box))

    group = around(runs.mapped(space, moment), key, href)
    # The element tree wrote the drawing: every name in it is escaped text.
    return mark_safe(draw_group(group)) if group else ""  # noqa: S308


def _history(space: Workspace, seen: list[Seen]) -> list[Version]:
    """Newest first; of each version what differs from the one before."""
    moments = {each.first for each in seen} | {each.last for each in seen}
    when = store.times(space, sorted(moments))
    rows: list[Version] = []
    earlier: Resource | None = None
    for each in seen:
        changed = differences(earlier, each.resource) if earlier else []
        since, until = when.get(each.first), when.get(each.last)
        rows.append(Version(each.first, since, each.last, until, each.until, changed))
        earlier = each.resource
    return rows[::-1]
