"""What a file of this package is made of: questions, rules, and what a rule answers.

A rule asks one thing of every subject it is about, and says of each whether it fails, or that it
could not be asked. What it says nothing of holds.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from topology.audits.known import Known
from topology.graph import Facts

T = TypeVar("T")


class Question(StrEnum):
    """The four questions of an audit, in the order they are told."""

    TWICE = "runs-twice"
    WRITES = "writes-where"
    SCALE = "at-scale"
    MONDAY = "on-monday"

    @property
    def words(self) -> str:
        """The question as people ask it."""
        return WORDS[self]


WORDS: Mapping[Question, str] = {
    Question.TWICE: "What happens if this runs twice?",
    Question.WRITES: "What does it write to, and could that trigger something?",
    Question.SCALE: "What happens at scale?",
    Question.MONDAY: "What would I look at on Monday morning?",
}


class Severity(StrEnum):
    """How soon somebody should look."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def gravity(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule says of a subject that fails: ``because`` with the facts, and what ends it.

    ``part`` tells several findings of one subject apart; ``command`` is the fix where one line
    does it; ``edges`` are ids and ``facts`` attributes that it rests on. ``severity`` is the
    rule's own unless said.
    """

    subject: str
    because: str
    fix: str
    command: str = ""
    part: str = ""
    edges: tuple[str, ...] = ()
    facts: Facts = field(default_factory=dict, hash=False)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A subject a rule could not be asked of, and why."""

    subject: str
    reason: str


Answer: TypeAlias = Found | Unread | None


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """One thing to ask: ``of`` gives the subjects, ``ask`` answers for one of them.

    ``title`` says what is wrong where it fails; ``page`` is AWS's page about it. ``needs`` are the
    calls without which there are subjects that nobody sees.
    """

    name: str
    question: Question
    severity: Severity
    title: str
    page: str
    needs: tuple[str, ...]
    of: Callable[[Known], Iterable[Any]]
    ask: Callable[[Any, Known], Answer]


def rule(
    name: str,
    question: Question,
    severity: Severity,
    title: str,
    *,
    page: str,
    needs: tuple[str, ...],
    of: Callable[[Known], Iterable[T]],
) -> Callable[[Callable[[T, Known], Answer]], Rule]:
    """Declare the function below it as a rule."""
    return lambda ask: Rule(name, question, severity, title, page, needs, of, ask)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, with its reason, what it rests on, and what ends it."""

    rule: Rule
    found: Found

    @property
    def severity(self) -> Severity:
        """The rule's, unless this one is graver or less so."""
        return self.found.severity or self.rule.severity

    @property
    def fingerprint(self) -> str:
        """Stable over crawls: 16 hex digits over the rule, the subject and the part."""
        identity = "\x00".join((self.rule.name, self.found.subject, self.found.part))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def id(self) -> str:
        """What people quote: the rule's name and the beginning of the fingerprint."""
        return f"{self.rule.name}-{self.fingerprint[:8]}"

    @property
    def rank(self) -> tuple[object, ...]:
        """Gravest first, then by name."""
        return (self.severity.gravity, self.found.subject, self.found.part)


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule and what came of it. Only without ``unread`` does "no finding" mean that it holds.

    ``subjects`` is how many it was asked of, those it could not be asked of included; ``unread``
    counts the latter by reason.
    """

    rule: Rule
    subjects: int
    findings: tuple[Finding, ...]
    unread: tuple[tuple[str, int], ...]

    @property
    def undecided(self) -> int:
        """How many subjects it could not be asked of."""
        return sum(count for _, count in self.unread)


def asked(rule: Rule, known: Known) -> Asked:
    """Ask a rule of everything it is about. Linear in its subjects; equal graphs, equal answers."""
    findings: dict[str, Finding] = {}
    reasons: Counter[str] = Counter()
    for call in rule.needs:
        reasons += known.missed(call)
    subjects = reasons.total()
    for subject in rule.of(known):
        subjects += 1
        match rule.ask(subject, known):
            case Found() as found:
                finding = Finding(rule, found)
                findings.setdefault(finding.fingerprint, finding)
            case Unread(reason=reason):
                reasons[reason] += 1
    ranked = sorted(findings.values(), key=lambda finding: finding.rank)
    return Asked(rule, subjects, tuple(ranked), tuple(sorted(reasons.items())))


def failed(rule: Rule, error: Exception) -> Asked:
    """A rule that broke: nothing was decided, and it says so."""
    return Asked(rule, 1, (), ((f"the rule failed with {type(error).__name__}", 1),))
