"""What somebody decided to live with: a loop, a finding or a gap, by name, until a date.

It changes what is said of that one thing and hides nothing: a loop is told as accepted, with who
did so and what it would be otherwise. Of a loop that has become graver it no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from topology.analysis import Analysis, Loop
from topology.graph import Gap
from topology.verdict import HARMLESS, LoopVerdict


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One thing that is accepted; ``expires`` is the last day on which it counts.

    ``kind`` is "gap", "loop" or "finding". A gap is named by ``call``, and by ``region`` and
    ``resource`` where only there; the others by ``fingerprint``, a loop also by the gravest
    ``verdict`` it may have.
    """

    kind: str
    owner: str
    reason: str
    expires: date
    call: str = ""
    region: str | None = None
    resource: str | None = None
    fingerprint: str = ""
    verdict: str = ""

    def covers(self, gap: Gap) -> bool:
        """Whether it names this gap."""
        return (
            self.kind == "gap"
            and self.call == gap.call
            and self.region in (None, gap.region)
            and self.resource in (None, gap.resource)
        )

    def as_json(self) -> dict[str, str]:
        """Who accepted it, why and until when."""
        return {"owner": self.owner, "reason": self.reason, "expires": self.expires.isoformat()}


@dataclass(frozen=True, slots=True)
class Accepted:
    """The acceptances that hold on a day."""

    entries: tuple[Acceptance, ...] = ()
    by_fingerprint: Mapping[tuple[str, str], Acceptance] = field(default_factory=dict, hash=False)

    @classmethod
    def on(cls, today: date, entries: Iterable[Acceptance]) -> Accepted:
        """Those that have not expired by then."""
        valid = tuple(each for each in entries if today <= each.expires)
        return cls(valid, {(e.kind, e.fingerprint): e for e in valid if e.kind != "gap"})

    def gap(self, gap: Gap) -> bool:
        """Whether somebody accepted a gap."""
        return any(each.covers(gap) for each in self.entries)

    def loop(self, loop: Loop) -> Acceptance | None:
        """Who accepted a loop that is no graver than it was then."""
        found = self.by_fingerprint.get(("loop", loop.fingerprint))
        if found is None or loop.verdict in HARMLESS:
            return None
        limit = LoopVerdict(found.verdict) if found.verdict else LoopVerdict.LIVE
        return found if loop.verdict.gravity >= limit.gravity else None

    def finding(self, fingerprint: str) -> Acceptance | None:
        """Who accepted a finding."""
        return self.by_fingerprint.get(("finding", fingerprint))


NOTHING = Accepted()


def with_accepted(analysis: Analysis, accepted: Accepted) -> Analysis:
    """The analysis with accepted loops told as such, after the others.

    Where loops are only counted, some other one may run through the very triggers of an accepted
    one and be listed nowhere for its sake: that is a gap, and nothing is clear.
    """
    changed = [_told(loop, accepted.loop(loop)) for loop in analysis.loops]
    if changed == list(analysis.loops):
        return analysis
    loops = tuple(sorted(changed, key=lambda loop: loop.verdict is LoopVerdict.ACCEPTED))
    gaps = analysis.gaps
    if analysis.more_loops:
        reason = (
            f"{analysis.more_loops} further loops run through the same resources as the listed "
            "ones and are only counted: nobody accepted those."
        )
        gaps = tuple(sorted({*gaps, Gap("", "", "", "", "", "MoreThanAccepted", reason)}))
    return replace(analysis, loops=loops, gaps=gaps)


def _told(loop: Loop, by: Acceptance | None) -> Loop:
    if by is None:
        return loop
    return replace(
        loop,
        verdict=LoopVerdict.ACCEPTED,
        explanation=f"Accepted by {by.owner} until {by.expires}: {by.reason.rstrip('.')}. "
        f"Otherwise it would be {loop.verdict.value}. {loop.explanation}",
    )


def lapsed(report: Mapping[str, Any], today: date) -> list[str]:
    """A sentence for every acceptance of a kept report that has ended since."""
    ended = {
        (each["accepted"]["expires"], each["accepted"]["owner"], each.get("title", "a gap"))
        for each in (*report["loops"], *report["scope"]["accepted_gaps"])
        if each.get("accepted") and each["accepted"]["expires"] < today.isoformat()
    }
    return [
        f"{owner} accepted {title} until {expires}, which is over"
        for expires, owner, title in sorted(ended)
    ]
