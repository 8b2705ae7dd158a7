"""The first hour of a loop against what can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.analysis import one_by_one
from topology.analysis.course import SAMPLES, Course, Station, Turn
from topology.analysis.simulation import _Run, simulate

SECOND = Station(ceiling=1000, duration=0.1, delay=0.9)  # a turn a second


def course(*stations: Station, **facts) -> Course:
    return simulate(Turn(stations or (SECOND,), **facts))


def runs_at(found: Course, seconds: int) -> float:
    return next(each.runs for each in found.samples if each.seconds == seconds)


def test_a_gain_of_one_stays_flat():
    found = course()
    assert found.runs == 3600
    assert all(sample.runs == sample.seconds for sample in found.samples)
    assert {sample.at_once for sample in found.samples} == {1}
    assert found.ceiling_after is None
    assert found.ended_after is None


def test_a_gain_below_one_dies_out_after_its_geometric_sum():
    found = course(replace(SECOND, writes=0.5), first_events=1000)
    assert found.runs == pytest.approx(2000, rel=0.01)  # 1000 / (1 - 0.5)
    assert found.ended_after is not None
    assert found.ended_after < 30
    assert found.samples[-1].waiting == 0


def test_a_gain_of_two_doubles_until_the_ceiling_and_then_runs_at_it():
    found = course(replace(SECOND, writes=2))
    for seconds in (1, 2, 3, 5, 7, 10):
        assert runs_at(found, seconds) == 2**seconds - 1
    per_second = 1000 / SECOND.duration
    assert found.ceiling_after == math.ceil(math.log2(per_second))
    assert found.samples[-1].at_once == pytest.approx(1000)
    assert sum(each.runs for each in found.late) == pytest.approx(600 * per_second)


@pytest.mark.parametrize("fan_out", [1, 2, 3])
def test_the_guard_cuts_every_chain_after_16_passes_whatever_its_width(fan_out):
    found = course(replace(SECOND, writes=fan_out, ceiling=1e9), guarded=True, account=1e9)
    assert found.runs == pytest.approx(sum(fan_out**depth for depth in range(17)))
    assert found.cut == pytest.approx(fan_out**17)
    assert found.ended_after == pytest.approx(16.1)


def test_two_events_for_one_are_131071_runs_before_the_guard_has_cut_them_all():
    assert course(replace(SECOND, writes=2), guarded=True).runs == 2**17 - 1 == 131_071


def test_the_guard_stops_what_keeps_arriving_too():
    found = course(guarded=True, arrivals=1)
    assert found.runs == pytest.approx(3600 * 17, rel=0.01)
    assert found.ended_after is None


def test_reserved_concurrency_of_zero_runs_nothing():
    found = course(replace(SECOND, ceiling=0))
    assert found.runs == 0
    assert found.samples[-1].waiting == 1


def test_a_queue_is_read_by_five_at_first_and_by_300_more_a_minute():
    mapping = Station(ceiling=1250, duration=1, delay=0, writes=2, at_first=5, more_per_minute=300)
    found = course(mapping, account=10_000)
    seen = {sample.seconds: sample.at_once for sample in found.samples}
    assert seen[60] == pytest.approx(300, rel=0.02)
    assert seen[120] == pytest.approx(600, rel=0.02)
    assert seen[600] == pytest.approx(1250)
    assert found.ceiling_after == pytest.approx((1250 - 5) / 5, abs=2)


def test_all_functions_of_an_account_share_its_concurrency():
    pair = (replace(SECOND, writes=2), replace(SECOND, writes=2))
    found = course(*pair, account=100)
    assert max(sample.at_once for sample in found.samples) <= 100 * 1.001
    assert sum(each.runs for each in found.late) == pytest.approx(600 * 100 / 0.1, rel=0.01)


def test_attempts_that_fail_multiply_and_take_their_time():
    found = course(replace(SECOND, writes=0, attempts=3, retry_after=60), first_events=1000)
    assert runs_at(found, 45) == 1000
    assert found.runs == pytest.approx(3000, rel=0.05)


def test_batches_divide_the_runs_only_where_events_wait():
    batching = replace(SECOND, batch=10)
    assert course(batching).runs == 3600
    assert course(batching, first_events=1000).runs == pytest.approx(100 * 3600)


def test_what_waits_longer_than_it_is_kept_is_lost():
    slow = Station(ceiling=10, duration=1, delay=0, writes=2)
    assert course(slow).samples[-1].waiting > 30_000
    assert course(replace(slow, retention=60)).samples[-1].waiting <= 10 * 60 * 2


def test_the_same_turn_has_the_same_course_and_another_seed_another():
    turn = Turn((replace(SECOND, writes=1.1),), seed=7)
    assert _Run(turn).course() == _Run(turn).course()
    others = {_Run(replace(turn, seed=seed)).course().runs for seed in range(8)}
    assert len(others) > 1


def test_an_hour_is_not_stepped_through_where_everything_repeats():
    run = _Run(Turn((replace(SECOND, writes=2),)))
    run.course()
    assert run.track.now < 100


TURNS = {
    "flat": Turn((SECOND,), seconds=300),
    "two stations": Turn((SECOND, Station(1000, 1, 2)), seconds=300),
    "guard": Turn((replace(SECOND, writes=2),), guarded=True, seconds=60),
    "guard over two": Turn((SECOND, replace(SECOND, writes=2)), guarded=True, seconds=60),
    "ceiling": Turn((Station(20, 1, 0, writes=2),), seconds=120),
    "low ceiling": Turn((Station(1, 1, 0, writes=2),), seconds=120),
    "many at first": Turn((Station(100, 1, 4),), first_events=1000, seconds=120),
    "slow": Turn((Station(1000, 1, 59, writes=3),), seconds=600),
}


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_it_agrees_with_a_simulation_of_every_event_by_itself(turn):
    assert simulate(turn).runs == pytest.approx(one_by_one.runs(turn), rel=0.03)


@settings(max_examples=60, deadline=None)
@given(
    writes=some.floats(0, 3),
    delay=some.floats(0, 30),
    duration=some.floats(0.01, 20),
    attempts=some.floats(1, 5),
    guarded=some.booleans(),
    seconds=some.sampled_from([60, 600, 3600]),
)
def test_no_course_runs_more_than_its_ceiling_allows(
    writes, delay, duration, attempts, guarded, seconds
):
    station = Station(200, duration, delay, writes, attempts=attempts, retry_after=5)
    found = _Run(Turn((station,), guarded, seconds=seconds)).course()
    assert [each.seconds for each in found.samples] == [at for at in SAMPLES if at <= seconds]
    totals = [each.runs for each in found.samples]
    assert totals == sorted(totals)
    assert found.runs <= 200 / min(duration, 1e9) * (seconds + max(duration, 16)) * 1.01 + 200
    assert all(each.at_once <= 201 and each.waiting >= 0 for each in found.samples)
