"""The first hour of a loop, tick by tick: how many events, how many runs at once, until what.

A fluid model in ticks of 0.1 to 1 second, longer ones once the ceiling holds: events are whole
numbers while they are few (a seeded choice decides what becomes of half an event), and amounts
beyond. The same turn, the same course.
"""

from __future__ import annotations

import math
import random
from functools import lru_cache

from topology.analysis.course import FEW, PASSES, Course, Station, Turn
from topology.analysis.track import EQUAL, Track

HELD = 200  # ticks at the ceiling after which ticks may be longer


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
        kept = sum(
            each.retention * self._own(each) / each.duration * each.batch for each in self.stations
        )
        tick = min(1.0, max(0.1, min(each.duration + each.delay for each in self.stations)))
        self.track = Track(tick, turn.seconds, kept)
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

    def _measure(self) -> None:
        """Every time in ticks; what comes after the end does not matter."""
        tick = self.track.tick
        most = math.ceil(self.turn.seconds / tick) + 1

        def ticks(seconds: float) -> int:
            return min(max(1, round(seconds / tick)), most)

        self.lags = [ticks(each.duration + each.delay) for each in self.stations]
        self.retry_lags = [ticks(each.retry_after) for each in self.stations]
        self.dwell = [ticks(each.duration) for each in self.stations]
        pairs = zip(self.retry_lags, self.stations, strict=True)
        self.memory = max([*self.lags, *(lag for lag, each in pairs if each.attempts > 1)]) + 1

    def course(self) -> Course:
        """Step until the time is over, nothing is left, or everything repeats."""
        same, track = 0, self.track
        ramp = max(_ramp_seconds(each, self._own(each)) for each in self.stations)
        while track.passed < self.turn.seconds:
            before = self.full
            self._step()
            period = sum(self.lags)
            track.sample(period)
            if track.now > period:
                same = same + 1 if track.repeats(period) else 0
                settled = self.memory + period
                is_settled = same > settled and track.now - self.rolled > settled
                if is_settled and track.passed > ramp and self._goes_on():
                    break
            if self.full == before:
                self.full = 0
            if self.full >= HELD and track.now >= 2 * HELD and not track.now % 2:
                self._double()
                same = 0
        return self._finished()

    def _step(self) -> None:
        track, now = self.track, self.track.now
        slot = self.due.pop(now, None)
        if self.is_idle and slot is None and not self.turn.arrivals:
            track.add_idle(len(self.stations))
            return
        starts = []
        for index, station in enumerate(self.stations):
            waiting = self.waiting[index]
            arrived = slot[index] if slot else None
            if arrived is not None:
                for kind, amount in enumerate(arrived):
                    waiting[kind] += amount
            if index == 0 and self.turn.arrivals and now:
                waiting[0] += self.turn.arrivals * track.tick
            if now >= self.dwell[index]:
                self.running[index] -= track.started[now - self.dwell[index]][index]
            total = sum(waiting)
            starts.append(self._work(now, index, station, waiting, total) if total > EQUAL else 0.0)
            self.running[index] += starts[-1]
        at_once = sum(
            max(self._at_once(index), min(run, 1)) for index, run in enumerate(self.running)
        )
        waits = sum(map(sum, self.waiting))
        track.add(starts, tuple(value for each in self.totals for value in each), at_once, waits)
        self.is_idle = waits <= EQUAL and max(self.running) <= EQUAL

    def _double(self) -> None:
        """Go on in ticks twice as long."""
        self.track.double()
        self.rolled //= 2
        self.full = 0
        self._measure()
        now = self.track.now
        merged: dict[int, list[list[float] | None]] = {}
        for when, slot in sorted(self.due.items()):
            target = merged.setdefault(max(when // 2, now), [None] * len(self.stations))
            for index, amounts in enumerate(slot):
                known = target[index]
                if amounts is not None:
                    target[index] = (
                        [a + b for a, b in zip(known, amounts, strict=True)] if known else amounts
                    )
        self.due = merged
        for index, dwell in enumerate(self.dwell):
            self.running[index] = sum(each[index] for each in self.track.started[-dwell:])

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
        minutes = now * self.track.tick / 60
        limit = min(most, station.at_first + station.more_per_minute * minutes)
        if station.in_account:
            others = sum(
                self._at_once(other)
                for other, each in enumerate(self.stations)
                if other != index and each.in_account
            )
            limit = max(min(limit, self.turn.account - others), 0.0)
        rate = limit * self.track.tick / station.duration
        runs = max(total / station.batch, min(total, 1.0))
        moved = total
        if runs > rate:
            if station.at_first + station.more_per_minute * minutes >= most:
                self.full += 1
                if self.ceiling_after is None:
                    self.ceiling_after = now * self.track.tick
            runs = rate
            moved = min(total, rate * station.batch)
        share = moved / total
        sent = self._send(now, index, station, waiting, share, runs / moved if moved else 0.0)
        count = self.totals[index]
        count[0] += runs
        count[1] += moved
        count[2] += sent
        if runs:
            self.last_run = now * self.track.tick + station.duration
        kept = station.retention * rate / self.track.tick * station.batch
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
            self.stations[index].duration / (self.dwell[index] * self.track.tick)
        )

    def _own(self, station: Station) -> float:
        return min(station.ceiling, self.turn.account) if station.in_account else station.ceiling

    def _goes_on(self) -> bool:
        """Whether what repeats will for ever: under the guard it may be on its last pass."""
        return not self.turn.guarded or self.track.is_still(self.memory)

    def _finished(self) -> Course:
        totals, late = self.track.finish(sum(self.lags))
        is_over = not any(each.runs for each in late)
        return Course(
            tuple(self.track.samples),
            totals,
            late,
            self.cut,
            min(self._own(each) for each in self.stations),
            self.ceiling_after,
            self.last_run if is_over else None,
        )


def _ramp_seconds(station: Station, most: float) -> float:
    """Until a ceiling that grows is as high as it gets."""
    if station.at_first >= most or not station.more_per_minute:
        return 0.0
    return (most - station.at_first) / station.more_per_minute * 60
