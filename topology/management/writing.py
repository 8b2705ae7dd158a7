"""Where a command's document goes: to a file at once, or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import CommandError, CommandParser

from topology.reports.document import Document
from topology.reports.formats import Format, FormatError, formats


def add_format(parser: CommandParser, default: str = "text") -> None:
    """Declare ``--format`` and ``--out``."""
    parser.add_argument(
        "--format",
        choices=formats(),
        default=default,
        metavar="FORMAT",
        help=f"{', '.join(formats())} (default: {default}; docs/reports.md says what each holds)",
    )
    add_out(parser)


def add_out(parser: CommandParser) -> None:
    """Declare ``--out``."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to a file")


def put(document: Document, format_: str, out: Path | None) -> None:
    """Write a document in a format to a file or to standard output."""
    chosen = formats()[format_]
    try:
        written = chosen.written(document)
    except FormatError as error:
        raise CommandError(str(error)) from error
    send([written], chosen, out)


def send(pieces: Iterable[bytes], chosen: Format, out: Path | None) -> None:
    """Write pieces of a format's text as they come."""
    if out:
        write_whole(out, pieces)
        return
    if chosen.is_binary and sys.stdout.isatty():
        raise CommandError(f"{chosen.title} is nothing for a terminal: name a file with --out.")
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.flush()


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Put a file in its place at once: whoever reads it sees the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            with draft.open("wb") as file:
                file.writelines(pieces)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
