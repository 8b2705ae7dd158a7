"""A mail server on this machine that keeps what it is given, or refuses it.

Source: https://www.rfc-editor.org/rfc/rfc5321
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class Mailbox:
    """What came; while it ``refuses``, nothing does."""

    port: int = 0
    refuses: bool = False
    came: list[EmailMessage] = field(default_factory=list)


@contextmanager
def receiving_mail() -> Iterator[Mailbox]:
    """A server on a free loopback port, for a block."""
    mailbox = Mailbox()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self._say("354 go on")
                    self._take()
                elif verb == b"RCPT" and mailbox.refuses:
                    self._say("550 nobody of that name")
                else:
                    self._say("221 bye" if verb == b"QUIT" else "250 yes")

        def _take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            parsed = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            mailbox.came.append(parsed)
            self._say("250 taken")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        mailbox.port = server.server_address[1]
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield mailbox
        server.shutdown()
