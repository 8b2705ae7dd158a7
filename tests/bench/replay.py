"""A replay server: one account's answers, each late by the latency of a network.

The first time a request comes its answer is worked out; from then on the same bytes are played
again. ``python -m tests.bench.replay FUNCTIONS LATENCY [LIMIT]`` prints its port and serves until
standard input closes; ``LIMIT`` is how many requests a second the Lambda control plane takes, from
the first time on that the counts are asked for.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
import time
from collections import Counter
from contextlib import suppress
from threading import Thread

from tests.bench.wide_account import WideAccount
from topology.demo.answers import Reply, error
from topology.demo.asked import Asked, asked

SCOPE = re.compile(rb"Credential=[^/]+/\d+/([^/]+/[^/]+)/")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
TARGET = re.compile(rb"\r\nx-amz-target: *([^\r]+)", re.IGNORECASE)
HEADER = re.compile(rb"\r\n([^:\r]+): *([^\r]*)")


class Server:
    """What is shared by all connections: the account, the answers known, the counts."""

    def __init__(self, account: WideAccount, latency: float, limit: float) -> None:
        self.account, self.latency, self.limit = account, latency, limit
        self.counts: Counter[str] = Counter()
        self.requests: list[tuple[str, str, str, dict[str, object]]] = []
        self._known: dict[tuple[bytes, ...], tuple[str, bytes]] = {}
        self._tokens, self._filled, self._is_limited = limit, time.monotonic(), False

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The bytes of an answer, and its operation counted."""
        line, _, _ = head.partition(b"\r\n")
        if b" /counts " in line:
            told, self.counts = json.dumps(self.counts).encode(), Counter()
            self._is_limited = bool(self.limit)
            return bytes_of(Reply(200, {"Content-Type": "application/json"}, told))
        if b" /requests " in line:
            told = json.dumps(self.requests).encode()
            return bytes_of(Reply(200, {"Content-Type": "application/json"}, told))
        if SCOPE.search(head) is None:
            return bytes_of(Reply(404, {}, b"{}"))
        name, told = self.told(line, head, body)
        if self._is_limited and name.startswith("lambda.") and not self._takes():
            self.counts["throttled"] += 1
            return self._throttled(environ(line, head, body))
        self.counts[name] += 1
        return told

    def told(self, line: bytes, head: bytes, body: bytes) -> tuple[str, bytes]:
        """A request's operation, and the bytes of its answer: worked out once, then known."""
        scope, target = SCOPE.search(head), TARGET.search(head)
        key = (line, scope[1] if scope else b"", target[1] if target else b"", body)
        if key not in self._known:
            request = asked(environ(line, head, body))
            self._known[key] = (request.name, bytes_of(self.account.reply(request)))
            place = (request.service, request.region, request.model.name)
            self.requests.append((*place, request.parameters))
        return self._known[key]

    def _takes(self) -> bool:
        """A token bucket as AWS has them: one second's worth may come at once."""
        now = time.monotonic()
        self._tokens = min(self.limit, self._tokens + (now - self._filled) * self.limit)
        self._filled = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _throttled(self, sent: dict[str, object]) -> bytes:
        request: Asked = asked(sent)
        return bytes_of(error(request, "TooManyRequestsException", "Rate exceeded", 429))


class Connection(asyncio.Protocol):
    """One client's connection: requests come one after another."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end]
        length = LENGTH.search(head)
        size = end + 4 + (int(length[1]) if length else 0)
        if len(self._buffer) >= size:
            body, self._buffer = self._buffer[end + 4 : size], self._buffer[size:]
            told = self._server.answer(head, body)
            self._loop.call_later(self._server.latency, self._send, told)

    def _send(self, told: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(told)  # type: ignore[attr-defined]


def environ(line: bytes, head: bytes, body: bytes) -> dict[str, object]:
    """A request as WSGI has it."""
    method, target, _ = line.decode().split(" ")
    path, _, query = target.partition("?")
    request: dict[str, object] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)),
    }
    for name, value in HEADER.findall(head):
        upper = name.decode().upper().replace("-", "_")
        request[upper if upper == "CONTENT_TYPE" else f"HTTP_{upper}"] = value.decode()
    return request


def bytes_of(reply: Reply) -> bytes:
    """An answer as it goes over the wire."""
    headers = {**reply.headers, "Content-Length": str(len(reply.body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {reply.status} Answer\r\n{lines}\r\n".encode() + reply.body


async def serve(shared: Server) -> None:
    """Say the port, then serve."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(shared, loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)

    def until_closed() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(server.close)

    Thread(target=until_closed, daemon=True).start()
    with suppress(asyncio.CancelledError):
        await server.serve_forever()


if __name__ == "__main__":
    functions, latency, *limit = (float(each) for each in sys.argv[1:])
    asyncio.run(serve(Server(WideAccount(int(functions)), latency, sum(limit))))
