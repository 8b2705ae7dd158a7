"""What describes the API: for programs, for people, and the schema of reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from topology.reports import json_report
from topology.web.api import described
from topology.web.api.base import Api
from topology.web.api.problems import NotHere


class Public(Api):
    """What is the same for everybody."""

    authentication_classes = ()
    permission_classes = ()
    schema: Any = None


class OpenApi(Public):
    """The OpenAPI document."""

    def get(self, request: Request) -> JsonResponse:
        """As JSON."""
        return JsonResponse(described.document())


class ReportSchema(Public):
    """The JSON schema of ``loopscope.report/1``."""

    def get(self, request: Request) -> JsonResponse:
        """As JSON."""
        return JsonResponse(json_report.schema(), content_type="application/schema+json")


class Nowhere(Public):
    """Every address of the API that there is not."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so, whoever asks, and however."""
        super().initial(request, *args, **kwargs)
        raise NotHere


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same document as people read it."""
    document = described.document()
    return render(request, "web/api.html", {"info": document["info"], "groups": list(_groups())})


def _groups() -> Iterator[dict[str, Any]]:
    """The operations by what they are about."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in described.document()["paths"].items():
        for method, operation in operations.items():
            told = {
                "method": method.upper(),
                "path": path,
                "words": operation.get("summary") or operation.get("description", ""),
                "parameters": [
                    each for each in operation.get("parameters", ()) if each["in"] == "query"
                ],
                "body": _body(operation),
            }
            groups.setdefault(operation["tags"][0], []).append(told)
    for name, listed in groups.items():
        yield {"name": name, "operations": listed}


def _body(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of a body: name, words, and whether it has to be there."""
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = next((each["schema"] for each in content.values()), {})
    name = schema.get("$ref", "").rpartition("/")[2]
    schema = described.document()["components"]["schemas"].get(name, schema)
    needed = schema.get("required", ())
    return [
        {"name": each, "words": said.get("description", ""), "required": each in needed}
        for each, said in schema.get("properties", {}).items()
    ]
