"""By how much events multiply in a turn, what that does in an hour, and what it costs."""

from __future__ import annotations

import time
from math import prod

import pytest

from tests.analysis.loop_classes import cases
from tests.world import World, allow
from topology.analysis import analyse
from topology.analysis import forecast as forecast_module
from topology.analysis.assumptions import RANGES, AssumptionError, Assumptions, Span
from topology.analysis.forecast import CASES, Forecast, forecasts
from topology.analysis.gain import What, number
from topology.analysis.prices import packaged
from topology.graph import Meaning
from topology.verdict import LoopVerdict

CASES_OF_THE_FIELD = [pytest.param(case, id=f"{case.loop_class}: {case.name}") for case in cases()]


def forecast(world: World, assumed: Assumptions | None = None) -> Forecast:
    """What the gravest loop of a world would do."""
    graph = world.graph()
    loops = analyse(graph).loops
    found = forecasts(loops, graph.resources, packaged(), assumed or Assumptions())
    return found[loops[0].fingerprint]


def bucket_loop(**facts) -> World:
    world = World()
    bucket = world.bucket("uploads")
    function = world.function("work", allow("s3:PutObject", "*"), names=[bucket], **facts)
    world.notify(bucket, function)
    return world


def queue_loop(function=(), mapping=(), **queue) -> World:
    world = World()
    jobs = world.queue("jobs", **queue)
    work = world.function("work", allow("sqs:SendMessage", jobs), names=[jobs], **dict(function))
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda", **dict(mapping))
    return world


def factors(found: Forecast, what: What) -> list[tuple[float, float, float]]:
    return [(term.low, term.usual, term.high) for term in found.gain.terms if term.what is what]


def test_an_event_stays_one_and_becomes_three_where_every_attempt_fails():
    gain = forecast(bucket_loop()).gain
    assert (gain.low, gain.usual, gain.high) == (1, 1, 3)
    assert gain.sentence == (
        "One event stays one; up to 3 in every turn where attempts fail after they have written."
    )


def test_a_function_that_is_never_tried_again_multiplies_nothing():
    gain = forecast(bucket_loop(async_retries={"$LATEST": 0})).gain
    assert gain.high == 1
    assert "goes round for as long as nothing stops it" in gain.sentence


@pytest.mark.parametrize(
    ("queue", "mapping", "batches", "attempts"),
    [
        ({}, {}, 10, 11_520),  # four days of thirty seconds
        ({"max_receives": 5}, {"batch_size": 1}, None, 5),
        ({"visibility_timeout": 900, "retention": 86_400}, {"batch_size": 100}, 100, 96),
    ],
)
def test_a_queue_divides_by_its_batch_and_multiplies_by_its_receives(
    queue, mapping, batches, attempts
):
    found = forecast(queue_loop(mapping=mapping, **queue))
    assert factors(found, What.BATCH) == ([(1 / batches, 1, 1)] if batches else [])
    assert factors(found, What.RETRIES) == [(1, 1, attempts)]


@pytest.mark.parametrize(
    ("mapping", "attempts"),
    [({}, 24 * 60), ({"max_retries": 3}, 4), ({"max_retries": -1, "max_age": 600}, 10)],
)
def test_a_stream_tries_until_its_records_expire_unless_told_otherwise(mapping, attempts):
    world = World()
    table, stream = world.table("orders")
    work = world.function("work", allow("dynamodb:UpdateItem", table), names=[table])
    world.edge(stream, work, Meaning.TRIGGERS, "esm.dynamodb.lambda", **mapping)
    assert factors(forecast(world), What.RETRIES) == [(1, 1, attempts)]


def test_two_rules_that_start_the_same_function_with_every_event_double_it():
    world = World()
    bus = world.bus("orders")
    work = world.function("work", allow("events:PutEvents", bus), names=[bus])
    world.rule(bus, work, {"source": [{"prefix": ""}]}, label="one/1")
    one = forecast(world).gain
    world.rule(bus, work, {"source": [{"prefix": ""}]}, label="two/1")
    two = forecast(world)
    assert (one.usual, two.gain.usual) == (1, 2)
    assert two.gain.sentence == "One event becomes 2 in every turn: it doubles every turn."
    assert two.courses["usual"].ceiling_after is not None


def test_two_readers_of_a_queue_share_its_messages():
    world = queue_loop()
    jobs = world.resources[0].arn
    other = world.function("other", allow("sqs:SendMessage", jobs), names=[jobs])
    world.listen(jobs, other)
    assert factors(forecast(world), What.COPIES) == []


def test_what_a_function_writes_is_an_assumption_that_a_person_may_change():
    usual = forecast(bucket_loop(), Assumptions().changed(writes=Span(2, 5), failing=Span(0, 0)))
    assert (usual.gain.low, usual.gain.usual, usual.gain.high) == (2, 2, 5)
    dying = forecast(bucket_loop(), Assumptions(writes=Span(0.5, 0.5), failing=Span(0, 0)))
    assert "dies out" in dying.gain.sentence
    assert dying.courses["high"].ended_after is not None


