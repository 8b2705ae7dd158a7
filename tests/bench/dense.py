"""Components that explode where every way is followed, each as a world and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.world import World, allow


def complete(size: int) -> World:
    """Functions that may all write to every table, each started by its own."""
    world = World()
    tables = [world.table(f"t{number}") for number in range(size)]
    names = [table for table, _ in tables]
    for number, (_, stream) in enumerate(tables):
        statement = allow("dynamodb:PutItem", names)
        world.listen(stream, world.function(f"f{number}", statement, names=names))
    return world


def ring(size: int) -> World:
    """One component of ``size`` resources, with short cuts everywhere."""
    world = World()
    queues = [world.queue(f"q{number}") for number in range(size // 2)]
    for number, queue in enumerate(queues):
        targets = [queues[(number + 1) % len(queues)], queues[(number * 7 + 3) % len(queues)]]
        statement = allow("sqs:SendMessage", targets)
        world.listen(queue, world.function(f"f{number}", statement, names=targets))
    return world


def bus(rules: int, own: bool) -> World:
    """A bus with as many rules as writers; ``own``: each hears only what its own writer says."""
    world = World()
    shared = world.bus("shared")
    for number in range(rules):
        source = f"s{number}"
        chosen = {"ForAllValues:StringEquals": {"events:source": source}}
        statement = allow("events:PutEvents", shared, **({"Condition": chosen} if own else {}))
        function = world.function(f"f{number}", statement, names=[shared])
        world.rule(shared, function, {"source": [source]}, f"rule-{number}")
    return world


CASES: Mapping[str, Callable[[], World]] = {
    "K12": lambda: complete(12),
    "K30": lambda: complete(30),
    "1,000 resources": lambda: ring(1000),
    "2,000 rules, 2,000 writers": lambda: bus(2000, own=False),
    "2,000 rules, each of its writer": lambda: bus(2000, own=True),
}
