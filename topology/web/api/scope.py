"""The reading that an answer rests on, with the verdict of its scope: said beside every list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.models import Workspace
from topology.reports.wording import headline
from topology.verdict import ScopeVerdict
from topology.web import readings
from topology.web.api import paging
from topology.web.api.problems import NotHere

READING: dict[str, Any] = {
    "type": "object",
    "description": "The reading that this rests on. Whatever is listed, only the verdict "
    "no-loop-within-scope is an all-clear.",
    "required": ["moment", "verdict", "title", "detail", "gaps", "stale", "read_from", "read_to"],
    "properties": {
        "moment": {
            "type": ["integer", "null"],
            "description": "Its number; null before the first.",
        },
        "verdict": {"enum": [each.value for each in ScopeVerdict]},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "gaps": {"type": "integer", "description": "What could not be read."},
        "stale": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What is too old, or no longer accepted.",
        },
        "read_from": {"type": ["string", "null"], "format": "date-time"},
        "read_to": {"type": ["string", "null"], "format": "date-time"},
    },
}

SCHEMA = {"$ref": "#/components/schemas/reading"}


@dataclass(frozen=True)
class Based:
    """A reading, if there is one, and what is said of it. ``report`` is empty without one."""

    moment: int | None
    report: Mapping[str, Any]
    said: dict[str, Any]


def based(space: Workspace, moment: int | None = None) -> Based:
    """The latest reading, or that of a number; ``NotHere`` where the workspace has no such."""
    reading = readings.latest(space) if moment is None else readings.at(space, moment)
    if moment is not None and (reading is None or reading.moment != moment):
        raise NotHere(f"This workspace has no reading number {moment}.")
    report = reading.report if reading else None
    line = headline(report, is_judged_anew=moment is None and readings.is_judged_anew(space))
    scope = report["scope"] if report else {}
    said = {
        "moment": reading.moment if reading else None,
        "verdict": line.verdict,
        "title": line.title,
        "detail": line.detail,
        "gaps": len(scope.get("gaps", ())),
        "stale": scope.get("stale", []),
        "read_from": scope.get("read_from"),
        "read_to": scope.get("read_to"),
    }
    return Based(said["moment"], report or {}, said)


def asked(request: Request, form: type[Serializer[Any]]) -> dict[str, Any]:
    """What an address asks for; ``ValidationError`` where it makes no sense."""
    query = form(data=request.query_params)
    query.is_valid(raise_exception=True)
    return dict(query.validated_data)


def of_page(space: Workspace, given: Mapping[str, Any]) -> Based:
    """The reading of a page: that of its cursor, of ``moment``, or the latest."""
    begun = given["cursor"][0] if "cursor" in given else None
    return based(space, begun or given.get("moment"))


def answer(
    request: Request,
    basis: Based,
    items: Sequence[Any],
    given: dict[str, Any],
    tell: Callable[[Any], Any] = lambda item: item,
    **more: object,
) -> Response:
    """A page of what a reading lists, each as ``tell`` tells it, beside what is said of it."""
    some, following = paging.page(request, items, basis.moment or 0, given)
    results = [tell(each) for each in some]
    return Response({"reading": basis.said, **more, "results": results, "next": following})


def listed(item: dict[str, Any], **more: dict[str, Any]) -> dict[str, Any]:
    """The schema of such a page."""
    return paging.listed(item, reading=SCHEMA, **more)


def told(**members: dict[str, Any]) -> dict[str, Any]:
    """The schema of one thing beside what is said of the reading."""
    return {
        "type": "object",
        "required": ["reading", *members],
        "properties": {"reading": SCHEMA, **members},
    }
