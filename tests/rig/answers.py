"""Answers as AWS writes them: errors, recorded results, and one result cut into pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jmespath
from botocore.loaders import create_loader
from botocore.parsers import create_parser

from topology.demo.answers import Reply, error, result
from topology.demo.asked import Asked, snake

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
    service = asked.model.service_model
    spoke_query = "awsQueryCompatible" in service.metadata  # and still says what it said then
    protocol = "query" if spoke_query else service.protocol
    return WHERE_NONE_IS_DECLARED.get(protocol, ("AccessDeniedException", "ThrottlingException"))


def recording(name: str) -> dict[str, Any]:
    """A recorded answer in botocore's shape: ``s3/get_bucket_notification_configuration.all``."""
    answer: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text())
    return answer


def replayed(asked: Asked) -> Reply | None:
    """Everything that was recorded of an operation as one answer, on one page."""
    answer = recorded(asked)
    return on_one_page(asked, answer) if answer else None


def recorded(asked: Asked) -> dict[str, Any]:
    """Everything that was recorded of an operation; nothing where nothing was."""
    answer: dict[str, Any] = {}
    for path in sorted((RECORDINGS / asked.service).glob(f"{snake(asked.model.name)}.*.json")):
        answer = _joined(answer, json.loads(path.read_text()))
    return answer


def on_one_page(asked: Asked, answer: dict[str, Any]) -> Reply:
    """An answer that names no next page."""
    return result(asked, paging(asked).page(answer, 0, 1000) if pages(asked) else answer)


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Both answers: lists one after the other, and of two values the first."""
    both = {**other, **one}
    for key in one.keys() & other.keys():
        if isinstance(one[key], list):
            both[key] = [*one[key], *(each for each in other[key] if each not in one[key])]
        elif isinstance(one[key], dict):
            both[key] = _joined(one[key], other[key])
    return both


def parsed(asked: Asked, reply: Reply) -> dict[str, Any]:
    """A reply as botocore's client would see it."""
    answer: dict[str, Any] = create_parser(asked.protocol).parse(
        {"status_code": reply.status, "headers": reply.headers, "body": reply.body},
        asked.model.output_shape,
    )
    return {name: answer[name] for name in answer if name != "ResponseMetadata"}


@dataclass(frozen=True)
class Paging:
    """How an operation pages: the request's token, the answer's, its flag, its lists."""

    sent: str
    received: str
    more: str | None
    lists: tuple[str, ...]

    def page(self, whole: dict[str, Any], start: int, size: int) -> dict[str, Any]:
        """The part of a whole answer from ``start`` on, naming the next if there is more."""
        page, is_more = whole, False
        for key in self.lists:
            listed = jmespath.search(key, whole) or []
            page = _with(page, key, listed[start : start + size])
            is_more |= len(listed) > start + size
        if self.more:
            page = _with(page, self.more, is_more)
        return self._naming(page, f"page-{start + size}" if is_more else None)

    def endless(self, whole: dict[str, Any]) -> dict[str, Any]:
        """A first page that names itself as the next one."""
        page = self._naming(self.page(whole, 0, 1), "again")
        return _with(page, self.more, True) if self.more else page

    def _naming(self, page: dict[str, Any], token: str | None) -> dict[str, Any]:
        """The page with another token, unless its last item is what it is continued from."""
        return page if self.is_by_item else _with(page, self.received, token)

    def start(self, whole: dict[str, Any], token: str | None) -> int:
        """Where in the whole answer the page begins that a request's token names."""
        if token is None:
            return 0
        if not self.is_by_item:
            return int(token.removeprefix("page-"))
        [key] = self.lists
        return int(jmespath.search(key, whole).index(token)) + 1

    @property
    def is_by_item(self) -> bool:
        """Whether a page is continued from its last item."""
        return "[" in self.received


def pages(asked: Asked) -> bool:
    """Whether an operation pages at all."""
    call, rules = asked.call, _paginators(asked.service)
    return bool(call and call.token) or asked.model.name in rules


def paging(asked: Asked) -> Paging:
    """From botocore's paginators, or from our own declaration where it has none."""
    call = asked.call
    if call and call.token and call.items:
        return Paging(*call.token, call.more, (call.items,))
    rule = _paginators(asked.service)[asked.model.name]
    lists = rule["result_key"]
    return Paging(
        rule["input_token"],
        rule["output_token"],
        rule.get("more_results"),
        tuple(lists) if isinstance(lists, list) else (lists,),
    )


@cache
def _paginators(service: str) -> dict[str, Any]:
    rules = create_loader().load_service_model(service, "paginators-1")["pagination"]
    return dict(rules)


def _with(answer: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The answer with another value at a dotted path."""
    key, _, inner = path.partition(".")
    return {**answer, key: _with(answer.get(key, {}), inner, value) if inner else value}
