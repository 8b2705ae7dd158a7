"""The four questions of an audit, asked of one analysis: rules are found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from topology.audits.known import Known
from topology.audits.rule import Asked, Finding, Question, Rule, Severity, asked, failed

__all__ = [
    "Asked",
    "Finding",
    "Known",
    "Question",
    "Rule",
    "Severity",
    "asked",
    "failed",
    "rules",
]


@cache
def rules() -> tuple[Rule, ...]:
    """Every declared rule: by question, gravest first, then by name."""
    found = {
        value.name: value
        for module in pkgutil.iter_modules(__path__)
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        if isinstance(value, Rule)
    }
    questions = list(Question)
    return tuple(
        sorted(
            found.values(),
            key=lambda rule: (questions.index(rule.question), rule.severity.gravity, rule.name),
        )
    )
