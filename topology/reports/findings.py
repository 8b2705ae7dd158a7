"""What the four questions found, as the member ``audits`` of the JSON report, and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from topology.audits import Asked, Finding
from topology.audits.writes_loops import loop
from topology.graph import Resource

LISTED = 5  # findings of one rule that a terminal shows


def member(asked: Sequence[Asked], resources: Mapping[str, Resource]) -> dict[str, Any]:
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
        "findings": [_finding(each, resources) for each in _ranked(asked)],
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


def _finding(finding: Finding, resources: Mapping[str, Resource]) -> dict[str, Any]:
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
    }


def lines(asked: Sequence[Asked], resources: Mapping[str, Resource]) -> Iterator[tuple[int, str]]:
    """What a terminal shows, as indents and paragraphs; loops are told above, and not again."""
    for question, of_question in groupby(asked, lambda each: each.rule.question):
        rules = [each for each in of_question if each.rule is not loop]
        yield 0, ""
        yield 0, question.words
        if not any(each.findings or each.unread for each in rules):
            yield 2, f"Nothing to look at: {len(rules)} rules were asked, and hold."
        for each in rules:
            yield from _lines(each, resources)


def _lines(asked: Asked, resources: Mapping[str, Resource]) -> Iterator[tuple[int, str]]:
    rule = asked.rule
    undecided = f"; undecided of {asked.undecided}" if asked.undecided else ""
    if asked.findings:
        severity = min((each.severity for each in asked.findings), key=lambda each: each.gravity)
        count = f"{len(asked.findings)} of {asked.subjects}{undecided}"
        yield 2, f"{severity.value.upper():<6} {rule.title}  [{rule.name}: {count}]"
    elif asked.undecided:
        yield 2, f"?      {rule.title}  [{rule.name}: nothing found{undecided}]"
    for finding in asked.findings[:LISTED]:
        name = resources[finding.found.subject].name
        yield 9, f"{name} ({finding.id}): {finding.found.because} {finding.found.fix}"
    if (more := len(asked.findings) - LISTED) > 0:
        yield 9, f"and {more} more, all of them in the JSON report"
    for reason, number in asked.unread:
        yield 9, f"undecided of {number}: {reason}"
