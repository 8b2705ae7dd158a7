"""``loopscope explore``: crawl an account and show its loops in the browser, on one machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology.management import aws_options, serving


class Command(BaseCommand):
    """Web server, worker and scheduler at once."""

    help = "crawl an AWS account and show its loops in the browser"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which account, and where to listen."""
        aws_options.add(parser)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until Ctrl-C."""
        serving.serve(
            aws_options.connection(options),
            options["regions"],
            options["evidence"],
            host=options["host"],
            port=options["port"],
            say=self._say,
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
