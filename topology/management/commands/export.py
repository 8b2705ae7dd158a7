"""``loopscope export``: the whole graph of a reading, every resource and edge, as a stream."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology.management import kept, writing
from topology.reports.formats import drawn


class Command(BaseCommand):
    """Memory stays flat however many edges there are."""

    help = "write the whole graph of a kept reading, as a stream"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which reading, which format."""
        kept.add_workspace(parser)
        kept.add_moment(parser)
        parser.add_argument(
            "--format",
            choices=drawn(),
            default="ndjson",
            metavar="FORMAT",
            help=f"{', '.join(drawn())} (default: ndjson)",
        )
        kept.add_mask(parser)
        writing.add_out(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output or a file, piece by piece."""
        chosen = drawn()[options["format"]]
        with kept.source(options) as source:
            pieces = source.streamed(chosen, options["moment"], masks=options["mask"])
            writing.send(pieces, chosen, options["out"])
