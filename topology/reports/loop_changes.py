"""What became of loops between two readings, by their verdicts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from topology.verdict import LoopVerdict


@dataclass(frozen=True, slots=True)
class LoopChange:
    """A loop that is not what it was: "new", "graver", "milder", "gone" or "unseen".

    ``before`` and ``after`` are verdicts, empty where it was not listed. It is gone only if
    everything was read; else it may just not have been seen.
    """

    fingerprint: str
    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Span:
    """Readings ``first`` to ``last``, one after another, that tell the same of a loop.

    ``verdict`` is empty where they do not list it.
    """

    first: int
    last: int
    verdict: str


def spans(history: Sequence[tuple[int, str]]) -> list[Span]:
    """A loop's verdict by reading, oldest first, as spans, newest first.

    Readings before the first that lists it are left out: nobody knows whether it was there.
    """
    found: list[Span] = []
    for moment, verdict in history:
        if found and found[-1].verdict == verdict:
            found[-1] = replace(found[-1], last=moment)
        elif found or verdict:
            found.append(Span(moment, moment, verdict))
    return found[::-1]


def loop_changes(
    before: Mapping[str, str], after: Mapping[str, str], *, is_complete: bool
) -> list[LoopChange]:
    """The verdicts of two readings by fingerprint, compared: what is worse goes first."""
    found = []
    for each in sorted(before.keys() | after.keys()):
        then, now = before.get(each), after.get(each)
        if then != now:
            found.append(LoopChange(each, _word(then, now, is_complete), then or "", now or ""))
    order = ("new", "graver", "milder", "unseen", "gone")
    return sorted(found, key=lambda change: (order.index(change.word), _gravity(change)))


def _word(before: str | None, after: str | None, is_complete: bool) -> str:
    if after is None:
        return "gone" if is_complete else "unseen"
    if before is None:
        return "new"
    return "graver" if LoopVerdict(after).gravity < LoopVerdict(before).gravity else "milder"


def _gravity(change: LoopChange) -> int:
    return LoopVerdict(change.after or change.before).gravity
