"""What people read of a loop's gain, first hour and cost, from its members in a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from topology.analysis.assumptions import Span
from topology.analysis.gain import number
from topology.analysis.prices import OLD
from topology.reports.forecasts import dollars, lasting
from topology.reports.hour_chart import CASES

WHATS = {"writes": "Writes", "batch": "Batches", "copies": "Copies", "retries": "Attempts"}
TOLD = (1, 10, 60, 600, 3600)  # seconds of the rows shown at first
ASSUMED = {
    "writes": "Events written per invocation, or per event of its batch",
    "failing": "Share of attempts that write and then fail",
    "duration": "Seconds of one invocation",
    "memory": "GB of a function whose memory was not read",
    "event_size": "KB of one event",
    "log_size": "KB logged by one invocation",
    "transitions": "Steps of one execution of a state machine",
    "shards": "Shards of a stream",
    "account_concurrency": "Runs at once in an account and Region",
    "throughput": "Events per second through what has no ceiling of its own",
    "stream_retry": "Seconds between attempts at a batch of a stream",
    "first_events": "Events that start it",
    "arrivals": "Events per second that keep coming from outside",
    "seconds": "Seconds looked at",
    "seed": "Seed of what is left to chance",
}


@dataclass(frozen=True, slots=True)
class Hour:
    """A loop's forecast in words; ``hour_chart`` draws it."""

    sentence: str
    facts: tuple[tuple[str, str], ...]
    factors: tuple[tuple[str, int, str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    meters: tuple[tuple[str, str, str], ...]
    total: str
    unpriced: tuple[str, ...]
    prices: str
    is_old: bool
    source: str


def hour(loop: Mapping[str, Any], report: Mapping[str, Any]) -> Hour | None:
    """What a loop of a report would do; None where it was not worked out or nothing runs."""
    gain, cost, told = (loop.get(member) for member in ("gain", "cost", "first_hour"))
    if not (gain and cost and told):
        return None
    age = _age(cost["prices"]["as_of"], report["scope"].get("read_to"))
    return Hour(
        gain["sentence"],
        tuple(_facts(loop, gain, cost, told)),
        tuple(
            (WHATS[term["what"]], term["hop"], _range(term), _capital(term["because"]))
            for term in gain["terms"]
            if (term["low"], term["high"]) != (1, 1)
        ),
        tuple(_rows(told)),
        tuple(
            (each["title"], each["where"], dollars(_span(each)))
            for each in sorted(cost["metered"], key=lambda each: -each["high"])
        ),
        dollars(_span(cost["first_hour"])),
        tuple(cost["unpriced"]),
        f"Public prices of {cost['prices']['region']} as of {cost['prices']['as_of']}"
        + (f", {age} days before this reading" if age else ""),
        age > OLD,
        cost["prices"]["source"],
    )


def assumptions(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What gains and costs assume, one row each."""
    known = report.get("assumptions") or {}
    return [(said, _assumed(known[name])) for name, said in ASSUMED.items() if name in known]


def _facts(
    loop: Mapping[str, Any],
    gain: Mapping[str, Any],
    cost: Mapping[str, Any],
    told: Mapping[str, Any],
) -> Iterator[tuple[str, str]]:
    yield "Gain per turn", _usual(gain)
    ends = {case: told[case]["runs"][-1] for case in CASES}
    yield "Runs in the first hour", _usual(ends)
    yield "Cost of the first hour", dollars(_span(cost["first_hour"]))
    yield "Every hour after it", dollars(_span(cost["then_per_hour"]))
    ceiling = number(told["ceiling"])
    usual, soonest = (told[case]["ceiling_after"] for case in ("usual", "high"))
    if usual is not None:
        at_worst = f", {lasting(soonest)} at worst" if soonest is not None else ""
        yield f"Ceiling of {ceiling} at once", f"after {lasting(usual)}{at_worst}"
    elif soonest is not None:
        yield f"Ceiling of {ceiling} at once", f"not usually; after {lasting(soonest)} at worst"
    else:
        yield f"Ceiling of {ceiling} at once", "not in the first hour"
    if loop["guard"]["covered"]:
        ended = told["usual"]["ended_after"]
        when = f", {lasting(ended)} after the first event" if ended is not None else ""
        yield "Until AWS’s guard has cut it", f"{number(ends['usual'])} runs{when}"


def _rows(told: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for index, seconds in enumerate(told["seconds"]):
        if seconds in TOLD:
            yield (
                lasting(seconds),
                *(
                    _usual({case: told[case][measure][index] for case in CASES})
                    for measure in ("runs", "at_once", "waiting")
                ),
            )


def _usual(values: Mapping[str, Any]) -> str:
    """``17 (17 to 3.4 × 10⁷)``."""
    least, most = (chosen(values[case] for case in CASES) for chosen in (min, max))
    around = "" if number(least) == number(most) else f" ({number(least)} to {number(most)})"
    return f"{number(values['usual'])}{around}"


def _range(term: Mapping[str, Any]) -> str:
    low, high = number(term["low"]), number(term["high"])
    return f"× {low}" if low == high else f"× {low} to {high}"


def _assumed(value: Any) -> str:
    if isinstance(value, Mapping):
        low, high = number(value["low"]), number(value["high"])
        return low if low == high else f"{low} to {high}"
    return number(value)


def _span(values: Mapping[str, Any]) -> Span:
    return Span(values["low"], values["high"])


def _age(as_of: str, read_to: str | None) -> int:
    """Days from the prices' date to the reading's."""
    if not read_to:
        return 0
    return max((date.fromisoformat(read_to[:10]) - date.fromisoformat(as_of)).days, 0)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
