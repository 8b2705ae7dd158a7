"""Layers: left to right, nobody on top of another, and the same for the same data."""

from __future__ import annotations

import os
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from topology.reports.layout import layered

COUNT = 12
arrows = st.sets(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=30)
forward = arrows.map(lambda found: {(min(pair), max(pair)) for pair in found})


@settings(max_examples=100, deadline=None)
@given(arrows)
def test_no_two_boxes_share_a_place(found: set[tuple[int, int]]) -> None:
    places = layered(COUNT, found).places
    assert len(places) == COUNT
    for number, (x, y) in enumerate(places):
        assert x >= 0
        assert y >= 0
        assert all(x != x2 or abs(y - y2) >= 0.99 for x2, y2 in places[:number])


@settings(max_examples=100, deadline=None)
@given(arrows)
def test_every_pair_of_boxes_with_an_arrow_has_a_route_between_them(
    found: set[tuple[int, int]],
) -> None:
    layers = layered(COUNT, found)
    wanted = {frozenset(pair) for pair in found if pair[0] != pair[1]}
    assert {frozenset(pair) for pair in layers.routes} == wanted
    for (source, target), route in layers.routes.items():
        assert (route[0], route[-1]) == (layers.places[source], layers.places[target])
        assert [x for x, _ in route] == sorted({x for x, _ in route})


@settings(max_examples=100, deadline=None)
@given(forward)
def test_arrows_without_a_cycle_all_run_to_the_right(found: set[tuple[int, int]]) -> None:
    assert layered(COUNT, found).routes.keys() == {pair for pair in found if pair[0] != pair[1]}


def test_a_cycle_starts_at_its_lowest_number_and_only_the_way_back_is_turned() -> None:
    assert layered(3, [(0, 1), (1, 2), (2, 0)]).routes.keys() == {(0, 1), (0, 2), (1, 2)}


def test_boxes_without_arrows_stand_in_rows_of_their_own() -> None:
    assert layered(5, []).places == ((0, 0), (1, 0), (2, 0), (3, 0), (0, 1))


def test_a_deep_chain_does_not_exhaust_the_stack() -> None:
    chain = [(number, number + 1) for number in range(3000)]
    assert layered(3001, chain).places[3000][0] == 3000


def test_places_do_not_depend_on_the_hash_seed_or_the_order_of_arrows() -> None:
    arrows = [(number * 7 % 40, number * 11 % 40) for number in range(60)]
    program = f"from topology.reports.layout import layered; print(layered(40, {arrows[::-1]}))"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert elsewhere.stdout == f"{layered(40, arrows)}\n"
