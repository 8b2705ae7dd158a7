"""The rules tester: what hears an event, and who still reaches a filter once it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import workspace_or_404
from accounts.models import Workspace
from topology import runs
from topology.analysis.narrowing import language_of
from topology.catalog.s3 import BUCKET, ON_THE_BUS, UNNAMED
from topology.graph import Edge, Resource
from topology.inference.reaching import arriving
from topology.reports.document import legible
from topology.reports.map_scene import id_of
from topology.reports.prose import pretty
from topology.runs import Wiring
from topology.verdict import Cannot
from topology.web import hearings, lists, readings, trials
from topology.web.trials import Complaint, Heard, Reached

NAMES = ("q", *trials.NAMES)
SHORT = 2_000  # characters that still fit an address
CHANNELS = 40
DEAF = 30  # deliveries that do not hear an event, before the page folds them


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """An event and what hears it, or a filter and who reaches it.

    A form posts; what is short is sent on to an address of its own, which can be shared.
    """
    space = workspace_or_404(request.user, slug)
    given = request.POST if request.method == "POST" else request.GET
    asked = {name: given[name] for name in NAMES if name in given}
    if request.method == "POST" and sum(map(len, asked.values())) <= SHORT:
        query = urlencode(asked, errors="replace")
        return HttpResponseRedirect(f"{request.path}?{query}", status=303)
    reading = readings.latest(space)
    context: dict[str, Any] = {
        "workspace": space,
        "asked": {name: legible(asked.get(name, "")) for name in NAMES},
        "is_long": request.method == "POST",
        "reading": reading,
    }
    status = 200
    form = lists.form_of(request)
    if reading is not None:
        wiring = runs.wired(space, reading.moment)
        try:
            if form:
                return _file(request, space, form, trials.tried(wiring, asked))
            context |= _answer(wiring, asked)
        except Complaint as complaint:
            context |= {"complaint": legible(complaint.said), "wrong": complaint.field}
            context |= _choices(wiring, asked)
            status = complaint.status
    if form:
        raise Http404
    return render(request, "web/tester.html", context, status=status)


def _file(
    request: HttpRequest, space: Workspace, form: str, found: Heard | Reached | None
) -> HttpResponse:
    """Every delivery or writer of an answer, without what the page leaves out."""
    match found:
        case Heard(legs):
            return lists.file(request, space, form, "deliveries", list(hearings.listed(legs)))
        case Reached(writers):
            rows = [each.told for each in writers]
            return lists.file(request, space, form, "writers", rows)
    raise Http404


def _answer(wiring: Wiring, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page says. Raises ``Complaint``."""
    context = _choices(wiring, asked)
    match trials.tried(wiring, asked):
        case Heard(legs, more, said, is_set):
            deaf = [each for each in legs if each.word == Cannot.word]
            return context | {
                "legs": legs[: len(legs) - len(deaf[DEAF:])],
                "folded": deaf[DEAF:],
                "said": said,
                "more_legs": more,
                "is_set": is_set,
            }
        case Reached(writers, more, is_new, is_edited):
            return context | {
                "editing": True,
                "is_new": is_new,
                "is_edited": is_edited,
                "reaches": writers,
                "more_reaches": more,
            }
    return context


def _choices(wiring: Wiring, asked: Mapping[str, str]) -> dict[str, Any]:
    """The channels to choose from, and what may arrive at the chosen one."""
    edge = wiring.graph.by_id.get(asked.get("edge", ""))
    arn = edge.source if edge else wiring.arns.get(asked.get("at", ""), "")
    channel = wiring.graph.resources.get(arn)
    wanted = asked.get("q", "").strip().casefold()
    fitting = (
        each
        for each in hearings.listened(wiring.graph)
        if wanted in each.name.casefold() or wanted in each.arn.casefold()
    )
    listed = list(islice(fitting, CHANNELS + 1))
    context: dict[str, Any] = {
        "channels": [_named(each) for each in listed[:CHANNELS]],
        "more_channels": len(listed) > CHANNELS,
    }
    if channel is None:
        return context
    ways, more = arriving(wiring.graph, wiring.writes, channel.arn)
    leaving = wiring.graph.leaving.get(channel.arn, ())
    rules = [each for each in leaving if language_of(each.kind, each.filter)]
    return context | {
        "channel": _named(channel),
        "is_bucket": channel.kind == BUCKET,
        "event_names": [*ON_THE_BUS, *UNNAMED],
        "hint": hearings.HINTS.get(channel.kind, "A JSON object."),
        "languages": hearings.LANGUAGES.get(channel.kind, ()),
        "writers": [hearings.writer(each, wiring.graph) for each in ways],
        "more_writers": more,
        "rules": [_rule(each, wiring) for each in rules[:CHANNELS]],
        "more_rules": len(rules[CHANNELS:]),
        **_typed(edge, wiring, asked),
    }


def _typed(edge: Edge | None, wiring: Wiring, asked: Mapping[str, str]) -> dict[str, str]:
    """The filter that a form shows: what somebody typed, or else the edge's own."""
    now = pretty(edge.filter.document) if edge and edge.filter else ""
    return {
        "document": legible(asked.get("hears", now)),
        "language": language_of(edge.kind, edge.filter) if edge else "",
        "label": legible(edge.label) if edge else "",
        "target": legible(wiring.graph.resources[edge.target].name) if edge else "",
    }


def _named(resource: Resource) -> dict[str, str]:
    return {
        "id": id_of(resource.arn),
        "name": legible(resource.name),
        "kind": resource.kind,
        "arn": legible(resource.arn),
    }


def _rule(edge: Edge, wiring: Wiring) -> dict[str, str]:
    target = wiring.graph.resources[edge.target]
    return {"id": edge.id, "label": legible(edge.label), "target": legible(target.name)}