@pytest.mark.parametrize(
    "wrong", [{"writes": Span(2, 1)}, {"seed": -1}, {"seconds": 1}, {"failing": 2}, {"colour": 1}]
)
def test_an_assumption_out_of_its_range_is_refused(wrong):
    with pytest.raises(AssumptionError):
        Assumptions().changed(**wrong)


def test_every_assumption_has_a_range_that_holds_its_default():
    assert RANGES.keys() == Assumptions().as_json().keys()
    Assumptions().changed(**{name: getattr(Assumptions(), name) for name in RANGES})


def test_reserved_concurrency_and_a_mappings_maximum_are_the_ceiling():
    assert forecast(bucket_loop()).courses["high"].ceiling == 1000
    assert forecast(bucket_loop(reserved_concurrency=7)).courses["high"].ceiling == 7
    paced = queue_loop(mapping={"max_concurrency": 2})
    assert forecast(paced).courses["high"].ceiling == 2


def test_what_aws_guard_covers_ends_after_17_runs_where_nothing_fails():
    found = forecast(bucket_loop())
    assert found.courses["usual"].runs == 17
    assert found.courses["usual"].ended_after is not None
    free = forecast(bucket_loop(recursive_loop="Allow"))
    assert free.courses["usual"].ended_after is None


def test_it_charges_every_metered_edge_and_not_only_the_function():
    cost = forecast(bucket_loop()).cost
    assert cost is not None
    assert [each.meter for each in cost.metered] == [
        "lambda_request",
        "lambda_gb_second",
        "logs_gb",
        "s3_put",
    ]
    whole = sum(each.dollars.high for each in cost.metered)
    assert cost.first_hour.high == pytest.approx(whole, rel=0.35)
    assert 0 < cost.first_hour.low < cost.first_hour.high


def test_its_dollars_are_counts_times_prices():
    known = Assumptions(
        failing=Span(0, 0), duration=Span(1, 1), memory=Span(1, 1), log_size=Span(0, 0)
    )
    cost = forecast(bucket_loop(), known).cost
    assert cost is not None
    prices = packaged().prices
    each = (
        prices["lambda_request"].dollars.high
        + prices["lambda_gb_second"].dollars.high
        + prices["s3_put"].dollars.high
    )
    assert cost.first_hour.high == pytest.approx(17 * each)
    assert cost.then_per_hour == Span(0, 0)


def test_memory_that_was_read_is_not_assumed():
    small, large = (
        forecast(bucket_loop(memory=memory)).cost.metered[1].dollars  # type: ignore[union-attr]
        for memory in (128, 10_240)
    )
    assert large.low == pytest.approx(small.low * 80)


@pytest.mark.parametrize("case", CASES_OF_THE_FIELD)
def test_every_loop_seen_in_the_field_has_a_forecast(case):
    world = World()
    case.build(world)
    graph = world.graph()
    loops = analyse(graph).loops
    for loop, found in zip(
        loops, forecasts(loops, graph.resources, packaged()).values(), strict=True
    ):
        gain = found.gain
        assert 0 < gain.low <= gain.usual <= gain.high
        assert gain.high == pytest.approx(prod(term.high for term in gain.terms))
        assert all(term.because for term in gain.terms)
        if loop.verdict is LoopVerdict.BLOCKED:
            assert found.cost is None
            assert not found.courses
        else:
            assert found.cost is not None
            assert 0 <= found.cost.first_hour.low <= found.cost.first_hour.high
            assert tuple(found.courses) == CASES
            assert found.courses["low"].runs <= found.courses["high"].runs * 1.01 + 20


def test_the_same_loops_have_the_same_forecast():
    world = queue_loop()
    assert forecast(world) == forecast(world)


def test_a_thousand_loops_of_one_shape_are_simulated_once(uncollected):
    world = World()
    for index in range(100):
        jobs = world.queue(f"jobs-{index}")
        work = world.function(f"w{index}", allow("sqs:SendMessage", jobs), names=[jobs])
        world.listen(jobs, work)
    graph = world.graph()
    loops = analyse(graph).loops
    forecasts(loops[:1], graph.resources, packaged())
    started = time.process_time()
    assert len(forecasts(loops, graph.resources, packaged())) == 100
    assert time.process_time() - started < 1


def test_beyond_many_different_shapes_the_gravest_have_their_hour(monkeypatch):
    monkeypatch.setattr(forecast_module, "MOST", 6)
    world = World()
    for index in range(4):
        jobs = world.queue(f"jobs-{index}", visibility_timeout=30 + index)
        work = world.function(f"w{index}", allow("sqs:SendMessage", jobs), names=[jobs])
        world.listen(jobs, work)
    graph = world.graph()
    found = forecasts(analyse(graph).loops, graph.resources, packaged())
    assert [bool(each.courses) for each in found.values()].count(True) >= 2
    assert not list(found.values())[-1].courses
    assert all(each.gain.usual == 1 for each in found.values())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (1, "1"),
        (0.125, "0.125"),
        (2.5, "2.5"),
        (99.97, "100"),
        (11_520, "11,520"),
        (999_400, "999,400"),
        (1_000_000, "1 million"),
        (34_249_000, "34.2 million"),
        (3.42e9, "3.42 billion"),
        (6.1e23, "6.1 × 10²³"),
    ],
)
def test_factors_are_said_as_people_read_them(value, said):
    assert number(value) == said
