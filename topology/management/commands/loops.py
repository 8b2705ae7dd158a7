"""``loopscope loops``: the loops of a kept reading as a table."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from topology import runs
from topology.management import kept, writing
from topology.management.tables import loops_table

PLAIN_WIDTH = 160  # columns where nobody says how wide the terminal is


class Command(BaseCommand):
    """Colours only on a terminal, and not where ``NO_COLOR`` is set."""

    help = "list the loops of a kept reading"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which reading, which part; a format instead of the table."""
        kept.add_workspace(parser)
        kept.add_moment(parser)
        kept.add_parts(parser)
        writing.add_format(parser, "table", "table")

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output; exits with 0 whatever was found."""
        with kept.source(options) as source:
            wanted = runs.Wanted(
                options["loop"], options["account"], options["moment"], masks=options["mask"]
            )
            document = source.reported(wanted)
        if options["format"] != "table":
            writing.put(document, options["format"], options["out"])
            return
        width = None if sys.stdout.isatty() else PLAIN_WIDTH
        with writing.text_at(options["out"]) as file:
            console = Console(file=file, width=width, highlight=False, markup=False, emoji=False)
            for each in loops_table(document, console.width):
                console.print(each)
