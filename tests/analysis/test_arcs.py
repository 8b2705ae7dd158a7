"""An order that little leads against."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as some

from topology.analysis.arcs import order

ARCS = some.dictionaries(
    some.tuples(some.integers(0, 8), some.integers(0, 8)).filter(lambda arc: arc[0] != arc[1]),
    some.integers(1, 5),
)


def back(weights: dict[tuple[int, int], int], place: list[int]) -> int:
    return sum(weight for (a, b), weight in weights.items() if place[a] > place[b])


@given(ARCS)
def test_every_node_has_a_place_and_at_most_half_of_the_weight_leads_back(weights) -> None:
    place = order(9, weights)
    assert sorted(place) == list(range(9))
    assert back(weights, place) * 2 <= sum(weights.values())


def test_a_chain_and_a_ring_are_in_the_order_of_travel() -> None:
    chain = {(node, node + 1): 1 for node in range(5)}
    assert order(6, chain) == [0, 1, 2, 3, 4, 5]
    assert order(6, {**chain, (5, 0): 1}) == [0, 1, 2, 3, 4, 5]


def test_the_lighter_way_of_two_is_the_one_that_leads_back() -> None:
    assert back({(0, 1): 1, (1, 0): 9}, order(2, {(0, 1): 1, (1, 0): 9})) == 1


def test_the_order_in_which_arcs_come_leaves_no_trace() -> None:
    arcs = [(random.Random(seed).sample(range(20), 2), seed % 3 + 1) for seed in range(60)]
    forth = {(a, b): weight for (a, b), weight in arcs}
    assert order(20, forth) == order(20, dict(reversed(forth.items())))
