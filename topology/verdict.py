"""What is decided of a hop, of a loop and of a scope, always with the reason.

The only function that may say "no loop" is :func:`scope_verdict`, and it asks for the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from topology.graph import Gap, Read, ReadStatus

Event: TypeAlias = Mapping[str, Any]  # a concrete event as the target would receive it


@dataclass(frozen=True, slots=True)
class Always:
    """Every event the write can raise passes."""

    because: str
    witness: Event | None = None
    counterexample: None = None
    word = "always"


@dataclass(frozen=True, slots=True)
class Sometimes:
    """``witness`` passes; ``counterexample`` is written too, and does not."""

    because: str
    witness: Event | None = None
    counterexample: Event | None = None
    word = "sometimes"


@dataclass(frozen=True, slots=True)
class Cannot:
    """No event passes; ``because`` names the two clauses that exclude each other."""

    because: str
    witness: None = None
    counterexample: None = None
    word = "cannot"


@dataclass(frozen=True, slots=True)
class Unknown:
    """It could not be decided: treated as if events pass, and never as proof."""

    because: str
    witness: Event | None = None
    counterexample: Event | None = None
    word = "unknown"


Hop: TypeAlias = Always | Sometimes | Cannot | Unknown


class LoopVerdict(StrEnum):
    """A loop's verdict, gravest first (docs/design.md §5)."""

    LIVE = "live"
    GUARDED = "guarded"
    POSSIBLE = "possible"
    RETRY_STORM = "retry-storm"
    BLOCKED = "blocked"
    ACCEPTED = "accepted"

    @property
    def gravity(self) -> int:
        """0 for the gravest."""
        return list(LoopVerdict).index(self)


class ScopeVerdict(StrEnum):
    """What may be said of everything that was asked for (docs/design.md §6)."""

    LOOPS_FOUND = "loops-found"
    NO_LOOP = "no-loop-within-scope"
    INCOMPLETE = "incomplete"


HARMLESS = (LoopVerdict.BLOCKED, LoopVerdict.ACCEPTED)


def scope_verdict(
    loops: Iterable[LoopVerdict], ledger: Sequence[Read], gaps: Iterable[Gap]
) -> ScopeVerdict:
    """The verdict of a scope. A clear one needs a ledger without a hole and no gap at all.

    ``gaps`` are those nobody accepted; ``ledger`` has a row per planned read, stale rows counted
    as not read by whoever builds it.
    """
    if any(loop not in HARMLESS for loop in loops):
        return ScopeVerdict.LOOPS_FOUND
    if not ledger or any(gaps) or any(read.status is not ReadStatus.COMPLETE for read in ledger):
        return ScopeVerdict.INCOMPLETE
    return ScopeVerdict.NO_LOOP
