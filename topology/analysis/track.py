"""What a simulated loop did, tick by tick, and what can be read off it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from topology.analysis.course import LATE, SAMPLES, Count, Sample

EQUAL = 1e-9


class Track:
    """Totals, runs at once and what waits, by tick; the samples whose time has come.

    ``totals`` are runs, events taken and events sent of one station after the other; a ``period``
    is a turn in ticks. ``kept`` is the most that can wait.
    """

    def __init__(self, tick: float, seconds: int, kept: float) -> None:
        self.tick = tick  # seconds
        self.now = 0  # in ticks, of what is done
        self.started: list[tuple[float, ...]] = []  # runs by tick and station
        self.samples: list[Sample] = []
        self._rows: list[tuple[tuple[float, ...], float, float]] = []
        self._seconds, self._kept = seconds, kept
        self._times = sorted({*(at for at in SAMPLES if at <= seconds), seconds})
        self._late: tuple[float, ...] | None = None  # totals when the last minutes begin
        self._late_at = 0.0
        self._seen = 0.0  # the most at once since the last sample

    @property
    def passed(self) -> float:
        """Seconds that are done."""
        return self.now * self.tick

    def add(
        self, starts: Sequence[float], totals: tuple[float, ...], at_once: float, waits: float
    ) -> None:
        """One more tick."""
        self.now += 1
        self.started.append(tuple(starts))
        self._rows.append((totals, max(at_once, 0.0), waits))
        self._seen = max(self._seen, at_once)

    def add_idle(self, stations: int) -> None:
        """One more tick in which nothing happened."""
        self.now += 1
        self.started.append((0.0,) * stations)
        self._rows.append((self._rows[-1][0], 0.0, 0.0))

    def double(self) -> None:
        """Tell it in ticks twice as long from here on."""
        self.tick *= 2
        self.now //= 2
        pairs = zip(self.started[::2], self.started[1::2], strict=True)
        self.started = [tuple(map(sum, zip(*pair, strict=True))) for pair in pairs]
        self._rows = self._rows[1::2]

    def sample(self, period: int) -> None:
        """Keep the samples whose time has come."""
        passed = self.passed
        if self._late is None and passed >= self._seconds - LATE - EQUAL:
            self._late, self._late_at = self._rows[-1][0], passed
        while len(self.samples) < len(self._times) and passed >= (
            self._times[len(self.samples)] - EQUAL
        ):
            totals, _, waiting = self._rows[-1]
            turn = self._rows[-period:]  # what runs once in a turn is running
            at_once = max(self._seen, *(each[1] for each in turn))
            at = self._times[len(self.samples)]
            self.samples.append(Sample(at, sum(totals[::3]), at_once, waiting))
            self._seen = 0.0

    def repeats(self, period: int) -> bool:
        """Whether the last tick was as it was one turn ago, with no less waiting."""
        one, other = self.started[-1], self.started[-1 - period]
        if any(abs(a - b) > EQUAL * max(a, b) for a, b in zip(one, other, strict=True)):
            return False
        return self._rows[-1][2] >= self._rows[-1 - period][2] - EQUAL

    def is_still(self, ticks: int) -> bool:
        """Whether nothing was started in the last ticks."""
        return not any(map(any, self.started[-ticks:]))

    def finish(self, period: int) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
        """Add the samples that are missing; gives all totals, and those of the last minutes."""
        at_once = max((each[1] for each in self._rows[-period:]), default=0.0)
        for at in self._times[len(self.samples) :]:
            totals, waiting = self._at(at, period)
            self.samples.append(Sample(at, sum(totals[::3]), max(at_once, self._seen), waiting))
            self._seen = 0.0
        end, _ = self._at(self._seconds, period)
        start, scale = self._late, 1.0
        if start is None:
            start, _ = self._at(max(self._seconds - LATE, 0), period)
        else:
            scale = LATE / max(self.passed - self._late_at, self.tick)
        return _counts(end), _counts([(a - b) * scale for a, b in zip(end, start, strict=True)])

    def _at(self, seconds: float, period: int) -> tuple[tuple[float, ...], float]:
        """Totals and what waits at a time; beyond the last tick everything repeats."""
        last = len(self._rows) - 1
        index = math.ceil(seconds / self.tick - EQUAL) - 1
        if index <= last:
            totals, _, waiting = self._rows[max(index, 0)]
            return totals, waiting
        turns, rest = divmod(index - last, period)
        totals, _, waiting = self._rows[last]
        ago, _, waiting_ago = self._rows[last - period]
        here, _, waiting_here = self._rows[last - period + rest]
        moved = tuple(
            value + (now - then) * (turns + 1)
            for value, now, then in zip(here, totals, ago, strict=True)
        )
        waits = waiting_here + (waiting - waiting_ago) * (turns + 1)
        return moved, min(waits, max(self._kept, waiting))


def _counts(totals: Sequence[float]) -> tuple[Count, ...]:
    return tuple(Count(*totals[start : start + 3]) for start in range(0, len(totals), 3))
