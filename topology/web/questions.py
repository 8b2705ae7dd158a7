"""What the four questions found, as the pages tell it: counted, and filtered by an address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from topology.audits.writes_loops import loop

SEVERITIES = ("high", "medium", "low")
TELLING = 3  # rules that a card names before the page says the rest
EXACT = ("question", "severity", "rule", "account", "region", "kind")
LOOPS = loop.name  # the rule whose findings have a list and pages of their own


@dataclass(frozen=True, slots=True)
class Card:
    """One question: how much was found by severity, and the rules that found most."""

    question: str
    words: str
    severities: Sequence[tuple[str, int]]
    rules: Sequence[tuple[str, str, int]]  # name, title, findings
    more_rules: int
    undecided: int

    @property
    def total(self) -> int:
        """All findings of the question."""
        return sum(count for _, count in self.severities)


def cards(report: Mapping[str, Any], account: str = "") -> list[Card]:
    """A card per question, of one account or of all; loops are told elsewhere."""
    audits = report.get("audits") or {"questions": [], "findings": []}
    found = [
        each
        for each in audits["findings"]
        if each["rule"] != LOOPS and account in ("", each["account"])
    ]
    return [_card(question, found) for question in audits["questions"]]


def _card(question: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> Card:
    mine = [each for each in found if each["question"] == question["question"]]
    severities = Counter(each["severity"] for each in mine)
    # Findings come gravest first, so the first rules seen are the gravest too.
    rules = Counter((each["rule"], each["title"]) for each in mine)
    named = [(name, title, count) for (name, title), count in rules.items()]
    return Card(
        question["question"],
        question["words"],
        [(each, severities[each]) for each in SEVERITIES if severities[each]],
        named[:TELLING],
        len(named[TELLING:]),
        sum(each["count"] for rule in question["rules"] for each in rule["undecided"]),
    )


def undecided(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row per rule and reason for which it could not be asked of everything."""
    audits = report.get("audits") or {"questions": []}
    return [
        {"rule": rule["rule"], "title": rule["title"], **each}
        for question in audits["questions"]
        for rule in question["rules"]
        for each in rule["undecided"]
    ]


def on_way(report: Mapping[str, Any], way: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings of what a loop leads through, the loop itself left out; gravest first."""
    audits = report.get("audits") or {"findings": []}
    resources = set(way["resources"])
    found = [
        each
        for each in audits["findings"]
        if each["rule"] != LOOPS and each["subject"] in resources
    ]
    return sorted(found, key=lambda each: SEVERITIES.index(each["severity"]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings an address asks for; a filter of nonsense finds nothing, and says so."""

    exact: Mapping[str, str]
    text: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """The filters of a query string."""
        given = {name: query.get(name, "").strip() for name in EXACT}
        return cls(
            {name: value for name, value in given.items() if value}, query.get("q", "").strip()
        )

    def among(self, findings: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The findings that pass every filter, in their order."""
        needle = self.text.casefold()
        for each in findings:
            fits = all(each[_member(name)] == value for name, value in self.exact.items())
            if fits and (not needle or needle in _hay(each)):
                yield each

    def address(self, **changes: str) -> str:
        """The query string with some filters changed."""
        asked = {**self.exact, "q": self.text, **changes}
        return urlencode({name: value for name, value in asked.items() if value})


def choices(findings: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What each filter may be set to, from what was found."""
    return {name: sorted({str(each[_member(name)]) for each in findings} - {""}) for name in EXACT}


def _member(name: str) -> str:
    return "subject_kind" if name == "kind" else name


def _hay(finding: Mapping[str, Any]) -> str:
    return " ".join((finding["subject"], finding["title"], finding["id"])).casefold()
