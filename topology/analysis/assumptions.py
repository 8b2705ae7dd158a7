"""What nobody can read from a configuration, as values with defaults that a person may change.

Every default says where it comes from; every value has the range in which it makes sense.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From ``low`` to ``high``, both possible."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The geometric middle: between 1 and 100 it is 10."""
        return math.sqrt(self.low * self.high) if self.low > 0 else self.high / 2


class AssumptionError(ValueError):
    """A value that does not do; ``name`` says of what, ``reason`` why, and both are the text."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Seconds, gigabytes and counts, for one loop from its first event on."""

    writes: Span = Span(1, 1)  # events written per invocation (low), per event of a batch (high)
    failing: Span = Span(0, 1)  # share of attempts that write and then fail all the same
    duration: Span = Span(0.1, 1.0)  # seconds that one invocation takes
    memory: Span = Span(0.125, 1.0)  # GB of a function whose memory was not read; 0.125 is default
    event_size: Span = Span(1, 5)  # KB of one event
    log_size: Span = Span(0.3, 2.0)  # KB that one invocation logs; START, END and REPORT alone 0.3
    transitions: Span = Span(2, 10)  # steps of one execution of a state machine
    shards: Span = Span(1, 10)  # of a stream, each worked on one batch at a time
    account_concurrency: float = 1000  # executions at once in an account and Region, AWS's default
    throughput: float = 10_000  # events per second through what has no ceiling of its own
    stream_retry: float = 60  # seconds between attempts at a batch of a stream; AWS states none
    first_events: float = 1  # that start it
    arrivals: float = 0  # events per second that keep coming from outside
    seconds: int = 3600  # that are looked at
    seed: int = 1  # decides what becomes of half an event

    def changed(self, **values: Any) -> Assumptions:
        """The same with other values. Raises AssumptionError for one outside its range."""
        for name, value in values.items():
            if name not in RANGES:
                raise AssumptionError(name, "is no assumption")
            least, most = RANGES[name].low, RANGES[name].high
            bounds = (value.low, value.high) if isinstance(value, Span) else (value, value)
            if not least <= bounds[0] <= bounds[1] <= most:
                raise AssumptionError(
                    name, f"must be between {least:,g} and {most:,g}, the lower one first"
                )
            if isinstance(getattr(self, name), Span):
                values[name] = Span(*bounds)
        return replace(self, **values)

    def as_json(self) -> dict[str, Any]:
        """Every value by name; a span as ``{"low": …, "high": …}``."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: {"low": value.low, "high": value.high} if isinstance(value, Span) else value
            for name, value in values.items()
        }


DEFAULTS = Assumptions()
ALSO_CALLED = {"writes_per_invocation": "writes"}


def parsed(given: Mapping[str, Sequence[str]]) -> Assumptions:
    """The defaults with some values as people write them: ``2``, or a low and a high one.

    ``given`` has one or two texts per name. Raises AssumptionError, whose text names the value.
    """
    values: dict[str, Any] = {}
    for called, texts in given.items():
        name = ALSO_CALLED.get(called, called)
        known = getattr(DEFAULTS, name, None) if name in RANGES else None
        if known is None:
            raise AssumptionError(called, "is no assumption")
        try:
            numbers = [float(text) for text in texts]
        except ValueError:
            raise AssumptionError(name, "must be a number") from None
        if not 1 <= len(numbers) <= (2 if isinstance(known, Span) else 1):
            both = ", or a low and a high one" if isinstance(known, Span) else ""
            raise AssumptionError(name, f"takes one number{both}")
        low, high = numbers[0], numbers[-1]
        if isinstance(known, int) and low.is_integer():
            low = int(low)
        elif isinstance(known, int):
            raise AssumptionError(name, "must be a whole number")
        values[name] = Span(low, high) if isinstance(known, Span) else low
    return DEFAULTS.changed(**values)


RANGES: Mapping[str, Span] = {
    "writes": Span(0, 10_000),
    "failing": Span(0, 1),
    "duration": Span(0.001, 900),
    "memory": Span(0.125, 10.24),
    "event_size": Span(0.01, 1024),
    "log_size": Span(0, 6144),
    "transitions": Span(1, 25_000),
    "shards": Span(1, 10_000),
    "account_concurrency": Span(1, 1_000_000),
    "throughput": Span(1, 1_000_000),
    "stream_retry": Span(0.1, 86_400),
    "first_events": Span(1, 1_000_000),
    "arrivals": Span(0, 100_000),
    "seconds": Span(60, 86_400),
    "seed": Span(0, 2**32),
}
