"""One POST to an address somebody typed: public, over TLS, no redirects, one deadline.

The name is resolved here and the very address that was looked at is connected to, so that no second
answer of the name's server can lead elsewhere.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterable, Mapping
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

from topology.alerts.addresses import Network, may_connect, networks
from topology.alerts.channel import ChannelError, RefusedError

DEADLINE = 10.0  # seconds for all of it, however slowly an answer drips
OK = range(200, 300)
TRY_AGAIN = (408, 425, 429)


def parsed(url: str, allowed: Iterable[Network] = ()) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address; raise ``RefusedError`` for what never works."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError("That is no web address.") from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise RefusedError("That is no web address: it should start with https://.")
    if parts.scheme == "http" and not any(allowed):
        raise RefusedError("Alerts are sent over TLS only: the address should start with https://.")
    if parts.username or parts.password or any(ord(char) < 33 for char in url):
        raise RefusedError("The address must hold neither a password nor spaces.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: tuple[Network, ...] = (),
    deadline: float = DEADLINE,
) -> None:
    """POST, and return once a status in the two hundreds has come. Raises ``ChannelError``.

    ``allowed`` are networks that the server's settings add to the public ones.
    """
    scheme, host, port, path = parsed(url, allowed)
    address = _address(host, port, allowed)
    connection = _Pinned(scheme, host, port, address, deadline)
    watchdog = Timer(deadline, connection.abort)
    watchdog.start()
    try:
        connection.request("POST", path, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        late = connection.is_aborted or isinstance(error, TimeoutError)
        reason = f"did not answer within {deadline:g} s" if late else "could not be reached"
        raise ChannelError(f"{host} {reason} ({type(error).__name__}).") from error
    finally:
        watchdog.cancel()
        connection.close()
    if 300 <= status < 400:
        raise RefusedError(f"{host} answered with a redirect ({status}), which is not followed.")
    if status not in OK:
        sentence = f"{host} answered {status}."
        is_final = 400 <= status < 500 and status not in TRY_AGAIN
        raise RefusedError(sentence) if is_final else ChannelError(sentence)


def _address(host: str, port: int, allowed: tuple[Network, ...]) -> str:
    """One address of a host; all of them must be such that may be connected to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ChannelError(f"{host} has no address.") from error
    addresses = [str(each[4][0]) for each in found]
    for address in addresses:
        if not may_connect(address.partition("%")[0], allowed):
            raise RefusedError(f"{host} leads to {address}, which is not a public address.")
    return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever its host's name leads to by now."""

    def __init__(self, scheme: str, host: str, port: int, address: str, deadline: float) -> None:
        super().__init__(host, port, timeout=deadline)
        self._scheme, self._address = scheme, address
        self.is_aborted = False

    def connect(self) -> None:
        """Connect to the address, and prove the host's name by its certificate."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = plain
        if self._scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.host)

    def abort(self) -> None:
        """End it from another thread: whatever it waits for fails."""
        self.is_aborted = True
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it ended by itself meanwhile


def configured() -> tuple[Network, ...]:
    """The networks that the server's own settings add to the public ones."""
    return networks(settings.ALERT_NETWORKS)
