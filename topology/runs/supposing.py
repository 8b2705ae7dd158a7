"""What a moment's loops would be after some edits; nothing is kept, and nothing reaches AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from accounts.models import Workspace
from topology.analysis import edits, meanings
from topology.analysis.changes import Add, ChangeError
from topology.analysis.edits import EditError
from topology.analysis.meanings import Meant
from topology.analysis.narrowing import language_of
from topology.analysis.outcomes import Outcome, TooMuchError
from topology.reports.patches import Patch, patch
from topology.runs.mapping import Wiring, wired
from topology.verdict import LoopVerdict, ScopeVerdict, scope_verdict


@dataclass(frozen=True, slots=True)
class Told:
    """One edit as it is told: its patch, or why it does not fit this moment.

    ``hears`` is the id of an edge that it adds and that may be given a filter.
    """

    text: str
    patch: Patch | None
    misfit: str = ""
    hears: str = ""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What edits come to. ``note`` says why there is no outcome, where one was asked for."""

    told: tuple[Told, ...]
    before: ScopeVerdict
    after: ScopeVerdict | None = None
    outcome: Outcome | None = None
    note: str = ""
    seconds: float = 0.0


def supposed(
    workspace: Workspace, moment: int, report: Mapping[str, Any], texts: Sequence[str]
) -> Supposed:
    """Apply the edits that fit a moment. Raises ``EditError`` where texts are no edits at all."""
    edits.check(texts)
    begun = perf_counter()
    about = wired(workspace, moment)
    meant: list[Meant] = []
    told: list[Told] = []
    for text in texts:
        try:
            meant.append(meanings.meant(text, about.graph))
            told.append(_told(text, meant[-1], about))
        except EditError as error:
            told.append(Told(text, None, str(error)))
    before = ScopeVerdict(report["scope"]["verdict"])
    if not meant:
        return Supposed(tuple(told), before)
    try:
        found = about.ground.outcome([each.change for each in meant])
    except (ChangeError, TooMuchError) as error:
        return Supposed(tuple(told), before, note=str(error))
    after = _verdict(about, report, found)
    return Supposed(tuple(told), before, after, found, seconds=perf_counter() - begun)


def _told(text: str, meant: Meant, about: Wiring) -> Told:
    edge = meant.about
    may_hear = isinstance(meant.change, Add) and language_of(edge.kind, edge.filter)
    told = patch(meant.change, edge, about.graph.resources)
    return Told(text, told, hears=edge.id if may_hear else "")


def _verdict(about: Wiring, report: Mapping[str, Any], outcome: Outcome) -> ScopeVerdict:
    """The scope's verdict with the loops that were out of reach as they are.

    A gap stays a gap: what nobody could read is not read by supposing something. Nor is what has
    not been read for too long.
    """
    fresh = [each for each in outcome.after.gaps if each not in outcome.before.gaps]
    return scope_verdict(
        (*_untouched(report, outcome.members), *(each.verdict for each in outcome.after.loops)),
        () if report["scope"]["stale"] else about.ledger,
        (*report["scope"]["gaps"], *fresh),
    )


def _untouched(report: Mapping[str, Any], members: frozenset[str]) -> Iterable[LoopVerdict]:
    for each in report["loops"]:
        if members.isdisjoint(each["resources"]):
            yield LoopVerdict(each["verdict"])
