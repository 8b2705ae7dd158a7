"""The overview's drawing: a panel per group, folded groups together, everything said in words."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from topology.reports.overview_diagram import NARROW, draw_overview

SVG = "{http://www.w3.org/2000/svg}"


def group(title: str, length: int = 3, **changes: Any) -> dict[str, Any]:
    """A group that is a chain of boxes."""
    made = {
        "title": title,
        "resources": length,
        "folded": 0,
        "loops": 0,
        "boxes": [
            {"arn": f"arn:{n}", "name": f"n{n}", "kind": "sqs.queue", "in_loop": False}
            for n in range(length)
        ],
        "arrows": [arrow(n, n + 1) for n in range(length - 1)],
        "elsewhere": [],
    }
    return made | changes


def arrow(source: int, target: int, **changes: Any) -> dict[str, Any]:
    """An ordinary arrow."""
    plain = {"meaning": "forwards", "in_loop": False, "dormant": False, "hearsay": False}
    return {"source": source, "target": target} | plain | changes


def drawn(*groups: dict[str, Any], **options: float) -> ElementTree.Element:
    """The parsed drawing of these groups."""
    return ElementTree.fromstring(draw_overview({"account": "1", "groups": groups}, **options))


def words(drawing: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def test_it_puts_panels_side_by_side_where_there_is_room() -> None:
    groups = [group(str(number)) for number in range(4)]
    wide, narrow = drawn(*groups), drawn(*groups, room=NARROW)
    assert float(wide.get("height", 0)) * 2 < float(narrow.get("height", 0)) * 1.1
    assert float(wide.get("width", 0)) > float(narrow.get("width", 0))


def test_it_draws_groups_without_boxes_as_one_box_each() -> None:
    folded: dict[str, Any] = {"boxes": [], "arrows": [], "folded": 40, "resources": 40}
    drawing = drawn(group("open"), group("billing", **folded), group("mail", **folded))
    assert "Folded groups" in words(drawing)
    assert "billing (40)" in words(drawing)
    assert len(drawing) == 2


def test_it_says_in_a_panel_what_the_panel_leaves_out() -> None:
    elsewhere = [{"group": f"g{n}", "leaving": 2, "arriving": n} for n in range(5)]
    said = words(drawn(group("orders", folded=7, loops=2, elsewhere=elsewhere)))
    assert "orders · 2 loops" in said
    assert "and 7 more resources" in said
    assert "2 to g0" in said
    assert "2 to and 1 from g1" in said
    assert "and edges with 2 more groups" in said


@pytest.mark.parametrize("arrows", [[arrow(0, 0)], [arrow(0, 1), arrow(1, 0)], [arrow(2, 0)]])
def test_it_draws_loops_of_every_length(arrows: list[dict[str, Any]]) -> None:
    lines = drawn(group("a", arrows=arrows)).iter(f"{SVG}path")
    assert sum(each.get("class") == "line" for each in lines) == len(arrows)


def test_it_styles_what_is_in_a_loop_switched_off_or_only_permitted() -> None:
    marks = [arrow(0, 1, in_loop=True), arrow(1, 2, dormant=True, hearsay=True)]
    classes = {each.get("class") for each in drawn(group("a", arrows=marks)).iter(f"{SVG}g")}
    assert {"forwards in-loop", "forwards dormant hearsay"} <= classes


def test_it_draws_an_account_without_groups_as_nothing() -> None:
    assert len(drawn()) == 0
