"""How fast we may ask: a token bucket per account, region and service.

Workers that ``share`` a Redis share their buckets, so that two do not ask twice as fast as one.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests
"""

from __future__ import annotations

import time
from functools import cache
from threading import Lock

import structlog
from redis import Redis, RedisError

# A bucket as the time at which it will be full again, by the one clock that all workers have.
# https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
RESERVE = """
local clock, rate, burst = redis.call('TIME'), tonumber(ARGV[1]), tonumber(ARGV[2])
local now = clock[1] + clock[2] / 1e6
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + 1 / rate
redis.call('SET', KEYS[1], string.format('%.6f', full), 'PX', math.ceil((full - now) * 1000) + 1)
return string.format('%.6f', math.max(0, full - now - burst / rate))
"""
ANSWERS = 2.0  # seconds a Redis may take

log = structlog.get_logger(__name__)


class Bucket:
    """Lets ``rate`` requests through per second, and one second's worth of them at once."""

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self.burst = self._tokens = max(1.0, rate)
        self._filled = now
        self._lock = Lock()

    def reserve(self, now: float) -> float:
        """Take the next turn; the seconds from ``now`` until it comes. ``now`` is monotonic."""
        with self._lock:
            self._tokens += max(0.0, now - self._filled) * self.rate
            self._tokens = min(self.burst, self._tokens) - 1
            self._filled = max(now, self._filled)
            return max(0.0, -self._tokens / self.rate)

    def wait(self, **_request: object) -> None:
        """Sleep until it is our turn. Takes what botocore hands to an event's handler."""
        time.sleep(self.reserve(time.monotonic()))


class SharedBucket(Bucket):
    """One that every worker fills and empties; its own while no Redis answers."""

    def __init__(self, rate: float, now: float, redis: Redis, key: str) -> None:
        super().__init__(rate, now)
        self._take, self._key = redis.register_script(RESERVE), key

    def reserve(self, now: float) -> float:
        """As above."""
        own = super().reserve(now)  # taken along, so that it holds what we asked when Redis goes
        try:
            return float(self._take([self._key], [self.rate, self.burst]))
        except RedisError as error:
            log.warning("a rate limit is not shared", bucket=self._key, error=type(error).__name__)
            return own


_shared: list[Redis] = []


def share(url: str) -> None:
    """Have every bucket from now on shared through this Redis."""
    _shared[:] = [Redis.from_url(url, socket_timeout=ANSWERS, socket_connect_timeout=ANSWERS)]
    bucket.cache_clear()


@cache
def bucket(account: str, region: str, service: str, rate: float) -> Bucket:
    """The one bucket this process has for an account, region and service."""
    if not _shared:
        return Bucket(rate, time.monotonic())
    key = f"loopscope:pace:{account}:{region}:{service}"
    return SharedBucket(rate, time.monotonic(), _shared[0], key)
