"""What a simulation is given and what it tells: stations on the way round, and what they did."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

FEW = 50  # events at once up to which they are whole
PASSES = 16  # after which AWS's guard cuts a chain: a first run and so many more
SAMPLES = (
    *(1, 2, 3, 5, 7, 10, 15, 20, 30, 45),  # seconds
    *(60, 90, 120, 180, 300, 420, 600, 900, 1200, 1800, 2700, 3600),
)
LATE = 600  # seconds at the end over which the lasting rate is taken


@dataclass(frozen=True, slots=True)
class Station:
    """An actor on the way, and how events reach the next one. Times are seconds."""

    ceiling: float  # runs at once
    duration: float = 1.0
    delay: float = 0.0  # from the end of a run until what it wrote is at the next station
    writes: float = 1.0  # events that reach the next station per event, or per run
    batch: float = 1.0  # events of one run, at most
    per_run: bool = False  # whether a run writes the same whatever its batch
    attempts: float = 1.0  # at one event, on average
    retry_after: float = 60.0
    at_first: float = inf  # ceiling of the first minute
    more_per_minute: float = 0.0
    retention: float = inf
    in_account: bool = True  # whether its runs count against the account's concurrency


@dataclass(frozen=True, slots=True)
class Turn:
    """One loop as stations in order of travel, and what starts it."""

    stations: tuple[Station, ...]
    guarded: bool = False
    account: float = 1000  # runs at once of all stations together
    first_events: float = 1
    arrivals: float = 0  # per second, from outside
    seconds: int = 3600
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """A moment: runs so far, the most at once since the sample before and within a turn,
    and what waits."""

    seconds: int
    runs: float
    at_once: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Count:
    """What one station did: runs, events it worked on, and events it sent to the next."""

    runs: float
    taken: float
    sent: float


@dataclass(frozen=True, slots=True)
class Course:
    """What happened. ``ceiling_after`` is when the first station could run no more at once."""

    samples: tuple[Sample, ...]
    totals: tuple[Count, ...]
    late: tuple[Count, ...]  # of the last ten minutes
    cut: float  # events that AWS's guard dropped
    ceiling: float
    ceiling_after: float | None
    ended_after: float | None  # when the last run ended, where nothing goes round any more

    @property
    def runs(self) -> float:
        """Runs of all stations."""
        return sum(each.runs for each in self.totals)
