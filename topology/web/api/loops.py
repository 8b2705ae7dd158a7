"""What a reading says: its loops, what was found beside them, and what it could not read."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from topology.reports.parts import accounts as accounts_of
from topology.verdict import LoopVerdict
from topology.web import changes, questions
from topology.web.api import scope
from topology.web.api.base import OfWorkspace
from topology.web.api.described import part
from topology.web.api.paging import ReadingQuery
from topology.web.api.problems import NotHere

SUMMARY = ("number", "fingerprint", "verdict", "title", "resources", "explanation", "accepted")
TEXT = {"type": "string"}
LOOP_ROW = {
    "type": "object",
    "required": [*SUMMARY],
    "properties": {
        "number": {"type": "integer", "description": "Its rank, from 1."},
        "fingerprint": {"type": "string", "description": "The same in every reading."},
        "verdict": {"enum": [each.value for each in LoopVerdict]},
        "title": TEXT,
        "resources": {
            "type": "array",
            "items": TEXT,
            "description": "The ARNs, in a turn's order.",
        },
        "explanation": TEXT,
        "accepted": part("accepted"),
    },
}
SPAN = {
    "type": "object",
    "required": ["verdict", "first", "last"],
    "properties": {
        "verdict": {"type": "string", "description": "Empty where it was not listed."},
        "first": {"type": "integer"},
        "last": {"type": "integer"},
    },
}


class LoopQuery(ReadingQuery):
    """Which loops."""

    verdict = serializers.ChoiceField(
        choices=[each.value for each in LoopVerdict], required=False, help_text="Of that verdict."
    )
    account = serializers.CharField(required=False, help_text="That lead through that account.")
    resource = serializers.CharField(required=False, help_text="That lead through that ARN.")


class Loops(OfWorkspace):
    """The loops of a reading."""

    @extend_schema(
        summary="Loops by rank",
        tags=["loops"],
        parameters=[LoopQuery],
        responses={
            200: scope.listed(
                LOOP_ROW,
                more_loops={"type": "integer", "description": "Loops that are only counted."},
            )
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, LoopQuery)
        basis = scope.of_page(self.space, given)
        found = [
            {name: each.get(name) for name in SUMMARY}
            for each in basis.report.get("loops", ())
            if given.get("verdict") in (None, each["verdict"])
            and ("account" not in given or given["account"] in accounts_of(each))
            and ("resource" not in given or given["resource"] in each["resources"])
        ]
        more = basis.report.get("more_loops", 0)
        return scope.answer(request, basis, found, given, more_loops=more)


class OneLoop(OfWorkspace):
    """A loop of the latest reading."""

    @extend_schema(
        summary="A loop with its proof hop by hop, and in which readings it was listed",
        tags=["loops"],
        responses={200: scope.told(loop=part("loop"), history={"type": "array", "items": SPAN})},
    )
    def get(self, request: Request, slug: str, fingerprint: str) -> Response:
        """The loop, as a report tells it."""
        basis = scope.based(self.space)
        loops = basis.report.get("loops", ())
        found = next((each for each in loops if each["fingerprint"] == fingerprint), None)
        if found is None:
            raise NotHere(
                "The latest reading lists no such loop. That alone is no proof that it is gone."
            )
        history = [asdict(each.span) for each in changes.history(self.space, fingerprint)]
        return Response({"reading": basis.said, "loop": found, "history": history})


class FindingQuery(ReadingQuery):
    """Which findings."""

    question = serializers.CharField(required=False)
    severity = serializers.ChoiceField(choices=questions.SEVERITIES, required=False)
    rule = serializers.CharField(required=False)
    account = serializers.CharField(required=False)
    region = serializers.CharField(required=False)
    kind = serializers.CharField(required=False, help_text="Of its subject, as in sqs.queue.")
    q = serializers.CharField(required=False, help_text="Words of its subject or title.")


class Findings(OfWorkspace):
    """What the four questions found."""

    @extend_schema(
        summary="Findings, gravest first, and what could not be asked of everything",
        tags=["findings"],
        parameters=[FindingQuery],
        responses={
            200: scope.listed(
                part("audit_finding"),
                undecided={
                    "type": "array",
                    "description": "Rules that could not be asked of everything, and why.",
                    "items": {"type": "object"},
                },
            )
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, FindingQuery)
        basis = scope.of_page(self.space, given)
        audits = basis.report.get("audits") or {"findings": []}
        wanted = questions.Wanted.of(given)
        undecided = questions.undecided(basis.report) if basis.report else []
        found = list(wanted.among(audits["findings"]))
        return scope.answer(request, basis, found, given, undecided=undecided)


class GapQuery(ReadingQuery):
    """Which gaps."""

    account = serializers.CharField(required=False)
    region = serializers.CharField(required=False)
    call = serializers.CharField(required=False, help_text="As in lambda.list_functions.")
    code = serializers.CharField(required=False, help_text="As in AccessDenied.")


class Gaps(OfWorkspace):
    """What could not be read, parsed or decided."""

    @extend_schema(
        summary="Gaps, with the IAM action that would close each",
        tags=["gaps"],
        parameters=[GapQuery],
        responses={
            200: scope.listed(
                part("gap"),
                accepted={
                    "type": "array",
                    "items": {"type": "object"},
                    "description": "Gaps that somebody decided to live with.",
                },
            )
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """A page of them."""
        given = scope.asked(request, GapQuery)
        basis = scope.of_page(self.space, given)
        told = basis.report.get("scope", {})
        names = [name for name in ("account", "region", "call", "code") if name in given]
        found = [
            each
            for each in told.get("gaps", ())
            if all(each[name] == given[name] for name in names)
        ]
        accepted = told.get("accepted_gaps", [])
        return scope.answer(request, basis, found, given, accepted=accepted)
