"""What cannot be is placed, explained or a gap, and never hides the rest."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.world import REGION, World, allow
from topology import catalog
from topology.analysis import Loop, analyse
from topology.analysis.overview import overview
from topology.graph import OUTSIDE, Edge, Evidence, Filter, Meaning, Resource, graph
from topology.reports.ends import ends
from topology.verdict import LoopVerdict

QUEUE = "arn:aws:sqs:eu-west-1:111122223333:jobs"
CHINESE = "arn:aws-cn:sqs:cn-north-1:111122223333:jobs"
GONE = "arn:aws:sqs:eu-west-1:111122223333:gone"


def with_a_loop() -> World:
    """A queue whose function sends to it again: what nothing may hide."""
    world = World()
    queue = world.queue("jobs")
    world.listen(queue, world.function("work", allow("sqs:SendMessage", queue), names=[queue]))
    return world


def dangling(world: World) -> None:
    world.edge(GONE, f"{GONE}-too", Meaning.FORWARDS, "pipe.target.sqs", "nowhere")


def vanished(world: World) -> None:
    """A mapping that is still there after its queue was deleted, to a function that is known."""
    world.listen(GONE, "arn:aws:lambda:eu-west-1:111122223333:function:work")


def nothing_at_all(world: World) -> None:
    world.edge("", "", Meaning.FORWARDS, "", "")


def no_arns(world: World) -> None:
    world.edge("not an arn", "hub:of nobody", Meaning.TRIGGERS, "lambda.function.url", "\x00\ud800")


def self_loop_of_nobody(world: World) -> None:
    world.edge(GONE, GONE, Meaning.ON_FAILURE, "sqs.redrive")


def another_partition(world: World) -> None:
    world.listen(CHINESE, "arn:aws:lambda:eu-west-1:111122223333:function:work")
    world.edge(QUEUE, CHINESE, Meaning.FORWARDS, "pipe.target.sqs", "across")


def unknown_kinds(world: World) -> None:
    world.edge(QUEUE, GONE, Meaning.WRITES, "no.such.edge", heard=Filter("no.language", "{"))


def contradictory(world: World) -> None:
    """One edge twice, once switched off: whoever reads it last is believed, and nobody both."""
    known = world.edges[0]
    world.edges.append(
        Edge(known.source, known.target, known.meaning, known.kind, dormant="it is disabled")
    )
    world.edges.append(known)


def an_environment_that_names_nothing(world: World) -> None:
    world.function("confused", allow("sqs:*", ""), allow("*", "arn:::::"), names=["", "arn:", GONE])


def resources_without_arns(world: World) -> None:
    """One of every kind, as no reader would state it."""
    for number, kind in enumerate(sorted(catalog.kinds())):
        name = f"nameless {number}"
        world.resources.append(Resource(name, kind, world.account, REGION, "", {"role": name}))
        world.edge(name, QUEUE, Meaning.FORWARDS, "pipe.target.sqs", name)
        world.edge(QUEUE, name, Meaning.FORWARDS, "pipe.source.sqs", name)


CASES: list[Callable[[World], None]] = [
    dangling,
    vanished,
    nothing_at_all,
    no_arns,
    self_loop_of_nobody,
    another_partition,
    unknown_kinds,
    contradictory,
    an_environment_that_names_nothing,
    resources_without_arns,
]


def the_loop(loops: tuple[Loop, ...]) -> Loop:
    way = {QUEUE, "arn:aws:lambda:eu-west-1:111122223333:function:work"}
    return next(each for each in loops if {hop.edge.source for hop in each.hops} == way)


@pytest.mark.parametrize("spoil", CASES, ids=lambda each: each.__name__)
def test_it_hides_no_loop(spoil):
    world = with_a_loop()
    spoil(world)
    assert the_loop(analyse(world.graph()).loops).verdict is LoopVerdict.GUARDED


@pytest.mark.parametrize("spoil", CASES, ids=lambda each: each.__name__)
def test_it_does_not_depend_on_the_order_of_what_is_wrong(spoil):
    world = with_a_loop()
    spoil(world)
    edges = {edge.id: edge for edge in world.edges}.values()  # the last of two that say otherwise
    one = analyse(graph(world.resources, edges))
    shuffled = random.Random(7).sample(list(edges), len(edges))
    other = analyse(graph(reversed(world.resources), shuffled))
    assert (one.loops, one.gaps) == (other.loops, other.gaps)


@pytest.mark.parametrize("spoil", CASES, ids=lambda each: each.__name__)
def test_it_is_drawn_with_the_rest(spoil):
    world = with_a_loop()
    spoil(world)
    analysis = analyse(world.graph())
    writes = [write.edge for write in analysis.writes.writes]
    drawn = overview(analysis.graph, writes, analysis.loops, world.account)
    assert any(QUEUE in {box["arn"] for box in group["boxes"]} for group in drawn["groups"])


def test_what_every_case_does_wrong_at_once_hides_no_loop_either():
    world = with_a_loop()
    for spoil in CASES:
        spoil(world)
    analysis = analyse(world.graph())
    assert the_loop(analysis.loops).verdict is LoopVerdict.GUARDED


def test_an_end_that_was_not_read_is_placed_outside_by_its_arn():
    world = with_a_loop()
    vanished(world)
    another_partition(world)
    resources = world.graph().resources
    assert resources[GONE].kind == resources[CHINESE].kind == OUTSIDE
    assert (resources[CHINESE].account, resources[CHINESE].region) == ("111122223333", "cn-north-1")


def test_a_queue_of_another_partition_is_not_the_one_of_the_same_name():
    world = World()
    world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", QUEUE), names=[QUEUE])
    world.listen(CHINESE, work)
    assert analyse(world.graph()).loops == ()


def test_a_delivery_that_leaves_what_was_read_is_said():
    world = with_a_loop()
    world.edge(QUEUE, CHINESE, Meaning.FORWARDS, "pipe.target.sqs", "across")
    analysis = analyse(world.graph())
    assert CHINESE in {each.target for each in ends(analysis.graph, [world.account], ["eu-west-1"])}


def test_a_self_loop_of_a_resource_that_was_not_read_is_still_a_loop():
    world = World()
    world.edge(GONE, GONE, Meaning.FORWARDS, "pipe.target.sqs", "again")
    [loop] = analyse(world.graph()).loops
    assert loop.verdict not in (LoopVerdict.BLOCKED, LoopVerdict.RETRY_STORM)
    assert [hop.edge.source for hop in loop.hops] == [GONE]


def test_of_two_rows_of_one_edge_either_is_one_edge():
    world = with_a_loop()
    contradictory(world)
    edges = world.graph().edges
    assert [edge.dormant for edge in edges if edge.evidence is Evidence.DECLARED] == [""]


def test_a_filter_that_is_no_language_is_a_gap_and_stops_nothing():
    world = World()
    queue, other = world.queue("jobs"), world.queue("more")
    unknown = Filter("no.language", "{")
    world.edge(queue, other, Meaning.FORWARDS, "pipe.target.sqs", "there", unknown)
    world.edge(other, queue, Meaning.FORWARDS, "pipe.target.sqs", "back")
    analysis = analyse(world.graph())
    assert [gap.resource for gap in analysis.gaps] == [queue]
    assert analysis.loops[0].verdict is LoopVerdict.POSSIBLE


def test_nothing_is_analysed_as_nothing():
    analysis = analyse(graph((), ()))
    assert (analysis.loops, analysis.more_loops, analysis.gaps) == ((), 0, ())
