"""What a loop would do in its first hour, and what that would cost: low, usual and high.

Low: slow deliveries, full batches, nothing fails. High: fast ones, single events, and every
attempt fails after it has written. Usual: between them, and nothing fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from topology.analysis.assumptions import DEFAULTS, Assumptions, Span
from topology.analysis.course import LATE, Count, Course, Station, Turn
from topology.analysis.deliveries import FUNCTION, concurrency, delivery
from topology.analysis.gain import Copies, Gain, What, copies_of, gain, is_actor
from topology.analysis.loops import Loop
from topology.analysis.meters import Charge, Per, charges, unpriced
from topology.analysis.prices import PriceList
from topology.analysis.simulation import simulate
from topology.analysis.turning import measured
from topology.graph import Resource
from topology.verdict import LoopVerdict

CASES = ("low", "usual", "high")
MOST = 600  # courses of one account that are worked out; loops of one shape share theirs


@dataclass(frozen=True, slots=True)
class Metered:
    """Dollars of the first hour that one meter shows at one place."""

    hop: int
    meter: str
    title: str
    where: str
    dollars: Span


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars: of the first hour, of every hour after it, and of the hour by meter."""

    first_hour: Span
    then_per_hour: Span
    metered: tuple[Metered, ...]
    unpriced: tuple[str, ...]
    prices: PriceList


@dataclass(frozen=True, slots=True)
class Forecast:
    """A loop's gain, and where it goes round today, its first hour by case and what that costs.

    No course is worked out for a loop that something stops, and beyond the gravest ``MOST``.
    """

    gain: Gain
    courses: Mapping[str, Course]
    cost: Cost | None
    measured: str = ""  # which assumption is a measured rate instead


@dataclass(frozen=True, slots=True)
class Segment:
    """The way to one actor's runs and on: ``arrives`` is a hop's number, ``leaves`` those after
    it, to the next actor."""

    arrives: int
    leaves: tuple[int, ...]


def forecasts(
    loops: Sequence[Loop],
    resources: Mapping[str, Resource],
    prices: PriceList,
    assumed: Assumptions = DEFAULTS,
) -> Mapping[str, Forecast]:
    """The forecast of every loop, by its fingerprint; ``loops`` are ranked, gravest first."""
    copies = copies_of(loops, resources)
    worked_out: set[Turn] = set()
    return {
        each.fingerprint: _forecast(each, resources, copies, prices, assumed, worked_out)
        for each in loops
        if each.hops
    }


def forecast(
    loop: Loop,
    loops: Iterable[Loop],
    resources: Mapping[str, Resource],
    prices: PriceList,
    assumed: Assumptions = DEFAULTS,
) -> Forecast:
    """The forecast of one of ``loops``, whatever its rank."""
    return _forecast(loop, resources, copies_of(loops, resources), prices, assumed, set())


def _forecast(
    loop: Loop,
    resources: Mapping[str, Resource],
    copies: Copies,
    prices: PriceList,
    assumed: Assumptions,
    worked_out: set[Turn],
) -> Forecast:
    factor = gain(loop, resources, copies, assumed)
    assumed, said = measured(loop, resources, assumed)
    if loop.verdict is LoopVerdict.BLOCKED:
        return Forecast(factor, {}, None)
    segments = _segments(loop, resources)
    turns = {case: _turn(loop, segments, resources, factor, case, assumed) for case in CASES}
    if len(worked_out | {*turns.values()}) > MOST:
        return Forecast(factor, {}, None)
    worked_out.update(turns.values())
    courses = {case: simulate(turn) for case, turn in turns.items()}
    cost = _cost(loop, segments, resources, factor, turns, courses, prices, assumed)
    return Forecast(factor, courses, cost, said)


def _segments(loop: Loop, resources: Mapping[str, Resource]) -> tuple[Segment, ...]:
    """Every actor on the way; where there is none, the whole way as one."""
    number = len(loop.hops)
    into = [n for n, hop in enumerate(loop.hops) if is_actor(resources[hop.edge.target])]
    into = into or [number - 1]
    found = []
    for place, start in enumerate(into):
        length = (into[(place + 1) % len(into)] - start - 1) % number + 1
        leaves = tuple((start + step) % number for step in range(1, length + 1))
        found.append(Segment(start, leaves))
    return tuple(found)


