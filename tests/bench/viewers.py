"""Many people who open one share link in the same second, over real connections."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass
class Seen:
    """Seconds that each answer took to come whole, bytes of the last page, and what went wrong."""

    doors: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    weight: int = 0
    errors: list[str] = field(default_factory=list)


def look(link: str, viewers: int, times: int, pause: float) -> Seen:
    """Have so many viewers open a link so many times, with a pause to read it.

    They come one after the other within the first pause, and all of them are there after that.
    """
    seen = Seen()

    async def come(number: int) -> None:
        await asyncio.sleep(number / viewers * pause)
        await _viewer(link, times, pause, seen)

    async def all_of_them() -> None:
        await asyncio.gather(*(come(number) for number in range(viewers)))

    asyncio.run(all_of_them())
    return seen


def late(seconds: Sequence[float], share: float = 0.95) -> float:
    """Within how many seconds that share of answers came."""
    return sorted(seconds)[int(len(seconds) * share)]


async def _viewer(link: str, times: int, pause: float, seen: Seen) -> None:
    parts = urlsplit(link)
    try:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for _ in range(times):
            await _open(reader, writer, link, seen)
            await asyncio.sleep(pause)
        writer.close()
    except (OSError, asyncio.IncompleteReadError) as error:
        seen.errors.append(f"{type(error).__name__}: {error}")


async def _open(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: str, seen: Seen
) -> None:
    """The door, and then the page by the token of the link, as a browser asks for them."""
    parts = urlsplit(link)
    began = time.perf_counter()
    head, _ = await _ask(reader, writer, f"GET {parts.path} HTTP/1.1", parts.netloc)
    seen.doors.append(time.perf_counter() - began)
    if b" 200 " not in head:
        seen.errors.append(f"door: {head[:40]!r}")
    form = urlencode({"token": parts.fragment})
    began = time.perf_counter()
    head, body = await _ask(reader, writer, f"POST {parts.path} HTTP/1.1", parts.netloc, form)
    seen.pages.append(time.perf_counter() - began)
    seen.weight = len(body)
    if b" 200 " not in head:
        seen.errors.append(f"page: {head[:40]!r}")


async def _ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    line: str,
    host: str,
    form: str = "",
) -> tuple[bytes, bytes]:
    lines = [line, f"Host: {host}", "Accept-Encoding: gzip"]
    if form:
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(form)}",
        ]
    writer.write("\r\n".join([*lines, "", form]).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    return head, await reader.readexactly(int(length[1]) if length else 0)
