"""Workers on one Redis ask AWS together no faster than one would."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from config.celery import share_rate_limits
from topology.crawl import pace

needs_redis = pytest.mark.skipif(not settings.REDIS_URL, reason="no Redis is named")


@pytest.fixture
def place() -> Iterator[tuple[str, str, str, float]]:
    """Nobody else's bucket of five a second; what was shared ends with the test."""
    yield uuid4().hex, "eu-west-1", "lambda", 5.0
    pace._shared.clear()
    pace.bucket.cache_clear()


def worker(place: tuple[str, str, str, float]) -> pace.Bucket:
    """The bucket of a worker that starts now, with a connection of its own."""
    share_rate_limits()
    return pace.bucket(*place)


@needs_redis
def test_two_workers_have_one_bucket_that_fills_by_the_clock_of_redis(place):
    one, other = worker(place), worker(place)
    assert one is not other
    began = time.monotonic()
    turns = [each.reserve(0.0) + time.monotonic() - began for each in (one, other) * 10]
    # Five at once and five a second from then on, however slowly this machine asks.
    for number, turn in enumerate(turns):
        assert turn > (number - 4) / 5 - 0.02
    assert turns[-1] - (time.monotonic() - began) < 15 / 5


@needs_redis
def test_accounts_regions_and_services_share_no_bucket(place):
    account, region, service, rate = place
    for other in ((uuid4().hex, region, service, rate), (account, "us-east-1", service, rate)):
        busy = worker(place)
        for _ in range(8):
            busy.reserve(time.monotonic())
        assert worker(other).reserve(time.monotonic()) == 0


def test_without_an_answer_of_redis_a_worker_keeps_to_the_rate_by_itself(place):
    gone = Redis.from_url("redis://127.0.0.1:9/0")
    alone = pace.SharedBucket(5.0, 0.0, gone, "nobody's")
    assert [alone.reserve(0.0) for _ in range(7)] == [0, 0, 0, 0, 0, 0.2, 0.4]
