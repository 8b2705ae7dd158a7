"""Components, gravest cycles and all cycles against a slow, obvious oracle."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import networkx as nx
import pytest

from topology.analysis import cycles, strong, together
from topology.analysis.elementary import EffortSpentError

GRAPHS, NODES = 10_000, 7  # compared with brute force
ENOUGH = 1_000_000  # paths


@dataclass(frozen=True)
class Arrow:
    source: int
    target: int
    order: str
    gravity: int = 0
    length: int = 1

    @property
    def name(self) -> str | None:
        """Parallel arrows may be one piece of configuration; some nobody asks for."""
        return None if self.gravity == 9 else self.order[:2]


TRAITS = cycles.Traits[Arrow](
    name=lambda arrow: arrow.name,
    gravity=lambda arrow: min(arrow.gravity, 3),
    is_free=lambda arrow: not arrow.length,
)


def random_arrows(seed: int, most: int = 12) -> list[Arrow]:
    rng = random.Random(seed)
    nodes = rng.randint(1, NODES)
    return [
        Arrow(
            rng.randrange(nodes),
            rng.randrange(nodes),
            f"{number:03}",
            rng.choice((0, 0, 1, 2, 3, 9)),
            rng.choice((0, 1, 1, 1)),
        )
        for number in range(rng.randint(0, most))
    ]


def every_cycle(arrows: Sequence[Arrow]) -> Iterator[tuple[Arrow, ...]]:
    """Brute force: every way on from every arrow that comes back and meets no node twice."""

    def grown(path: tuple[Arrow, ...]) -> Iterator[tuple[Arrow, ...]]:
        for arrow in arrows:
            if arrow.source == path[-1].target:
                if arrow.target == path[0].source:
                    yield (*path, arrow)
                elif arrow.target not in {each.source for each in path} | {path[-1].target}:
                    yield from grown((*path, arrow))

    for arrow in arrows:
        if arrow.source == arrow.target:
            yield (arrow,)
        else:
            yield from grown((arrow,))


def graveness(path: Sequence[Arrow]) -> tuple[int, int]:
    return max(TRAITS.gravity(arrow) for arrow in path), sum(arrow.length for arrow in path)


def is_cycle(path: Sequence[Arrow]) -> bool:
    closes = all(a.target == b.source for a, b in zip(path, (*path[1:], path[0]), strict=True))
    return closes and len({arrow.source for arrow in path}) == len(path)


def test_components_and_cycles_equal_brute_force_on_ten_thousand_graphs():
    for seed in range(GRAPHS):
        arrows = random_arrows(seed)
        oracle = {frozenset(cycle) for cycle in every_cycle(arrows)}
        components = cycles.components(arrows)
        assert {arrow for each in components for arrow in each} == frozenset().union(*oracle), seed
        listed = [list(cycles.elementary(each, NODES, ENOUGH)) for each in components]
        found = [frozenset(cycle) for each in listed for cycle in each]
        assert Counter(found) == Counter(oracle), seed
        for each in listed:
            assert list(map(len, each)) == sorted(map(len, each))


@pytest.mark.parametrize("most", [0, 4, 30])
def test_it_finds_the_same_where_paths_become_too_many_to_grow_together(most, monkeypatch):
    for seed in range(1000):
        components = cycles.components(random_arrows(seed))
        whole = [Counter(map(frozenset, cycles.elementary(c, NODES, ENOUGH))) for c in components]
        with monkeypatch.context() as few:
            few.setattr(together, "MOST", most)
            for component, expected in zip(components, whole, strict=True):
                found = list(cycles.elementary(component, NODES, ENOUGH))
                assert Counter(map(frozenset, found)) == expected, seed
                assert list(map(len, found)) == sorted(map(len, found))


@pytest.mark.parametrize("size", [5, 9, 14])
def test_cycles_of_a_small_dense_graph_are_those_of_networkx(size):
    rng = random.Random(size)
    ends = [(a, b) for a in range(size) for b in range(size) if rng.random() < 0.7]
    leaving: list[list[int]] = [[] for _ in range(size)]
    for source, target in ends:
        leaving[source].append(target)
    found = [frozenset(each) for some in together.cycles(leaving, 5) for each in some]
    same = map(frozenset, nx.simple_cycles(nx.DiGraph(ends), length_bound=5))
    assert Counter(found) == Counter(same)


def test_every_name_lies_on_its_gravest_then_shortest_cycle_on_ten_thousand_graphs():
    for seed in range(GRAPHS):
        arrows = random_arrows(seed)
        best: dict[str, tuple[int, int]] = {}
        for cycle in every_cycle(arrows):
            for arrow in cycle:
                if arrow.name is not None:
                    best[arrow.name] = min(best.get(arrow.name, (9, 9)), graveness(cycle))
        found: dict[str, tuple[int, int]] = {}
        for component in cycles.components(arrows):
            listed = cycles.gravest(component, TRAITS)
            assert all(map(is_cycle, listed)), seed
            assert len({frozenset(cycle) for cycle in listed}) == len(listed), seed
            for path in listed:
                for arrow in path:
                    if arrow.name is not None:
                        found[arrow.name] = min(found.get(arrow.name, (9, 9)), graveness(path))
        assert found == best, seed


def test_out_of_patience_every_name_still_lies_on_a_cycle_of_its_gravity(monkeypatch):
    monkeypatch.setattr(cycles, "PATIENCE", 0)
    for seed in range(500):
        arrows = random_arrows(seed)
        best: dict[str, int] = {}
        for cycle in every_cycle(arrows):
            for arrow in cycle:
                if arrow.name is not None:
                    best[arrow.name] = min(best.get(arrow.name, 9), graveness(cycle)[0])
        found: dict[str, int] = {}
        for component in cycles.components(arrows):
            for path in cycles.gravest(component, TRAITS):
                for arrow in path:
                    if arrow.name is not None:
                        gravity = graveness(path)[0]
                        found[arrow.name] = min(found.get(arrow.name, 9), gravity)
        assert found == best, seed


@pytest.mark.parametrize("seed", range(40))
def test_it_does_not_depend_on_the_order_of_the_arrows(seed):
    arrows = random_arrows(seed)
    shuffled = random.Random(seed).sample(arrows, len(arrows))
    one, other = cycles.components(arrows), cycles.components(shuffled)
    assert one == other
    for component, same in zip(one, other, strict=True):
        assert cycles.gravest(component, TRAITS) == cycles.gravest(same, TRAITS)


@pytest.mark.parametrize("seed", range(20))
def test_components_agree_with_networkx_on_larger_graphs(seed):
    rng = random.Random(seed)
    nodes = rng.randint(50, 400)
    ends = {(rng.randrange(nodes), rng.randrange(nodes)) for _ in range(rng.randint(0, 2 * nodes))}
    leaving: list[list[int]] = [[] for _ in range(nodes)]
    for source, target in sorted(ends):
        leaving[source].append(target)
    graph = nx.DiGraph(sorted(ends))
    graph.add_nodes_from(range(nodes))
    label = strong.labels(leaving)
    groups: dict[int, set[int]] = {}
    for node, number in enumerate(label):
        groups.setdefault(number, set()).add(node)
    expected = {frozenset(each) for each in nx.strongly_connected_components(graph)}
    assert {frozenset(each) for each in groups.values()} == expected


def complete(size: int) -> list[Arrow]:
    nodes = range(size)
    return [Arrow(a, b, f"{a:03}{b:03}") for a in nodes for b in nodes if a != b]


@pytest.mark.parametrize("size", [12, 30])
def test_it_gives_up_on_a_component_with_more_cycles_than_anybody_counts(size):
    found: list[list[Arrow]] = []
    with pytest.raises(EffortSpentError):
        found.extend(cycles.elementary(complete(size), length=12, effort=50_000))
    assert len({frozenset(cycle) for cycle in found}) == len(found)
    longest = max(map(len, found))
    shorter = Counter(len(cycle) for cycle in found if len(cycle) < longest)
    assert shorter[2] == size * (size - 1) // 2
    assert shorter[3] == size * (size - 1) * (size - 2) // 3


def test_the_first_cycles_of_a_dense_component_come_at_once():
    first = list(islice(cycles.elementary(complete(30), length=8, effort=ENOUGH), 1000))
    assert {len(cycle) for cycle in first} == {2, 3}


def test_it_does_not_follow_paths_that_cannot_come_back_in_time():
    ring = [Arrow(at, (at + 1) % 2000, f"{at:04}") for at in range(2000)]
    detours = [Arrow(at, (at + 2) % 2000, f"d{at:04}") for at in range(2000)]
    assert list(cycles.elementary([*ring, *detours], length=12, effort=ENOUGH)) == []


@pytest.mark.parametrize("seed", range(12))
def test_its_cycles_are_those_of_networkx_up_to_a_length(seed):
    rng = random.Random(seed)
    nodes = rng.choice((8, 40, 200))
    ends = {(rng.randrange(nodes), rng.randrange(nodes)) for _ in range(int(nodes * 1.8))}
    arrows = [Arrow(source, target, f"{source:03}{target:03}") for source, target in sorted(ends)]
    found = [
        frozenset(arrow.order for arrow in cycle)
        for component in cycles.components(arrows)
        for cycle in cycles.elementary(component, 8, ENOUGH)
    ]
    expected = {
        frozenset(f"{a:03}{b:03}" for a, b in zip(each, (*each[1:], each[0]), strict=True))
        for each in nx.simple_cycles(nx.DiGraph(sorted(ends)), length_bound=8)
    }
    assert len(found) == len(set(found))
    assert set(found) == expected
