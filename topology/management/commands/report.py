"""``loopscope report``: a kept reading in any format."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology import runs
from topology.management import kept, writing


class Command(BaseCommand):
    """From the database, without asking AWS for anything."""

    help = "print a kept reading in any format"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which reading, which part, which format."""
        kept.add_workspace(parser)
        kept.add_moment(parser)
        kept.add_parts(parser)
        writing.add_format(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output or a file; exits with 0 whatever was found."""
        with kept.source(options) as source:
            wanted = runs.Wanted(
                options["loop"], options["account"], options["moment"], masks=options["mask"]
            )
            document = source.reported(wanted)
        writing.put(document, options["format"], options["out"])
