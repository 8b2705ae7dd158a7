"""What a person does with the map, in a real Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
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

MODULES = Path(__file__).parents[2] / "static" / "explorer" / "map"


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
    expect(page.locator("#map-find")).to_be_focused()
    page.keyboard.type("orders-1")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="orders-1", exact=True).first.focus()
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
        for query in ("", "?all=1", "?at=000000000000"):
            page.goto(f"{live_server.url}/w/shop/map/{query}")
            if "at=" not in query:
                expect(page.locator("#map[data-drawn]")).to_be_visible()
            photograph(page, f"map-{colours}-{width}-{len(query)}")
            assert violations(page) == [], query
            assert page.evaluate("document.documentElement.scrollWidth") <= width, query
    assert page.title() != "canary"


@pytest.mark.skipif(not shutil.which("node"), reason="node is not on this machine")
def test_the_camera_keeps_what_is_under_the_pointer_and_the_grid_finds_every_box() -> None:
    script = f"""
    import {{ fitted, pointed, zoomed }} from {json.dumps((MODULES / "camera.js").as_uri())};
    import {{ grid }} from {json.dumps((MODULES / "grid.js").as_uri())};
    const camera = fitted({{ left: 0, top: 0, right: 9000, bottom: 5000 }}, 800, 600);
    const [before, after] = [camera, zoomed(camera, 3, 200, 100)].map((c) => pointed(c, 200, 100));
    const x = Array.from({{ length: 500 }}, (_, i) => (i % 25) * 260);
    const y = Array.from({{ length: 500 }}, (_, i) => Math.floor(i / 25) * 56);
    const places = grid({{ x, y, count: 500, width: 168, height: 40 }});
    console.log(JSON.stringify({{
      moved: Math.hypot(before.x - after.x, before.y - after.y),
      missed: x.filter((_, i) => places.at(x[i] + 5, y[i] + 5) !== i).length,
      between: places.at(200, 5),
      all: places.within(-1, -1, 9000, 9000).length,
      some: places.within(0, 0, 100, 30).includes(0),
    }}));
    """
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    said = json.loads(done.stdout)
    assert said.pop("moved") < 1e-6
    assert said == {"missed": 0, "between": -1, "all": 500, "some": True}
