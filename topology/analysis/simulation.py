"""The first hour of a loop, tick by tick: how many events, how many runs at once, until what.

A fluid model in ticks of 0.1 to 1 second, longer ones once the ceiling holds: events are whole
numbers while they are few (a seeded choice decides what becomes of half an event), and amounts
beyond. The same turn, the same course.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache

from topology.analysis.course import (
    FEW,
    LATE,
    PASSES,
    SAMPLES,
    Count,
    Course,
    Sample,
    Station,
    Turn,
)

HELD = 200  # ticks at the ceiling after which ticks may be longer
EQUAL = 1e-9


@lru_cache(maxsize=4096)
def simulate(turn: Turn) -> Course:
    """Let a loop run. Deterministic; an hour of one loop takes milliseconds."""
    return _Run(turn).course()


class _Run:
    """The state of a run: amounts by station and, under AWS's guard, by pass.

    The tick doubles while the ceiling holds: nothing that happens then is quicker than it.
    """

    def __init__(self, turn: Turn) -> None:
        self.turn, self.stations = turn, turn.stations
        number = len(self.stations)
        self.tick = min(1.0, max(0.1, min(each.duration + each.delay for each in self.stations)))
        self.now = 0  # in ticks, of what is done
        self._measure()
        self.kinds = PASSES + 1 if turn.guarded else 1  # events told apart by their passes
        self.random = random.Random(turn.seed)  # noqa: S311 (no secret)
        self.due: dict[int, list[list[float] | None]] = {}  # by tick and station
        self.waiting = [[0.0] * self.kinds for _ in self.stations]
        self.waiting[0][0] = turn.first_events
        self.is_idle = False  # nothing waits and nothing runs
        self.rolled = 0  # the last tick that chance had a part in
        self.full = 0  # ticks in a row at the ceiling
        self.cut = 0.0
        self.ceiling_after: float | None = None
        self.last_run = 0.0
        self.totals = [[0.0, 0.0, 0.0] for _ in self.stations]
        self.running = [0.0] * number
        self.started: list[tuple[float, ...]] = []  # runs by tick and station
        self.track: list[tuple[tuple[float, ...], float, float]] = []  # totals, at once, waiting
        self.samples: list[Sample] = []
        self.late: tuple[float, ...] | None = None  # totals when the last minutes begin
        self.late_at = 0.0
        self.seen = 0.0  # the most at once since the last sample

    def _measure(self) -> None:
        """Every time in ticks; what comes after the end does not matter."""
        most = math.ceil(self.turn.seconds / self.tick) + 1

        def ticks(seconds: float) -> int:
            return min(max(1, round(seconds / self.tick)), most)

        self.lags = [ticks(each.duration + each.delay) for each in self.stations]
        self.retry_lags = [ticks(each.retry_after) for each in self.stations]
        self.dwell = [ticks(each.duration) for each in self.stations]
        pairs = zip(self.retry_lags, self.stations, strict=True)
        self.memory = max([*self.lags, *(lag for lag, each in pairs if each.attempts > 1)]) + 1

    def course(self) -> Course:
        """Step until the time is over, nothing is left, or everything repeats."""
        same = 0
        ramp = max(_ramp_seconds(each, self._own(each)) for each in self.stations)
        times = sorted({*(at for at in SAMPLES if at <= self.turn.seconds), self.turn.seconds})
        while self.now * self.tick < self.turn.seconds:
            before = self.full
            self._step()
            self._sample(times)
            period = sum(self.lags)
            if self.now > period:
                same = same + 1 if self._repeats(period) else 0
                settled = self.memory + period
                is_settled = same > settled and self.now - self.rolled > settled
                if is_settled and self.now * self.tick > ramp and self._goes_on():
                    break
            if self.full == before:
                self.full = 0
            if self.full >= HELD and self.now >= 2 * HELD and not self.now % 2:
                self._double()
                same = 0
        return self._finished(times)

    def _step(self) -> None:
        now = self.now
        self.now += 1
        slot = self.due.pop(now, None)
        if self.is_idle and slot is None and not self.turn.arrivals:
            self.started.append((0.0,) * len(self.stations))
            self.track.append((self.track[-1][0], 0.0, 0.0))
            return
        starts = []
        for index, station in enumerate(self.stations):
            waiting = self.waiting[index]
            arrived = slot[index] if slot else None
            if arrived is not None:
                for kind, amount in enumerate(arrived):
                    waiting[kind] += amount
            if index == 0 and self.turn.arrivals and now:
                waiting[0] += self.turn.arrivals * self.tick
            if now >= self.dwell[index]:
                self.running[index] -= self.started[now - self.dwell[index]][index]
            total = sum(waiting)
            starts.append(self._work(now, index, station, waiting, total) if total > EQUAL else 0.0)
            self.running[index] += starts[-1]
        self.started.append(tuple(starts))
        at_once = sum(
            max(self._at_once(index), min(run, 1)) for index, run in enumerate(self.running)
        )
        totals = tuple(value for each in self.totals for value in each)
        waits = sum(map(sum, self.waiting))
        self.track.append((totals, max(at_once, 0.0), waits))
        self.seen = max(self.seen, at_once)
        self.is_idle = waits <= EQUAL and max(self.running) <= EQUAL

    def _double(self) -> None:
        """Go on in ticks twice as long."""
        self.tick *= 2
        self.now //= 2
        self.rolled //= 2
        self.full = 0
        self._measure()
        pairs = zip(self.started[::2], self.started[1::2], strict=True)
        self.started = [tuple(map(sum, zip(*pair, strict=True))) for pair in pairs]
        self.track = self.track[1::2]
        merged: dict[int, list[list[float] | None]] = {}
        for when, slot in sorted(self.due.items()):
            target = merged.setdefault(max(when // 2, self.now), [None] * len(self.stations))
            for index, amounts in enumerate(slot):
                known = target[index]
                if amounts is not None:
                    target[index] = (
                        [a + b for a, b in zip(known, amounts, strict=True)] if known else amounts
                    )
        self.due = merged
        for index, dwell in enumerate(self.dwell):
            self.running[index] = sum(each[index] for each in self.started[-dwell:])

    def _sample(self, times: Sequence[int]) -> None:
        """Keep the samples whose time has come."""
        if self.late is None and self.now * self.tick >= self.turn.seconds - LATE - EQUAL:
            self.late, self.late_at = self.track[-1][0], self.now * self.tick
        while len(self.samples) < len(times) and self.now * self.tick >= (
            times[len(self.samples)] - EQUAL
        ):
            totals, _, waiting = self.track[-1]
            at = times[len(self.samples)]
            turn = self.track[-sum(self.lags) :]  # what runs once in a turn is running
            at_once = max(self.seen, *(each[1] for each in turn))
            self.samples.append(Sample(at, sum(totals[::3]), at_once, waiting))
            self.seen = 0.0

    def _work(
        self,
        now: int,
        index: int,
        station: Station,
        waiting: list[float],
        total: float,
    ) -> float:
        """Start what the ceiling allows; returns the runs."""
        most = self._own(station)
        minutes = now * self.tick / 60
        limit = min(most, station.at_first + station.more_per_minute * minutes)
        if station.in_account:
            others = sum(
                self._at_once(other)
                for other, each in enumerate(self.stations)
                if other != index and each.in_account
            )
            limit = max(min(limit, self.turn.account - others), 0.0)
        rate = limit * self.tick / station.duration
        runs = max(total / station.batch, min(total, 1.0))
        moved = total
        if runs > rate:
            if station.at_first + station.more_per_minute * minutes >= most:
                self.full += 1
                if self.ceiling_after is None:
                    self.ceiling_after = now * self.tick
            runs = rate
            moved = min(total, rate * station.batch)
        share = moved / total
        sent = self._send(now, index, station, waiting, share, runs / moved if moved else 0.0)
        count = self.totals[index]
        count[0] += runs
        count[1] += moved
        count[2] += sent
        if runs:
            self.last_run = now * self.tick + station.duration
        kept = station.retention * rate / self.tick * station.batch
        left = total - moved
        if left > kept:
            for kind in range(self.kinds):
                waiting[kind] *= kept / left
        return runs

    def _send(
        self,
        now: int,
        index: int,
        station: Station,
        waiting: list[float],
        share: float,
        runs_per_event: float,
    ) -> float:
        """Put what is written, and what failed, where it will be due; returns what is written."""
        onward = (index + 1) % len(self.stations)
        one_more = self.kinds > 1 and onward == 0
        factor = station.writes * (runs_per_event if station.per_run else 1.0)
        again = 1 - 1 / station.attempts if station.attempts > 1 else 0.0
        ahead: list[float] | None = None
        back: list[float] | None = None
        few = sum(waiting) * share * max(factor, 1.0) < FEW
        sent = 0.0
        for kind, amount in enumerate(waiting):
            if amount <= EQUAL:
                continue
            taken = amount * share
            waiting[kind] = amount - taken
            written = taken * factor
            if few:
                written = self._rolled(written, now)
            if written:
                sent += written
                kind_then = kind + one_more
                if kind_then > PASSES:
                    self.cut += written
                else:
                    ahead = ahead or self._arrivals(now + self.lags[index], onward)
                    ahead[kind_then] += written
            if again:
                failed = taken * again
                if few:
                    failed = self._rolled(failed, now)
                back = back or self._arrivals(now + self.retry_lags[index], index)
                back[kind] += failed
        return sent

    def _arrivals(self, when: int, station: int) -> list[float]:
        slot = self.due.setdefault(when, [None] * len(self.stations))
        found = slot[station]
        if found is None:
            found = slot[station] = [0.0] * self.kinds
        return found

    def _rolled(self, amount: float, now: int) -> float:
        """A few events are whole ones: chance rounds them, right on average."""
        if amount == int(amount):
            return amount
        self.rolled = now
        return float(math.floor(amount + self.random.random()))

    def _at_once(self, index: int) -> float:
        """Runs at once: of those that the last ticks started, as many as still run."""
        return self.running[index] * (
            self.stations[index].duration / (self.dwell[index] * self.tick)
        )

    def _own(self, station: Station) -> float:
        return min(station.ceiling, self.turn.account) if station.in_account else station.ceiling

    def _goes_on(self) -> bool:
        """Whether what repeats will for ever: under the guard it may be on its last pass."""
        return not self.turn.guarded or not any(map(any, self.started[-self.memory :]))

    def _repeats(self, period: int) -> bool:
        """Whether the last tick was as it was one turn ago, with no less waiting."""
        one, other = self.started[-1], self.started[-1 - period]
        if any(abs(a - b) > EQUAL * max(a, b) for a, b in zip(one, other, strict=True)):
            return False
        return self.track[-1][2] >= self.track[-1 - period][2] - EQUAL

    def _finished(self, times: Sequence[int]) -> Course:
        period = sum(self.lags)
        at_once = max((each[1] for each in self.track[-period:]), default=0.0)
        for at in times[len(self.samples) :]:
            totals, waiting = self._at(at, period)
            self.samples.append(Sample(at, sum(totals[::3]), max(at_once, self.seen), waiting))
            self.seen = 0.0
        end, _ = self._at(self.turn.seconds, period)
        start = self.late
        if start is None:
            start, _ = self._at(max(self.turn.seconds - LATE, 0), period)
            scale = 1.0
        else:
            scale = LATE / max(self.now * self.tick - self.late_at, self.tick)
        is_over = not any(end[i] - start[i] for i in range(0, len(end), 3))
        return Course(
            tuple(self.samples),
            _counts(end),
            _counts([(a - b) * scale for a, b in zip(end, start, strict=True)]),
            self.cut,
            min(self._own(each) for each in self.stations),
            self.ceiling_after,
            self.last_run if is_over else None,
        )

    def _at(self, seconds: float, period: int) -> tuple[tuple[float, ...], float]:
        """Totals and what waits at a time; beyond the last tick everything repeats."""
        last = len(self.track) - 1
        index = math.ceil(seconds / self.tick - EQUAL) - 1
        if index <= last:
            totals, _, waiting = self.track[max(index, 0)]
            return totals, waiting
        turns, rest = divmod(index - last, period)
        totals, _, waiting = self.track[last]
        ago, _, waiting_ago = self.track[last - period]
        here, _, waiting_here = self.track[last - period + rest]
        moved = tuple(
            value + (now - then) * (turns + 1)
            for value, now, then in zip(here, totals, ago, strict=True)
        )
        kept = sum(
            each.retention * self._own(each) / each.duration * each.batch for each in self.stations
        )
        return moved, min(waiting_here + (waiting - waiting_ago) * (turns + 1), max(kept, waiting))


def _ramp_seconds(station: Station, most: float) -> float:
    """Until a ceiling that grows is as high as it gets."""
    if station.at_first >= most or not station.more_per_minute:
        return 0.0
    return (most - station.at_first) / station.more_per_minute * 60


def _counts(totals: Sequence[float]) -> tuple[Count, ...]:
    return tuple(Count(*totals[start : start + 3]) for start in range(0, len(totals), 3))
