"""The cheapest choice equals what trying every choice finds; the quick one is never cheaper."""

from __future__ import annotations

import random
from itertools import chain, combinations

import networkx as nx
import pytest

from topology.analysis.hitting_set import TooManyBranchesError, backward, cheapest, greedy


def groups_and_weights(seed: int) -> tuple[list[set[int]], list[int]]:
    chance = random.Random(seed)
    weights = [chance.randint(1, 6) for _ in range(chance.randint(1, 9))]
    numbers = range(len(weights))
    groups = [
        set(chance.sample(numbers, chance.randint(1, min(4, len(weights)))))
        for _ in range(chance.randint(0, 8))
    ]
    return groups, weights


def cost(chosen: frozenset[int], weights: list[int]) -> int:
    return sum(weights[each] for each in chosen)


@pytest.mark.parametrize("seed", range(300))
def test_nothing_that_hits_every_group_is_cheaper(seed):
    groups, weights = groups_and_weights(seed)
    numbers = range(len(weights))
    everything = chain.from_iterable(combinations(numbers, n) for n in range(len(weights) + 1))
    hitting = [set(each) for each in everything if all(set(each) & group for group in groups)]
    least = min((cost(frozenset(each), weights), len(each)) for each in hitting)
    found = cheapest(groups, weights)
    assert all(found & group for group in groups)
    assert (cost(found, weights), len(found)) == least
    quick = greedy(groups, weights)
    assert all(quick & group for group in groups)
    assert cost(quick, weights) >= least[0]


def test_nothing_hits_an_empty_group():
    for choose in (cheapest, greedy):
        with pytest.raises(ValueError, match="empty"):
            choose([{0}, set()], [1])


def test_it_gives_up_where_there_is_too_much_to_try():
    chance = random.Random(1)
    groups = [set(chance.sample(range(60), 4)) for _ in range(200)]
    with pytest.raises(TooManyBranchesError):
        cheapest(groups, [chance.randint(1, 6) for _ in range(60)])


@pytest.mark.parametrize("seed", range(100))
def test_without_the_arcs_against_the_order_nothing_goes_round(seed):
    chance = random.Random(seed)
    nodes = range(chance.randint(1, 12))
    arcs = {(chance.choice(nodes), chance.choice(nodes)): chance.randint(1, 6) for _ in range(30)}
    left = set(arcs) - set(backward(arcs))
    assert nx.is_directed_acyclic_graph(nx.DiGraph(left))


def test_of_two_arcs_that_close_a_cycle_the_light_one_goes():
    assert backward({("a", "b"): 5, ("b", "a"): 1}) == [("b", "a")]
