"""Accounts of at most seven resources, and their loops by brute force."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from tests.world import World, allow
from topology.analysis import Analysis, analyse
from topology.analysis.analyse import MAX_LENGTH
from topology.graph import Evidence

MOST = 7  # resources

Way: TypeAlias = tuple[str, str, str]  # from, to, and what tells parallel ones apart


def account(seed: int) -> tuple[World, list[Way]]:
    """Functions that write to buckets, which tell them, or to queues; and every way there is.

    Of one kind: where a function is told and also polls, it is two places of a loop.
    """
    chance = random.Random(seed)
    world, ways = World(), list[Way]()
    number = chance.randint(1, 3)
    mappings: tuple[str, ...]
    if chance.random() < 0.5:
        channels = [world.queue(f"q{each}") for each in range(number)]
        action, named, mappings, calls = "sqs:SendMessage", "{}", ("",), 0.0
    else:
        channels = [world.bucket(f"b{each}") for each in range(number)]
        action, named, mappings, calls = "s3:PutObject", "{}/*", ("one", "other"), 0.3
    functions: list[str] = []
    for each in range(chance.randint(1, MOST - number)):
        targets = chance.sample(channels, chance.randint(0, number))
        called = [function for function in functions if chance.random() < calls]
        function = world.function(
            f"f{each}",
            *(allow(action, named.format(target)) for target in targets),
            *(allow("lambda:InvokeFunction", target) for target in called),
        )
        functions.append(function)
        ways += [(function, target, "") for target in (*targets, *called)]
    for function in functions:
        for channel in chance.sample(channels, chance.randint(0, number)):
            for label in mappings[: chance.randint(1, 2)]:
                if label:
                    world.notify(channel, function, label=label)
                else:
                    world.listen(channel, function)
                ways.append((channel, function, label))
    return world, ways


def every_loop(ways: Iterable[Way]) -> set[frozenset[Way]]:
    """Brute force: every way on from every way that comes back and meets no resource twice."""
    leaving: dict[str, list[Way]] = {}
    for way in ways:
        leaving.setdefault(way[0], []).append(way)

    def grown(path: tuple[Way, ...], met: frozenset[str]) -> Iterator[frozenset[Way]]:
        for way in leaving.get(path[-1][1], ()):
            if way[1] == path[0][0]:
                yield frozenset((*path, way))
            elif way[1] not in met:
                yield from grown((*path, way), met | {way[1]})

    return {loop for way in ways for loop in grown((way,), frozenset(way[:2]))}


def listed(analysis: Analysis) -> list[frozenset[Way]]:
    """The loops an analysis lists, as ways."""
    return [
        frozenset(
            (edge.source, edge.target, edge.label if edge.evidence is Evidence.DECLARED else "")
            for edge in (hop.edge for hop in loop.hops)
        )
        for loop in analysis.loops
    ]


def check(seed: int) -> int:
    """Compare the analysis of an account with brute force; gives the number of its loops."""
    world, ways = account(seed)
    expected = every_loop(ways)
    analysis = analyse(world.graph())
    found = listed(analysis)
    assert len(found) == len(set(found)), seed
    assert set(found) <= expected, seed
    assert analysis.complete_to == MAX_LENGTH, seed
    assert len(found) + analysis.more_loops == len(expected), seed
    triggers = {way for loop in expected for way in loop if ":function:" in way[1]}
    assert triggers <= frozenset[Way]().union(*found), seed
    return len(expected)
