"""What if: the loops as they would be after some changes; scenarios keep them under a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope, Workspace
from topology import runs
from topology.analysis import edits
from topology.analysis.edits import EditError
from topology.models import Scenario
from topology.verdict import ScopeVerdict
from topology.web import keeping, readings, supposals
from topology.web.api import scope
from topology.web.api.base import OfWorkspace, Rows
from topology.web.api.problems import Conflict, Unprocessable

TEXT = {"type": "string"}
VERDICT = {"enum": [each.value for each in ScopeVerdict]}
CHANGE = {
    "type": "object",
    "required": ["edit", "words", "misfit", "patch"],
    "properties": {
        "edit": TEXT,
        "words": TEXT,
        "misfit": {"type": "string", "description": "Why it no longer fits; else empty."},
        "patch": {
            "type": ["object", "null"],
            "description": "How to do it: cli, undo, cloudformation, terraform.",
        },
    },
}
TURN = {
    "type": "object",
    "required": ["what", "resources", "before", "after", "because", "fingerprint"],
    "properties": {
        "what": {"type": "string", "description": "What becomes of it, in words."},
        "resources": {"type": "array", "items": TEXT},
        "before": {"type": "string", "description": "Its verdict; empty where it was not there."},
        "after": {"type": "string", "description": "Empty where it is not there any more."},
        "because": TEXT,
        "fingerprint": {"type": "string", "description": "Of a listed loop; else empty."},
    },
}
OUTCOME: dict[str, dict[str, Any]] = {
    "changes": {"type": "array", "items": CHANGE},
    "before": VERDICT,
    "after": {
        "oneOf": [VERDICT, {"type": "null"}],
        "description": "The verdict of the scope then; null where note says why nobody knows.",
    },
    "said": TEXT,
    "note": TEXT,
    "loops": {"type": "array", "items": TURN, "description": "Those that become others."},
    "same": {"type": "integer", "description": "Loops that go on as before."},
}
UNKNOWN: dict[str, Any] = {
    "before": ScopeVerdict.INCOMPLETE.value,
    "after": None,
    "said": "",
    "note": "This workspace has no reading yet: nothing can be supposed of it.",
    "loops": [],
    "same": 0,
}
EDITS = serializers.ListField(
    child=serializers.CharField(max_length=edits.LONGEST, trim_whitespace=False),
    max_length=edits.MOST,
    help_text="Changes as addresses of the what-if page have them, as in off:1a2b3c4d5e6f7a8b.",
)


class Supposed(serializers.Serializer[Any]):
    """Changes to suppose."""

    edits = EDITS


class WhatIf(OfWorkspace):
    """Changes that are tried and kept nowhere."""

    heavy = frozenset({"POST"})

    @extend_schema(
        summary="What would become of the loops; nothing is changed or kept",
        tags=["what if"],
        request=Supposed,
        responses={200: scope.told(**OUTCOME)},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Try them on the latest reading."""
        given = Supposed(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_outcome(self.space, given.validated_data["edits"]))


class ScenarioRow(serializers.ModelSerializer[Scenario]):
    """Changes under a name."""

    author = serializers.SerializerMethodField()
    edits = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))

    class Meta:
        model = Scenario
        fields = ("id", "name", "edits", "moment", "author", "created")

    def get_author(self, row: Scenario) -> str | None:
        """Whose it is, if that person is still known."""
        return row.author.get_username() if row.author else None


class NewScenario(serializers.Serializer[Any]):
    """Changes to keep."""

    name = serializers.CharField(max_length=keeping.LONGEST)
    edits = EDITS


class Renamed(serializers.Serializer[Any]):
    """Another name."""

    name = serializers.CharField(max_length=keeping.LONGEST)


