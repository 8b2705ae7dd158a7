"""``loopscope demo``: find the loops of a built-in AWS account, and show them in the browser."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from topology import crawl, demo
from topology.management import serving

HOST = "127.0.0.1"
DATA = Path(".loopscope") / "demo"  # beside your own data, never in it
OF_OTHERS = ("AWS_", "DATABASE_URL", "REDIS_URL", "LOOPSCOPE_ALLOWED_HOSTS", "LOOPSCOPE_HTTPS")


class Command(BaseCommand):
    """Start the demo account, then do with it what ``explore`` does with a real one."""

    help = "find the loops of a built-in demo account, and show them in the browser"

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve on 127.0.0.1 (``PORT``, 8000 by default) until Ctrl-C."""
        _keep_to_ourselves()
        port = _free_port(os.environ.get("PORT", "8000"))
        self._say("Starting the demo AWS account (an emulator on this machine; nothing leaves it).")
        try:
            with demo.serve() as emulator:
                os.environ.update(demo.environment(emulator.endpoint_url))
                demo.seed(emulator.endpoint_url)
                serving.serve(
                    crawl.Connection(), demo.DEMO_REGIONS, host=HOST, port=port, say=self._say
                )
        except (demo.DemoError, crawl.CrawlError) as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _keep_to_ourselves() -> None:
    """Start over where the environment leads to a team's database or a person's AWS account.

    Settings are read once, when Django starts: too early for this command to correct them.
    """
    wanted = {name: value for name, value in os.environ.items() if not name.startswith(OF_OTHERS)}
    wanted |= {"LOOPSCOPE_DATA_DIR": str(DATA), "DJANGO_SETTINGS_MODULE": "config.settings"}
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)  # noqa: S606


def _free_port(text: str) -> int:
    """Looked at first, as a taken port should not cost the wait for the demo account."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    try:
        socket.create_server((HOST, int(text))).close()
    except OSError as error:
        raise CommandError(
            f"Port {text} of {HOST} cannot be used ({os.strerror(error.errno or 0)}). Stop what "
            "uses it, or choose another: PORT=8001 make demo"
        ) from error
    return int(text)