def _turn(
    loop: Loop,
    segments: Iterable[Segment],
    resources: Mapping[str, Resource],
    factor: Gain,
    case: str,
    assumed: Assumptions,
) -> Turn:
    few = assumed if case == "high" else replace(assumed, shards=_same(assumed.shards.low))
    ways = [
        delivery(hop.edge, resources[hop.edge.source], resources[hop.edge.target], few)
        for hop in loop.hops
    ]
    stations = []
    for segment in segments:
        target = resources[loop.hops[segment.arrives].edge.target]
        way = ways[segment.arrives]
        duration = _duration(target, case, assumed)
        most = concurrency(target, way, assumed)
        is_function = target.kind == FUNCTION
        stations.append(
            Station(
                ceiling=most if most < inf else assumed.throughput * duration,
                duration=duration,
                delay=sum(_slowness(ways[leaving].delay, case) for leaving in segment.leaves),
                writes=_product(factor, segment.leaves, (What.WRITES, What.COPIES), case),
                batch=1 / _product(factor, (segment.arrives,), (What.BATCH,), _but_low(case)),
                per_run=case == "low",
                attempts=_product(factor, (segment.arrives,), (What.RETRIES,), case),
                retry_after=way.retry_after,
                at_first=way.at_first,
                more_per_minute=way.more_per_minute,
                retention=way.retention,
                in_account=is_function,
            )
        )
    return Turn(
        tuple(stations),
        loop.guard.covered,
        assumed.account_concurrency,
        assumed.first_events,
        assumed.arrivals,
        assumed.seconds,
        assumed.seed,
    )


def _cost(
    loop: Loop,
    segments: Sequence[Segment],
    resources: Mapping[str, Resource],
    factor: Gain,
    turns: Mapping[str, Turn],
    courses: Mapping[str, Course],
    prices: PriceList,
    assumed: Assumptions,
) -> Cost:
    hour = 3600 / assumed.seconds
    late = 3600 / min(LATE, assumed.seconds)
    metered, totals, lasting = [], [(0.0, 0.0)] * len(CASES), [(0.0, 0.0)] * len(CASES)
    for charge in charges(loop, resources, assumed):
        price = prices.prices.get(charge.meter)
        if price is None:
            continue
        rows = []
        for place, case in enumerate(CASES):
            course = courses[case]
            whole = _quantity(charge, course.totals, segments, factor, turns[case], case)
            last = _quantity(charge, course.late, segments, factor, turns[case], case)
            least = charge.amount.low * price.dollars.low
            most = charge.amount.high * price.dollars.high
            rows.append((whole * hour * least, whole * hour * most))
            totals[place] = _plus(totals[place], rows[-1])
            lasting[place] = _plus(lasting[place], (last * late * least, last * late * most))
        metered.append(
            Metered(charge.hop, charge.meter, price.title, charge.where, _outermost(rows))
        )
    return Cost(
        _outermost(totals),
        _outermost(lasting),
        tuple(each for each in metered if each.dollars.high > 0),
        unpriced(loop, resources),
        prices,
    )


def _quantity(
    charge: Charge,
    counts: Sequence[Count],
    segments: Sequence[Segment],
    factor: Gain,
    turn: Turn,
    case: str,
) -> float:
    """How many units' worth of runs, seconds or events there were."""
    for segment, count, station in zip(segments, counts, turn.stations, strict=True):
        if charge.per is not Per.EVENT and charge.hop == segment.arrives:
            return count.runs * (station.duration if charge.per is Per.SECOND else 1)
        if charge.per is Per.EVENT and charge.hop in segment.leaves:
            beyond = segment.leaves[segment.leaves.index(charge.hop) + 1 :]
            return count.sent / _product(factor, beyond, (What.COPIES,), case)
    return 0.0


def _product(factor: Gain, hops: Iterable[int], whats: Iterable[What], case: str) -> float:
    chosen, kinds = frozenset(hops), frozenset(whats)
    product = 1.0
    for term in factor.terms:
        if term.hop in chosen and term.what in kinds:
            product *= float(getattr(term, case))
    return product


def _but_low(case: str) -> str:
    """Batches fill as soon as more waits, but in the worst case every event comes alone."""
    return "high" if case == "high" else "low"


def _duration(target: Resource, case: str, assumed: Assumptions) -> float:
    wanted = _slowness(assumed.duration, case)
    timeout = target.attributes.get("timeout")
    return min(wanted, float(timeout)) if timeout and target.kind == FUNCTION else wanted


def _slowness(seconds: Span, case: str) -> float:
    return {"low": seconds.high, "usual": seconds.middle, "high": seconds.low}[case]


def _outermost(rows: Iterable[tuple[float, float]]) -> Span:
    lows, highs = zip(*rows, strict=True)
    return Span(min(lows), max(highs))


def _plus(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _same(value: float) -> Span:
    return Span(value, value)
