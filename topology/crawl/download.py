"""A package from the presigned address that Lambda gives for it, checked byte by byte.

The address lets whoever has it read the code: it is in no log, error or row. Neither is the
text of any error of the connection, which may quote it.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
"""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any
from urllib.parse import urlsplit

from topology.crawl.session import Session

HOSTS = (".amazonaws.com", ".amazonaws.com.cn")
PIECE = 1 << 16


class DownloadError(Exception):
    """A package that did not come. The message says why, in words, without its address."""


@contextmanager
def downloaded(
    session: Session, endpoint: str, location: str, sha256: str, *, limit: int, deadline: float
) -> Iterator[IO[bytes]]:
    """A file without a name that holds the package; it is gone when the block ends.

    ``endpoint`` is what was asked in AWS's place, where the server was set up so: packages come
    from there then. ``limit`` is in bytes, ``deadline`` monotonic. Raises ``DownloadError``.
    """
    url = _address(session, endpoint, location)
    with TemporaryFile() as file:
        digest = hashlib.sha256()
        for piece in _pieces(session, url, limit, deadline):
            digest.update(piece)
            file.write(piece)
        if base64.b64encode(digest.digest()).decode() != sha256:
            raise DownloadError("its download has another hash than Lambda says")
        file.seek(0)
        yield file


def _address(session: Session, endpoint: str, location: str) -> str:
    try:
        split = urlsplit(location)
        host = split.hostname or ""
    except ValueError:
        raise DownloadError("Lambda gives no address for it") from None
    if session.has_own_endpoint:
        own = urlsplit(endpoint)
        return split._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    if split.scheme != "https" or not host.endswith(HOSTS):
        raise DownloadError("its address is none of AWS's")
    return location


def _pieces(session: Session, url: str, limit: int, deadline: float) -> Iterator[bytes]:
    try:
        answer = session.get(url)
    except Exception as error:  # noqa: BLE001 - its text may quote the address
        raise DownloadError(f"its download failed ({type(error).__name__})") from None
    try:
        if answer.status_code != 200:
            raise DownloadError(_refused(answer.status_code))
        announced = answer.headers.get("content-length", "")
        expected = int(announced) if announced.isdigit() else None
        if expected is not None and expected > limit:
            raise DownloadError("it is larger than Lambda allows")
        counted = 0
        for piece in _bounded(answer.raw, limit, deadline):
            counted += len(piece)
            yield piece
        if expected not in (None, counted):
            raise DownloadError("its download was cut short")
    finally:
        answer.raw.close()


def _bounded(body: Any, limit: int, deadline: float) -> Iterator[bytes]:
    """What comes, as it comes: a slow sender is cut off at the deadline, not before it is done."""
    counted = 0
    while True:
        try:
            piece = body.read1(PIECE)
        except Exception as error:  # noqa: BLE001 - its text may quote the address
            raise DownloadError(f"its download was cut short ({type(error).__name__})") from None
        if not piece:
            return
        counted += len(piece)
        if counted > limit:
            raise DownloadError("it is larger than Lambda allows")
        if time.monotonic() > deadline:
            raise DownloadError("its download takes too long")
        yield piece


def _refused(status: int) -> str:
    if 300 <= status < 400:
        return "its download was redirected, which is not followed"
    return f"its download was refused ({status})"
