"""One loop: its verdict in words, one turn as a picture, and every hop with its proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import workspace_or_404
from topology import runs
from topology.analysis.assumptions import DEFAULTS, AssumptionError, Assumptions, parsed
from topology.reports import diagram, hours
from topology.reports.group_diagram import draw_group
from topology.reports.hour_chart import TITLES, chart_alone, draw_hour
from topology.reports.incident_sheet import sheet
from topology.reports.neighbourhood import around_loop
from topology.web import assumed as forms
from topology.web import changes, questions, readings


@never_cache
@login_required
@require_safe
def loop(request: HttpRequest, slug: str, fingerprint: str) -> HttpResponse:
    """The loop of the latest reading; an honest page with status 404 if it is not in there."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    loops = reading.report["loops"] if reading else []
    found = next((each for each in loops if each["fingerprint"] == fingerprint), None)
    if reading is None or found is None:
        context = {
            "workspace": space,
            "reading": reading,
            "fingerprint": fingerprint,
            "is_judged_anew": readings.is_judged_anew(space),
            "history": changes.history(space, fingerprint),
        }
        return render(request, "web/loop_gone.html", context, status=404)
    report = dict(reading.report)
    assumed, complaint = _assumed(request)
    if assumed != DEFAULTS:
        again = runs.assuming(space, reading.moment, report, fingerprint, assumed)
        found = found | again
        report |= {"assumptions": assumed.as_json()}
    drawn = {
        "workspace": space,
        "loop": found,
        # The element tree wrote these: every name in them is escaped text.
        "wide": mark_safe(diagram.draw_loop(found)),  # noqa: S308
        "narrow": mark_safe(diagram.draw_loop(found, columns=1)),  # noqa: S308
        "legend": diagram.legend(found),
        "incident": sheet(found, report),
        "hour": hours.hour(found, report),
        "charts": _charts(found),
        "assumptions": hours.assumptions(report),
        "fields": forms.fields(assumed.as_json()),
        "complaint": complaint,
        "is_changed": assumed != DEFAULTS,
        "findings": questions.on_way(report, found),
        "history": changes.history(space, fingerprint),
        "code": [row for row in report.get("code", ()) if row["subject"] in found["resources"]],
    }
    return render(request, "web/loop.html", drawn)


@never_cache
@login_required
@require_safe
def around(request: HttpRequest, slug: str, fingerprint: str) -> HttpResponse:
    """The loop and, faded, what is next to it, as SVG; 204 where nothing is.

    Apart from the page: the first look at a large moment takes a while.
    """
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    loops = reading.report["loops"] if reading else []
    found = next((each for each in loops if each["fingerprint"] == fingerprint), None)
    if reading is None or found is None:
        raise Http404
    scene = runs.mapped(space, reading.moment)
    group = around_loop(scene, found, lambda box: reverse("resource", args=(slug, box)))
    if group is None:
        return HttpResponse(status=204)
    return HttpResponse(draw_group(group), content_type="image/svg+xml")


@never_cache
@login_required
@require_safe
def hour(request: HttpRequest, slug: str, fingerprint: str, measure: str) -> HttpResponse:
    """A chart of the first hour as an SVG file, with the assumptions of the address."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    loops = reading.report["loops"] if reading else []
    found = next((each for each in loops if each["fingerprint"] == fingerprint), None)
    if reading is None or found is None or measure not in TITLES or not found.get("first_hour"):
        raise Http404
    assumed, _ = _assumed(request)
    if assumed != DEFAULTS:
        found = found | runs.assuming(space, reading.moment, reading.report, fingerprint, assumed)
    drawn = chart_alone(found["first_hour"], measure, found["verdict"])
    name = f'attachment; filename="first-hour-{measure}.svg"'
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Content-Disposition": name})


def _charts(found: Mapping[str, Any]) -> list[tuple[str, SafeString]]:
    told = found.get("first_hour")
    # The element tree wrote these too.
    return [(each, mark_safe(draw_hour(told, each))) for each in TITLES] if told else []  # noqa: S308


def _assumed(request: HttpRequest) -> tuple[Assumptions, str]:
    """What the address assumes, or the defaults and a sentence that says why."""
    try:
        return parsed(forms.given(dict(request.GET.lists()))), ""
    except AssumptionError as error:
        said = hours.ASSUMED[error.name]
        return DEFAULTS, f"“{said}” {error.reason}. What follows has the usual assumptions."
