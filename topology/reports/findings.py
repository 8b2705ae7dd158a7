"""What the four questions found, as the member ``audits`` of the JSON report, and read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from topology.audits import Asked, Finding, Severity
from topology.audits.writes_loops import loop
from topology.graph import Resource
from topology.reports.acceptance import Accepted
from topology.reports.document import Document, Told, of_arn

Every: TypeAlias = Callable[[Iterable[Told]], Iterable[Told]]  # what becomes of a long list

LOOPS = loop.name  # the rule whose findings are loops, which are told by themselves
SEVERITIES = [each.value for each in Severity]


def member(
    asked: Sequence[Asked],
    resources: Mapping[str, Resource],
    accepted: Accepted,
    every: Every = list,
) -> dict[str, Any]:
    """``questions`` with their rules and what could not be asked, and every finding by rank."""
    return {
        "questions": [
            {
                "question": question.value,
                "words": question.words,
                "rules": [_rule(each) for each in of_question],
            }
            for question, of_question in groupby(asked, lambda each: each.rule.question)
        ],
        "findings": every(_finding(each, resources, accepted) for each in _ranked(asked)),
    }


def _ranked(asked: Sequence[Asked]) -> Iterator[Finding]:
    for _, of_question in groupby(asked, lambda each: each.rule.question):
        found = [finding for each in of_question for finding in each.findings]
        yield from sorted(found, key=lambda each: (each.severity.gravity, each.rule.name))


def _rule(asked: Asked) -> dict[str, Any]:
    return {
        "rule": asked.rule.name,
        "title": asked.rule.title,
        "severity": asked.rule.severity.value,
        "page": asked.rule.page,
        "subjects": asked.subjects,
        "findings": len(asked.findings),
        "undecided": [{"reason": reason, "count": count} for reason, count in asked.unread],
    }


def _finding(
    finding: Finding, resources: Mapping[str, Resource], accepted: Accepted
) -> dict[str, Any]:
    by = accepted.finding(finding.fingerprint)
    found, subject = finding.found, resources[finding.found.subject]
    return {
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "question": finding.rule.question.value,
        "rule": finding.rule.name,
        "severity": finding.severity.value,
        "title": finding.rule.title,
        "subject": found.subject,
        "subject_name": subject.name,
        "subject_kind": subject.kind,
        "account": subject.account,
        "region": subject.region,
        "because": found.because,
        "fix": found.fix,
        "command": found.command,
        "page": finding.rule.page,
        "edges": list(found.edges),
        "facts": dict(found.facts),
        "accepted": by.as_json() if by else None,
    }


def told(document: Document) -> Sequence[Told]:
    """Every finding but the loops, gravest first.

    A document that was kept before the questions were asked has its retry storms instead.
    """
    audits = document.get("audits")
    found = audits["findings"] if audits else map(_of_storm, document["findings"])
    return sorted(
        (each for each in found if each["rule"] != LOOPS),
        key=lambda each: SEVERITIES.index(each["severity"]),
    )


def rules(document: Document) -> Sequence[tuple[str, Sequence[Told]]]:
    """The questions in words, each with its rules and what they could not be asked of."""
    audits = document.get("audits") or {"questions": []}
    return [
        (each["words"], [rule for rule in each["rules"] if rule["rule"] != LOOPS])
        for each in audits["questions"]
    ]


def undecided(document: Document) -> Iterator[Told]:
    """A row per rule and reason for which it could not be asked of everything."""
    for _, asked in rules(document):
        for rule in asked:
            for each in rule["undecided"]:
                yield {"rule": rule["rule"], "title": rule["title"], **each}


def _of_storm(storm: Told) -> dict[str, Any]:
    account, region = of_arn(storm["subject"])
    return {
        **{name: storm[name] for name in ("title", "because", "fix")},
        **{name: storm[name] for name in ("subject", "subject_name", "subject_kind")},
        "id": storm["id"],
        "fingerprint": storm["id"],
        "rule": storm["kind"],
        "severity": Severity.MEDIUM.value,
        "account": account,
        "region": region,
        "command": "",
    }
