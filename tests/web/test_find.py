"""Find: what a few words lead to, and what is said where they lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.store.observations import observation, publish
from tests.web.scene import Scene, example
from tests.web.test_map import NAUGHTY, thing
from topology.reports.find import found, index
from topology.reports.map_scene import id_of

THINGS = [
    thing("orders"),
    thing("orders-dead"),
    thing("old-orders", tags={"team": "billing"}),
    thing("invoices", tags={"team": "orders"}),
    thing("mails"),
]
LOOP: dict[str, Any] = {
    "fingerprint": "ab" * 8,
    "number": 1,
    "verdict": "live",
    "title": "old-orders → work → old-orders",
    "edges": [{"source": thing("old-orders").arn}],
}


def names(words: str, most: int = 20) -> list[str]:
    return [each.name for each, _ in found(index(THINGS, [LOOP]), words, most).resources]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("orders", ["orders", "orders-dead", "old-orders", "invoices"]),
        ("ORDERS dead", ["orders-dead"]),
        ("team=billing", ["old-orders"]),
        (thing("mails").arn, ["mails"]),
        ("no such thing", []),
        ("   ", []),
    ],
)
def test_the_likeliest_comes_first(words: str, expected: list[str]) -> None:
    assert names(words) == expected


def test_it_says_which_tag_made_it_and_how_much_more_there_is() -> None:
    tags = {each.name: tag for each, tag in found(index(THINGS, []), "orders").resources}
    assert tags["invoices"] == "team=orders"
    assert tags["orders"] == ""
    capped = found(index(THINGS, [LOOP]), "orders", 2)
    assert (len(capped.resources), len(capped.loops), capped.more) == (2, 1, 2)


@pytest.fixture
def crawled(shop: Scene) -> Scene:
    publish(shop.read, observation([*THINGS, thing(NAUGHTY, "s3.bucket", tags={"<b>": "x"})]))
    shop.workspace.refresh_from_db()
    return shop


def test_it_leads_to_pages_and_to_the_map(crawled: Scene, viewer: Client) -> None:
    told = viewer.get("/w/shop/find/data/", {"q": "orders-dead"}).json()
    [result] = [each for each in told["results"] if each["title"] == "orders-dead"]
    key = id_of(thing("orders-dead").arn)
    assert result["page"] == f"/w/shop/resources/{key}/"
    assert result["map"] == f"/w/shop/map/?at={key}"
    assert viewer.get(result["page"]).status_code == 200


def test_loops_are_found_by_the_names_on_the_way(crawled: Scene, viewer: Client) -> None:
    loop = example()["loops"][0]
    told = viewer.get("/w/shop/find/data/", {"q": loop["edges"][0]["source_name"]}).json()
    assert f"/w/shop/loops/{loop['fingerprint']}/" in [each["page"] for each in told["results"]]


def test_the_page_says_the_same_without_a_dialog(crawled: Scene, viewer: Client) -> None:
    told = viewer.get("/w/shop/find/", {"q": "team=billing"}).content.decode()
    assert "1 found for" in told
    assert f"/w/shop/resources/{id_of(thing('old-orders').arn)}/" in told
    assert "Nothing that was read" in viewer.get("/w/shop/find/?q=nonsense").content.decode()


def test_before_anything_was_read_it_says_so(shop: Scene, viewer: Client) -> None:
    assert viewer.get("/w/shop/find/data/?q=zzz").json()["is_read"] is False
    assert "Nothing has been read" in viewer.get("/w/shop/find/?q=zzz").content.decode()


def test_what_is_published_later_is_found(crawled: Scene, viewer: Client) -> None:
    assert not viewer.get("/w/shop/find/data/?q=brand-new").json()["results"]
    publish(crawled.read, observation([thing("brand-new")]))
    assert viewer.get("/w/shop/find/data/?q=brand-new").json()["results"]


def test_hostile_words_and_names_stay_text(crawled: Scene, viewer: Client) -> None:
    for words in (NAUGHTY.replace("\ud800", ""), "<script>", "%00", "x" * 5000, "\u202e"):
        answer = viewer.get("/w/shop/find/", {"q": words})
        assert answer.status_code == 200
        assert "<img" not in answer.content.decode()
        assert viewer.get("/w/shop/find/data/", {"q": words}).status_code == 200


def test_one_workspace_does_not_find_what_is_anothers(crawled: Scene, client: Client) -> None:
    client.force_login(crawled.stranger)
    assert client.get("/w/elsewhere/find/data/?q=orders").json()["results"] == []
