"""The ``loopscope`` command: a wrong call or an error is one line and exit code 2."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import metadata
from typing import NoReturn

DEBUG = "LOOPSCOPE_DEBUG"
ERROR = 2
INTERRUPTED = 130
STATELESS = ("audit", "completion", "policy")  # commands that leave nothing behind


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the management command named first; exits, never returns."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        sys.exit(_run(*(sys.argv[1:] if arguments is None else arguments)))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:  # noqa: BLE001 (an exit code of 1 would say "loops found")
        if os.environ.get(DEBUG) == "1":
            traceback.print_exc()
        sys.stderr.write(f"loopscope: {_one_line(error)}\n")
        sys.exit(ERROR)


def _run(name: str = "help", *arguments: str) -> int:
    import django
    from django.conf import settings
    from django.core.management import get_commands, load_command_class
    from django.core.management.base import BaseCommand

    from config import data_directory

    django.setup()
    if name in ("help", "-h", "--help"):
        sys.stdout.write(_usage())
        return 0
    if name in ("version", "--version"):
        sys.stdout.write(f"loopscope {metadata.version('loopscope')}\n")
        return 0
    app = get_commands().get(name)
    if app is None:
        sys.stderr.write(f"loopscope: there is no command {name!r}\n\n{_usage()}")
        return ERROR
    command = app if isinstance(app, BaseCommand) else load_command_class(app, name)
    vars(command)["_called_from_command_line"] = True  # argparse prints its usage and exits with 2
    options = vars(command.create_parser("loopscope", name).parse_args(arguments))
    if name not in STATELESS and not options.get("server"):
        data_directory.prepare(settings.DATA_DIR)
    command.execute(*options.pop("args", ()), **options)
    return 0


def _usage() -> str:
    from django.core.management import get_commands, load_command_class

    ours = sorted(name for name, app in get_commands().items() if app == "topology")
    lines = [f"  {name:<10} {load_command_class('topology', name).help}" for name in ours]
    return "\n".join(
        [
            "usage: loopscope <command> [options]",
            "",
            *lines,
            "",
            "loopscope <command> --help says more. Django's own commands work as well (migrate,",
            "check, createsuperuser ...).",
            "",
        ]
    )


def _one_line(error: Exception) -> str:
    from django.core.management.base import CommandError

    text = " ".join(str(error).split()) or "no reason given"
    if isinstance(error, CommandError):
        return text
    return f"{type(error).__name__}: {text} ({DEBUG}=1 shows where)"


if __name__ == "__main__":
    main()
