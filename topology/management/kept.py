"""The options that say which kept reading a command is about, and finding it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from accounts import row_security
from accounts.models import Workspace
from topology.reports.parts import NotThereError


def add_workspace(parser: ArgumentParser) -> None:
    """Declare ``--workspace``."""
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
def workspace(options: dict[str, Any]) -> Iterator[Workspace]:
    """The workspace that was asked for; what is missing is one line, never a stack trace."""
    try:
        found = _workspace(options["workspace"])
        with row_security.within(found):
            yield found
    except NotThereError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        raise CommandError(
            "There is no database yet: `loopscope explore` makes one, or `loopscope migrate`."
        ) from error


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
