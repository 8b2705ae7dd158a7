"""What a reading is made of: resources, the edges between them, and one resource in full."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from topology import runs
from topology.graph import Edge, Evidence, Meaning
from topology.reports.map_scene import id_of
from topology.reports.resource_view import about
from topology.web import resources
from topology.web.api import scope
from topology.web.api.base import OfWorkspace
from topology.web.api.paging import ReadingQuery
from topology.web.api.problems import NotHere

EDGES_BY = ("source", "target", "kind", "meaning", "evidence")
TEXT = {"type": "string"}
RESOURCE = {
    "type": "object",
    "required": ["id", "arn", "name", "kind", "account", "region"],
    "properties": {
        "id": {"type": "string", "description": "What addresses call it."},
        **dict.fromkeys(("arn", "name", "kind", "title", "part", "account", "region"), TEXT),
        "is_outside": {"type": "boolean", "description": "In an account that is not connected."},
        "is_hub": {"type": "boolean", "description": "A grant that several share."},
        "stack": TEXT,
        "owner": TEXT,
        "tags": {},
    },
}
EDGE = {
    "type": "object",
    "required": ["id", "source", "target", "meaning", "kind", "evidence", "filter", "dormant"],
    "properties": {
        "id": {"type": "string", "description": "The same in every reading."},
        **dict.fromkeys(("source", "source_id", "target", "target_id", "kind", "label"), TEXT),
        "meaning": {"enum": [each.value for each in Meaning]},
        "evidence": {"enum": [each.value for each in Evidence]},
        "dormant": {"type": "string", "description": "Why it is switched off; else empty."},
        "filter": {
            "type": ["object", "null"],
            "required": ["language", "document"],
            "properties": {"language": TEXT, "document": TEXT},
        },
        "attributes": {"type": "object"},
    },
}
KNOWN: dict[str, dict[str, Any]] = {
    "resource": {"type": "object", "description": "What its page says of it."},
    "ended": {"type": ["integer", "null"], "description": "The reading since which it is gone."},
    "history": {"type": "array", "items": {"type": "object"}, "description": "Newest first."},
    "configuration": {"type": ["object", "null"], "description": "As it was crawled."},
}


class ResourceQuery(ReadingQuery):
    """Which resources."""

    kind = serializers.CharField(required=False, help_text="As in lambda.function.")
    account = serializers.CharField(required=False)
    region = serializers.CharField(required=False)
    q = serializers.CharField(required=False, help_text="A part of its ARN or name.")


class Resources(OfWorkspace):
    """The resources of a reading."""

    @extend_schema(
        summary="Resources",
        tags=["graph"],
        parameters=[ResourceQuery],
        responses={200: scope.listed(RESOURCE)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, ResourceQuery)
        basis = scope.of_page(self.space, given)
        wanted = given.get("q", "").casefold()
        names = [name for name in ("kind", "account", "region") if name in given]
        known = runs.wired(self.space, basis.moment).graph.resources if basis.moment else {}
        found = [
            each
            for each in known.values()
            if all(getattr(each, name) == given[name] for name in names)
            and (wanted in each.arn.casefold() or wanted in each.name.casefold())
        ]
        return scope.answer(request, basis, found, given, tell=about)


class EdgeQuery(ReadingQuery):
    """Which edges."""

    source = serializers.CharField(  # type: ignore[assignment] # fields have a source of their own
        required=False, help_text="An ARN."
    )
    target = serializers.CharField(required=False, help_text="An ARN.")
    kind = serializers.CharField(required=False, help_text="As in esm.sqs.lambda.")
    meaning = serializers.ChoiceField(choices=[each.value for each in Meaning], required=False)
    evidence = serializers.ChoiceField(choices=[each.value for each in Evidence], required=False)


class Edges(OfWorkspace):
    """The edges of a reading."""

    @extend_schema(
        summary="Edges: what is configured, and what roles permit to write",
        tags=["graph"],
        parameters=[EdgeQuery],
        responses={200: scope.listed(EDGE)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, EdgeQuery)
        basis = scope.of_page(self.space, given)
        names = [name for name in EDGES_BY if name in given]
        found: list[Edge] = []
        if basis.moment:
            wiring = runs.wired(self.space, basis.moment)
            written = (write.edge for write in wiring.writes.writes)
            found = [
                each
                for each in chain(wiring.graph.edges, written)
                if all(getattr(each, name) == given[name] for name in names)
            ]
        return scope.answer(request, basis, found, given, tell=_edge)


class OneResource(OfWorkspace):
    """A resource."""

    heavy = frozenset({"GET"})

    @extend_schema(
        summary="A resource: what starts it, what it sets off, and whether that comes back",
        description="What is gone is told as it was last, and `ended` says so.",
        tags=["graph"],
        responses={200: scope.told(**KNOWN)},
    )
    def get(self, request: Request, slug: str, key: str) -> Response:
        """As its page tells it."""
        if (found := resources.known(self.space, key)) is None:
            raise NotHere("This workspace has read no such resource.")
        return Response(
            {
                "reading": scope.based(self.space).said,
                "resource": found.told,
                "ended": found.ended,
                "history": [asdict(each) for each in found.history],
                "configuration": found.configuration,
            }
        )


def _edge(each: Edge) -> dict[str, Any]:
    heard = each.filter
    return {
        "id": each.id,
        "source": each.source,
        "source_id": id_of(each.source),
        "target": each.target,
        "target_id": id_of(each.target),
        "meaning": each.meaning.value,
        "kind": each.kind,
        "label": each.label,
        "evidence": each.evidence.value,
        "dormant": each.dormant,
        "filter": {"language": heard.language, "document": heard.document} if heard else None,
        "attributes": dict(each.attributes),
    }
