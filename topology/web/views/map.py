"""The map: whatever part of a moment somebody asks for, as a picture and as lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import runs
from topology.graph import Evidence, Meaning
from topology.models import Analysis
from topology.reports.map_layout import layout
from topology.reports.map_scene import GROUPINGS, Arrow, Scene
from topology.reports.map_svg import draw_map
from topology.reports.map_view import GROUP, Ask, AskError, View, asked, view
from topology.reports.wording import headline
from topology.web import lists, readings, typed

LISTED = 200  # rows of a list on the page; the files have them all
FOUND = 30
PARAMETERS = "at steps way loop from to group all service meaning evidence only q moment against"


@dataclass(frozen=True)
class Shown:
    """What an address shows: the ask, its moment and the one it is compared with."""

    ask: Ask
    scene: Scene
    view: View
    moment: int
    against: int | None


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The map with its lists; an honest page where the address asks for nonsense."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    context = {
        "workspace": space,
        "headline": headline(reading.report if reading else None),
        "groupings": GROUPINGS,
        "meanings": [each.value for each in Meaning],
        "evidences": [each.value for each in Evidence],
        "query": request.GET.urlencode(),
    }
    try:
        shown = _shown(space, request)
    except AskError as error:
        context["complaint"] = error.reason
        return render(request, "web/map.html", context, status=error.status)
    return render(request, "web/map.html", context | _lists(space, shown, request))


@login_required
@require_safe
@gzip_page
@cache_control(private=True, no_cache=True)
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """The view as ``loopscope.map/1``, with its hash as ETag; ``{"error"}`` where it makes none."""
    space = workspace_or_404(request.user, slug)
    try:
        ask, moment, against = _asked(space, request)
        body, digest = runs.drawn(space, moment, against, ask)
    except AskError as error:
        return JsonResponse({"error": error.reason}, status=error.status)
    etag = f'"{digest}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(body, content_type="application/json", headers={"ETag": etag})


@never_cache
@login_required
@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The view as an SVG file."""
    space = workspace_or_404(request.user, slug)
    try:
        shown = _shown(space, request)
    except AskError as error:
        return HttpResponse(error.reason, status=error.status, content_type="text/plain")
    if not shown.view.boxes:
        return HttpResponse("Nothing to draw.", status=404, content_type="text/plain")
    drawn = draw_map(shown.view, layout(shown.view))
    return HttpResponse(
        drawn,
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="map-{slug}.svg"'},
    )


@never_cache
@login_required
@require_safe
def listed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Every edge of the view as a CSV or JSON file, by the names and ARNs of its ends."""
    space = workspace_or_404(request.user, slug)
    try:
        if form not in lists.FORMS:
            raise AskError("Lists come as csv or json.", 404)
        shown = _shown(space, request)
    except AskError as error:
        return HttpResponse(error.reason, status=error.status, content_type="text/plain")
    return lists.file(request, space, form, "edges", _rows(shown.view))


def _asked(space: Workspace, request: HttpRequest) -> tuple[Ask, int, int | None]:
    """What the address asks for, its moment, and the one it is compared with."""
    query = {name: request.GET[name] for name in PARAMETERS.split() if name in request.GET}
    ask = asked(query, request.GET.getlist("open"))
    moment = _moment("moment", query, space)
    return ask, space.moment if moment is None else moment, _moment("against", query, space)


def _shown(space: Workspace, request: HttpRequest) -> Shown:
    ask, moment, against = _asked(space, request)
    scene = runs.mapped(space, moment, against)
    return Shown(ask, scene, view(scene, ask), moment, against)


def _moment(name: str, query: Mapping[str, str], space: Workspace) -> int | None:
    if not (text := query.get(name)):
        return None
    if (found := typed.number(text)) is None:
        raise AskError(f"“{name}” is the number of a reading.")
    if not 1 <= found <= space.moment:
        raise AskError(f"This workspace has no reading number {found}.", 404)
    return found


def _lists(space: Workspace, shown: Shown, request: HttpRequest) -> dict[str, object]:
    seen, ask = shown.view, shown.ask
    analyses = Analysis.objects.filter(workspace=space).order_by("-moment")
    rows = _rows(seen)
    kinds = {each.kind.partition(".")[0] for each in shown.scene.boxes.values()}
    closed = {each.id for each in seen.boxes if each.kind == GROUP}
    query = request.GET.copy()
    query.pop("at", None)
    return {
        "shown": shown,
        "ask": ask,
        "view": seen,
        "boxes": [
            {"box": each, "href": _open(request, each.id) if each.kind == GROUP else _at(each.id)}
            for each in sorted(
                seen.boxes, key=lambda box: (not box.verdict, not box.members, box.name, box.arn)
            )[:LISTED]
        ],
        "more_boxes": len(seen.boxes[LISTED:]),
        "found": [{"box": each, "href": _at(each.id)} for each in seen.found[:FOUND]],
        "more_found": len(seen.found[FOUND:]),
        "edges": [
            {
                "row": row,
                "href": "" if {arrow.source, arrow.target} & closed else _edges(space, arrow),
            }
            for row, arrow in zip(rows[:LISTED], _sorted(seen), strict=False)
        ],
        "more_edges": len(rows[LISTED:]),
        "changes": [each for each in rows if each["change"]][:LISTED],
        "services": sorted(kinds - {GROUP}),
        "moments": list(analyses.values_list("moment", "created")[:50]),
        "focused": bool(ask.at or ask.loop or ask.start),
        "opened": sorted(ask.opened),
        "loop_analysed": analyses.filter(moment=shown.moment).exists(),
    }


def _at(box: str) -> str:
    return "?" + urlencode({"at": box})


def _open(request: HttpRequest, group: str) -> str:
    query = request.GET.copy()
    query.appendlist("open", group)
    return "?" + query.urlencode()


def _edges(space: Workspace, arrow: Arrow) -> str:
    return reverse("edges", args=(space.slug, arrow.source, arrow.target))


def _sorted(seen: View) -> list[Arrow]:
    """Loops first."""
    return sorted(seen.arrows, key=lambda arrow: not arrow.verdict)


def _rows(seen: View) -> list[dict[str, object]]:
    boxes = {each.id: each for each in seen.boxes}
    return [
        {
            "source": boxes[each.source].name,
            "target": boxes[each.target].name,
            "source_arn": boxes[each.source].arn,
            "target_arn": boxes[each.target].arn,
            **{
                name: value
                for name, value in asdict(each).items()
                if name not in ("id", "source", "target")
            },
        }
        for each in _sorted(seen)
    ]
