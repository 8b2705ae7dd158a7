"""Readings in time, and what differs between two of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from topology import store
from topology.web import changes
from topology.web.api import paging, scope
from topology.web.api.base import OfWorkspace
from topology.web.api.paging import Number, PageQuery
from topology.web.api.problems import NotHere, Unprocessable

TEXT = {"type": "string"}
TIME = {"type": ["string", "null"], "format": "date-time"}
COUNTS = {
    "type": "object",
    "required": ["added", "removed", "changed"],
    "properties": {name: {"type": "integer"} for name in ("added", "removed", "changed")},
}
MOMENT = {
    "type": "object",
    "required": ["moment", "when", "account", "reason", "is_analysed", "resources", "edges"],
    "properties": {
        "moment": {"type": "integer"},
        "when": TIME,
        "account": {"type": "string", "description": "Which was crawled; empty for none."},
        "reason": {"type": "string", "description": "Why the crawl failed; else empty."},
        "is_analysed": {"type": "boolean", "description": "Whether its loops are known."},
        "resources": COUNTS,
        "edges": COUNTS,
        "loops": {
            "type": "object",
            "description": "Verdicts of the loops that it lists, by fingerprint.",
            "additionalProperties": TEXT,
        },
    },
}
CHANGED = {"type": "array", "items": {"type": "object"}}
DIFFERENCE = {
    "type": "object",
    "required": ["reading", "since", "until", "is_complete", "loops", "resources", "edges"],
    "properties": {
        "reading": {
            "oneOf": [scope.SCHEMA, {"type": "null"}],
            "description": "The later one; null where it was not analysed.",
        },
        "since": {"type": "integer"},
        "until": {"type": "integer"},
        "is_complete": {
            "type": "boolean",
            "description": "Whether the later one was read completely: else no loop is called "
            "gone, because it may just not have been seen.",
        },
        "loops": {
            "type": ["array", "null"],
            "description": "new, graver, milder, gone or unseen; null where one was not analysed.",
            "items": {
                "type": "object",
                "required": ["fingerprint", "word", "before", "after", "title"],
                "properties": dict.fromkeys(
                    ("fingerprint", "word", "before", "after", "title"), TEXT
                ),
            },
        },
        "resources": COUNTS,
        "edges": COUNTS,
        "changed_resources": {**CHANGED, "description": f"{changes.LISTED} of them at most."},
        "changed_edges": {**CHANGED, "description": f"{changes.LISTED} of them at most."},
    },
}


class MomentQuery(PageQuery):
    """Which readings."""

    limit = serializers.IntegerField(
        min_value=1, max_value=50, default=25, help_text="Results of a page."
    )


class Moments(OfWorkspace):
    """The readings of a workspace."""

    heavy = frozenset({"GET"})

    @extend_schema(
        summary="Readings, newest first, each with what it changed",
        tags=["moments"],
        parameters=[MomentQuery],
        responses={200: scope.listed(MOMENT)},
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, MomentQuery)
        until = given["cursor"][1] if "cursor" in given else None
        points = store.points(self.space, given["limit"], until)
        older = points[-1].moment - 1 if points else 0
        following = paging.address(request, paging.cursor(0, older)) if older else None
        said = scope.based(self.space).said
        results = [self._told(each) for each in points]
        return Response({"reading": said, "results": results, "next": following})

    def _told(self, point: store.Point) -> dict[str, Any]:
        resources, edges = store.counts(self.space, point.moment - 1, point.moment)
        return {
            **asdict(point),
            "resources": asdict(resources),
            "edges": asdict(edges),
            "loops": store.loops_at(self.space, point.moment),
        }


class DifferenceQuery(serializers.Serializer[Any]):
    """Compared with which."""

    since = Number(required=False, help_text="An earlier reading; the one before by default.")


class OneMoment(OfWorkspace):
    """A reading and what it changed."""

    heavy = frozenset({"GET"})

    @extend_schema(
        summary="What differs at a reading from an earlier one",
        tags=["moments"],
        parameters=[DifferenceQuery],
        responses={200: DIFFERENCE},
    )
    def get(self, request: Request, slug: str, number: int) -> Response:
        """The difference."""
        since = scope.asked(request, DifferenceQuery).get("since", number - 1)
        if not 1 <= number <= self.space.moment:
            raise NotHere(f"This workspace has no reading number {number}.")
        if since >= number:
            raise Unprocessable("since is the number of an earlier reading.")
        found = changes.changed(self.space, since, number)
        listed = changes.listed(self.space, since, number)
        rows = found.loops
        is_known = store.were_analysed(self.space, [number])
        return Response(
            {
                "reading": scope.based(self.space, number).said if is_known else None,
                "since": since,
                "until": number,
                "is_complete": found.is_complete,
                "loops": None
                if rows is None
                else [{**asdict(row.change), "title": row.title} for row in rows],
                "resources": asdict(found.resources),
                "edges": asdict(found.edges),
                "changed_resources": listed["resources"],
                "changed_edges": listed["edges"],
            }
        )
