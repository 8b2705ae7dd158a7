"""The fault proxy: logs every operation, and answers some of them the way AWS fails."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock, Thread
from typing import Any

import urllib3
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.rig import answers
from topology.demo.answers import Reply, error, result
from topology.demo.asked import Asked, asked
from topology.demo.missing import keep_body

Forward = Callable[[], Reply]
Fault = Callable[[Asked, Forward], Reply]
Source = Callable[[Asked], Reply | None]  # answers in the emulator's place, where it knows one


class CutError(Exception):
    """The connection is cut without an answer."""


@dataclass(frozen=True)
class Drip(Reply):
    """An answer that comes byte by byte, ``pause`` seconds between two."""

    pause: float = 0.0


@dataclass
class Rule:
    """A fault and when it strikes: an operation, service, region or resource, or empty for any.

    ``skip`` requests pass first; then every ``every``-th that matches is struck. Requests that
    come at once make chance of that order, which strikes one of them again and again some day:
    with ``in_a_row`` it is let through after so many times.
    """

    fault: Fault
    operation: str = ""
    service: str = ""
    region: str = ""
    resource: str = ""
    skip: int = 0
    every: int = 1
    in_a_row: int = 0
    matched: int = field(default=0, init=False)
    struck: Counter[str] = field(default_factory=Counter, init=False)

    def strikes(self, request: Asked) -> bool:
        """Whether this request fails; counts it."""
        if (
            (self.operation and self.operation != request.name)
            or (self.service and self.service != request.service)
            or (self.region and self.region != request.region)
            or (self.resource and not request.mentions(self.resource))
        ):
            return False
        self.matched += 1
        past = self.matched - self.skip
        strikes = past > 0 and past % self.every == 0
        if not self.in_a_row:
            return strikes
        same = f"{request.name} {request.region} {request.parameters}"
        strikes = strikes and self.struck[same] < self.in_a_row
        self.struck[same] = self.struck[same] + 1 if strikes else 0
        return strikes


class FaultProxy:
    """Stands between a client and the emulator at ``upstream``; ``url`` is where to point AWS."""

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.log: list[Asked] = []
        self.source: Source | None = None
        self.rules: list[Rule] = []
        self._lock = Lock()
        self._http = urllib3.PoolManager(maxsize=32, retries=False)
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, request_handler=_Quiet
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> FaultProxy:
        """Serve in a thread until ``stop``."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()

    def clear(self) -> None:
        """Forget every fault, the log, and whatever answered in the emulator's place."""
        self.source = None
        self.rules.clear()
        self.log.clear()

    @property
    def operations(self) -> list[str]:
        """The operations asked so far, sorted, each once."""
        return sorted({request.name for request in self.log})

    def fail(self, fault: Fault, operation: str = "", **when: Any) -> None:
        """Strike the requests ``when`` describes (see ``Rule``) with a fault."""
        self.rules.append(Rule(fault, operation, **when))

    def deny(self, operation: str = "", **when: Any) -> None:
        """Refuse as IAM does."""
        self.fail(lambda request, forward: answers.denied(request), operation, **when)

    def throttle(self, operation: str = "", **when: Any) -> None:
        """Refuse as a rate limit does."""
        self.fail(lambda request, forward: answers.throttled(request), operation, **when)

    def error(self, code: str, operation: str = "", status: int = 400, **when: Any) -> None:
        """Answer with any error code."""

        def fault(request: Asked, forward: Forward) -> Reply:
            return error(request, code, f"{code} by the fault proxy", status)

        self.fail(fault, operation, **when)

    def reset(self, operation: str = "", **when: Any) -> None:
        """Cut the connection."""

        def fault(request: Asked, forward: Forward) -> Reply:
            raise CutError

        self.fail(fault, operation, **when)

    def truncate(self, operation: str = "", **when: Any) -> None:
        """Send half of the body that was announced."""

        def fault(request: Asked, forward: Forward) -> Reply:
            reply = forward()
            return replace(reply, sent=len(reply.body) // 2)

        self.fail(fault, operation, **when)

    def say(self, body: bytes, operation: str = "", kind: str = "text/plain", **when: Any) -> None:
        """Answer 200 with any body at all."""

        def fault(request: Asked, forward: Forward) -> Reply:
            return Reply(200, {"Content-Type": "text/plain"}, body)

        self.fail(fault, operation, **when)

    def slow(self, seconds: float, operation: str = "", **when: Any) -> None:
        """Answer late."""

        def fault(request: Asked, forward: Forward) -> Reply:
            time.sleep(seconds)
            return forward()

        self.fail(fault, operation, **when)

    def drip(self, pause: float, operation: str = "", **when: Any) -> None:
        """Answer at once, and then ever so slowly."""

        def fault(request: Asked, forward: Forward) -> Reply:
            reply = forward()
            return Drip(reply.status, reply.headers, reply.body, pause=pause)

        self.fail(fault, operation, **when)

    def answer(self, recorded: dict[str, Any], operation: str, **when: Any) -> None:
        """Answer with a recorded result, where the emulator's own would be wrong."""
        self.fail(lambda request, forward: result(request, recorded), operation, **when)

    def require_external_id(self, role: str, external_id: str) -> None:
        """Enforce a trust policy's ``sts:ExternalId``, which the emulator does not."""

        def fault(request: Asked, forward: Forward) -> Reply:
            is_right = request.parameters.get("ExternalId") == external_id
            return forward() if is_right else answers.denied(request)

        self.fail(fault, "sts.AssumeRole", resource=role)

    def require_any_external_id(self, role: str) -> None:
        """Enforce a trust policy that asks for an external id, whichever."""

        def fault(request: Asked, forward: Forward) -> Reply:
            return forward() if request.parameters.get("ExternalId") else answers.denied(request)

        self.fail(fault, "sts.AssumeRole", resource=role)

    def split(self, operation: str, size: int, empty_first: bool = False) -> None:
        """Cut a list into pages, the first of them empty if wanted."""
        whole = _Wholes()

        def fault(request: Asked, forward: Forward) -> Reply:
            paging = answers.paging(request)
            token = request.parameters.pop(paging.sent, None)
            answer = whole(request, forward)
            if token is None and empty_first and not paging.is_by_item:
                return result(request, paging.page(answer, 0, 0))
            start = paging.start(answer, token)
            return result(request, paging.page(answer, start, size))

        self.fail(fault, operation)

    def repeat_token(self, operation: str) -> None:
        """Name the same next page for ever."""
        whole = _Wholes()

        def fault(request: Asked, forward: Forward) -> Reply:
            paging = answers.paging(request)
            request.parameters.pop(paging.sent, None)
            return result(request, paging.endless(whole(request, forward)))

        self.fail(fault, operation)

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        keep_body(environ)
        request = asked(environ)
        with self._lock:
            self.log.append(request)
            struck = [rule for rule in self.rules if rule.strikes(request)]
        try:
            reply = self._reply(request, environ, struck)
        except CutError:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError from None
        headers = {**reply.headers, "Content-Length": str(len(reply.body)), "Connection": "close"}
        start_response(f"{reply.status} Answer", list(headers.items()))
        return _body(reply, environ["werkzeug.socket"])

    def _reply(self, request: Asked, environ: dict[str, Any], struck: list[Rule]) -> Reply:
        def forward() -> Reply:
            reply = self.source(request) if self.source else None
            return reply or self._forward(environ)

        return struck[-1].fault(request, forward) if struck else forward()

    def _forward(self, environ: dict[str, Any]) -> Reply:
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        environ["wsgi.input"].seek(0)
        answer = self._http.request(
            environ["REQUEST_METHOD"],
            f"{self.upstream}{environ['RAW_URI']}",
            body=environ["wsgi.input"].read(),
            headers=headers,
            redirect=False,
        )
        kept = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in ("connection", "transfer-encoding", "server", "date")
        }
        return Reply(answer.status, kept, answer.data)


class _Wholes:
    """The emulator's whole answers, asked for once per request: it does not know our tokens."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}

    def __call__(self, request: Asked, forward: Forward) -> dict[str, Any]:
        key = f"{request.key} {request.region} {request.parameters}"
        if key not in self._known:
            self._known[key] = answers.parsed(request, forward())
        return self._known[key]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing: a thousand requests make no readable test output."""


def _body(reply: Reply, connection: socket.socket) -> Iterator[bytes]:
    if isinstance(reply, Drip):
        for place in range(len(reply.body)):
            yield reply.body[place : place + 1]
            time.sleep(reply.pause)
        return
    yield reply.body[: reply.sent]
    if reply.sent is not None:
        connection.shutdown(socket.SHUT_RDWR)
