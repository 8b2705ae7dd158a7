"""The map: what it shows of a moment, and what it says of an address that makes no sense."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from tests.store.observations import (
    ACCOUNT,
    BUCKET,
    BUCKETS,
    FUNCTION,
    REGION,
    TRIGGERS,
    bucket,
    function,
    notification,
    observation,
    publish,
)
from tests.web.scene import Scene
from topology import runs
from topology.graph import Edge, Evidence, Meaning, Resource, graph
from topology.models import Analysis
from topology.reports import map_scene
from topology.reports.map_columns import encoded
from topology.reports.map_layout import HEIGHT, WIDTH, layout
from topology.reports.map_scene import id_of, scene
from topology.reports.map_view import Ask, AskError, view
from topology.runs import mapping

NAUGHTY = "<img src=x onerror=\"document.title='canary'\"> nul \x00 \ud800 \u202egnp =1+1"


def thing(name: str, kind: str = "sqs.queue", **attributes: object) -> Resource:
    arn = f"arn:aws:{kind.partition('.')[0]}:{REGION}:{ACCOUNT}:{name}"
    return Resource(arn, kind, ACCOUNT, REGION, name, attributes, BUCKETS)


def edge(source: str, target: str, meaning: Meaning = Meaning.TRIGGERS, **more: Any) -> Edge:
    return Edge(thing(source).arn, thing(target).arn, meaning, "test", read=TRIGGERS, **more)


def drawn(edges: Sequence[Edge], loops: Sequence[dict[str, Any]] = ()) -> map_scene.Scene:
    names = {end.rpartition(":")[2] for each in edges for end in (each.source, each.target)}
    return scene(graph(map(thing, names), edges), (), (), loops)


def names(seen: Any) -> list[str]:
    return sorted(box.name for box in seen.boxes)


CHAIN = [edge(a, b) for a, b in ("ab", "bc", "cd", "de", "xb")]


def at(name: str) -> str:
    return id_of(thing(name).arn)


class TestView:
    @pytest.mark.parametrize(
        ("ask", "shown"),
        [
            (Ask(at=at("c"), steps=1), "bcd"),
            (Ask(at=at("b"), steps=2, way="down"), "bcd"),
            (Ask(at=at("b"), steps=1, way="up"), "abx"),
            (Ask(start=at("a"), end=at("d")), "abcd"),
            (Ask(start=at("d"), end=at("a")), "ad"),
            (Ask(), "abcdex"),
        ],
    )
    def test_it_shows_what_was_asked_for(self, ask: Ask, shown: str) -> None:
        assert names(view(drawn(CHAIN), ask)) == list(shown)

    def test_it_counts_what_it_leaves_out(self) -> None:
        seen = view(drawn(CHAIN), Ask(at=at("c"), steps=1))
        assert "3 resources are outside what was asked for" in seen.left_out

    def test_no_way_is_said_to_be_none_as_far_as_was_read(self) -> None:
        assert "as far as was read" in view(drawn(CHAIN), Ask(start=at("d"), end=at("a"))).said

    def test_a_whole_moment_opens_closed_by_group_and_opens_one_by_one(self) -> None:
        pairs = [(f"{side}{n}", f"{side}{n + 1}") for side in "ab" for n in range(40)]
        whole = drawn([edge(a, b) for a, b in pairs])
        closed = view(whole, Ask())
        assert [box.members for box in closed.boxes] == [41, 41]
        opened = view(whole, Ask(opened=frozenset({closed.boxes[0].id})))
        assert sorted(box.members for box in opened.boxes) == [0] * 41 + [41]

    def test_two_edges_between_closed_groups_are_as_sure_as_the_surer_one(self) -> None:
        pairs = [(f"{side}{n}", f"{side}{n + 1}") for side in "ab" for n in range(40)]
        unsure = edge("a1", "b1", evidence=Evidence.PERMITTED)
        inside = [edge(a, b) for a, b in pairs]
        resources = [thing(f"{side}{n}", stack=f"stack-{side}") for side in "ab" for n in range(41)]
        moment = graph(resources, [*inside, unsure, edge("a2", "b2")])
        [arrow] = view(scene(moment, (), (), ()), Ask()).arrows
        assert (arrow.count, arrow.evidence) == (2, "declared")

    def test_what_is_gone_or_changed_is_marked_when_moments_are_compared(self) -> None:
        before = drawn([edge("a", "b"), edge("b", "c")])
        now = drawn([edge("a", "b", dormant="disabled"), edge("b", "d")])
        both = map_scene.compared(now, before)
        changes = {
            (both.boxes[e.source].name, both.boxes[e.target].name): e.change for e in both.arrows
        }
        assert changes == {("a", "b"): "changed", ("b", "c"): "removed", ("b", "d"): "added"}

    def test_what_is_not_there_is_said(self) -> None:
        with pytest.raises(AskError, match="No resource of this reading"):
            view(drawn(CHAIN), Ask(at="0" * 12))


class TestLayout:
    def test_no_box_lies_on_another_and_chains_run_to_the_right(self) -> None:
        rows = [edge(f"n{i}", f"n{(i * 7 + 3) % 400}") for i in range(400)]
        seen = view(drawn(rows), Ask(whole=True))
        places = layout(seen).places
        assert len({(x // (WIDTH // 2), y // (HEIGHT // 2)) for x, y in places}) == len(places)
        chain = view(drawn(CHAIN), Ask())
        where = dict(zip([box.name for box in chain.boxes], layout(chain).places, strict=True))
        assert [where[name][0] for name in "abcde"] == sorted(where[name][0] for name in "abcde")

    def test_equal_scenes_are_equal_bytes_in_whatever_order_they_came(self) -> None:
        one, two = (view(drawn(rows), Ask()) for rows in (CHAIN, CHAIN[::-1]))
        assert encoded(one, layout(one)) == encoded(two, layout(two))


def test_what_is_kept_of_an_analysed_moment_is_what_would_be_worked_out(shop: Scene) -> None:
    back = Edge(FUNCTION, BUCKET, Meaning.WRITES, "test.write", label="out", read=TRIGGERS)
    named = thing(NAUGHTY, tags={"team": NAUGHTY})
    hears = Edge(named.arn, FUNCTION, Meaning.TRIGGERS, "test", label=NAUGHTY, read=TRIGGERS)
    publish(shop.read, observation([function(), bucket(), named], [notification(), back, hears]))
    shop.workspace.refresh_from_db()
    runs.analyse_here(shop.workspace)
    moment = shop.workspace.moment
    [row] = Analysis.objects.filter(workspace=shop.workspace, moment=moment)
    assert row.scene, "the analysis keeps it"
    found = runs.mapped(shop.workspace, moment)
    assert len(found.loops) == 1
    assert [box.name for box in found.boxes.values() if box.verdict] == ["orders", "thumb"]
    mapping._scene.cache_clear()
    Analysis.objects.filter(pk=row.pk).update(scene_basis="of other sources")
    again = runs.mapped(shop.workspace, moment)
    assert again == found
    assert list(again.boxes) == list(found.boxes)


@pytest.fixture
def crawled(shop: Scene) -> Scene:
    """The example workspace with a graph in it, one of whose names is hostile."""
    resources = [*map(thing, "abc"), thing(NAUGHTY, "s3.bucket")]
    edges = [edge("a", "b"), edge("b", "c"), edge("c", NAUGHTY)]
    edges[2] = Edge(
        resources[2].arn, resources[3].arn, Meaning.WRITES, "test", label=NAUGHTY, read=TRIGGERS
    )
    publish(shop.read, observation(resources, edges))
    shop.workspace.refresh_from_db()
    return shop


class TestPage:
    def test_it_lists_every_box_beside_the_picture_and_runs_no_name(
        self, crawled: Scene, viewer: Client
    ) -> None:
        answer = viewer.get("/w/shop/map/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert page.count("data-box=") == 4
        assert "<img" not in page
        assert "Content-Security-Policy" in answer.headers

    def test_its_data_is_small_and_not_sent_twice(self, crawled: Scene, viewer: Client) -> None:
        answer = viewer.get("/w/shop/map/data/", headers={"Accept-Encoding": "gzip"})
        body = answer.content
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert json.loads(body)["schema"] == "loopscope.map/1"
        known = {"If-None-Match": answer.headers["ETag"]}
        assert viewer.get("/w/shop/map/data/", headers=known).status_code == 304

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("at=000000000000", 404),
            ("loop=gone", 404),
            ("moment=99", 404),
            ("moment=x", 400),
            ("steps=²", 400),
            ("steps=99", 400),
            ("way=sideways", 400),
            ("group=<b>", 400),
            ("meaning=%00", 400),
            ("from=a", 400),
        ],
    )
    def test_nonsense_gets_an_honest_page(
        self, crawled: Scene, viewer: Client, query: str, status: int
    ) -> None:
        for path in ("map/", "map/data/", "map/picture.svg", "map/list.csv"):
            assert viewer.get(f"/w/shop/{path}?{query}").status_code == status, path

    def test_a_stranger_learns_nothing(self, crawled: Scene, client: Client) -> None:
        client.force_login(crawled.stranger)
        for path in ("map/", "map/data/", "map/picture.svg", "map/list.json"):
            assert client.get(f"/w/shop/{path}").status_code == 404

    def test_its_files_hold_everything_and_start_no_formula(
        self, crawled: Scene, viewer: Client
    ) -> None:
        svg = ElementTree.fromstring(viewer.get("/w/shop/map/picture.svg").content)
        assert len(svg.findall(".//{*}rect")) >= 5
        rows = list(csv.reader(io.StringIO(viewer.get("/w/shop/map/list.csv").content.decode())))
        assert len(rows) == 4
        assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
        assert len(viewer.get("/w/shop/map/list.json").json()["edges"]) == 3

    def test_two_moments_are_compared_in_a_list(self, crawled: Scene, viewer: Client) -> None:
        before = crawled.workspace.moment
        publish(crawled.read, observation(list(map(thing, "ab")), [edge("a", "b")]))
        Analysis.objects.filter(workspace=crawled.workspace).update(moment=before)
        page = viewer.get(f"/w/shop/map/?against={before}").content.decode()
        assert page.count("removed: ") == 2
