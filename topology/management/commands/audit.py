"""``loopscope audit``: crawl, analyse and report at once; the exit code says what was found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from topology import crawl, runs
from topology.analysis.assumptions import AssumptionError, Assumptions, parsed
from topology.management import aws_options, baseline, kept, writing
from topology.reports import json_report
from topology.reports.acceptance import Acceptance, Accepted
from topology.reports.document import Document
from topology.reports.report import Report
from topology.verdict import LoopVerdict, ScopeVerdict, scope_verdict

CLEAR, LOOPS, INCOMPLETE = 0, 1, 3  # 2 is any error
THRESHOLDS = ("live", "guarded", "possible", "retry-storm", "blocked")
EXIT_CODES = """\
exit codes:
  0  no loop at or above --fail-on, and everything planned was read
  1  a loop at or above --fail-on, whatever else could not be read
  2  wrong usage, or an error
  3  no such loop in what could be read, but not everything could be read
"""


class Command(BaseCommand):
    """No server, no broker, no database."""

    requires_system_checks = ()  # they are about the site
    help = "crawl and analyse an AWS account, and print the report"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which account, which format, and what fails."""
        parser.epilog = EXIT_CODES
        aws_options.add(parser)
        writing.add_format(parser)
        kept.add_mask(parser)
        parser.add_argument(
            "--fail-on",
            choices=THRESHOLDS,
            default="live",
            help="the least grave verdict that exits with 1 (default: live, which counts guarded)",
        )
        parser.add_argument(
            "--baseline",
            "--accept-gaps",
            type=Path,
            metavar="FILE",
            help="gaps, loops and findings that were accepted, as TOML (loopscope.toml)",
        )

        parser.add_argument(
            "--assume",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="of gain and cost, what nobody can read: writes_per_invocation=2, duration=0.2-3 "
            "(repeatable; the JSON report lists the names)",
        )
        parser.add_argument(
            "--distrust-code",
            action="store_true",
            help="let no code lower a verdict, however completely it was understood",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write the report, then exit with what it says."""
        entries = self._accepted(options["baseline"])
        assumed = self._assumed(options["assume"])
        today = datetime.now(UTC).date()
        try:
            report = runs.audit(
                aws_options.connection(options),
                options["regions"],
                evidence=options["evidence"],
                accepted=Accepted.on(today, entries),
                say=self._say,
                assumed=assumed,
                trusts_code=not options["distrust_code"],
            )
        except crawl.CrawlError as error:
            raise CommandError(str(error)) from error
        document: Document = json_report.to_json(report)
        if options["mask"]:
            document = runs.masked_alone(document, report.resources)
        writing.put(document, options["format"], options["out"])
        for entry in entries:
            if entry.expires < today:
                what = entry.call or entry.fingerprint
                self._say(f"accepted {entry.kind} {what} expired on {entry.expires}: {entry.owner}")
        sys.exit(exit_code(report, LoopVerdict(options["fail_on"])))

    def _accepted(self, path: Path | None) -> Sequence[Acceptance]:
        try:
            return baseline.read(path) if path else ()
        except baseline.BaselineError as error:
            raise CommandError(str(error)) from error

    def _assumed(self, given: Sequence[str]) -> Assumptions:
        try:
            return parsed({name: value.split("-", 1) for name, value in map(_pair, given)})
        except AssumptionError as error:
            raise CommandError(f"--assume: {error}.") from error

    def _say(self, line: str) -> None:
        self.stderr.write(line)


def exit_code(report: Report, fail_on: LoopVerdict) -> int:
    """What the report means for a pipeline; loops dominate gaps."""
    if report.loops_as_grave_as(fail_on):
        return LOOPS
    coverage = report.coverage
    ledger = () if coverage.stale else coverage.settled
    clear = scope_verdict((), ledger, report.gaps) is ScopeVerdict.NO_LOOP
    return CLEAR if clear else INCOMPLETE


def _pair(text: str) -> tuple[str, str]:
    """``duration=0.2-3`` as a name and its value."""
    name, _, value = text.partition("=")
    return name.strip(), value.strip()
