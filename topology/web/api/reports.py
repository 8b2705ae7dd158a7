"""Reports in every format, and whole graphs that are streamed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts import opaque
from topology import runs
from topology.reports.document import Document, holes
from topology.reports.format import Format
from topology.reports.formats import FormatError, drawn, formats
from topology.reports.parts import NotThereError
from topology.web.api import scope
from topology.web.api.base import OfWorkspace
from topology.web.api.paging import Number
from topology.web.api.problems import NotHere

HEADERS = (
    "In the headers, whatever the format: the verdict of the scope (`Loopscope-Verdict`) and in "
    "how many ways it is incomplete (`Loopscope-Gaps`)."
)
FORMS = "Its format: " + ", ".join(formats())


def _media_types(some: Iterable[Format]) -> dict[tuple[int, str], dict[str, Any]]:
    """What a format is answered as."""
    types = sorted({each.media_type for each in some})
    return {(200, each): {"description": "As the format has it."} for each in types}


class AsItIs(JSONRenderer):
    """Whatever media type is asked for: the address says which it is."""

    media_type = "*/*"


class ReportQuery(serializers.Serializer[Any]):
    """What to report."""

    loop = serializers.CharField(required=False, max_length=16, help_text="One, by fingerprint.")
    account = serializers.CharField(required=False, help_text="One, by number.")
    moment = Number(required=False, help_text="The number of a reading; the latest by default.")
    against = Number(required=False, help_text="The number of an earlier one: what differs.")
    mask = serializers.BooleanField(
        source="masks", default=False, help_text="Mask account ids and names."
    )


class Report(OfWorkspace):
    """A report."""

    heavy = frozenset({"GET"})

    @extend_schema(
        summary="A report, loopscope.report/1: of all, an account, a loop, or what differs",
        description=HEADERS,
        tags=["reports"],
        parameters=[ReportQuery],
        responses={200: {"$ref": "#/components/schemas/report"}},
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The document."""
        return _report(self, request, formats()["json"])


class ReportFile(OfWorkspace):
    """A report in any format."""

    heavy = frozenset({"GET"})
    renderer_classes = (AsItIs,)

    @extend_schema(
        summary="The same in any format",
        description=HEADERS,
        tags=["reports"],
        parameters=[
            ReportQuery,
            OpenApiParameter("form", str, "path", description=FORMS, enum=list(formats())),
        ],
        responses=_media_types(formats().values()),
    )
    def get(self, request: Request, slug: str, form: str) -> HttpResponse:
        """The file."""
        if (chosen := formats().get(form)) is None:
            raise NotHere(FORMS)
        return _report(self, request, chosen)


def _report(view: OfWorkspace, request: Request, chosen: Format) -> HttpResponse:
    wanted = runs.Wanted(**scope.asked(request, ReportQuery))
    try:
        document = runs.reported(view.space, wanted)
        body = chosen.written(document)
    except (NotThereError, FormatError) as error:
        raise NotHere(str(error)) from error
    view.record("exported", f"{chosen.name} {request.query_params.urlencode()} by the API".strip())
    return HttpResponse(body, content_type=chosen.media_type, headers=_said(document))


class GraphQuery(serializers.Serializer[Any]):
    """Of when, and how."""

    moment = Number(required=False, help_text="The number of a reading; the latest by default.")
    mask = serializers.BooleanField(default=False, help_text="Mask account ids and names.")


class Graph(OfWorkspace):
    """Every resource and edge of a reading."""

    heavy = frozenset({"GET"})
    renderer_classes = (AsItIs,)

    @extend_schema(
        summary="The whole graph of a reading, streamed; ndjson is one object a line",
        tags=["reports"],
        parameters=[
            GraphQuery,
            OpenApiParameter("form", str, "path", enum=list(drawn())),
        ],
        responses=_media_types(drawn().values()),
    )
    def get(self, request: Request, slug: str, form: str) -> HttpResponseBase:
        """The stream, in memory that does not grow with the edges."""
        if (chosen := drawn().get(form)) is None:
            raise NotHere("Its format: " + ", ".join(drawn()))
        given = scope.asked(request, GraphQuery)
        basis = scope.based(self.space, given.get("moment"))
        if basis.moment is None:
            raise NotHere(basis.said["detail"])
        self.record("exported", f"the graph as {form} by the API")
        # A stream has no digest of its content: this is what tells one content from another.
        known = repr((basis.said, form, given["mask"], runs.state(self.space, basis.moment)))
        etag = f'W/"{opaque.digest(known)[:32]}"'
        return StreamingHttpResponse(
            chosen.streamed(runs.wholly(self.space, basis.moment, masks=given["mask"])),
            content_type=chosen.media_type,
            headers={**_said(basis.report), "ETag": etag},
        )


def _said(document: Document) -> dict[str, str]:
    """What a file of any format is answered with: no list without the verdict of its scope."""
    return {
        "Loopscope-Verdict": str(document["scope"]["verdict"]),
        "Loopscope-Gaps": str(holes(document)),
    }
