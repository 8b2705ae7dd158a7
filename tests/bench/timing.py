"""Seconds of this process, not of the clock: other programs share the machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

from topology import garbage

ROUNDS = 5  # of which the median counts

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of this process, and what came of the work; no garbage is sought, for nobody."""
    with garbage.left_alone():
        began = time.process_time()
        done = work()
        return time.process_time() - began, done


def middle(work: Callable[[], T]) -> tuple[float, T]:
    """The median of a few rounds, and what came of the last."""
    rounds = [timed(work) for _ in range(ROUNDS)]
    return statistics.median(seconds for seconds, _ in rounds), rounds[-1][1]
