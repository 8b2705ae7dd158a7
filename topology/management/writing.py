"""Where a command's document goes: to a file at once, or to standard output."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.core.management.base import CommandError, CommandParser
from rich.console import Console

from topology.management.tables import loops_table
from topology.reports.document import Document
from topology.reports.formats import Format, FormatError, formats

TABLE = "table"
PLAIN_WIDTH = 160  # columns where nobody says how wide the terminal is


def add_format(parser: CommandParser, default: str = "text") -> None:
    """Declare ``--format``, a table beside the formats of a report, and ``--out``."""
    names = [TABLE, *formats()]
    parser.add_argument(
        "--format",
        choices=names,
        default=default,
        metavar="FORMAT",
        help=f"{', '.join(names)} (default: {default}; docs/reports.md says what each holds)",
    )
    add_out(parser)


def add_out(parser: CommandParser) -> None:
    """Declare ``--out``."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to a file")


def put(document: Document, format_: str, out: Path | None) -> None:
    """Write a document in a format to a file or to standard output."""
    if format_ == TABLE:
        _put_table(document, out)
        return
    chosen = formats()[format_]
    try:
        written = chosen.written(document)
    except FormatError as error:
        raise CommandError(str(error)) from error
    send([written], chosen, out)


def _put_table(document: Document, out: Path | None) -> None:
    """Colours only on a terminal, and not where ``NO_COLOR`` is set."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    with _text_at(out) as file:
        console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
        for each in loops_table(document, console.width):
            console.print(each)


def send(pieces: Iterable[bytes], chosen: Format, out: Path | None) -> None:
    """Write pieces of a format's text as they come."""
    if out:
        write_whole(out, pieces)
        return
    if chosen.is_binary and sys.stdout.isatty():
        raise CommandError(f"{chosen.title} is nothing for a terminal: name a file with --out.")
    sys.stdout.flush()
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _text_at(out: Path | None) -> Iterator[TextIO]:
    """A file of text that is put in its place at the end, or standard output."""
    if out is None:
        yield sys.stdout
        return
    text = io.StringIO()
    yield text
    write_whole(out, [text.getvalue().encode()])


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
