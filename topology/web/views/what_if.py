"""What if: the loops as they would be after some changes, which live in the address alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import may_keep, workspace_or_404
from accounts.audit_log import record
from accounts.models import Workspace
from topology import runs
from topology.analysis import edits, hearing, meanings
from topology.analysis.changes import Add, Refilter
from topology.analysis.edits import EditError
from topology.analysis.narrowing import language_of
from topology.analysis.offers import offers, takes_part
from topology.graph import Edge, Resource
from topology.reports.document import legible
from topology.reports.map_scene import id_of
from topology.reports.patch_list import FORMS, Listed
from topology.reports.prose import pretty
from topology.runs import Wiring
from topology.web import lists, readings, supposals
from topology.web.readings import Reading
from topology.web.supposals import EDIT, address

ROWS = 100  # edges of a resource that are listed
FOUND = 20
WHOLE = "This workspace has no reading yet: there is nothing to suppose anything of."


@never_cache
@login_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The changes of the address, what becomes of the loops, and what else may be tried."""
    space = workspace_or_404(request.user, slug)
    return shown(request, space, request.GET.getlist(EDIT), {})


def shown(
    request: HttpRequest, space: Workspace, texts: Sequence[str], more: Mapping[str, Any]
) -> HttpResponse:
    """The page of some edits; ``more`` is what a scenario says of itself."""
    reading = readings.latest(space)
    context: dict[str, Any] = {
        "workspace": space,
        "texts": texts,
        "query": address(texts),
        "complaint": "",
        "may_keep": may_keep(request.user, space),
        "scenarios": space.scenarios.select_related("author"),
        **more,
    }
    if reading is None:
        return render(request, "web/what_if.html", context | {"complaint": WHOLE})
    try:
        edits.check(texts)
    except EditError as error:
        context["complaint"] = legible(str(error))
        return render(request, "web/what_if.html", context, status=400)
    status = 200
    try:
        if (edited := _edited(request, space, reading, texts)) is not None:
            return HttpResponseRedirect(request.path + edited)
    except EditError as error:
        context["complaint"], status = legible(str(error)), 400
    about = request.GET.get("loop", "")
    found = runs.supposed(space, reading.moment, reading.report, texts)
    known = runs.wired(space, reading.moment)
    resources = known.graph.resources
    outcome = supposals.shown(found, reading.report, resources, about)
    if form := lists.form_of(request):
        if outcome is None:
            raise Http404
        return lists.file(request, space, form, "what-becomes", supposals.listed(outcome))
    context |= {
        "said": outcome.said if outcome else context["complaint"] or found.note,
        "changes": list(supposals.changes(found, more.get("kept"), loop=about)),
        "note": found.note,
        "outcome": outcome,
        "loop": next(
            (each for each in reading.report["loops"] if each["fingerprint"] == about), None
        ),
        **_more(request, known, texts),
    }
    return render(request, "web/what_if.html", context, status=status)


