"""``loopscope loops``: the loops of a kept reading as a table."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology import runs
from topology.management import kept, writing


class Command(BaseCommand):
    """A table, unless another format is asked for."""

    help = "list the loops of a kept reading"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which reading, which part; a format instead of the table."""
        kept.add_workspace(parser)
        kept.add_moment(parser)
        kept.add_parts(parser)
        writing.add_format(parser, writing.TABLE)

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output; exits with 0 whatever was found."""
        with kept.source(options) as source:
            wanted = runs.Wanted(
                options["loop"], options["account"], options["moment"], masks=options["mask"]
            )
            document = source.reported(wanted)
        writing.put(document, options["format"], options["out"])
