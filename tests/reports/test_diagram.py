"""The drawing of one turn: boxes on a ring, arrows that touch them, names that are only text."""

from __future__ import annotations

import itertools
from typing import Any
from xml.etree import ElementTree

import pytest

from topology.reports.diagram import draw_loop, legend
from topology.reports.layout import Ring
from topology.reports.svg import Point

SVG = "{http://www.w3.org/2000/svg}"
RINGS = [Ring(count, columns) for count in range(1, 30) for columns in (1, 4)]


def hop(number: int = 0, of: int = 1, **changes: Any) -> dict[str, Any]:
    """The edge of a report from one function to the next."""
    names = [f"f{number % of}", f"f{(number + 1) % of}"]
    edge: dict[str, Any] = {
        "source": f"arn:{names[0]}",
        "target": f"arn:{names[1]}",
        "source_name": names[0],
        "target_name": names[1],
        "source_kind": "lambda.function",
        "target_kind": "lambda.function",
        "meaning": "triggers",
        "evidence": "declared",
        "dormant": "",
        "hop": {"verdict": "always", "because": "it does"},
    }
    return edge | changes


def drawn(*edges: dict[str, Any], columns: int = 4) -> ElementTree.Element:
    """The parsed drawing of a loop of these edges."""
    return ElementTree.fromstring(draw_loop({"title": "a loop", "edges": edges}, columns))


def words(drawing: ElementTree.Element) -> list[str]:
    """Every text of a drawing, in document order."""
    return [text.text or "" for text in drawing.iter(f"{SVG}text")]


def styles(drawing: ElementTree.Element) -> list[set[str]]:
    """The classes of each hop."""
    return [set(each.get("class", "").split()) for each in drawing.iter(f"{SVG}a")]


class TestRing:
    @pytest.mark.parametrize("ring", RINGS, ids=lambda ring: f"{ring.count} in {ring.columns}")
    def test_boxes_stand_apart_and_inside_the_drawing(self, ring: Ring) -> None:
        (width, height), corners = ring.size, [ring.corner(i) for i in range(ring.count)]
        for x, y in corners:
            assert 0 <= x <= width - ring.box[0]
            assert 0 <= y <= height - ring.box[1]
        for (x1, y1), (x2, y2) in itertools.combinations(corners, 2):
            assert abs(x1 - x2) >= ring.box[0] or abs(y1 - y2) >= ring.box[1]

    @pytest.mark.parametrize("ring", RINGS, ids=lambda ring: f"{ring.count} in {ring.columns}")
    def test_every_line_joins_its_boxes_and_crosses_no_other(self, ring: Ring) -> None:
        for index in range(ring.count):
            route = ring.route(index)
            after = (index + 1) % ring.count
            assert on_border(route[0], ring.corner(index), ring.box)
            assert on_border(route[-1], ring.corner(after), ring.box)
            for other in range(ring.count):
                for start, end in itertools.pairwise(route):
                    assert not passes_through(start, end, ring.corner(other), ring.box)

    def test_it_spreads_boxes_evenly_over_rows(self) -> None:
        assert [(Ring(count, 4).rows, Ring(count, 4).across) for count in (4, 5, 7, 9)] == [
            (1, 4),
            (2, 3),
            (2, 4),
            (3, 3),
        ]


class TestDrawing:
    def test_it_numbers_the_hops_and_links_each_to_its_words(self) -> None:
        drawing = drawn(*(hop(number, 3) for number in range(3)))
        links = [each.get("href") for each in drawing.iter(f"{SVG}a")]
        assert links == ["#hop-1", "#hop-2", "#hop-3"]
        named = [each.get("aria-label") for each in drawing.iter(f"{SVG}a")]
        assert named[2] == "Hop 3: f2 to f0: triggers, always"

    @pytest.mark.parametrize("columns", [1, 4])
    def test_it_says_in_words_what_colour_and_line_say(self, columns: int) -> None:
        drawing = drawn(
            hop(0, 4, meaning="on-failure"),
            hop(1, 4, dormant="the rule is DISABLED", hop={"verdict": "cannot"}),
            hop(2, 4, meaning="writes", evidence="permitted", hop={"verdict": "sometimes"}),
            hop(3, 4, meaning="writes", evidence="configured", hop={"verdict": "unknown"}),
            columns=columns,
        )
        said = words(drawing)
        for phrase in ("on failure", "switched off", "may write", "sometimes", "not decided"):
            assert phrase in said
        assert "hop-failure" in styles(drawing)[0]
        assert {"hop-dormant", "hop-cannot"} <= styles(drawing)[1]

    def test_it_puts_a_bar_across_a_hop_that_nothing_passes(self) -> None:
        bars = drawn(hop(0, 2, hop={"verdict": "cannot"}), hop(1, 2)).iter(f"{SVG}path")
        assert sum(each.get("class") == "bar" for each in bars) == 1

    def test_it_draws_a_channel_twice_where_the_loop_passes_it_twice(self) -> None:
        edges = [hop(n, 4, source_name=name) for n, name in enumerate(["bus", "a", "bus", "b"])]
        edges[2]["source"] = edges[0]["source"]
        assert words(drawn(*edges)).count("bus") == 2
        assert "Lambda function (again)" in words(drawn(*edges))

    def test_it_explains_only_the_lines_it_drew(self) -> None:
        assert legend({"edges": [hop()]}) == []
        dashed = legend({"edges": [hop(meaning="on-failure")]})
        assert dashed == ["Dashed: only after a failure."]

    def test_a_kind_nobody_drew_a_sign_for_gets_its_letters(self) -> None:
        drawing = drawn(hop(source_kind="batch.job-queue"))
        assert "ba" in words(drawing)
        assert "job queue" in words(drawing)

    def test_equal_loops_are_equal_bytes(self) -> None:
        loop = {"title": "a", "edges": [hop(number, 9) for number in range(9)]}
        assert draw_loop(loop) == draw_loop(loop)


def on_border(point: Point, corner: Point, box: tuple[float, float]) -> bool:
    (x, y), (left, top), (width, height) = point, corner, box
    within = left <= x <= left + width and top <= y <= top + height
    return within and (x in (left, left + width) or y in (top, top + height))


def passes_through(start: Point, end: Point, corner: Point, box: tuple[float, float]) -> bool:
    """Whether a level or upright line has a point strictly inside a box."""
    (left, top), (width, height) = corner, box
    low_x, high_x = sorted((start[0], end[0]))
    low_y, high_y = sorted((start[1], end[1]))
    return low_x < left + width and high_x > left and low_y < top + height and high_y > top
