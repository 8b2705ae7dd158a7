"""``loopscope diff``: what changed between two readings, kept ones or files of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from topology import runs
from topology.management import kept, writing
from topology.management.commands.audit import CLEAR, INCOMPLETE, LOOPS, THRESHOLDS
from topology.reports import difference, json_report
from topology.reports.document import Document
from topology.reports.parts import is_complete
from topology.verdict import LoopVerdict

EXIT_CODES = """\
exit codes (always 0 or 2 without --fail-on):
  0  no loop at or above --fail-on is new or graver, and the later reading is complete
  1  a loop at or above --fail-on is new or graver
  2  wrong usage, or an error
  3  no such loop, but the later reading is incomplete
"""


class Command(BaseCommand):
    """A reading is named by its number, or by a file that ``--format json`` wrote."""

    help = "tell what changed between two readings"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Two readings, and what fails."""
        parser.epilog = EXIT_CODES
        parser.add_argument("before", metavar="A", help="the earlier: a number, or a JSON report")
        parser.add_argument("after", metavar="B", help="the later one")
        kept.add_workspace(parser)
        kept.add_mask(parser)
        writing.add_format(parser)
        parser.add_argument(
            "--fail-on", choices=THRESHOLDS, help="exit with 1 for a new or graver loop like this"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write the difference; the exit code says more only where it is asked to."""
        document = self._difference(options["before"], options["after"], options)
        writing.put(document, options["format"], options["out"])
        if options["fail_on"]:
            sys.exit(exit_code(document, LoopVerdict(options["fail_on"])))

    def _difference(self, before: str, after: str, options: dict[str, Any]) -> Document:
        if before.isdecimal() and after.isdecimal():
            wanted = runs.Wanted(moment=int(after), against=int(before), masks=options["mask"])
            with kept.source(options) as source:
                return source.reported(wanted)
        document = difference.between(self._read(before, options), self._read(after, options))
        return runs.masked_alone(document) if options["mask"] else document

    def _read(self, name: str, options: dict[str, Any]) -> Document:
        if name.isdecimal():
            with kept.source(options) as source:
                return source.reported(runs.Wanted(moment=int(name)))
        try:
            document = json.loads(Path(name).read_text("utf-8"))
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
        except (ValueError, RecursionError) as error:
            raise CommandError(f"{name} is not JSON.") from error
        if not isinstance(document, dict) or document.get("schema") != json_report.SCHEMA:
            raise CommandError(f"{name} is no {json_report.SCHEMA}.")
        return document


def exit_code(document: Document, fail_on: LoopVerdict) -> int:
    """What the difference means for a pipeline; guarded counts as live."""
    limit = LoopVerdict.GUARDED if fail_on is LoopVerdict.LIVE else fail_on
    grave = [
        loop
        for loop in difference.worse(document)
        if LoopVerdict(loop["verdict"]).gravity <= limit.gravity
    ]
    if grave:
        return LOOPS
    return CLEAR if is_complete(document) else INCOMPLETE
