"""Loops as values: canonical rotation, stable fingerprint, verdict, guard, and the reason why.

Verdicts are those of docs/design.md §5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from topology import catalog
from topology.analysis import words
from topology.analysis.guarded import cover
from topology.catalog.service import Part
from topology.graph import Edge, Evidence, Meaning, Resource
from topology.verdict import Always, Cannot, Hop, LoopVerdict, Sometimes

CONVINCING = (Evidence.DECLARED, Evidence.OBSERVED, Evidence.CODED, Evidence.CONFIGURED)


@dataclass(frozen=True, slots=True)
class LoopHop:
    """One edge of a loop and whether the event passes it."""

    edge: Edge
    hop: Hop

    @property
    def is_convincing(self) -> bool:
        """Whether this hop needs no further evidence for a live loop."""
        seen = self.edge.evidence in (Evidence.OBSERVED, Evidence.CODED)
        passes = isinstance(self.hop, Always) or (isinstance(self.hop, Sometimes) and seen)
        return passes and self.edge.evidence in CONVINCING


@dataclass(frozen=True, slots=True)
class Guard:
    """Whether AWS's recursion guard would cut the loop after about 16 passes."""

    covered: bool
    because: str


@dataclass(frozen=True, slots=True)
class Loop:
    """A cycle of hops in canonical rotation; ``fingerprint`` depends on its edges alone.

    ``rank`` compares loops by themselves; ``ranking`` is what comes of all of them together.
    """

    hops: tuple[LoopHop, ...]
    verdict: LoopVerdict
    fingerprint: str
    title: str
    guard: Guard
    explanation: str
    ranking: str = ""  # why it stands where it does among others

    @property
    def rank(self) -> tuple[object, ...]:
        """Gravest first, unguarded first, shortest first; the fingerprint settles the rest."""
        return (self.verdict.gravity, self.guard.covered, len(self.hops), self.fingerprint)


def loop(hops: Sequence[LoopHop], resources: Mapping[str, Resource]) -> Loop:
    """Judge one cycle of hops given in order of travel, starting anywhere."""
    ids = [hop.edge.id for hop in hops]
    turned = _canonical(hops, ids)
    guard = _guard(turned, resources)
    verdict = _verdict(turned, guard)
    return Loop(
        turned,
        verdict,
        _fingerprint(ids),
        words.title(turned, resources),
        guard,
        words.explanation(verdict, turned, guard, resources),
    )


def fingerprint(hops: Sequence[LoopHop]) -> str:
    """16 hex digits over the edges' identities, whatever hop the cycle is listed from."""
    return _fingerprint([hop.edge.id for hop in hops])


def _fingerprint(ids: list[str]) -> str:
    first = min(range(len(ids)), key=lambda start: ids[start:] + ids[:start])
    return hashlib.sha256("\n".join(ids[first:] + ids[:first]).encode()).hexdigest()[:16]


def _canonical(hops: Sequence[LoopHop], ids: Sequence[str]) -> tuple[LoopHop, ...]:
    """Start where an event is delivered, at the first channel by name: a reader's order."""
    marks = [
        (hop.edge.meaning is Meaning.WRITES, hop.edge.source, each)
        for hop, each in zip(hops, ids, strict=True)
    ]
    first = min(range(len(hops)), key=lambda start: marks[start:] + marks[:start])
    return (*hops[first:], *hops[:first])


def _verdict(hops: Sequence[LoopHop], guard: Guard) -> LoopVerdict:
    if any(isinstance(hop.hop, Cannot) for hop in hops):
        return LoopVerdict.BLOCKED
    if any(hop.edge.meaning is Meaning.ON_FAILURE for hop in hops):
        return LoopVerdict.RETRY_STORM
    if guard.covered:
        return LoopVerdict.GUARDED
    if all(hop.is_convincing for hop in hops):
        return LoopVerdict.LIVE
    return LoopVerdict.POSSIBLE


def _guard(hops: Sequence[LoopHop], resources: Mapping[str, Resource]) -> Guard:
    """Lambda's guard follows chains of Lambda, SQS, SNS and S3, unless a function opts out.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    """
    on_the_way = [resources[hop.edge.source] for hop in hops]
    kinds = catalog.kinds()
    for resource in on_the_way:
        kind = kinds.get(resource.kind)
        if kind is None or not kind.guarded:
            return Guard(
                False,
                f"AWS's recursion guard does not follow events through {words.named(resource)}.",
            )
        if resource.attributes.get("recursive_loop") == "Allow":
            return Guard(False, f"{words.named(resource)} is set to RecursiveLoop = Allow.")
    functions = [each for each in on_the_way if kinds[each.kind].part is Part.ACTOR]
    if not functions:
        return Guard(False, "There is no Lambda function on the way for AWS's guard to stop.")
    writers = [hop.edge.source for hop in hops if hop.edge.meaning is Meaning.WRITES]
    covers = {each: cover(resources[each]) for each in writers}
    if missing := [each.because for each in covers.values() if each.covers is False]:
        return Guard(False, " ".join(missing))
    is_read = all(each.attributes.get("recursive_loop") for each in functions)
    whether = (
        "It is on: no function of this loop sets RecursiveLoop = Allow"
        if is_read
        else "It is on unless a function sets RecursiveLoop = Allow, which was not read here"
    )
    return Guard(
        True,
        "Lambda, SQS, SNS and S3 only: AWS's recursion guard cuts a chain after about 16 passes. "
        f"{whether}; it counts depth, not volume, and needs a recent SDK in the function. "
        + " ".join(each.because for each in covers.values()),
    )
