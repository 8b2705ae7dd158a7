"""The OpenAPI document: derived from the views, with the parts of a report and every problem.

Source: https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import include, path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from topology.reports import json_report
from topology.web.api import scope
from topology.web.api.authentication import BearerToken, BrowserSession
from topology.web.api.problems import MEDIA_TYPE

SAFE = ("get", "head")
ALWAYS = (401, 403, 404, 406, 422, 429, 500)
OF_A_BODY = (400, 409, 413, 415)
WORDS = {
    400: "The body is no JSON.",
    401: "Nobody is known by this token or session.",
    403: "The token's scopes or the person's role do not reach that far.",
    404: "There is nothing here, or nothing that the caller may see.",
    406: "It is not to be had in that media type.",
    409: "It does not go together with what there is.",
    413: "The body is too long.",
    415: "The body is not application/json.",
    422: "It was understood and makes no sense here.",
    429: "Too many calls: Retry-After says how many seconds to wait.",
    500: "Something went wrong on our side.",
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, for people."},
        "errors": {"description": "By member or parameter, what is wrong with it."},
    },
}


@cache
def document() -> dict[str, Any]:
    """The document as JSON-ready data."""
    urls = [path("api/v1/", include("topology.web.api.urls"))]
    generator = SchemaGenerator(patterns=urls)  # type: ignore[no-untyped-call]
    found = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    plain: dict[str, Any] = json.loads(json.dumps(found, default=str))
    return plain


def part(name: str) -> dict[str, Any]:
    """The schema of a part of ``loopscope.report/1``, by its name there."""
    return {"$ref": f"#/components/schemas/report.{name}"}


def with_report(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Add what views say of a reading, and the published contract of reports."""
    text = json.dumps(json_report.schema())
    whole = json.loads(text.replace("#/$defs/", "#/components/schemas/report."))
    parts = whole.pop("$defs")
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["reading"] = scope.READING
    schemas["report"] = {k: v for k, v in whole.items() if not k.startswith("$")}
    schemas |= {f"report.{name}": each for name, each in sorted(parts.items())}
    return result


def with_problems(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every operation may fail, and always in the same shape."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}}
    components["responses"] = {
        f"problem{status}": {"description": said, "content": content}
        for status, said in WORDS.items()
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            statuses = (*ALWAYS, *OF_A_BODY) if "requestBody" in operation else ALWAYS
            answers = operation["responses"]
            for status in statuses:
                answers.setdefault(str(status), {"$ref": f"#/components/responses/problem{status}"})
            if method in SAFE:
                answers["304"] = {"description": "It is as If-None-Match says."}
    return result


class _BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of a member, made on the workspace's page *API*.",
        }


class _SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = BrowserSession
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The session of a browser; a change also takes X-CSRFToken.",
        }
