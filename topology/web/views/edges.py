"""The edges from one resource to another: evidence, filter, history, and what may be supposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import runs, store
from topology.analysis.offers import offers
from topology.reports.document import legible
from topology.reports.edges_view import edges_between
from topology.reports.prose import pretty
from topology.runs import Wiring
from topology.web import changes, readings, supposals, typed

JSON = "application/json"


@never_cache
@login_required
@require_safe
@vary_on_headers("Accept")
def edges(request: HttpRequest, slug: str, source: str, target: str) -> HttpResponse:
    """A page, or ``{"edges"}`` where JSON is asked for; 404 where the reading has no such edge.

    ``?moment=`` asks for an earlier reading; only of the latest may anything be supposed.
    """
    space = workspace_or_404(request.user, slug)
    moment = _moment(request.GET.get("moment", ""), space)
    rows: list[dict[str, Any]] = []
    if moment:
        wiring = runs.wired(space, moment)
        ends = [wiring.arns.get(key, "") for key in (source, target)]
        rows = _rows(space, moment, wiring, *ends)
    is_json = request.get_preferred_type(["text/html", JSON]) == JSON
    status = 200 if rows else 404
    if is_json:
        return JsonResponse({"edges": rows}, status=status)
    seen = store.edge_versions(space, {row["id"] for row in rows})
    context = {
        "workspace": space,
        "rows": rows,
        "ends": rows[0] if rows else None,
        "moment": moment,
        "is_latest": moment == space.moment,
        "history": changes.edge_history(space, seen),
    }
    return render(request, "web/edges.html", context, status=status)


def _moment(text: str, space: Workspace) -> int:
    """The moment that is asked for; 0 where there is no such one."""
    if not text:
        return space.moment
    found = typed.number(text) or 0
    return found if found <= space.moment else 0


def _rows(
    space: Workspace, moment: int, wiring: Wiring, source: str, target: str
) -> list[dict[str, Any]]:
    reading = readings.at(space, moment)
    read = reading.report["scope"].get("read_to") if reading else None
    when = datetime.fromisoformat(read) if read else None
    found: list[dict[str, Any]] = legible(
        edges_between(source, target, wiring.graph, wiring.writes, when)
    )
    tries = _tries(space, wiring, source) if moment == space.moment else {}
    for row in found:
        row["tries"] = tries.get(row["id"], [])
        if row["filter"]:
            row["filter"]["pretty"] = pretty(row["filter"]["document"])
    return found


def _tries(space: Workspace, wiring: Wiring, source: str) -> dict[str, Sequence[dict[str, str]]]:
    """By edge the pages on which something else is supposed of it."""
    page = reverse("what-if", args=(space.slug,))
    found = offers(wiring.graph, wiring.writes, source) if source in wiring.graph.resources else ()
    return {
        each.edge.id: [
            {"words": words, "href": page + query}
            for words, query in _words(supposals.row(each, wiring.resources, (), ""))
        ]
        for each in found
    }


def _words(row: supposals.Row) -> Iterator[tuple[str, str]]:
    ways = (
        ("What if it were switched " + ("off" if row.is_on else "on"), row.switch),
        ("What if it heard something else", row.hear),
        ("What if the permission were taken", row.deny),
    )
    return ((words, query) for words, query in ways if query)