@never_cache
@login_required
@require_safe
def patches(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The changes of the address as a file: ``txt``, ``md`` or ``json``."""
    space = workspace_or_404(request.user, slug)
    reading = readings.latest(space)
    if form not in FORMS or reading is None:
        raise Http404
    try:
        found = runs.supposed(space, reading.moment, reading.report, request.GET.getlist(EDIT))
    except EditError as error:
        return HttpResponse(legible(str(error)), status=400, content_type="text/plain")
    told = supposals.shown(found, reading.report, {})
    said = told.said if told else found.note or "Nothing is changed."
    kind, written = FORMS[form]
    listed = [Listed(each.text, each.patch, each.misfit) for each in found.told]
    body = written(f"What if: {space.name}", f"{said} Tried on reading {reading.moment}.", listed)
    record(space, request.user, "exported", f"what-if as {form}, {len(listed)} changes")
    name = f'attachment; filename="what-if-{slug}.{form}"'
    return HttpResponse(
        body.encode("utf-8", "replace"), content_type=kind, headers={"Content-Disposition": name}
    )


def _edited(
    request: HttpRequest, space: Workspace, reading: Reading, texts: Sequence[str]
) -> str | None:
    """The address with the filter that a form asks for; None where none does."""
    if "hears" not in request.GET:
        return None
    name = request.GET.get("edge", "")
    edge, added = _edge(runs.wired(space, reading.moment), name, texts)
    if edge is None:
        raise EditError("This reading has no such edge: it is gone, or was never there.")
    heard = hearing.heard(edge, request.GET["hears"].replace("\r\n", "\n"))
    if added:
        edge = replace(edge, filter=heard)
        text = edits.written(Add(edge), edge)
    else:
        text = edits.written(Refilter((name,), heard), edge)
    others = [each for each in texts if each != added and not each.startswith(f"hear:{name}:")]
    edits.check([*others, text])
    return address([*others, text], at=request.GET.get("at", ""))


def _edge(known: Wiring, name: str, texts: Sequence[str]) -> tuple[Edge | None, str]:
    """The edge of an id, and the edit that adds it, if it is one that is only supposed."""
    if name in known.graph.by_id:
        return known.graph.by_id[name], ""
    for text in texts:
        with suppress(EditError):
            found = meanings.meant(text, known.graph)
            if isinstance(found.change, Add) and found.about.id == name:
                return found.about, text
    return None, ""


def _more(request: HttpRequest, known: Wiring, texts: Sequence[str]) -> dict[str, Any]:
    """What else may be tried: of an edge, at a resource, or what a name finds."""
    asked = {name: request.GET.get(name, "")[:200] for name in ("q", "at", "edge", "with")}
    more: dict[str, Any] = {"asked": asked}
    edge, _ = _edge(known, asked["edge"], texts)
    if edge is not None:
        more["editing"] = _editing(request, known, edge)
        asked["at"] = asked["at"] or id_of(edge.source)
    if chosen := known.graph.resources.get(known.arns.get(asked["at"], "")):
        more |= _at(chosen, known, texts, asked)
    elif asked["at"]:
        more["unknown"] = True
    if asked["q"]:
        found = list(_named(known, asked["q"]))
        more["found"] = [
            (legible(each.name), each.kind, address(texts, at=id_of(each.arn))) for each in found
        ]
    return more


def _at(
    chosen: Resource, known: Wiring, texts: Sequence[str], asked: Mapping[str, str]
) -> dict[str, Any]:
    """What may be tried at a resource."""
    at = asked["at"]
    found = list(islice(offers(known.graph, known.writes, chosen.arn), ROWS + 1))
    others = list(_named(known, asked["with"])) if asked["with"] else []
    return {
        "chosen": {"name": legible(chosen.name), "kind": chosen.kind, "arn": legible(chosen.arn)},
        "rows": [supposals.row(each, known.resources, texts, at) for each in found[:ROWS]],
        "more_rows": len(found) > ROWS,
        "stop": supposals.stopping(chosen, texts, at),
        "joinings": list(supposals.joinings(chosen, others, texts, at)),
    }


def _editing(request: HttpRequest, known: Wiring, edge: Edge) -> dict[str, str]:
    """The filter of an edge for a form to change; what somebody typed stays as it was typed."""
    typed = request.GET.get("hears")
    now = pretty(edge.filter.document) if edge.filter else ""
    resources = known.graph.resources
    return {
        "edge": edge.id,
        "document": legible(now if typed is None else typed),
        "language": language_of(edge.kind, edge.filter),
        "source": legible(resources[edge.source].name),
        "target": legible(resources[edge.target].name),
    }


def _named(known: Wiring, text: str) -> Iterator[Resource]:
    """The first resources of which a name or ARN holds a text."""
    wanted = text.strip().casefold()
    found = (
        each
        for each in known.graph.resources.values()
        if takes_part(each) and (wanted in each.arn.casefold() or wanted in each.name.casefold())
    )
    return islice(found, FOUND)
