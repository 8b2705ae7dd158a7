"""``loopscope policy``: the IAM policy that allows exactly what Loopscope reads."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from topology.catalog.policy import read_policy


class Command(BaseCommand):
    """Print the least-privilege read policy."""

    help = "print the IAM policy that allows exactly what is read"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output, as JSON."""
        self.stdout.write(json.dumps(read_policy(), indent=2))
