"""The token bucket: one second's worth at once, then no faster than its rate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from topology.crawl.pace import Bucket, bucket

RATES = st.floats(0.5, 100)
PAUSES = st.lists(st.floats(0, 2), min_size=1, max_size=60)


def test_it_lets_a_seconds_worth_through_at_once_and_then_waits():
    five = Bucket(5.0, now=0.0)
    assert [five.reserve(0.0) for _ in range(7)] == [0, 0, 0, 0, 0, 0.2, 0.4]


def test_it_fills_again_but_never_over_its_burst():
    five = Bucket(5.0, now=0.0)
    assert [five.reserve(1000.0) for _ in range(6)][4:] == [0, 0.2]


@given(RATES, PAUSES)
def test_no_second_ever_holds_more_than_two_seconds_worth(rate, pauses):
    paced, now, turns = Bucket(rate, now=0.0), 0.0, []
    for pause in pauses:
        now += pause
        turns.append(now + paced.reserve(now))
    for turn in turns:
        within = [other for other in turns if turn <= other < turn + 1]
        assert len(within) <= max(1.0, rate) + rate + 1


def test_accounts_regions_and_services_have_buckets_of_their_own():
    mine = bucket("111122223333", "eu-west-1", "lambda", 5.0)
    assert mine is bucket("111122223333", "eu-west-1", "lambda", 5.0)
    assert mine is not bucket("111122223333", "eu-west-1", "sns", 5.0)
    assert mine is not bucket("111122223333", "us-east-1", "lambda", 5.0)
