"""``loopscope policy``: the IAM policy that allows exactly what Loopscope reads."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology.catalog.policy import EVIDENCE, read_policy


class Command(BaseCommand):
    """Print the least-privilege read policy."""

    help = "print the IAM policy that allows exactly what is read"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Evidence beyond the configuration is allowed only to those who ask for it."""
        parser.add_argument(
            "--evidence",
            action="append",
            choices=sorted(EVIDENCE),
            default=[],
            help="also allow reading what confirms a write: functions' code, or what ran",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output, as JSON."""
        self.stdout.write(json.dumps(read_policy(set(options["evidence"])), indent=2))
