"""Answers as AWS writes them: errors, recorded results, and one result cut into pages."""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from botocore.loaders import create_loader
from botocore.parsers import create_parser
from moto.core.serialize import get_serializer_class

from tests.rig.asked import Asked
from topology import catalog

RECORDINGS = Path(__file__).parent.parent / "recordings"
ACCESS_DENIED = {  # the code each service refuses with; the others say AccessDenied
    "lambda": "AccessDeniedException",
    "events": "AccessDeniedException",
    "dynamodb": "AccessDeniedException",
    "sns": "AuthorizationError",
    "ec2": "UnauthorizedOperation",
}
THROTTLED = {
    "lambda": "TooManyRequestsException",
    "s3": "SlowDown",
    "ec2": "RequestLimitExceeded",
    "events": "ThrottlingException",
    "dynamodb": "ThrottlingException",
}


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; ``sent`` is how many bytes of the body really leave (None: all)."""

    status: int
    headers: dict[str, str]
    body: bytes
    sent: int | None = None


class RefusedError(Exception):
    """An error in the form moto's serializers take."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def error(asked: Asked, code: str, message: str, status: int) -> Reply:
    """An error of any code in the operation's own protocol."""
    return replace(_serialized(asked, RefusedError(code, message)), status=status)


def denied(asked: Asked) -> Reply:
    """The answer to a caller whose policies do not allow the operation."""
    code = ACCESS_DENIED.get(asked.service, "AccessDenied")
    return error(asked, code, f"User is not authorized to perform: {asked.name}", 403)


def throttled(asked: Asked) -> Reply:
    """The answer to a caller that asks too fast."""
    return error(asked, THROTTLED.get(asked.service, "Throttling"), "Rate exceeded", 429)


def result(asked: Asked, answer: dict[str, Any]) -> Reply:
    """A result given in botocore's shape."""
    return _serialized(asked, answer)


def recording(name: str) -> dict[str, Any]:
    """A recorded answer in botocore's shape: ``s3/get_bucket_notification_configuration.all``."""
    answer: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return answer


def parsed(asked: Asked, reply: Reply) -> dict[str, Any]:
    """A reply as botocore's client would see it."""
    answer: dict[str, Any] = create_parser(asked.protocol).parse(
        {"status_code": reply.status, "headers": reply.headers, "body": reply.body},
        asked.model.output_shape,
    )
    return answer


@dataclass(frozen=True)
class Paging:
    """How an operation pages: the request's token, the answer's, its flag, its lists."""

    sent: str
    received: str
    more: str | None
    lists: tuple[str, ...]

    def page(self, whole: dict[str, Any], start: int, size: int, token: str) -> dict[str, Any]:
        """The part of a whole answer from ``start`` on, naming ``token`` if there is more."""
        page = {**whole, **{key: whole[key][start : start + size] for key in self.lists}}
        is_more = any(len(whole[key]) > start + size for key in self.lists)
        page[self.received] = token if is_more else None
        return {**page, self.more: is_more} if self.more else page


def paging(asked: Asked) -> Paging:
    """From botocore's paginators, or from our own declaration where it has none."""
    for service in catalog.services():
        for call in service.calls:
            is_it = service.client == asked.service and call.operation == snake(asked.model.name)
            if is_it and call.token and call.items:
                return Paging(*call.token, None, (call.items,))
    rules = create_loader().load_service_model(asked.service, "paginators-1")["pagination"]
    rule = rules[asked.model.name]
    lists = rule["result_key"]
    return Paging(
        rule["input_token"],
        rule["output_token"],
        rule.get("more_results"),
        tuple(lists) if isinstance(lists, list) else (lists,),
    )


def snake(operation: str) -> str:
    """``ListFunctions`` as boto3 calls it: ``list_functions``."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in operation).lstrip("_")


def _serialized(asked: Asked, answer: Any) -> Reply:
    serializer = get_serializer_class(asked.service, asked.protocol)(asked.model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about codes like AccessDenied, which no model lists
        raw = serializer.serialize(answer)
    body = raw["body"]
    return Reply(
        raw["status_code"],
        {name: str(value) for name, value in raw["headers"].items()},
        body if isinstance(body, bytes) else body.encode(),
    )
