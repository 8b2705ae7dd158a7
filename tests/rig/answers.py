"""Answers as AWS writes them: errors, recorded results, and one result cut into pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.loaders import create_loader
from botocore.parsers import create_parser

from topology.demo.answers import Reply, error
from topology.demo.asked import Asked

RECORDINGS = Path(__file__).parent.parent / "recordings"
REFUSALS = ("AccessDeniedException", "AccessDenied", "AuthorizationError", "NotAuthorizedException")
THROTTLES = ("ThrottlingException", "TooManyRequestsException", "Throttling", "SlowDown")
WHERE_NONE_IS_DECLARED = {  # by protocol: what AWS says where the model names no such error
    "ec2": ("UnauthorizedOperation", "RequestLimitExceeded"),
    "query": ("AccessDenied", "Throttling"),
    "rest-xml": ("AccessDenied", "SlowDown"),
}


def denied(asked: Asked) -> Reply:
    """The answer to a caller whose policies do not allow the operation."""
    code = _declared(asked, REFUSALS) or _undeclared(asked)[0]
    return error(asked, code, f"User is not authorized to perform: {asked.name}", 403)


def throttled(asked: Asked) -> Reply:
    """The answer to a caller that asks too fast."""
    code = _declared(asked, THROTTLES) or _undeclared(asked)[1]
    return error(asked, code, "Rate exceeded", 429)


def _declared(asked: Asked, codes: tuple[str, ...]) -> str:
    """The first of these codes that the service's model declares for any operation."""
    known = {shape.error_code for shape in asked.model.service_model.error_shapes}
    return next((code for code in codes if code in known), "")


def _undeclared(asked: Asked) -> tuple[str, str]:
    protocol = asked.model.service_model.protocol
    return WHERE_NONE_IS_DECLARED.get(protocol, ("AccessDeniedException", "ThrottlingException"))


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
    call = asked.call
    if call and call.token and call.items:
        return Paging(*call.token, call.more, (call.items,))
    rules = create_loader().load_service_model(asked.service, "paginators-1")["pagination"]
    rule = rules[asked.model.name]
    lists = rule["result_key"]
    return Paging(
        rule["input_token"],
        rule["output_token"],
        rule.get("more_results"),
        tuple(lists) if isinstance(lists, list) else (lists,),
    )
