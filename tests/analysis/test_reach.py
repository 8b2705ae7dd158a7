"""What an event at one resource sets off, and whether anything of it comes back."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.world import World, allow
from topology.analysis import analyse
from topology.analysis.reach import MOST, sets_off, way_back
from topology.graph import Graph, Meaning
from topology.inference.writes import permitted_writes
from topology.verdict import LoopVerdict


def told(graph: Graph, arn: str, steps: int = 4) -> list[str]:
    """Each delivery downstream as ``depth name verdict``."""
    found = sets_off(graph, permitted_writes(graph), arn, steps).steps
    return [
        f"{each.depth} {graph.resources[each.edge.target].name} {each.hop.word}"
        + (" (told)" if each.is_told else "")
        for each in found
        if each.edge.target in graph.resources
    ]


def csv_to_json(writes: str) -> tuple[Graph, str, str]:
    """A bucket that tells a function of its ``.csv``, which writes some keys back to it."""
    world = World()
    feeds = world.bucket("feeds")
    convert = world.function("convert", allow("s3:PutObject", f"{feeds}/{writes}"))
    world.notify(feeds, convert, suffix=".csv")
    return world.graph(), convert, feeds


def test_what_a_function_writes_is_followed_to_the_filter_that_stops_it():
    graph, convert, _ = csv_to_json("*.json")
    assert told(graph, convert) == ["1 feeds always", "2 convert cannot (told)"]


def test_what_it_may_write_and_what_of_that_is_heard_are_told_apart():
    graph, convert, _ = csv_to_json("*")
    assert told(graph, convert) == ["1 feeds always", "2 convert sometimes (told)"]


def test_each_resource_is_gone_on_from_where_it_is_nearest():
    world = World()
    topic, queue = world.topic("orders"), world.queue("jobs")
    work = world.function("work")
    world.edge(topic, queue, Meaning.FORWARDS, "sns.sub.sqs")
    world.edge(topic, work, Meaning.TRIGGERS, "sns.sub.lambda")
    world.edge(queue, work, Meaning.TRIGGERS, "esm.sqs.lambda")
    assert told(world.graph(), topic) == [
        "1 work always",
        "1 jobs always",
        "2 work always (told)",
    ]


def test_it_says_how_much_comes_after_what_it_tells():
    world = World()
    queues = [world.queue(f"q{number:03}") for number in range(6)]
    for source, target in pairwise(queues):
        world.edge(source, target, Meaning.FORWARDS, "test.forward")
    found = sets_off(world.graph(), permitted_writes(world.graph()), queues[0], 2)
    assert ([each.depth for each in found.steps], found.beyond) == ([1, 2], 1)


def test_a_crowd_is_capped_and_counted():
    world = World()
    topic = world.topic("all")
    for number in range(MOST + 20):
        world.edge(topic, world.queue(f"q{number:03}"), Meaning.FORWARDS, "sns.sub.sqs")
    found = sets_off(world.graph(), permitted_writes(world.graph()), topic)
    assert (len(found.steps), found.beyond) == (MOST - 1, 21)


@pytest.mark.parametrize(
    ("keys", "verdict"), [("*.json", LoopVerdict.BLOCKED), ("*.csv", LoopVerdict.GUARDED)]
)
def test_the_way_back_is_judged_by_the_event_that_is_sent_round_it(keys, verdict):
    graph, convert, feeds = csv_to_json(keys)
    for name in (convert, feeds):
        way = way_back(graph, permitted_writes(graph), name)
        assert way is not None
        assert way.verdict is verdict
        assert way.fingerprint in {loop.fingerprint for loop in analyse(graph).loops}


def test_a_way_that_is_switched_off_is_taken_only_where_there_is_no_other():
    world = World()
    jobs = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", jobs))
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda", dormant="it is Disabled")
    graph = world.graph()
    [stopped] = [
        hop
        for hop in way_back(graph, permitted_writes(graph), work).hops  # type: ignore[union-attr]
        if hop.hop.word == "cannot"
    ]
    assert "Disabled" in stopped.hop.because


def test_where_nothing_leads_back_there_is_no_way():
    world = World()
    jobs = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", world.queue("done")))
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda")
    assert way_back(world.graph(), permitted_writes(world.graph()), work) is None


def test_a_grant_on_anything_leads_back_through_whatever_it_reaches():
    world = World()
    jobs = world.queue("jobs")
    for number in range(30):
        world.queue(f"other-{number}")
    work = world.function("work", allow("sqs:SendMessage", "*"))
    world.edge(jobs, work, Meaning.TRIGGERS, "esm.sqs.lambda")
    way = way_back(world.graph(), permitted_writes(world.graph()), work)
    assert way is not None
    assert [hop.edge.target for hop in way.hops] == [work, jobs]
