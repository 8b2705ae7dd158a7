"""How tangled a drawing is, and that a tangle is drawn with fewer crossings."""

from __future__ import annotations

import itertools
import random

import pytest

from tests.bench.organisation import organisation
from topology.graph import graph
from topology.inference.writes import permitted_writes
from topology.reports.crossings import Line, crossings, rightward
from topology.reports.map_layout import WIDTH, layout
from topology.reports.map_scene import scene
from topology.reports.map_view import Ask, view


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([(0, 0, 2, 2), (0, 2, 2, 0)], 1),
        ([(0, 0, 2, 2), (2, 2, 4, 0)], 0),
        ([(0, 0, 2, 0), (0, 1, 2, 1)], 0),
        ([(4, 0, 0, 4), (0, 0, 4, 4), (0, 3, 4, 3)], 3),
    ],
)
def test_lines_cross_where_both_pass_each_other_inside(lines: list[Line], found: int) -> None:
    assert crossings(lines) == found


def test_a_sweep_counts_what_looking_at_every_pair_counts() -> None:
    rng = random.Random(7)

    def somewhere() -> float:
        return float(rng.randrange(1000))

    lines = [(somewhere(), somewhere(), somewhere(), somewhere()) for _ in range(120)]
    assert crossings(lines) == sum(crossings(two) for two in itertools.combinations(lines, 2))


def test_an_organisation_of_500_boxes_is_no_tangle_and_runs_to_the_right() -> None:
    """ELK's layered layout has 20.8 crossings per arrow of it (``bench_map``): half are allowed."""
    made = organisation(720)
    whole = graph(made.resources, made.edges)
    found = permitted_writes(whole)
    hubs = [hub.resource for hub in found.hubs.values()]
    seen = view(scene(whole, [each.edge for each in found.writes], hubs, ()), Ask(whole=True))
    at = dict(zip([box.id for box in seen.boxes], layout(seen).places, strict=True))
    drawn = [
        (at[each.source][0] + WIDTH, at[each.source][1], *at[each.target]) for each in seen.arrows
    ]
    assert crossings(drawn) <= 10.4 * len(drawn)
    assert rightward(drawn) >= 0.93 * len(drawn)
