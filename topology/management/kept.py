"""The options that say which kept reading a command is about, and finding it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.management.base import CommandError
from django.db import DatabaseError

from accounts import row_security
from accounts.models import Workspace
from topology import runs
from topology.management import server
from topology.reports.document import Document
from topology.reports.formats import Format
from topology.reports.parts import NotThereError


class Source(Protocol):
    """A workspace whose readings are asked for: in this database, or on a server."""

    def reported(self, wanted: runs.Wanted) -> Document:
        """The document; raises ``NotThereError`` or ``CommandError`` for what is not there."""

    def streamed(self, chosen: Format, moment: int | None, *, masks: bool) -> Iterator[bytes]:
        """The whole graph of a reading in a format that draws, piece by piece."""


@dataclass(frozen=True, slots=True)
class Local:
    """A workspace in this database."""

    space: Workspace

    def reported(self, wanted: runs.Wanted) -> Document:
        """As ``runs.reported``."""
        return runs.reported(self.space, wanted)

    def streamed(self, chosen: Format, moment: int | None, *, masks: bool) -> Iterator[bytes]:
        """As ``runs.wholly``, written down."""
        return chosen.streamed(runs.wholly(self.space, moment, masks=masks))


def add_workspace(parser: ArgumentParser) -> None:
    """Declare ``--server`` and ``--workspace``."""
    parser.add_argument(
        "--server",
        metavar="URL",
        help="ask a server, with the token of LOOPSCOPE_TOKEN or of the keyring",
    )
    parser.add_argument(
        "--workspace", metavar="NAME", help="its short name (default: the only one there is)"
    )


def add_moment(parser: ArgumentParser) -> None:
    """Declare ``--moment``."""
    parser.add_argument(
        "--moment", type=int, metavar="N", help="a reading by its number (default: the latest)"
    )


def add_parts(parser: ArgumentParser) -> None:
    """Declare which part of the reading is told, and whether it is masked."""
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--loop", default="", metavar="FINGERPRINT", help="one loop alone")
    part.add_argument("--account", default="", metavar="ID", help="what leads through an account")
    add_mask(parser)


def add_mask(parser: ArgumentParser) -> None:
    """Declare ``--mask``."""
    parser.add_argument("--mask", action="store_true", help="mask account ids and names")


@contextmanager
def source(options: dict[str, Any]) -> Iterator[Source]:
    """The workspace that was asked for; what is missing is one line, never a stack trace."""
    if options["server"]:
        yield server.reached(options["server"], options["workspace"], _say)
        return
    try:
        found = _workspace(options["workspace"])
        with row_security.within(found):
            yield Local(found)
    except NotThereError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(
            "There is no database yet: `loopscope explore` makes one, or `loopscope migrate`."
        ) from error


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _workspace(slug: str | None) -> Workspace:
    with row_security.across():
        spaces = list(Workspace.objects.order_by("slug"))
    if slug is None and len(spaces) == 1:
        return spaces[0]
    names = ", ".join(each.slug for each in spaces)
    if slug is None:
        said = f"Which workspace? --workspace says: {names}." if spaces else "Nothing is kept yet."
        raise CommandError(said)
    for each in spaces:
        if each.slug == slug:
            return each
    raise CommandError(f"There is no workspace {slug!r}" + (f": {names}." if names else "."))
