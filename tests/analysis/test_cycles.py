"""Components and cheapest cycles against a slow, obvious oracle."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import permutations

import networkx as nx
import pytest

from topology.analysis import cycles


@dataclass(frozen=True)
class Arrow:
    source: int
    target: int
    order: str
    weight: int = 0


def random_arrows(seed: int) -> list[Arrow]:
    rng = random.Random(seed)
    nodes = rng.randint(1, 6)
    return [
        Arrow(rng.randrange(nodes), rng.randrange(nodes), f"{number:03}", rng.randint(0, 2))
        for number in range(rng.randint(0, 12))
    ]


def every_cycle(arrows: list[Arrow]) -> list[tuple[Arrow, ...]]:
    """Brute force: every ordered choice of arrows that closes and visits no node twice."""
    found = []
    for length in range(1, 7):
        for path in permutations(arrows, length):
            closes = all(
                a.target == b.source for a, b in zip(path, (*path[1:], path[0]), strict=True)
            )
            if closes and len({arrow.source for arrow in path}) == length:
                found.append(path)
    return found


def cost(arrow: Arrow) -> tuple[int, int]:
    return (arrow.weight, 1)


def total(path: list[Arrow] | tuple[Arrow, ...]) -> tuple[int, int]:
    return (sum(arrow.weight for arrow in path), len(path))


@pytest.mark.parametrize("seed", range(60))
def test_it_finds_the_cheapest_cycle_through_every_arrow_that_lies_on_one(seed):
    arrows = random_arrows(seed)[:8]
    oracle: dict[Arrow, tuple[int, int]] = {}
    for path in every_cycle(arrows):
        for arrow in path:
            oracle[arrow] = min(oracle.get(arrow, (99, 99)), total(path))
    found = {}
    for component in cycles.components(arrows):
        for arrow in component:
            cheapest = cycles.cheapest_through(arrow, component, cost)
            assert cheapest[0] is arrow
            found[arrow] = total(cheapest)
    assert found == oracle


@pytest.mark.parametrize("seed", range(40))
def test_it_does_not_depend_on_the_order_of_the_arrows(seed):
    arrows = random_arrows(seed)
    shuffled = random.Random(seed).sample(arrows, len(arrows))
    one, other = cycles.components(arrows), cycles.components(shuffled)
    assert one == other
    for component in one:
        for arrow in component:
            again = random.Random(seed).sample(component, len(component))
            assert cycles.cheapest_through(arrow, component, cost) == cycles.cheapest_through(
                arrow, again, cost
            )


@pytest.mark.parametrize("seed", range(40))
def test_it_enumerates_every_elementary_cycle_with_parallel_arrows_apart(seed):
    arrows = random_arrows(seed)[:8]
    found = {
        frozenset(cycle)
        for component in cycles.components(arrows)
        for cycle in cycles.elementary(component, length=6, effort=100_000)
    }
    assert found == {frozenset(cycle) for cycle in every_cycle(arrows)}


def test_it_agrees_with_networkx_on_what_lies_on_a_cycle():
    for seed in range(100, 150):
        arrows = random_arrows(seed)
        graph = nx.MultiDiGraph((a.source, a.target) for a in arrows)
        on_a_cycle = {
            node
            for members in nx.strongly_connected_components(graph)
            if len(members) > 1 or graph.has_edge(*[next(iter(members))] * 2)
            for node in members
        }
        assert {
            arrow.source for component in cycles.components(arrows) for arrow in component
        } == on_a_cycle


def test_it_gives_up_on_a_component_with_more_cycles_than_anybody_counts():
    everyone_to_everyone = [
        Arrow(one, other, f"{one:02}{other:02}") for one in range(30) for other in range(30)
    ]
    found = list(cycles.elementary(everyone_to_everyone, length=12, effort=10_000))
    assert 100 < len(found) < 10_000
    assert len({frozenset(cycle) for cycle in found}) == len(found)


def test_it_does_not_follow_paths_that_cannot_come_back_in_time():
    ring = [Arrow(at, (at + 1) % 5000, f"{at:04}") for at in range(5000)]
    detours = [Arrow(at, (at + 2) % 5000, f"d{at:04}") for at in range(5000)]
    assert list(cycles.elementary([*ring, *detours], length=12, effort=1_000_000)) == []
