"""Addresses that people hand on: they outlive a sign-in, and their cards carry no name."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from tests.store.observations import BUCKET, FUNCTION
from tests.web.scene import ACCOUNT, PASSWORD, Scene
from tests.web.test_resource import crawled
from topology import runs, store
from topology.reports.map_scene import id_of

__all__ = ["crawled"]  # a fixture


def links(shop: Scene) -> dict[str, tuple[str, str]]:
    """An address of each kind that can be handed on, the title of its card, and what it shows."""
    analysis = store.latest_analysis(shop.workspace)
    assert analysis
    loop, until = analysis.report["loops"][0], analysis.moment
    edge = loop["edges"][0]["id"]
    return {
        f"/w/shop/loops/{loop['fingerprint']}/": ("An event loop", loop["fingerprint"]),
        f"/w/shop/resources/{id_of(FUNCTION)}/": ("A resource and what it sets off", FUNCTION),
        f"/w/shop/moments/{until}/": ("What changed between two readings", "timeout"),
        f"/w/shop/moments/{until}/?since=1": ("What changed between two readings", "since"),
        f"/w/shop/map/?moment={until}&against=1": ("A map of events", "Map"),
        f"/w/shop/scenarios/{shop.scenario.pk}/": ("What would stop an event loop", "Quiet"),
        f"/w/shop/what-if/?c=off:{edge}": ("What would stop an event loop", "What if"),
        "/w/shop/findings/": ("Findings beside event loops", "Findings"),
        f"/w/shop/accounts/{shop.read.pk}/": ("Event loops of an AWS account", "Production"),
        "/w/shop/": ("Event loops of a workspace", "Web shop"),
    }


class Head(HTMLParser):
    """The meta tags of a page by property or name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            self.tags[name] = given.get("content") or ""


def test_a_permalink_outlives_a_sign_in_and_its_card_names_nothing(crawled: Scene) -> None:
    for address, (title, shown) in links(crawled).items():
        client = Client()
        answer = client.get(address, follow=True)
        text = answer.content.decode()
        assert answer.redirect_chain[0][0].startswith("/sign-in/?next="), address
        tags = Head(text).tags
        assert tags["og:title"] == title, address
        assert tags["og:description"].startswith("Sign in to read it.")
        assert tags["robots"] == "noindex"
        rest = unescape(text).replace(address, "")  # what the link says itself
        names = [crawled.workspace.name, crawled.read.name, ACCOUNT, FUNCTION, BUCKET, "Quiet"]
        assert [each for each in names if each in rest] == [], address
        onward = re.search(r'name="next" value="([^"]*)"', text)
        assert onward
        form = {"username": "vera", "password": PASSWORD, "next": unescape(onward[1])}
        back = client.post(reverse("sign-in"), form)
        assert back["Location"] == address
        page = client.get(address)
        assert page.status_code == 200, address
        assert shown in unescape(page.content.decode()), address
        assert Head(page.content.decode()).tags["og:title"] == title


@pytest.mark.parametrize("address", ["/s/no-such-link", "/s/another"])
def test_the_card_of_a_share_says_the_same_of_every_link(address: str, db: None) -> None:
    tags = Head(Client().get(address).content.decode()).tags
    assert tags["og:title"] == "A shared report of event loops"
    assert tags["og:description"].startswith("Open it with the whole link that you were handed.")


def test_the_card_of_a_foreign_page_is_that_of_an_absent_one(shop: Scene) -> None:
    client = Client()
    client.force_login(shop.stranger)
    for slug in ("shop", "no-such"):
        tags = Head(client.get(f"/w/{slug}/loops/x/").content.decode()).tags
        assert tags["og:title"] == "An event loop"


def test_a_share_knows_nothing_of_what_it_shows_until_it_is_opened(shop: Scene) -> None:
    made, _ = runs.share(shop.workspace, shop.admin, runs.Wanted())
    text = Client().get(f"/s/{made.public_id}").content.decode()
    assert [each for each in ("shop", ACCOUNT, "orders") if each in text] == []
