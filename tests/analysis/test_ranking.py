"""Which loop is looked at first, and the sentence that says why."""

from __future__ import annotations

from tests.world import World, allow
from topology.analysis import Loop, analyse
from topology.verdict import LoopVerdict


def loops_of(world: World) -> tuple[Loop, ...]:
    return analyse(world.graph()).loops


def table(world: World, name: str, named: bool = True) -> str:
    """A loop that no guard cuts; ``named`` by an environment, or only permitted."""
    arn, stream = world.table(name)
    statement = allow("dynamodb:PutItem", arn)
    world.listen(stream, world.function(f"{name}-writer", statement, names=[arn] if named else []))
    return arn


def queue(world: World, name: str) -> str:
    """A loop that the guard cuts."""
    arn = world.queue(name)
    world.listen(arn, world.function(f"{name}-writer", allow("sqs:SendMessage", arn), names=[arn]))
    return arn


def test_the_verdict_comes_first_and_the_sentence_begins_with_it():
    world = World()
    table(world, "permitted", named=False)
    queue(world, "guarded")
    table(world, "live")
    loops = loops_of(world)
    assert [loop.verdict for loop in loops] == sorted(
        (loop.verdict for loop in loops), key=lambda each: each.gravity
    )
    assert loops[0].ranking.startswith("It goes round, and no guard of AWS's cuts it; one event")
    guarded = next(loop for loop in loops if loop.verdict is LoopVerdict.GUARDED)
    assert guarded.ranking.startswith("AWS's guard cuts it")


def test_of_equal_verdicts_what_multiplies_events_comes_first():
    world = World()
    table(world, "a-alone")
    doubled = table(world, "b-twice")
    for name in ("one", "two"):
        world.listen(f"{doubled}/stream/2026-01-01T00:00:00.000", world.function(name))
    statement = allow("dynamodb:PutItem", doubled)
    again = world.function("b-twice-again", statement, names=[doubled])
    world.listen(f"{doubled}/stream/2026-01-01T00:00:00.000", again)
    first = loops_of(world)[0]
    assert doubled in {hop.edge.source for hop in first.hops}


def test_of_equal_loops_the_one_that_feeds_more_comes_first():
    world = World()
    table(world, "a-alone")
    feeding = table(world, "b-feeding")
    for name in ("one", "two", "three"):
        world.listen(f"{feeding}/stream/2026-01-01T00:00:00.000", world.function(name))
    first, second = loops_of(world)
    assert feeding in {hop.edge.source for hop in first.hops}
    assert "3 more resources get what goes round" in first.ranking
    assert "0 more resources get what goes round" in second.ranking


def test_the_evidence_is_said_last():
    world = World()
    table(world, "permitted", named=False)
    assert loops_of(world)[0].ranking.endswith("a permission names where it may write.")
