"""The first hour of a loop: against a simulation of every event by itself, and for many loops.

Run ``python -m tests.bench.bench_gain``. Every ratio is measured in one run, the peer
interleaved, in seconds of this process's own processor time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.analysis import one_by_one
from tests.analysis.loop_classes import cases
from tests.world import World, allow
from topology.analysis import analyse
from topology.analysis.course import Station, Turn
from topology.analysis.forecast import forecasts
from topology.analysis.prices import packaged
from topology.analysis.simulation import simulate
from topology.analysis.storms import storms

SECOND = Station(ceiling=1000, duration=0.1, delay=0.9)
QUEUE = Station(1250, 0.3, 0.2, batch=10, at_first=5, more_per_minute=300, retry_after=30)
TURNS = {
    "gain 1, free": (Turn((SECOND,)), True),
    "gain 1, ten turns a second": (Turn((replace(SECOND, delay=0),)), True),
    "gain 2 to the ceiling": (Turn((Station(100, 1, 0, writes=2),)), True),
    "gain 2 until the guard": (Turn((replace(SECOND, writes=2),), guarded=True), True),
    "gain 1.1": (Turn((replace(SECOND, writes=1.1),)), False),
    "two functions, 3 attempts each": (
        Turn((replace(SECOND, attempts=3), replace(SECOND, attempts=3))),
        False,
    ),
    "the same under the guard": (
        Turn((replace(SECOND, attempts=3), replace(SECOND, attempts=3)), guarded=True),
        False,
    ),
    "a queue that never gives up": (Turn((replace(QUEUE, attempts=11_520),)), False),
    "the same under the guard ": (Turn((replace(QUEUE, attempts=11_520),), guarded=True), False),
    "an hour's turn": (Turn((replace(SECOND, delay=1800, writes=2),)), False),
}


def taken(work: Callable[[], Any], times: int = 5) -> float:
    """Seconds of one call with nothing remembered."""
    found = []
    for _ in range(times):
        simulate.cache_clear()
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def hours() -> None:
    """Print what an hour of one loop takes, beside every event by itself where that ends."""
    print(f"{'an hour of one loop':34} {'runs':>12} {'time':>9} {'one by one':>12} {'ratio':>9}")
    for name, (turn, is_whole) in TURNS.items():
        ours = taken(lambda: simulate(turn))  # noqa: B023 - called at once
        line = f"{name:34} {simulate(turn).runs:12,.0f} {ours * 1e3:6.1f} ms"
        if is_whole:
            start = time.process_time()
            counted = one_by_one.runs(turn)
            peer = time.process_time() - start
            if abs(counted - simulate(turn).runs) > 0.03 * counted:
                raise SystemExit(f"{name}: {counted} one by one")
            line += f" {peer * 1e3:9.1f} ms {peer / ours:7,.0f} ×"
        print(line)


def field() -> None:
    """Print what every loop seen in the field takes: three hours each."""
    found = []
    for case in cases():
        world = World()
        case.build(world)
        graph = world.graph()
        loops = analyse(graph).loops
        if loops:
            seconds = taken(lambda: forecasts(loops, graph.resources, packaged()), 1)  # noqa: B023
            found.append(seconds / len(loops))
    print(
        f"\n{len(found)} loops of the field, low, usual and high: "
        f"median {statistics.median(found) * 1e3:.1f} ms, worst {max(found) * 1e3:.1f} ms a loop"
    )


def organisation() -> None:
    """Print what the loops and storms of many services take, most of which are alike."""
    world = World()
    for index in range(1000):
        jobs = world.queue(f"jobs-{index}", fifo=False, visibility_timeout=30 * (1 + index % 7))
        work = world.function(
            f"work-{index}", allow("sqs:SendMessage", jobs), names=[jobs], timeout=5 + index % 5
        )
        world.listen(jobs, work)
    graph = world.graph()
    loops = analyse(graph).loops
    seconds = taken(lambda: forecasts(loops, graph.resources, packaged()), 3)
    found = taken(lambda: storms(graph), 3)
    print(f"{len(loops):,} loops of 7 shapes: {seconds * 1e3:.0f} ms")
    print(f"{len(storms(graph)):,} storms among {len(graph.edges):,} edges: {found * 1e3:.0f} ms")


if __name__ == "__main__":
    hours()
    field()
    organisation()
