"""A receiver of webhooks and of calls of AWS on this machine, which answers as a test says."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """Its address and what came: paths, headers and bodies. It answers ``status`` and ``told``."""

    url: str = ""
    status: int = 200
    location: str = ""
    told: bytes = b"canary: the body of an answer is never shown"
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.came.append((self.path, dict(self.headers), body))
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", str(len(receiver.told)))
            self.end_headers()
            self.wfile.write(receiver.told)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?secret=canary"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


def silent(connection: socket.socket) -> None:
    """Say nothing until the other side has gone."""
    connection.settimeout(5)
    while connection.recv(4096):
        pass


def dripping(connection: socket.socket) -> None:
    """Begin an answer that never ends, a byte at a time."""
    while True:
        connection.sendall(b"H")
        time.sleep(0.02)


@contextmanager
def misbehaving(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """The address of a server that does something else than answer."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            connection, _ = listening.accept()
            with connection:
                behave(connection)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    listening.close()
