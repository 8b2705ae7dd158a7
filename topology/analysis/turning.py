"""Whether a loop turns right now, by what the metrics of the resources on it say.

A loop is turning where AWS's guard dropped events of it in the last third of the window, or
where

- every resource on the way that has a rate still takes events in the last third of the window, and
- the rates of two that follow each other (what has none lies between) rise together: in each the
  last third has at least twice the events of the first and at least ``LEAST`` of them, and the two
  series correlate with at least ``TOGETHER``.

A loop that has reached a ceiling no longer rises: that nothing is said here proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import StatisticsError, correlation, mean
from typing import Any

from topology.analysis import words
from topology.analysis.assumptions import DEFAULTS, RANGES, Assumptions
from topology.analysis.gain import number
from topology.analysis.loops import Loop, LoopHop
from topology.graph import Resource
from topology.verdict import LoopVerdict

TOGETHER = 0.8
RISE = 2
LEAST = 30  # events in the last third: fewer rise by chance
DROPS = "RecursiveInvocationsDropped"
# By kind, the metric that counts the events that arrive.
ARRIVING: Mapping[str, str] = {
    "lambda.function": "Invocations",
    "sqs.queue": "NumberOfMessagesSent",
    "sns.topic": "NumberOfMessagesPublished",
    "events.bus": "TriggeredRules",
    "dynamodb.table": "ConsumedWriteCapacityUnits",
    "kinesis.stream": "IncomingRecords",
    "states.stateMachine": "ExecutionsStarted",
    "s3.bucket": "PutRequests",
}


@dataclass(frozen=True, slots=True)
class Turning:
    """A loop that turns: since when at the latest (UTC), events per minute now, and why."""

    since: datetime
    per_minute: float
    because: str


@dataclass(frozen=True, slots=True)
class Rate:
    """The events that one resource takes. ``series`` is per minute, oldest first."""

    resource: Resource
    metric: str
    per_minute: float
    series: tuple[float, ...]
    start: datetime
    point: timedelta

    @property
    def third(self) -> int:
        """How many points the first and the last third have each."""
        return len(self.series) // 3

    @property
    def at_first(self) -> float:
        """The mean of the first third."""
        return mean(self.series[: self.third])

    @property
    def lately(self) -> float:
        """The mean of the last third."""
        return mean(self.series[-self.third :])

    @property
    def rises(self) -> bool:
        """Whether there are at least twice as many at the end, and enough to say so."""
        minutes = self.point / timedelta(minutes=1)
        enough = self.lately * self.third * minutes >= LEAST
        return enough and self.lately >= RISE * self.at_first

    def since(self) -> datetime:
        """From when on it never again was below twice what it had been in the first third."""
        place = len(self.series)
        while place > 0 and self.series[place - 1] > RISE * self.at_first:
            place -= 1
        return self.start + place * self.point


def turning(loop: Loop, resources: Mapping[str, Resource]) -> Turning | None:
    """What the metrics say of a loop; None where they do not say that it turns.

    ``rates`` of its resources are those of ``topology.evidence.metrics``.
    """
    if loop.verdict is LoopVerdict.BLOCKED:
        return None
    for hop in loop.hops:
        if dropped := _dropped(resources[hop.edge.source]):
            return dropped
    rates = list(_rates(loop.hops, resources))
    if len(rates) < 2 or not all(rate.lately for rate in rates):
        return None
    for one, other in pairwise([*rates, rates[0]]):
        if one.rises and other.rises and _correlated(one.series, other.series) >= TOGETHER:
            return Turning(
                max(one.since(), other.since()),
                max(one.per_minute, other.per_minute),
                f"{_rise(one)} and {_rise(other)}, and the two rise together.",
            )
    return None


def unwatched(loop: Loop, resources: Mapping[str, Resource]) -> tuple[str, ...]:
    """The actions that failed when the resources of a loop were to be watched, sorted.

    They take nothing from any verdict: what runs only confirms.
    """
    return tuple(
        sorted(
            {
                action
                for hop in loop.hops
                for action in resources[hop.edge.source].attributes.get("unwatched", ())
            }
        )
    )


def arriving(loop: Loop, resources: Mapping[str, Resource]) -> float | None:
    """Events per minute that go round or arrive now: the least rate on the way; None unmeasured.

    The least, because others on the way may also take events that are not of this loop.
    """
    return min((rate.per_minute for rate in _rates(loop.hops, resources)), default=None)


def measured(
    loop: Loop, resources: Mapping[str, Resource], assumed: Assumptions
) -> tuple[Assumptions, str]:
    """What is assumed of the events that start a loop, measured where it can be, and a sentence.

    Of a loop that turns, what passes in a minute is what it starts with; of any other, it keeps
    arriving from outside. A value that somebody chose stays.
    """
    rate = arriving(loop, resources)
    if not rate:
        return assumed, ""
    name, value = "arrivals", rate / 60
    if turning(loop, resources):
        name, value = "first_events", rate
    if getattr(assumed, name) != getattr(DEFAULTS, name):
        return assumed, ""
    value = min(max(value, RANGES[name].low), RANGES[name].high)
    said = f"Measured: {number(rate)} events a minute on the way, taken for {name}."
    return assumed.changed(**{name: value}), said


def _rates(hops: Sequence[LoopHop], resources: Mapping[str, Resource]) -> Iterator[Rate]:
    for hop in hops:
        resource = resources[hop.edge.source]
        metric = ARRIVING.get(resource.kind, "")
        if resource.kind == "events.bus":
            metric = f"{metric} {hop.edge.label.partition('/')[0]}"
        if found := _rate(resource, metric):
            yield found


def _rate(resource: Resource, metric: str) -> Rate | None:
    told: Mapping[str, Any] = resource.attributes.get("rates") or {}
    row = told.get("metrics", {}).get(metric)
    if row is None or len(row["series"]) < 3:
        return None
    start, point = datetime.fromisoformat(told["from"]), timedelta(seconds=told["point"])
    return Rate(resource, metric, row["per_minute"], tuple(row["series"]), start, point)


def _dropped(resource: Resource) -> Turning | None:
    drops = _rate(resource, DROPS)
    if drops is None or not drops.lately:
        return None
    first = next(place for place, value in enumerate(drops.series) if value)
    runs = _rate(resource, ARRIVING["lambda.function"])
    return Turning(
        drops.start + first * drops.point,
        runs.per_minute if runs else drops.per_minute,
        f"AWS's recursion guard dropped events of {words.named(resource)} ({DROPS}).",
    )


def _correlated(one: Sequence[float], other: Sequence[float]) -> float:
    try:
        return correlation(one, other)
    except StatisticsError:  # one is constant, or they are of different windows
        return 0.0


def _rise(rate: Rate) -> str:
    name, first, last = words.named(rate.resource), number(rate.at_first), number(rate.lately)
    return f"{rate.metric} of {name} rose from {first} to {last} a minute"
