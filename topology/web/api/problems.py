"""Every error in one shape, ``application/problem+json``.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error as page_of_error
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"
OURS = "Something went wrong on our side. It is in the server's log; try again later."


class Unprocessable(APIException):
    """422: it was understood, and it makes no sense here; ``detail`` says why."""

    status_code = 422
    default_code = "unprocessable"


class Conflict(APIException):
    """409: it does not go together with what there is."""

    status_code = 409
    default_code = "conflict"


class NotHere(NotFound):
    """404, for anything foreign or absent alike."""

    default_detail = "There is nothing here, or nothing that you may see."


def told(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """What is answered to an error of a view; None for one of ours, which becomes a 500."""
    if isinstance(error, SuspiciousOperation):
        error = ParseError(str(error))
    answer = exception_handler(error, dict(context))
    if answer is None:
        return None
    more = {}
    detail = str(getattr(error, "detail", "") or "")
    if isinstance(error, ValidationError):
        answer.status_code = 422
        more = {"errors": error.detail}
        detail = "Some of what was sent makes no sense here; errors says what."
    elif answer.status_code == 404:
        detail = str(error.detail) if isinstance(error, NotFound) else NotHere.default_detail
    elif not detail:
        detail = "Your role in this workspace does not reach that far."
    answer.data = _problem(answer.status_code, detail) | more
    answer.content_type = MEDIA_TYPE
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """A 500 as a page or, below ``/api/``, as a problem."""
    if not request.path.startswith("/api/"):
        return page_of_error(request)
    return JsonResponse(_problem(500, OURS), status=500, content_type=MEDIA_TYPE)


def _problem(status: int, detail: str) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}
