"""docs/audits.md says what is asked, and a table derived from the rules keeps it true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from topology import audits

PAGE = Path(__file__).parents[2] / "docs" / "audits.md"


def test_the_documentation_names_every_rule_and_nothing_else():
    page = PAGE.read_text()
    documented = [line for line in page.splitlines() if line.count(" | ") == 3]
    assert documented == list(rows()), "docs/audits.md should hold:\n\n" + "\n".join(rows())


def test_every_question_has_its_heading():
    headings = [line[3:] for line in PAGE.read_text().splitlines() if line.startswith("## ")]
    assert headings[: len(audits.Question)] == [question.words for question in audits.Question]


def rows() -> Iterator[str]:
    """The tables: a row for every rule, under a head for every question."""
    for question in audits.Question:
        yield "| rule | severity | what is wrong where it fails | reads |"
        for rule in audits.rules():
            if rule.question is question:
                needs = ", ".join(f"`{call}`" for call in rule.needs) or "–"
                title = f"[{rule.title}]({rule.page})"
                yield f"| `{rule.name}` | {rule.severity} | {title} | {needs} |"
