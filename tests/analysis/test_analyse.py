"""The verdicts of whole loops, one small account each."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.bench import organisation
from tests.bench.dense import CASES
from tests.world import World, allow, deny
from topology.analysis import Loop, analyse
from topology.analysis.analyse import MAX_LENGTH
from topology.graph import Edge, Filter, Graph, Meaning, graph
from topology.verdict import LoopVerdict


def only(world: World) -> Loop:
    loops = analyse(world.graph()).loops
    assert len(loops) == 1, [loop.title for loop in loops]
    return loops[0]


def key(event: Mapping[str, Any] | None) -> str:
    assert event is not None
    return str(event["s3"]["object"]["key"])


def self_writing_bucket(*statements: dict[str, Any], suffix: str = "", named: bool = True) -> World:
    """The classic: a bucket starts a function that may write to the same bucket."""
    world = World()
    bucket = world.bucket("uploads")
    function = world.function("convert", *statements, names=[bucket] if named else [])
    world.notify(bucket, function, suffix=suffix)
    return world


WHOLE_BUCKET = allow("s3:PutObject", "arn:aws:s3:::uploads/*")


def test_it_calls_a_bucket_that_starts_its_own_writer_guarded_with_a_witness():
    loop = only(self_writing_bucket(WHOLE_BUCKET))
    assert loop.verdict is LoopVerdict.GUARDED
    assert [hop.hop.word for hop in loop.hops] == ["always", "always"]
    assert key(loop.hops[0].hop.witness)
    assert loop.guard.covered


def test_it_calls_a_suffix_filter_sometimes_and_shows_a_key_that_comes_back_and_one_that_does_not():
    loop = only(self_writing_bucket(WHOLE_BUCKET, suffix=".csv"))
    hop = loop.hops[0].hop
    assert hop.word == "sometimes"
    assert key(hop.witness).endswith(".csv")
    assert not key(hop.counterexample).endswith(".csv")


def test_it_blocks_a_loop_whose_writer_may_only_write_what_the_trigger_does_not_hear():
    statement = allow("s3:PutObject", "arn:aws:s3:::uploads/*.json")
    loop = only(self_writing_bucket(statement, suffix=".csv"))
    assert loop.verdict is LoopVerdict.BLOCKED
    because = loop.hops[0].hop.because
    assert ".json" in because
    assert ".csv" in because


def test_it_sees_through_a_suffix_that_the_written_keys_end_in_as_well():
    statement = allow("s3:PutObject", "arn:aws:s3:::uploads/out/*.jpeg")
    loop = only(self_writing_bucket(statement, suffix=".jpeg"))
    assert loop.hops[0].hop.word == "always"


def test_it_blocks_a_loop_that_an_explicit_deny_takes_apart():
    world = self_writing_bucket(WHOLE_BUCKET, deny("s3:PutObject", "arn:aws:s3:::uploads/*"))
    loop = only(world)
    assert loop.verdict is LoopVerdict.BLOCKED
    assert "statement 2" in loop.explanation


def test_it_finds_nothing_where_the_writer_may_write_elsewhere_only():
    world = self_writing_bucket(allow("s3:PutObject", "arn:aws:s3:::results/*"), named=False)
    world.bucket("results")
    assert analyse(world.graph()).loops == ()


def test_it_does_not_take_a_delete_for_a_created_object():
    statement = allow("s3:DeleteObject", "arn:aws:s3:::uploads/*")
    assert only(self_writing_bucket(statement)).verdict is LoopVerdict.BLOCKED


def table_that_starts_its_own_writer(*statements: dict[str, Any], named: bool = True) -> World:
    world = World()
    table, stream = world.table("orders")
    function = world.function("score", *statements, names=[table] if named else [])
    world.listen(stream, function)
    return world


UPDATE = allow("dynamodb:UpdateItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")


def test_it_calls_a_loop_live_that_configuration_proves_and_no_guard_cuts():
    loop = only(table_that_starts_its_own_writer(UPDATE))
    assert loop.verdict is LoopVerdict.LIVE
    assert not loop.guard.covered
    assert "DynamoDB" in loop.guard.because


def test_it_calls_a_loop_possible_that_only_a_permission_closes():
    loop = only(table_that_starts_its_own_writer(UPDATE, named=False))
    assert loop.verdict is LoopVerdict.POSSIBLE


def test_it_goes_through_a_hub_without_counting_it_as_a_hop():
    loop = only(table_that_starts_its_own_writer(allow("dynamodb:*", "*"), named=False))
    assert loop.verdict is LoopVerdict.POSSIBLE
    assert [hop.edge.evidence for hop in loop.hops] == ["declared", "declared", "permitted-any"]
    assert loop.hops[-1].edge.target == loop.hops[0].edge.source


def test_it_doubts_a_condition_it_cannot_decide():
    statement = {**UPDATE, "Condition": {"StringEquals": {"aws:PrincipalTag/team": "orders"}}}
    loop = only(table_that_starts_its_own_writer(statement))
    assert loop.verdict is LoopVerdict.POSSIBLE
    assert loop.hops[-1].hop.word == "unknown"


def test_it_keeps_a_disabled_mapping_dormant():
    world = World()
    queue = world.queue("jobs")
    function = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    world.listen(queue, function, dormant="the event source mapping is Disabled")
    loop = only(world)
    assert loop.verdict is LoopVerdict.BLOCKED
    assert "Disabled" in loop.explanation


def test_it_calls_a_loop_through_dead_letters_a_retry_storm():
    world = World()
    queue, dead = world.queue("jobs"), world.queue("jobs-dead")
    world.listen(queue, world.function("work"))
    world.dead_letters(queue, dead)
    world.listen(dead, world.function("redrive", allow("sqs:SendMessage", queue), names=[queue]))
    assert only(world).verdict is LoopVerdict.RETRY_STORM


def test_it_does_not_count_the_guard_where_a_function_opted_out():
    world = World()
    queue = world.queue("jobs")
    statement = allow("sqs:SendMessage", queue)
    function = world.function("work", statement, names=[queue], recursive_loop="Allow")
    world.listen(queue, function)
    loop = only(world)
    assert loop.verdict is LoopVerdict.LIVE
    assert "RecursiveLoop" in loop.guard.because


def test_it_finds_a_loop_that_passes_one_bus_twice():
    world = World()
    bus = world.bus("orders")
    statement = allow("events:PutEvents", bus)
    for name, heard in (("a", "from-b"), ("b", "from-a")):
        world.rule(bus, world.function(name, statement, names=[bus]), {"source": [heard]}, name)
    assert any(
        {"function:a", "function:b"} <= {hop.edge.source.split(":", 5)[5] for hop in loop.hops}
        or len(loop.hops) == 2
        for loop in analyse(world.graph()).loops
    )


def test_it_never_lets_a_filter_it_cannot_read_stop_a_loop():
    world = World()
    bucket = world.bucket("uploads")
    function = world.function("convert", WHOLE_BUCKET, names=[bucket])
    broken = Filter("s3.notification", '{"Events": ["s3:ObjectCreated:*"')
    world.edge(bucket, function, Meaning.TRIGGERS, "s3.notif.lambda", "broken", broken)
    analysis = analyse(world.graph())
    assert analysis.loops[0].hops[0].hop.word == "unknown"
    assert [gap.resource for gap in analysis.gaps] == [bucket]


def test_it_says_may_write_anything_of_a_role_it_did_not_see():
    world = World()
    queue = world.queue("jobs")
    function = world.function("work")
    world.listen(queue, function)
    world.resources = [each for each in world.resources if each.kind != "iam.role"]
    analysis = analyse(world.graph())
    assert {loop.verdict for loop in analysis.loops} == {LoopVerdict.GUARDED}
    assert analysis.gaps


def test_it_lists_the_gravest_loop_through_a_trigger_not_the_shortest():
    world = World()
    queue, other = world.queue("jobs"), world.queue("more-jobs")
    work = world.function(
        "work", allow("sqs:SendMessage", other), deny("sqs:SendMessage", queue), names=[other]
    )
    world.listen(queue, work)
    relay = world.function("relay", allow("sqs:SendMessage", queue), names=[queue])
    world.listen(other, relay)
    loops = analyse(world.graph()).loops
    assert [len(loop.hops) for loop in loops] == [4]


def test_it_keeps_parallel_notifications_apart():
    world = self_writing_bucket(WHOLE_BUCKET)
    bucket, function = world.edges[0].source, world.edges[0].target
    world.notify(bucket, function, prefix="in/", label="second")
    loops = analyse(world.graph()).loops
    assert len(loops) == 2
    assert len({loop.fingerprint for loop in loops}) == 2


@pytest.mark.parametrize("seed", range(10))
def test_it_does_not_depend_on_the_order_in_which_facts_arrive(seed):
    world = table_that_starts_its_own_writer(allow("dynamodb:*", "*"), named=False)
    bucket = world.bucket("uploads")
    world.notify(bucket, world.function("convert", allow("s3:*", "*")))
    one = analyse(world.graph())
    rng = random.Random(seed)
    other = analyse(shuffled(world, rng))
    assert one.loops == other.loops
    assert one.gaps == other.gaps


def shuffled(world: World, rng: random.Random) -> Graph:
    edges: list[Edge] = rng.sample(world.edges, len(world.edges))
    return graph(rng.sample(world.resources, len(world.resources)), edges)


@pytest.mark.parametrize("resource", ["arn:aws:lambda:eu-west-1:111122223333:function:again", "*"])
def test_it_finds_a_function_that_may_invoke_itself(resource):
    world = World()
    world.function("again", allow("lambda:InvokeFunction", resource))
    assert only(world).verdict is LoopVerdict.GUARDED


def test_it_finds_a_bucket_that_logs_into_itself():
    world = World()
    bucket = world.bucket("logs")
    world.edge(bucket, bucket, Meaning.WRITES, "s3.logging")
    assert only(world).verdict is LoopVerdict.LIVE


def test_it_blocks_the_second_hop_from_bus_to_bus():
    world = World()
    one, other = world.bus("one"), world.bus("other")
    world.rule(one, other, {"source": [{"prefix": ""}]}, "there")
    world.rule(other, one, {"source": [{"prefix": ""}]}, "back")
    assert {loop.verdict for loop in analyse(world.graph()).loops} <= {LoopVerdict.BLOCKED}


def test_it_knows_that_a_poll_has_no_on_success_destination():
    world = World()
    queue = world.queue("jobs")
    function = world.function("work")
    world.listen(queue, function)
    world.edge(function, queue, Meaning.TRIGGERS, "lambda.async.onsuccess")
    assert only(world).verdict is LoopVerdict.BLOCKED


def test_it_follows_an_on_success_destination_of_an_asynchronous_invocation():
    world = World()
    topic = world.topic("done")
    function = world.function("work")
    world.subscribe(topic, function)
    world.edge(function, topic, Meaning.TRIGGERS, "lambda.async.onsuccess")
    assert only(world).verdict is LoopVerdict.GUARDED


def test_it_finds_a_loop_that_only_the_buckets_own_policy_closes():
    world = World()
    role = "arn:aws:iam::111122223333:role/convert"
    statement = {**WHOLE_BUCKET, "Principal": {"AWS": role}}
    bucket = world.bucket("uploads", policy={"Version": "2012-10-17", "Statement": [statement]})
    world.notify(bucket, world.function("convert"))
    assert only(world).verdict is LoopVerdict.GUARDED


@pytest.mark.parametrize("name", [f"publish-{number}" for number in range(12)])
def test_one_event_that_is_stopped_does_not_hide_another_that_goes_round(name):
    world = World()
    start, relay = world.bus("one"), world.bus("other")
    heard = Filter("eventbridge.pattern", '{"source": ["shop"]}')
    for source, target in ((start, relay), (relay, start)):
        world.edge(source, target, Meaning.FORWARDS, "ddb.stream", heard=heard)  # carries events
    chosen = {"StringEquals": {"events:source": "elsewhere"}}
    statement = allow("events:PutEvents", start, Condition=chosen)
    world.rule(start, world.function(name, statement, names=[start]), {"source": ["elsewhere"]})
    loops = {
        tuple(hop.edge.source for hop in loop.hops): loop for loop in analyse(world.graph()).loops
    }
    [between] = [loop for way, loop in loops.items() if set(way) == {start, relay}]
    assert between.verdict is not LoopVerdict.BLOCKED


@pytest.mark.parametrize("name", CASES)
def test_dense_components_end_in_time_with_every_trigger_on_a_listed_loop(name):
    graph = CASES[name]().graph()
    began = time.process_time()
    analysis = analyse(graph)
    assert time.process_time() - began < 10
    assert analysis.loops[0].verdict in (
        LoopVerdict.LIVE,
        LoopVerdict.GUARDED,
        LoopVerdict.POSSIBLE,
    )
    listed = {hop.edge.id for loop in analysis.loops for hop in loop.hops}
    assert {edge.id for edge in graph.edges} <= listed


def test_it_says_up_to_what_length_further_loops_were_counted():
    small = analyse(self_writing_bucket(WHOLE_BUCKET).graph())
    assert (small.more_loops, small.complete_to) == (0, MAX_LENGTH)
    dense = analyse(CASES["K30"]().graph())
    assert dense.more_loops > 900
    assert 6 <= dense.complete_to < 12  # three steps to every function: all pairs are counted


@pytest.mark.parametrize("length", range(1, 9))
def test_it_finds_planted_loops_of_every_length(length, monkeypatch):
    monkeypatch.setattr(organisation, "LOOPS", (length,))
    made = organisation.organisation(400)
    listed = {
        frozenset(hop.edge.source for hop in loop.hops)
        for loop in analyse(graph(made.resources, made.edges)).loops
    }
    assert made.planted
    assert all(len(each) == length for each in made.planted)
    assert listed.issuperset(made.planted)


@pytest.mark.parametrize(
    ("facts", "said"),
    [({}, "which was not read here"), ({"recursive_loop": "Terminate"}, "It is on: no function")],
)
def test_it_says_whether_the_guards_switch_was_read(facts, said):
    world = World()
    queue = world.queue("jobs")
    world.listen(queue, world.function("work", allow("sqs:SendMessage", queue), **facts))
    assert said in only(world).guard.because
