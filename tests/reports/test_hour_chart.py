"""The chart of a loop's first hour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.reports.test_report import report, world_with_loop
from tests.world import World, allow
from topology.reports import json_report
from topology.reports.hour_chart import HEIGHT, WIDTH, description, draw_hour

SVG = "{http://www.w3.org/2000/svg}"
MEASURES = ("runs", "at_once")


def first_hour(world: World):
    return json_report.to_json(report(world.graph()))["loops"][0]["first_hour"]


def growing() -> World:
    """Two rules that deliver every event twice."""
    world = World()
    bus = world.bus("orders")
    work = world.function("work", allow("events:PutEvents", bus), names=[bus])
    for label in ("one/1", "two/1"):
        world.rule(bus, work, {"source": [{"prefix": ""}]}, label=label)
    return world


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("world", [world_with_loop, growing])
def test_it_draws_a_band_a_line_and_axes_within_its_frame(world, measure):
    root = ElementTree.fromstring(draw_hour(first_hour(world()), measure))
    classes = [each.get("class") for each in root]
    assert {"band", "usual", "axis", "tick", "grid"} <= set(classes)
    for path in root.iter(f"{SVG}path"):
        numbers = [float(each) for each in re.findall(r"-?\d+\.?\d*", path.get("d") or "")]
        assert all(0 <= each <= max(WIDTH, HEIGHT) for each in numbers)


def test_a_line_that_doubles_is_straight_until_the_ceiling_and_level_after_it():
    root = ElementTree.fromstring(draw_hour(first_hour(growing()), "at_once"))
    ceiling = next(each for each in root if each.get("class") == "ceiling")
    assert "ceiling 1,000" in "".join(root.itertext())
    height = float(re.findall(r"[\d.]+", ceiling.get("d") or "")[1])
    usual = next(each for each in root if each.get("class") == "usual").get("d") or ""
    last = float(usual.rpartition(" ")[2])
    assert last == pytest.approx(height, abs=0.2)


@pytest.mark.parametrize("measure", MEASURES)
def test_who_does_not_see_it_is_told(measure):
    hour = first_hour(growing())
    root = ElementTree.fromstring(draw_hour(hour, measure))
    assert root.get("role") == "img"
    ids = {each.get("id"): "".join(each.itertext()) for each in root if each.get("id")}
    assert (root.get("aria-labelledby") or "").split() == list(ids)
    assert description(hour, measure) in ids.values()


def test_the_same_hour_is_the_same_bytes():
    one, other = (draw_hour(first_hour(growing()), "runs") for _ in range(2))
    assert one == other


def test_it_has_no_colours_of_its_own():
    assert not re.search(
        r"style=|fill=|stroke=|#[0-9a-f]{3}", draw_hour(first_hour(growing()), "runs")
    )
