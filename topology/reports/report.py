"""The one report value every format renders: what was asked, what was read, what goes round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from topology import catalog
from topology.analysis import Analysis, Loop, LoopHop
from topology.analysis.assumptions import DEFAULTS, Assumptions
from topology.analysis.code_read import CodeRead, code_read
from topology.analysis.cuts import Remedy
from topology.analysis.evidences import Proof, evidences
from topology.analysis.forecast import Forecast, forecasts
from topology.analysis.guarded import ProtectionGap, protection_gaps
from topology.analysis.prices import PriceList, packaged
from topology.analysis.storms import Finding, storms
from topology.analysis.turning import Turning, turning, unwatched
from topology.audits import Asked, Known
from topology.graph import Gap, Read, ReadStatus, Resource
from topology.reports.acceptance import NOTHING, Accepted
from topology.reports.ends import End, ends
from topology.reports.function_incidents import FunctionSheets, function_incidents
from topology.reports.incident import incidents
from topology.verdict import LoopVerdict, ScopeVerdict, scope_verdict


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was planned and what came of it. Datetimes are UTC.

    ``stale`` are gaps too: scopes kept from an earlier reading because this one failed.
    ``accepted`` are gaps somebody accepted by name, until a date.
    """

    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    read_from: datetime | None
    read_to: datetime | None
    reads: tuple[Read, ...]
    gaps: tuple[Gap, ...]
    accepted: tuple[Gap, ...] = ()
    stale: tuple[str, ...] = ()

    @property
    def settled(self) -> tuple[Read, ...]:
        """The ledger with every read whose only obstacles were accepted counted as complete."""
        open_ = {(gap.account, gap.region, gap.call) for gap in self.gaps}
        forgiven = {(gap.account, gap.region, gap.call) for gap in self.accepted} - open_

        def is_forgiven(read: Read) -> bool:
            calls = (read.call, *catalog.ancestors().get(read.call, ()))
            return any((read.account, read.region, call) in forgiven for call in calls)

        return tuple(
            replace(read, status=ReadStatus.COMPLETE) if is_forgiven(read) else read
            for read in self.reads
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A rendered report's whole content.

    Loops that go round in at most ``complete_to`` steps are all listed or counted.
    """

    verdict: ScopeVerdict
    coverage: Coverage
    gaps: tuple[Gap, ...]
    loops: tuple[Loop, ...]
    more_loops: int
    ends: tuple[End, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict, hash=False)
    forecasts: Mapping[str, Forecast] = field(default_factory=dict, hash=False)
    findings: tuple[Finding, ...] = ()
    remedies: Mapping[str, Remedy] = field(default_factory=dict, hash=False)
    complete_to: int = 0
    protection_gaps: tuple[ProtectionGap, ...] = ()
    assumed: Assumptions = DEFAULTS
    audits: tuple[Asked, ...] = ()
    accepted: Accepted = NOTHING
    incidents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    functions: FunctionSheets = field(default=FunctionSheets(), hash=False)

    def proofs(self, hop: LoopHop) -> tuple[Proof, ...]:
        """All that speaks for a hop, strongest first, with the age of its reading.

        None of what is kept from an earlier reading is as new as the rest.
        """
        source = self.resources[hop.edge.source]
        place = f"{source.account} {source.region}:"
        is_kept = any(scope.startswith(place) for scope in self.coverage.stale)
        return evidences(hop, self.resources, None if is_kept else self.coverage.read_from)

    def turning(self, loop: Loop) -> Turning | None:
        """Whether the metrics say that a loop turns right now."""
        return turning(loop, self.resources)

    @property
    def code(self) -> tuple[CodeRead, ...]:
        """Whose code was read and how, and whose was not; empty where nobody asked for it."""
        return code_read(self.resources.values())

    def unwatched(self, loop: Loop) -> tuple[str, ...]:
        """The actions that failed when it was to be watched: a remark, never a gap of the scope."""
        return unwatched(loop, self.resources)

    def loops_as_grave_as(self, least: LoopVerdict) -> Sequence[Loop]:
        """The loops whose verdict is ``least`` or graver; guarded counts as live."""
        limit = LoopVerdict.GUARDED if least is LoopVerdict.LIVE else least
        return [loop for loop in self.loops if loop.verdict.gravity <= limit.gravity]


def build(
    analysis: Analysis,
    coverage: Coverage,
    prices: PriceList | None = None,
    remedies: Mapping[str, Remedy] | None = None,
    assumed: Assumptions = DEFAULTS,
    audits: tuple[Asked, ...] = (),
    accepted: Accepted = NOTHING,
) -> Report:
    """Put an analysis and the coverage it rests on together, and let the one function judge.

    ``prices`` are those that come with Loopscope unless newer ones are given; ``remedies`` what
    would stop its loops, where that was worked out; ``assumed`` what nobody could read; ``audits``
    what the four questions found (they change no verdict); ``accepted`` what somebody accepted of
    all this: ``with_accepted`` has told the analysis of it before.
    """
    gaps = tuple(sorted({*coverage.gaps, *analysis.gaps} - {*coverage.accepted}))
    verdict = scope_verdict(
        [loop.verdict for loop in analysis.loops],
        () if coverage.stale else coverage.settled,
        gaps,
    )
    known = Known(analysis, coverage.reads, (*gaps, *coverage.accepted))
    return Report(
        verdict,
        coverage,
        gaps,
        analysis.loops,
        analysis.more_loops,
        ends(analysis.graph, coverage.accounts, coverage.regions),
        analysis.graph.resources,
        forecasts(analysis.loops, analysis.graph.resources, prices or packaged(), assumed),
        storms(analysis.graph, (*gaps, *coverage.accepted)),
        remedies or {},
        analysis.complete_to,
        protection_gaps(analysis.loops, analysis.graph.resources),
        assumed,
        audits,
        accepted,
        incidents(known, audits),
        function_incidents(known, audits),
    )


def statement(report: Report) -> str:
    """The coverage statement: what this result covers, assumes and does not see."""
    coverage = report.coverage
    when = (
        f"between {coverage.read_from:%Y-%m-%d %H:%M:%S} and {coverage.read_to:%H:%M:%S} UTC"
        if coverage.read_from and coverage.read_to
        else "at no time yet"
    )
    return (
        f"For the accounts, regions and planned reads stated here, and the configuration read "
        f"{when}, Loopscope reports every component of the modelled event graph in which events "
        "can come back, with the gravest loop through every trigger. A function is assumed able "
        "to write wherever its role may allow, whether or not its code does, unless a verdict says "
        "here that its code was read and understood completely. What could not be read, parsed or "
        "decided is assumed to exist or makes the result incomplete. It does not "
        "see code behaviour beyond the evidence shown, writes with other credentials, services "
        "or accounts not listed, or later changes."
    )
