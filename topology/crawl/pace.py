"""How fast we may ask: a token bucket per account, region and service.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
"""

from __future__ import annotations

import time
from functools import cache
from threading import Lock


class Bucket:
    """Lets ``rate`` requests through per second, and one second's worth of them at once."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._tokens = self._burst = max(1.0, rate)
        self._filled = now
        self._lock = Lock()

    def reserve(self, now: float) -> float:
        """Take the next turn; the seconds from ``now`` until it comes. ``now`` is monotonic."""
        with self._lock:
            self._tokens += max(0.0, now - self._filled) * self._rate
            self._tokens = min(self._burst, self._tokens) - 1
            self._filled = max(now, self._filled)
            return max(0.0, -self._tokens / self._rate)

    def wait(self, **_request: object) -> None:
        """Sleep until it is our turn. Takes what botocore hands to an event's handler."""
        time.sleep(self.reserve(time.monotonic()))


@cache
def bucket(account: str, region: str, service: str, rate: float) -> Bucket:
    """The one bucket this process has for an account, region and service."""
    return Bucket(rate, time.monotonic())
