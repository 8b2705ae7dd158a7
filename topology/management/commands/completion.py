"""``loopscope completion``: a script that teaches a shell the commands and their options."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from topology.management.completing import SHELLS, known


class Command(BaseCommand):
    """Derived from the commands' own parsers, so it cannot lag behind them."""

    help = "print a script that completes commands and options in a shell"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which shell."""
        parser.epilog = (
            "bash: source <(loopscope completion bash)   "
            "zsh: source <(loopscope completion zsh)   "
            "fish: loopscope completion fish | source"
        )
        parser.add_argument("shell", choices=SHELLS)

    def handle(self, *args: Any, **options: Any) -> None:
        """To standard output, to be sourced."""
        self.stdout.write(SHELLS[options["shell"]](known()), ending="")