class Scenarios(OfWorkspace, Rows[Scenario]):
    """The scenarios of a workspace."""

    scopes = {"POST": Scope.CHANGE}
    heavy = frozenset({"POST"})
    serializer_class = ScenarioRow
    queryset = Scenario.objects.none()

    def get_queryset(self) -> QuerySet[Scenario]:
        """The workspace's own."""
        return self.space.scenarios.select_related("author")

    @extend_schema(summary="Scenarios", tags=["scenarios"], responses=ScenarioRow(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        found = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ScenarioRow(found, many=True).data)

    @extend_schema(
        summary="Keep changes under a name",
        tags=["scenarios"],
        request=NewScenario,
        responses={201: ScenarioRow},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Keep them."""
        new = NewScenario(data=request.data)
        new.is_valid(raise_exception=True)
        given = new.validated_data
        try:
            made = keeping.keep(self.space, self.person, given["name"], given["edits"])
        except keeping.RefusedError as error:
            raise _refused(error) from error
        where = reverse("api:scenario", args=[slug, made.pk])
        headers = {"Location": request.build_absolute_uri(where)}
        return Response(ScenarioRow(made).data, status=201, headers=headers)


class OneScenario(OfWorkspace):
    """A scenario."""

    scopes = {"PATCH": Scope.CHANGE, "DELETE": Scope.CHANGE}
    heavy = frozenset({"GET"})

    @extend_schema(
        summary="A scenario, tried on the latest reading",
        tags=["scenarios"],
        responses={
            200: scope.told(scenario={"$ref": "#/components/schemas/ScenarioRow"}, **OUTCOME)
        },
    )
    def get(self, request: Request, slug: str, pk: int) -> Response:
        """What it comes to now."""
        found = get_object_or_404(self.space.scenarios, pk=pk)
        kept = {each["text"]: each["words"] for each in found.edits}
        outcome = _outcome(self.space, list(kept), kept)
        return Response({**outcome, "scenario": ScenarioRow(found).data})

    @extend_schema(
        summary="Rename a scenario", tags=["scenarios"], request=Renamed, responses=ScenarioRow
    )
    def patch(self, request: Request, slug: str, pk: int) -> Response:
        """Under another name."""
        found = get_object_or_404(self.space.scenarios, pk=pk)
        given = Renamed(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            keeping.rename(found, self.person, given.validated_data["name"])
        except keeping.RefusedError as error:
            raise _refused(error) from error
        return Response(ScenarioRow(found).data)

    @extend_schema(summary="Keep it no longer", tags=["scenarios"], responses={204: None})
    def delete(self, request: Request, slug: str, pk: int) -> Response:
        """Forget it."""
        keeping.delete(get_object_or_404(self.space.scenarios, pk=pk), self.person)
        return Response(status=204)


def _refused(error: keeping.RefusedError) -> Conflict | Unprocessable:
    return Conflict(str(error)) if str(error) == keeping.TAKEN else Unprocessable(str(error))


def _outcome(
    space: Workspace, texts: list[str], kept: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What edits come to on the latest reading, beside what is said of it."""
    reading = readings.latest(space)
    said = scope.based(space).said
    if reading is None:
        changes = [
            {"edit": each, "words": (kept or {}).get(each, each), "misfit": "", "patch": None}
            for each in texts
        ]
        return {"reading": said, "changes": changes, **UNKNOWN}
    try:
        found = runs.supposed(space, reading.moment, reading.report, texts)
    except EditError as error:
        raise Unprocessable(str(error)) from error
    resources = runs.wired(space, reading.moment).graph.resources
    outcome = supposals.shown(found, reading.report, resources)
    told = zip(found.told, supposals.changes(found, kept), strict=True)
    return {
        "reading": said,
        "changes": [
            {"edit": each.text, "words": say.words, "misfit": say.misfit, "patch": say.patch}
            for each, say in told
        ],
        "before": found.before.value,
        "after": found.after.value if found.after else None,
        "said": outcome.said if outcome else "",
        "note": found.note,
        "loops": supposals.listed(outcome),
        "same": outcome.same if outcome else 0,
    }
