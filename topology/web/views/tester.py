"""The rules tester: what hears an event, and who still reaches a filter once it is edited."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import workspace_or_404
from topology import runs
from topology.analysis import edits
from topology.analysis.edits import EditError
from topology.analysis.narrowing import language_of
from topology.catalog.s3 import BUCKET, ON_THE_BUS, UNNAMED
from topology.filters.document import FilterError
from topology.filters.places import located
from topology.graph import Edge, Filter, Resource
from topology.inference.journeys import Parcel, journey, parcel
from topology.inference.reaching import arriving, reaches
from topology.inference.records import record, stored
from topology.reports.document import legible
from topology.reports.map_scene import id_of
from topology.reports.prose import pretty
from topology.runs import Wiring
from topology.verdict import Cannot
from topology.web import hearings, readings

NAMES = ("q", "at", "event", "key", "name", "write", "edge", "language", "hears")
SHORT = 2_000  # characters that still fit an address
CHANNELS = 40
DEAF = 30  # deliveries that do not hear an event, before the page folds them
PUT = "ObjectCreated:Put"


class Complaint(Exception):  # noqa: N818 - what a visitor is told is no error of ours
    """What was asked for makes no sense, in a sentence; ``field`` is where it was typed."""

    def __init__(self, said: str, field: str, status: int = 400) -> None:
        super().__init__(said)
        self.said, self.field, self.status = said, field, status


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
    if reading is not None:
        wiring = runs.wired(space, reading.moment)
        try:
            context |= _answer(wiring, asked)
        except Complaint as complaint:
            context |= {"complaint": legible(complaint.said), "wrong": complaint.field}
            context |= _choices(wiring, asked)
            status = complaint.status
    return render(request, "web/tester.html", context, status=status)


def _answer(wiring: Wiring, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page says. Raises ``Complaint``."""
    context = _choices(wiring, asked)
    edge = _edge(wiring, asked)
    channel = _channel(wiring, asked, edge)
    if channel is None:
        return context
    if "hears" in asked or edge is not None:
        return context | _edited(wiring, channel, edge, asked)
    sent = _sent(wiring, channel, asked)
    if sent is None:
        return context
    found = journey(wiring.graph, channel.arn, sent)
    first = hearings.legs(found, wiring.graph)
    deaf = [each for each in first if each.word == Cannot.word]
    return context | {
        "legs": first[: len(first) - len(deaf[DEAF:])],
        "folded": deaf[DEAF:],
        "said": hearings.counted(first),
        "more_legs": found.more,
        "is_set": sent.record is None,
    }


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


def _edge(wiring: Wiring, asked: Mapping[str, str]) -> Edge | None:
    if not asked.get("edge"):
        return None
    if asked["edge"] not in wiring.graph.by_id:
        raise Complaint(
            "This reading has no such edge: it is gone, or was never there.", "edge", 404
        )
    return wiring.graph.by_id[asked["edge"]]


def _channel(wiring: Wiring, asked: Mapping[str, str], edge: Edge | None) -> Resource | None:
    if edge is not None:
        return wiring.graph.resources[edge.source]
    if not asked.get("at"):
        return None
    known = wiring.graph.resources.get(wiring.arns.get(asked["at"], ""))
    if known is None:
        raise Complaint(
            "This reading has no such channel: it is gone, or was never there.", "at", 404
        )
    return known


def _sent(wiring: Wiring, channel: Resource, asked: Mapping[str, str]) -> Parcel | None:
    """What is at the channel; None where nothing was given yet."""
    if asked.get("write"):
        ways, _ = arriving(wiring.graph, wiring.writes, channel.arn)
        found = next((each for each in ways if hearings.key(each) == asked["write"]), None)
        if found is None:
            raise Complaint("Nobody is known any more to write here that way.", "write", 404)
        return Parcel(found.events)
    pasted = asked.get("event", "").replace("\r\n", "\n")
    if pasted.strip():
        try:
            return parcel(record(pasted, channel), channel)
        except FilterError as error:
            reason, line, column = located(pasted, error)
            raise Complaint(f"Line {line}, column {column}: {reason}", "event") from None
    if channel.kind != BUCKET or "key" not in asked:
        return None
    try:
        return parcel(stored(asked["key"], asked.get("name") or PUT, channel), channel)
    except FilterError as error:
        raise Complaint(f"{error.message}.", "key") from None


def _edited(
    wiring: Wiring, channel: Resource, edge: Edge | None, asked: Mapping[str, str]
) -> dict[str, Any]:
    """The known writers against the filter as it is and as it was typed."""
    before = edge.filter if edge else None
    language = _language(channel, edge, asked)
    after: Filter | None = before
    typed = asked.get("hears")
    if typed is not None:
        try:
            after = edits.understood(language, typed.replace("\r\n", "\n"))
        except EditError as error:
            raise Complaint(str(error), "hears") from None
    ways, more = arriving(wiring.graph, wiring.writes, channel.arn)
    found = reaches(ways, before if edge else after, after)
    return {
        "editing": True,
        "is_new": edge is None,
        "is_edited": typed is not None,
        "reaches": [hearings.writer(each.arriving, wiring.graph, each) for each in found],
        "more_reaches": more,
    }


def _language(channel: Resource, edge: Edge | None, asked: Mapping[str, str]) -> str:
    if edge is not None:
        if language := language_of(edge.kind, edge.filter):
            return language
        raise Complaint("No filter can be put on an edge of this kind.", "edge")
    known = hearings.LANGUAGES.get(channel.kind, ())
    asked_for = asked.get("language") or (known[0] if known else "")
    if asked_for not in known:
        raise Complaint("What is delivered from here is not filtered in that language.", "language")
    return asked_for
