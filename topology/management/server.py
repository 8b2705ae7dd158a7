"""Readings that a server keeps, asked for by its API: the same documents as from a database.

The token comes from the environment or the keyring, and goes to the server's address alone: no
redirect is followed, and without TLS it goes nowhere but to this machine.
"""

from __future__ import annotations

import json
import os
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.core.management.base import CommandError

from topology import runs
from topology.reports import json_report
from topology.reports.document import Document
from topology.reports.formats import Format
from topology.reports.formats.plain_text import plain

TOKEN = "LOOPSCOPE_TOKEN"  # noqa: S105 (the name of a variable)
SERVICE = "loopscope"  # under which a keyring keeps tokens, by the server's address
HERE = ("localhost", "127.0.0.1", "::1")
TIMEOUT = 60  # seconds without a byte
PATIENCE = 120  # seconds that a server may have us wait before we give up
AT_ONCE = 65_536  # bytes of a stream

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Server:
    """A workspace on a server. Whatever goes wrong is a ``CommandError`` of one line."""

    url: str
    slug: str
    token: str = field(repr=False)
    say: Say = field(repr=False)

    def reported(self, wanted: runs.Wanted) -> Document:
        """As ``runs.reported``, of the workspace there."""
        query = {
            "loop": wanted.loop,
            "account": wanted.account,
            "moment": wanted.moment,
            "against": wanted.against,
            "mask": wanted.masks or None,
        }
        return self._document(f"{self._home}/report/json", query)

    def streamed(self, chosen: Format, moment: int | None, *, masks: bool) -> Iterator[bytes]:
        """The whole graph in a format, as the server writes it."""
        query = {"moment": moment, "mask": masks or None}
        with self._asked(f"{self._home}/graph/{chosen.name}", query) as answer:
            try:
                while piece := answer.read(AT_ONCE):
                    yield piece
            except (OSError, HTTPException) as error:
                raise CommandError(f"{self.url} broke off: {type(error).__name__}.") from error

    def slugs(self) -> list[str]:
        """The workspaces that the token opens."""
        return [each["slug"] for each in self._json("workspaces", {})["results"]]

    @property
    def _home(self) -> str:
        return f"workspaces/{quote(self.slug, safe='')}"

    def _document(self, path: str, query: Mapping[str, Any]) -> Document:
        document: Document = self._json(path, query)
        if (theirs := document.get("schema")) != json_report.SCHEMA:
            raise CommandError(
                f"{self.url} speaks {plain(str(theirs))}, and this is a loopscope of "
                f"{json_report.SCHEMA}: install the server's version."
            )
        return document

    def _json(self, path: str, query: Mapping[str, Any]) -> dict[str, Any]:
        with self._asked(path, query) as answer:
            try:
                told = json.load(answer)
            except ValueError as error:
                raise CommandError(f"{self.url} does not answer as Loopscope does.") from error
            except (OSError, HTTPException) as error:
                raise CommandError(f"{self.url} broke off: {type(error).__name__}.") from error
        if not isinstance(told, dict):
            raise CommandError(f"{self.url} does not answer as Loopscope does.")
        return told

    def _asked(self, path: str, query: Mapping[str, Any]) -> HTTPResponse:
        given = urlencode({name: value for name, value in query.items() if value})
        request = Request(  # noqa: S310 (the scheme was looked at)
            f"{self.url}/api/v1/{path}" + (f"?{given}" if given else ""),
            headers={"Authorization": f"Bearer {self.token}"},
        )
        waited = 0
        while True:
            try:
                answer: HTTPResponse = build_opener(_Stay).open(request, timeout=TIMEOUT)
            except HTTPError as error:
                wait = _wait(error)
                if wait is None or waited + wait > PATIENCE:
                    raise CommandError(_said(self.url, error)) from None
                self.say(f"{self.url} asks to wait {wait} s.")
                waited += wait
                time.sleep(wait)
            except (OSError, HTTPException) as error:
                raise CommandError(_unreached(self.url, error)) from None
            else:
                return answer


class _Stay(HTTPRedirectHandler):
    """Whoever answers with a redirect does not get the token there."""

    def redirect_request(self, *_: Any) -> None:
        """None: the answer is an error."""


def reached(url: str, slug: str | None, say: Say) -> Server:
    """The server at an address, and the workspace asked for, or else the only one there is."""
    url = _address(url)
    server = Server(url, slug or "", _token(url), say)
    if slug:
        return server
    known = server.slugs()
    if len(known) != 1:
        names = ", ".join(known)
        said = f"Which workspace? --workspace says: {names}." if known else "It opens no workspace."
        raise CommandError(said)
    return Server(url, known[0], server.token, say)


def _address(text: str) -> str:
    url = text.rstrip("/")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise CommandError("--server is no web address.") from error
    if parts.scheme not in ("https", "http") or not host or parts.query or parts.fragment:
        raise CommandError("--server is the site's address, as in https://loopscope.example.com.")
    if parts.username or parts.password:
        raise CommandError(f"--server holds no password: the token comes from {TOKEN}.")
    if parts.scheme == "http" and host not in HERE:
        raise CommandError("--server starts with https://: a token goes out over TLS only.")
    return url


def _token(url: str) -> str:
    token = os.environ.get(TOKEN, "").strip() or _from_keyring(url)
    if not token:
        raise CommandError(
            f"There is no token for {url}: make one on the workspace's page API, and set {TOKEN} "
            f"or keep it in the keyring (pip install 'loopscope[keyring]'; keyring set {SERVICE} "
            f"{url})."
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise CommandError("What is given as a token is none: it has odd characters.")
    return token


def _from_keyring(url: str) -> str:
    try:
        import keyring  # an extra
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, url) or ""
    except KeyringError as error:
        raise CommandError(f"The keyring cannot be read: {error}") from error


def _wait(error: HTTPError) -> int | None:
    """Seconds after which a server that has had enough wants to be asked again."""
    after = error.headers.get("Retry-After", "")
    return max(int(after), 1) if error.code == 429 and after.isdecimal() else None


def _said(url: str, error: HTTPError) -> str:
    """What an answer that is none means, in the server's own words where it has any."""
    try:
        detail = plain(str(json.loads(error.read(AT_ONCE))["detail"]))
    except (ValueError, KeyError, TypeError, OSError, HTTPException):
        detail = ""
    if error.code == 401:
        return f"{url} does not accept the token: {detail or 'it gives no reason.'}"
    if detail:
        return detail
    if 300 <= error.code < 400:
        return f"{url} leads elsewhere, where the token does not go: name the site's own address."
    if error.code == 404:
        return f"{url} has no API: is it the site's address, and as new as this loopscope?"
    return f"{url} answered {error.code}."


def _unreached(url: str, error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"{url} cannot prove who it is: {reason.verify_message}."
    told = plain(getattr(reason, "strerror", None) or str(reason)) or type(reason).__name__
    return f"{url} cannot be reached: {told}."
