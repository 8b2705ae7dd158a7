"""What is watched from reading to reading, and when something of it is new, changed or resolved.

Nothing is resolved because it is not seen any more: every scope that held a part of it must have
been read completely, and it must be gone even if only examples of loops are listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from topology import catalog
from topology.analysis import Analysis, Loop
from topology.audits import Asked, Finding, Severity
from topology.audits.writes_loops import loop as loop_rule
from topology.graph import OUTSIDE, Gap, Meaning, Read, ReadStatus, Resource
from topology.verdict import HARMLESS, LoopVerdict

POLICIES = "iam.get_account_authorization_details"  # what edges nobody wired rest on


class Kind(StrEnum):
    """What is watched."""

    LOOP = "loop"
    FINDING = "finding"
    ACCOUNT = "account"


class Turn(StrEnum):
    """What became of it."""

    NEW = "new"
    CHANGED = "changed"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing as a reading shows it; ``scopes`` are the accounts and calls it was read by.

    ``ways`` are the ids of a loop's triggers and ``hops`` how many steps it has.
    """

    kind: Kind
    fingerprint: str
    state: str
    title: str
    detail: str
    rule: str = ""
    scopes: tuple[tuple[str, str], ...] = ()
    ways: tuple[str, ...] = ()
    hops: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody should look: not a loop that something stops, or somebody accepted."""
        return self.kind is not Kind.LOOP or LoopVerdict(self.state) not in HARMLESS


def subjects(analysed: Analysis, audits: Iterable[Asked]) -> Iterator[Subject]:
    """The listed loops and the gravest findings of a reading; loops are no findings too."""
    known = analysed.graph.resources
    yield from (_loop(each, known) for each in analysed.loops)
    for asked in audits:
        if asked.rule is not loop_rule:
            for finding in asked.findings:
                if finding.severity is Severity.HIGH:
                    yield _finding(finding, known)


@dataclass(frozen=True)
class Whole:
    """What a reading covers: enough to say that something it does not show is gone."""

    reads: tuple[Read, ...]
    gaps: tuple[Gap, ...]
    stale: tuple[str, ...]
    loops: tuple[Loop, ...] = ()
    more_loops: int = 0
    complete_to: int = 0
    undecided: frozenset[str] = field(default_factory=frozenset)  # names of rules

    def proves_gone(self, subject: Subject) -> bool:
        """Whether a subject that is not among this reading's is gone, and not merely unread."""
        if not all(self.covers(account, call) for account, call in subject.scopes):
            return False
        if subject.kind is Kind.FINDING:
            return subject.rule not in self.undecided
        if not self.more_loops and subject.hops <= self.complete_to:
            return True
        # Every trigger in danger lies on some listed loop: one that lies on none is in none.
        return any(way not in self._in_danger for way in subject.ways)

    def covers(self, account: str, call: str) -> bool:
        """Whether a call, and those that say whom to ask, was read completely in an account."""
        calls = {call, *catalog.ancestors().get(call, ())}
        missed = any(gap.account in ("", account) and gap.call in {"", *calls} for gap in self.gaps)
        if missed or any(each.startswith(f"{account} ") for each in self.stale):
            return False
        statuses = [self._status.get((account, each), [ReadStatus.NOT_READ]) for each in calls]
        return all(status is ReadStatus.COMPLETE for each in statuses for status in each)

    @cached_property
    def _status(self) -> Mapping[tuple[str, str], list[ReadStatus]]:
        found: dict[tuple[str, str], list[ReadStatus]] = {}
        for read in self.reads:
            found.setdefault((read.account, read.call), []).append(read.status)
        return found

    @cached_property
    def _in_danger(self) -> frozenset[str]:
        dangerous = [each for each in self.loops if each.verdict not in HARMLESS]
        return frozenset(hop.edge.id for each in dangerous for hop in each.hops)


@dataclass(frozen=True, slots=True)
class Seen:
    """A subject as it was watched last; closed ones are remembered too."""

    subject: Subject
    is_open: bool

    @property
    def is_watched(self) -> bool:
        """Whether its end is to be told: what somebody accepted has one too."""
        return self.is_open or self.subject.state == LoopVerdict.ACCEPTED


def turn(seen: Seen | None, now: Subject | None, whole: Whole) -> Turn | None:
    """What became of a subject; None where there is nothing to tell anybody."""
    if seen is None or not seen.is_watched:
        return Turn.NEW if now is not None and now.is_open else None
    if now is None:
        return Turn.RESOLVED if whole.proves_gone(seen.subject) else None
    if now.is_open or now.state == LoopVerdict.ACCEPTED:
        return Turn.CHANGED if now.state != seen.subject.state else None
    covered = all(whole.covers(account, call) for account, call in now.scopes)
    return Turn.RESOLVED if covered else None


def as_json(subject: Subject) -> dict[str, Any]:
    """What is kept of a subject between readings."""
    return {
        "title": subject.title,
        "detail": subject.detail,
        "rule": subject.rule,
        "scopes": [list(each) for each in subject.scopes],
        "ways": list(subject.ways),
        "hops": subject.hops,
    }


def from_json(kind: str, fingerprint: str, state: str, kept: Mapping[str, Any]) -> Subject:
    """A subject as it was kept."""
    return Subject(
        Kind(kind),
        fingerprint,
        state,
        kept["title"],
        kept["detail"],
        kept["rule"],
        tuple((account, call) for account, call in kept["scopes"]),
        tuple(kept["ways"]),
        kept["hops"],
    )


def _loop(loop: Loop, known: Mapping[str, Resource]) -> Subject:
    scopes = set()
    for hop in loop.hops:
        ends = [known[arn] for arn in (hop.edge.source, hop.edge.target) if arn in known]
        calls = {hop.edge.read or POLICIES, *(each.read for each in ends)} - {""}
        accounts = {each.account for each in ends if each.kind != OUTSIDE} - {""}
        scopes |= {(account, call) for account in accounts for call in calls}
    triggers = [hop.edge.id for hop in loop.hops if hop.edge.meaning is Meaning.TRIGGERS]
    return Subject(
        Kind.LOOP,
        loop.fingerprint,
        loop.verdict.value,
        loop.title,
        loop.explanation,
        scopes=tuple(sorted(scopes)),
        ways=tuple(triggers),
        hops=len(loop.hops),
    )


def _finding(finding: Finding, known: Mapping[str, Resource]) -> Subject:
    subject = known[finding.found.subject]
    calls = {*finding.rule.needs, subject.read} - {""}
    return Subject(
        Kind.FINDING,
        finding.fingerprint,
        finding.severity.value,
        f"{finding.rule.title}: {subject.name}",
        f"{finding.found.because} {finding.found.fix}",
        rule=finding.rule.name,
        scopes=tuple(sorted((subject.account, call) for call in calls)),
    )
