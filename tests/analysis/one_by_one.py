"""The slow, obvious simulation: every event by itself, in the order of time."""

from __future__ import annotations

import heapq
from collections import deque

from topology.analysis.course import PASSES, Turn


def runs(turn: Turn) -> int:
    """Runs of a turn whose stations write whole numbers and try once, until its time is over."""
    number = 0
    waiting = [deque[int]() for _ in turn.stations]
    running = [0 for _ in turn.stations]
    happens: list[tuple[float, int, int, int]] = [
        (0.0, 1, 0, 0) for _ in range(int(turn.first_events))
    ]  # time, 0 for the end of a run and 1 for an arrival, station, pass
    heapq.heapify(happens)
    while happens:
        now, is_arrival, index, depth = heapq.heappop(happens)
        if now >= turn.seconds:
            break
        station = turn.stations[index]
        if is_arrival:
            waiting[index].append(depth)
        else:
            running[index] -= 1
            onward = (index + 1) % len(turn.stations)
            then = depth + (onward == 0)
            if not turn.guarded or then <= PASSES:
                for _ in range(int(station.writes)):
                    heapq.heappush(happens, (now + station.delay, 1, onward, then))
        while waiting[index] and running[index] < min(station.ceiling, turn.account):
            running[index] += 1
            number += 1
            heapq.heappush(happens, (now + station.duration, 0, index, waiting[index].popleft()))
    return number
