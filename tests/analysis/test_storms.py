"""Retry storms without a loop: each beside the nearest case that is none."""

from __future__ import annotations

import random

import pytest

from tests.analysis.test_analyse import shuffled
from tests.world import ACCOUNT, REGION, World
from topology.analysis.storms import Finding, Storm, storms
from topology.graph import Gap, Meaning

READ = {"fifo": False, "visibility_timeout": 180, "retention": 345_600}


def found(world: World, gaps=()) -> list[Finding]:
    return list(storms(world.graph(), gaps))


def kinds(world: World, gaps=()) -> list[Storm]:
    return [finding.kind for finding in found(world, gaps)]


def reader(mapping=(), timeout=30, **queue) -> World:
    """A queue that a function reads."""
    world = World()
    jobs = world.queue("jobs", **{**READ, **queue})
    work = world.function("work", timeout=timeout)
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda", **dict(mapping))
    return world


def stream(**mapping) -> World:
    world = World()
    _, changes = world.table("orders")
    work = world.function("work")
    world.edge(changes, work, Meaning.TRIGGERS, "esm.dynamodb.lambda", **mapping)
    return world


def test_a_queue_that_never_gives_up_is_poison():
    [finding] = found(reader())
    assert finding.kind is Storm.POISON
    assert finding.subject.endswith(":jobs")
    assert finding.because == (
        "What Lambda function work cannot process is seen again 180 seconds after it was taken, "
        "1,920 times until its 4 days are over: SQS queue jobs has no redrive policy."
    )
    assert "maxReceiveCount" in finding.fix


@pytest.mark.parametrize(
    ("receives", "storm"), [(5, []), (99, []), (100, [Storm.POISON]), (1000, [Storm.POISON])]
)
def test_a_queue_that_gives_up_soon_is_none(receives, storm):
    assert kinds(reader(max_receives=receives)) == storm


def test_a_redrive_policy_whose_count_could_not_be_read_is_none():
    world = reader()
    world.dead_letters(world.resources[0].arn, world.queue("dead"))
    assert kinds(world) == []


def test_a_queue_that_nobody_reads_or_whose_mapping_is_off_is_none():
    world = World()
    world.queue("jobs", **READ)
    assert kinds(world) == []
    off = reader()
    off.edges = []
    off.listen(off.resources[0].arn, off.resources[2].arn, dormant="Disabled")
    assert kinds(off) == []


def test_what_was_not_read_is_not_judged():
    world = World()
    world.listen(world.queue("jobs"), world.function("work"))
    assert kinds(world) == []
    jobs = reader().resources[0].arn
    gap = Gap(ACCOUNT, REGION, "sqs.get_queue_attributes", "", jobs, "AccessDenied", "refused")
    assert kinds(reader(), [gap]) == []


def test_one_poisoned_message_of_a_fifo_queue_blocks_its_group():
    assert "message group waits" in found(reader(fifo=True))[0].because


def test_a_pipe_that_reads_a_queue_is_judged_too():
    world = World()
    world.pipe("move", world.queue("jobs", **READ), world.machine("orders"))
    assert kinds(world) == [Storm.POISON]


@pytest.mark.parametrize(
    ("hidden", "timeout", "window", "storm"),
    [
        (180, 30, 0, []),
        (179, 30, 0, [Storm.OVERLAP]),
        (180, 30, 1, [Storm.OVERLAP]),
        (181, 30, 1, []),
        (30, 60, 0, [Storm.OVERLAP]),
    ],
)
def test_a_message_is_hidden_for_six_times_as_long_as_a_run_may_take(
    hidden, timeout, window, storm
):
    world = reader({"batching_window": window}, timeout, visibility_timeout=hidden, max_receives=5)
    assert kinds(world) == storm


def test_it_says_how_long_a_message_should_be_hidden():
    [finding] = found(reader({"batching_window": 5}, visibility_timeout=20, max_receives=5))
    assert "while it is still worked on" in finding.because
    assert "at least 185 s" in finding.fix


@pytest.mark.parametrize(
    ("mapping", "storm"),
    [
        ({}, [Storm.BLOCKED]),
        ({"max_retries": -1, "max_age": -1}, [Storm.BLOCKED]),
        ({"max_retries": -1, "max_age": -1, "bisects": True}, [Storm.BLOCKED]),
        ({"max_retries": 0}, []),
        ({"max_retries": 10_000, "max_age": -1}, []),
        ({"max_retries": -1, "max_age": 3600}, []),
    ],
)
def test_a_mapping_of_a_stream_that_tries_for_ever_blocks_its_shard(mapping, storm):
    assert kinds(stream(**mapping)) == storm


def test_it_says_that_a_batch_is_never_split():
    assert "never split" in found(stream())[0].because
    assert "never split" not in found(stream(bisects=True))[0].because


def test_an_event_that_fails_is_gone_where_nobody_is_told():
    world = World()
    bucket, work = world.bucket("uploads"), world.function("work")
    world.notify(bucket, work)
    world.rule(world.bus(), work, {"source": ["shop"]})
    [finding] = found(world)
    assert finding.kind is Storm.LOST
    assert finding.subject == work
    assert "worked on 3 times" in finding.because
    world.on_failure(work, world.queue("dead"))
    assert kinds(world) == []


def test_who_waits_for_the_answer_hears_of_the_failure():
    world = World()
    work = world.function("work")
    world.edge("https://shop.example", work, Meaning.TRIGGERS, "lambda.url")
    world.edge(world.http_api("shop"), work, Meaning.TRIGGERS, "apigw.http.lambda")
    assert kinds(world) == []


def test_findings_are_ranked_and_the_same_in_whatever_order_an_account_is_read():
    world = reader(visibility_timeout=20)
    _, changes = world.table("orders")
    world.edge(changes, world.function("copy"), Meaning.TRIGGERS, "esm.dynamodb.lambda")
    world.notify(world.bucket("uploads"), world.function("thumb"))
    expected = found(world)
    assert [finding.kind for finding in expected] == list(Storm)
    assert len({finding.id for finding in expected}) == 4
    for seed in range(20):
        assert list(storms(shuffled(world, random.Random(seed)))) == expected
