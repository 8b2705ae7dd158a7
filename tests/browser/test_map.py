"""What a person does with the map, in a real Chromium."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.conftest import photograph, sign_in
from tests.browser.test_accessibility import violations
from tests.store.observations import observation, publish
from tests.web.scene import Scene
from tests.web.test_map import NAUGHTY, edge, thing
from topology.graph import Edge, Evidence, Meaning
from topology.reports.map_scene import id_of


def crawl(shop: Scene) -> None:
    """Forty services in two stacks, one of which feeds the other, and a hostile name."""
    resources = [thing(NAUGHTY, "s3.bucket", stack="orders")]
    edges: list[Edge] = [edge("orders-0", "billing-0", Meaning.FORWARDS)]
    for stack in ("orders", "billing"):
        for number in range(40):
            resources.append(thing(f"{stack}-{number}", stack=stack))
            if number:
                edges.append(edge(f"{stack}-{(number - 1) // 3}", f"{stack}-{number}"))
    edges.append(edge("orders-1", "orders-30", Meaning.ON_FAILURE))
    edges.append(edge("orders-2", "orders-31", evidence=Evidence.PERMITTED))
    edges.append(
        Edge(thing("orders-0").arn, resources[0].arn, Meaning.WRITES, "test", label=NAUGHTY)
    )
    publish(shop.read, observation(resources, edges))


@pytest.mark.browser
def test_a_keyboard_alone_leads_from_groups_to_a_neighbourhood_and_its_blast_radius(
    page: Page,
    shop: Scene,
) -> None:
    crawl(shop)
    page.goto(page.url + "map/")
    canvas = page.locator("#map[data-drawn]")
    expect(canvas).to_be_visible()
    photograph(page, "map-groups")
    page.keyboard.press("/")
    page.keyboard.type("orders-1")
    expect(page.locator("#found-list [aria-selected='true']")).to_contain_text("orders-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 steps around orders-1")).to_be_visible()
    canvas.focus()
    chosen = page.locator("#map-chosen h3")
    page.keyboard.press("ArrowRight")
    expect(chosen).to_be_visible()
    first = chosen.text_content()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(chosen).not_to_have_text(first or "")
    expect(page).to_have_url(re.compile(r"#[0-9a-f]{12}$"))
    page.reload()
    expect(chosen).to_be_visible()
    canvas.focus()
    page.keyboard.press("e")
    expect(page.locator("#map-chosen")).to_contain_text("The configuration of")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("From .* to "))
    page.get_by_role("link", name="What if it were switched off").press("Enter")
    expect(page.get_by_role("heading", name="Supposed")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.locator("#map-chosen h3")).to_contain_text("→")
    page.locator("#map-chosen").get_by_role("button").first.press("Enter")
    page.locator("#map-chosen").get_by_role("link", name="Blast radius").press("Enter")
    expect(page.get_by_role("heading", name=re.compile("4 steps downstream"))).to_be_visible()
    assert page.title() != "canary"


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_serious_and_a_narrow_phone_scrolls_one_way(
    colours: Literal["light", "dark"],
    new_context: CreateContextCallback,
    shop: Scene,
    live_server: LiveServer,
) -> None:
    crawl(shop)
    page = new_context(color_scheme=colours).new_page()
    sign_in(page, live_server, shop.admin)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in {
            "map": "map/",
            "map-open": "map/?all=1",
            "map-nonsense": "map/?at=000000000000",
            "resource": f"resources/{id_of(thing('orders-0').arn)}/",
            "resource-hostile": f"resources/{id_of(thing(NAUGHTY, 's3.bucket').arn)}/",
            "resource-none": "resources/000000000000/",
            "edges": f"edges/{'/'.join(id_of(thing(f'orders-{n}').arn) for n in (0, 1))}/",
            "find": "find/?q=orders",
        }.items():
            page.goto(f"{live_server.url}/w/shop/{path}")
            if name in ("map", "map-open"):
                expect(page.locator("#map[data-drawn]")).to_be_visible()
            if name == "find":
                page.keyboard.press("Control+k")
                page.keyboard.type("onerror")
                expect(page.get_by_role("option")).to_have_count(1)
            photograph(page, f"{name}-{colours}-{width}")
            assert violations(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert page.title() != "canary"
