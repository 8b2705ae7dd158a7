"""By how much events multiply in one turn of a loop, as low, usual and high.

Batches divide while many events wait; several deliveries of one event multiply, and so do
attempts that write before they fail. What a function writes is an assumption, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from topology import catalog
from topology.analysis import words
from topology.analysis.assumptions import Assumptions, Span
from topology.analysis.deliveries import LOG_LINES, delivery, shares_events
from topology.analysis.loops import Loop, LoopHop
from topology.catalog.service import Part
from topology.graph import Meaning, Resource
from topology.verdict import Always, LoopVerdict

Copies = Mapping[str, Span]  # by edge id: how many deliveries of one event lead round again


class What(StrEnum):
    """What multiplies or divides."""

    WRITES = "writes"
    BATCH = "batch"
    COPIES = "copies"
    RETRIES = "retries"


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of a gain: at ``hop`` (from 0) of the loop."""

    hop: int
    what: What
    low: float
    usual: float
    high: float
    because: str


@dataclass(frozen=True, slots=True)
class Gain:
    """Events per event and turn. ``usual``: no attempt fails, and the function writes on average
    what ``writes`` starts with for each event, whatever came with it."""

    low: float
    usual: float
    high: float
    terms: tuple[Term, ...]

    @property
    def sentence(self) -> str:
        """What it means, in one sentence."""
        usual = number(self.usual)
        if self.usual > 1:
            return f"One event becomes {usual} in every turn: it doubles {_doubling(self.usual)}."
        if self.usual < 1:
            return f"One event becomes {usual} in every turn: it dies out unless more arrive."
        if self.high > 1:
            return (
                f"One event stays one; up to {number(self.high)} in every turn where "
                f"{_causes(self.terms)}."
            )
        return "One event stays one: it goes round for as long as nothing stops it."


def gain(
    loop: Loop,
    resources: Mapping[str, Resource],
    copies: Copies,
    assumed: Assumptions = Assumptions(),  # noqa: B008 (frozen)
) -> Gain:
    """The factor of one turn, and what it is made of."""
    terms = tuple(
        term
        for index, hop in enumerate(loop.hops)
        for term in _terms(index, hop, resources, copies, assumed)
    )
    return Gain(
        math.prod(term.low for term in terms),
        math.prod(term.usual for term in terms),
        math.prod(term.high for term in terms),
        terms,
    )


def copies_of(loops: Iterable[Loop], resources: Mapping[str, Resource]) -> Copies:
    """For each delivery on a loop, how many deliveries of the same event lead round again.

    Every delivery that lies on a cycle is in some listed loop, so those that leave one channel
    all lead back to it. Surely multiplied is only what goes the same way twice with every event.
    """
    leaving: dict[str, dict[str, LoopHop]] = {}
    for loop in loops:
        if loop.verdict is LoopVerdict.BLOCKED:
            continue
        for hop in loop.hops:
            passes_on = hop.edge.meaning in (Meaning.TRIGGERS, Meaning.FORWARDS)
            source = resources[hop.edge.source]
            if passes_on and not is_actor(source) and not shares_events(source):
                leaving.setdefault(hop.edge.source, {})[hop.edge.id] = hop
    found: dict[str, Span] = {}
    for hops in leaving.values():
        sure: dict[str, int] = {}
        for hop in hops.values():
            sure[hop.edge.target] = sure.get(hop.edge.target, 0) + isinstance(hop.hop, Always)
        for edge_id, hop in hops.items():
            found[edge_id] = Span(max(sure[hop.edge.target], 1), len(hops))
    return found


def is_actor(resource: Resource) -> bool:
    """Whether a resource takes events and writes new ones."""
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is Part.ACTOR


def tries(most: float, failing: float) -> float:
    """Attempts at one event on average, where ``failing`` of them fail and ``most`` are made."""
    return most if failing >= 1 else (1 - failing**most) / (1 - failing)


def number(value: float) -> str:
    """A factor or count as people read it: ``0.125``, ``1``, ``11,520``, ``34.2 million``."""
    for power, name in ((9, "billion"), (6, "million")):
        if value >= 10 ** (power + 3):
            break
        if value >= 0.9995 * 10**power:
            return f"{value / 10**power:.3g} {name}"
    if value >= 1e6:
        power = math.floor(math.log10(value))
        digits = str(power).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{value / 10**power:.1f} × 10{digits}"
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"


def _terms(
    index: int,
    hop: LoopHop,
    resources: Mapping[str, Resource],
    copies: Copies,
    assumed: Assumptions,
) -> Iterable[Term]:
    edge, source, target = hop.edge, resources[hop.edge.source], resources[hop.edge.target]
    if is_actor(source):
        yield _written(index, hop, source, assumed)
    many = copies.get(edge.id)
    if many is not None and many.high > 1:
        because = f"{many.high:.0f} deliveries of one event lead from {words.named(source)} back"
        yield Term(index, What.COPIES, many.low, many.low, many.high, because)
    way = delivery(edge, source, target, assumed)
    if way.batch > 1:
        because = f"{words.named(target)} takes up to {way.batch:,.0f} at once"
        yield Term(index, What.BATCH, 1 / way.batch, 1, 1, because)
    if way.attempts > 1:
        least, most = (
            tries(way.attempts, share) for share in (assumed.failing.low, assumed.failing.high)
        )
        if most > 1:
            yield Term(index, What.RETRIES, least, least, most, way.because)


def _written(index: int, hop: LoopHop, actor: Resource, assumed: Assumptions) -> Term:
    if hop.edge.kind == "lambda.loggroup":
        because = f"{words.named(actor)} logs at least {LOG_LINES} lines whenever it runs"
        # They are delivered together: one delivery carries more lines, not more deliveries.
        return Term(index, What.WRITES, 1, 1, LOG_LINES, because)
    low, high = assumed.writes.low, assumed.writes.high
    because = f"{words.named(actor)} is assumed to write {_range(low, high)} per event"
    return Term(index, What.WRITES, low, low, high, because)


def _range(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _doubling(factor: float) -> str:
    turns = math.log(2) / math.log(factor)
    if turns > 1.005:
        return f"every {number(turns)} turns"
    return "in less than a turn" if turns < 0.995 else "every turn"


def _causes(terms: Iterable[Term]) -> str:
    said = {
        What.WRITES: "more is written than assumed usual",
        What.COPIES: "every delivery of an event comes back",
        What.RETRIES: "attempts fail after they have written",
    }
    rising = {term.what for term in terms if term.high > term.usual}
    return " and ".join(text for what, text in said.items() if what in rising)
