"""The four questions of an analysis; a rule that breaks decides nothing and stops nobody."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from topology import audits
from topology.analysis import Analysis
from topology.audits import Asked, Known, Rule
from topology.graph import Gap, Read

log = structlog.get_logger(__name__)


def asked(analysis: Analysis, reads: Sequence[Read], gaps: Sequence[Gap]) -> tuple[Asked, ...]:
    """What every rule says of an analysis, and of what it rests on; by question, gravest first."""
    known = Known(analysis, reads, gaps)
    return tuple(_asked(rule, known) for rule in audits.rules())


def undecided(error: Exception) -> tuple[Asked, ...]:
    """What the rules say where there is no analysis to ask: nothing, and why."""
    return tuple(audits.failed(rule, error) for rule in audits.rules())


def _asked(rule: Rule, known: Known) -> Asked:
    try:
        return audits.asked(rule, known)
    except Exception as error:
        log.exception("a rule failed", rule=rule.name)
        return audits.failed(rule, error)
