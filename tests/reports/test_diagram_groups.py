"""A group's drawing: every arrow from side to side, its style and the whole ARN of every box."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from topology.reports.group_diagram import BOX, EDGE, STEP, draw_group

SVG = "{http://www.w3.org/2000/svg}"


def arrow(source: int, target: int, **changes: Any) -> dict[str, Any]:
    """An ordinary arrow."""
    plain = {"meaning": "forwards", "in_loop": False, "dormant": False, "hearsay": False}
    return {"source": source, "target": target} | plain | changes


def drawn(*arrows: dict[str, Any], length: int = 4) -> ElementTree.Element:
    """The parsed drawing of so many boxes with these arrows."""
    boxes = [
        {"arn": f"arn:{n}", "name": f"n{n}", "kind": "sqs.queue", "in_loop": False}
        for n in range(length)
    ]
    return ElementTree.fromstring(draw_group({"title": "a", "boxes": boxes, "arrows": arrows}))


def lines(drawing: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """The points each arrow's line passes."""
    paths = [
        each.get("d", "") for each in drawing.iter(f"{SVG}path") if each.get("class") == "line"
    ]
    return [
        [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", path)]
        for path in paths
    ]


def test_it_names_every_box_in_full() -> None:
    assert [each.text for each in drawn().iter(f"{SVG}title")] == [f"arn:{n}" for n in range(4)]


@pytest.mark.parametrize(
    "arrows",
    [
        [arrow(0, 0)],
        [arrow(0, 1), arrow(1, 0)],
        [arrow(0, 1), arrow(1, 2), arrow(2, 0)],
        [arrow(0, 1), arrow(1, 2), arrow(2, 3), arrow(3, 0), arrow(0, 3)],
    ],
)
def test_arrows_stay_inside_the_drawing_and_start_at_the_side_of_a_box(
    arrows: list[dict[str, Any]],
) -> None:
    drawing = drawn(*arrows)
    _, _, width, height = map(float, drawing.get("viewBox", "").split())
    lefts = {float(each.get("x", 0)) for each in drawing.iter(f"{SVG}rect")}
    sides = lefts | {left + BOX[0] for left in lefts}
    assert len(lines(drawing)) == len(arrows)
    for line in lines(drawing):
        assert {line[0][0], line[-1][0]} <= sides
        assert all(0 <= x <= width and 0 <= y <= height for x, y in line)


def test_the_way_there_and_the_way_back_are_two_lines() -> None:
    there, back = lines(drawn(arrow(0, 1), arrow(1, 0)))
    assert {y for _, y in there}.isdisjoint(y for _, y in back)


def test_a_line_past_a_layer_stays_level_along_its_boxes() -> None:
    long = lines(drawn(arrow(0, 1), arrow(1, 2), arrow(0, 2)))[2]
    [layer] = {x for x, _ in long if long[0][0] < x < long[-1][0] and (x - EDGE) % STEP[0] == 0}
    assert (layer + BOX[0], dict(long)[layer]) in long


def test_it_styles_what_is_in_a_loop_switched_off_or_only_permitted() -> None:
    marks = [arrow(0, 1, in_loop=True), arrow(1, 2, dormant=True, hearsay=True)]
    classes = {each.get("class") for each in drawn(*marks).iter(f"{SVG}g")}
    assert {"forwards in-loop", "forwards dormant hearsay"} <= classes
