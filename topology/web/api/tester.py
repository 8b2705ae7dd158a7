"""The rules tester: an event sent through the rules, or a filter and who reaches it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from topology import runs
from topology.reports.document import legible
from topology.reports.map_scene import id_of
from topology.web import readings, trials
from topology.web.api import scope
from topology.web.api.base import OfWorkspace
from topology.web.api.problems import Conflict, NotHere, Unprocessable
from topology.web.trials import Heard, Reached

LONG = 200_000  # characters of an event or a filter
TEXT = {"type": "string"}
HOP = {
    "type": ["object", "null"],
    "required": ["verdict", "because"],
    "properties": {
        "verdict": {"enum": ["always", "sometimes", "cannot", "unknown"]},
        "because": TEXT,
    },
}
DELIVERY = {
    "type": "object",
    "description": "A delivery, with those that follow it in `next`.",
    "required": ["edge", "word", "said", "because", "ends", "handed", "next"],
    "properties": {
        "edge": {"type": "object"},
        "word": {"enum": ["always", "sometimes", "cannot", "unknown"]},
        "handed": {"type": "string", "description": "JSON that arrives; empty where unknown."},
        "next": {"type": "array", "items": {"type": "object"}},
        **dict.fromkeys(("said", "because", "ends"), TEXT),
    },
}
WRITER = {
    "type": "object",
    "required": ["id", "way", "before", "after", "turn"],
    "properties": {
        "id": {"type": "string", "description": "What `writer` takes."},
        "way": {"type": "array", "items": TEXT, "description": "ARNs on the way to the channel."},
        "before": HOP,
        "after": HOP,
        "turn": {"type": "string", "description": "What the edit changes for it."},
    },
}
ANSWER: dict[str, dict[str, Any]] = {
    "said": TEXT,
    "deliveries": {"type": "array", "items": DELIVERY},
    "writers": {"type": "array", "items": WRITER},
    "is_cut": {
        "type": "boolean",
        "description": "Whether there are further deliveries or ways that were not looked at.",
    },
}


class Text(serializers.CharField):
    """Text as it is, nothing trimmed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, trim_whitespace=False, **more)


class Trial(serializers.Serializer[Any]):
    """An event at a channel, or a filter of an edge or of a channel."""

    channel = Text(max_length=2048, help_text="Where it is: an ARN, or the id of a resource.")
    event = serializers.JSONField(
        required=False, help_text="What is written there: JSON, or text where that is written."
    )
    key = Text(max_length=1024, help_text="At a bucket: the key of the object, in place of event.")
    event_name = Text(max_length=100, help_text="With key: as in ObjectCreated:Put.")
    writer = Text(max_length=2000, help_text="All that a known writer may write: an id of writers.")
    edge = Text(max_length=16, help_text="The edge whose filter it is about, by id.")
    language = Text(max_length=50, help_text="Without edge: the language of filter.")
    filter = Text(max_length=LONG, allow_blank=True, help_text="A filter in place of the edge's.")


class Tester(OfWorkspace):
    """A trial of the rules as they were read."""

    heavy = frozenset({"POST"})

    @extend_schema(
        summary="Send an event through the rules, or see who reaches a filter; nothing reaches AWS",
        tags=["rules tester"],
        request=Trial,
        responses={200: scope.told(**ANSWER)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Try it on the latest reading."""
        given = Trial(data=request.data)
        given.is_valid(raise_exception=True)
        reading = readings.latest(self.space)
        if reading is None:
            raise Conflict("This workspace has no reading yet: there are no rules to try.")
        wiring = runs.wired(self.space, reading.moment)
        try:
            found = trials.tried(wiring, _asked(given.validated_data))
        except trials.Complaint as complaint:
            said = legible(complaint.said)
            raise (NotHere(said) if complaint.status == 404 else Unprocessable(said)) from complaint
        return Response({"reading": scope.based(self.space).said, **_told(found)})


def _asked(given: Mapping[str, Any]) -> dict[str, str]:
    """By the names of the page."""
    names = {"channel": "at", "event_name": "name", "writer": "write", "filter": "hears"}
    asked = {names.get(name, name): value for name, value in given.items()}
    if "event" in asked and not isinstance(asked["event"], str):
        asked["event"] = json.dumps(asked["event"])
    if len(asked.get("event", "")) > LONG:
        raise Unprocessable(f"An event has {LONG:,} characters at most.")
    if asked.get("at", "").startswith("arn:"):
        asked["at"] = id_of(asked["at"])
    return asked


def _told(found: Heard | Reached | None) -> dict[str, Any]:
    match found:
        case Heard(legs, more, said):
            deliveries = [asdict(each) for each in legs]
            return {"said": said, "deliveries": deliveries, "writers": [], "is_cut": more > 0}
        case Reached(writers, more):
            told = [each.told for each in writers]
            return {"said": "", "deliveries": [], "writers": told, "is_cut": more}
    raise Unprocessable("Name a channel with an event, a key, a writer or a filter; or an edge.")
