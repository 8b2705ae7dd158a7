"""Axe finds no serious violation on any page, light or dark, and nothing is cut off at 360 px."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from accounts.sign_in import ticket
from tests.browser.conftest import photograph, sign_in
from tests.web.scene import Scene, example
from topology import runs

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 740}
COLOURS = {"runOnly": ["color-contrast"]}  # the one rule whose answer differs in the dark

LOOPS = {  # one of each verdict
    f"loop-{each['verdict']}": f"/w/shop/loops/{each['fingerprint']}/"
    for each in example()["loops"]
}

FIRST = example()["loops"][0]["fingerprint"]


@pytest.fixture(autouse=True)
def _handed_out(shop: Scene) -> None:
    runs.make_badge(shop.workspace, shop.admin)


def addresses(shop: Scene) -> dict[str, str]:
    """Every page a member can come to, by a name for its picture."""
    return {
        "home": "/w/shop/",
        "findings": "/w/shop/findings/",
        "accepted": f"/w/shop/accepted/?kind=loop&fingerprint={FIRST}",
        "alerts": "/w/shop/alerts/?kind=webhook",
        **LOOPS,
        "account": f"/w/shop/accounts/{shop.read.pk}/",
        "people": "/w/shop/people/",
        "runs": f"/w/shop/accounts/{shop.read.pk}/runs/",
        "shares": "/w/shop/shares/",
        "tokens": "/w/shop/tokens/",
        "api": "/api/v1/",
        "connect": "/w/shop/accounts/connect/",
        "connection": f"/w/shop/accounts/{shop.read.pk}/connection/",
        "account-not-read": f"/w/shop/accounts/{shop.reading.pk}/",
        "readings": "/w/shop/moments/",
        "reading": "/w/shop/moments/1/",
        "find": "/w/shop/find/?q=orders",
        "resource-gone": "/w/shop/resources/000000000000/",
        "loop-gone": "/w/shop/loops/0000000000000000/",
        "nothing-here": "/w/shop/no-such-page/",
    }


def test_every_page_can_be_read_light_dark_and_on_a_narrow_phone(
    new_context: CreateContextCallback, shop: Scene, live_server: LiveServer
) -> None:
    page = new_context().new_page()
    for name, path in strangers(shop).items():
        look(page, name, live_server.url + path)
    sign_in(page, live_server, shop.admin)
    for name, path in addresses(shop).items():
        look(page, name, live_server.url + path)


def look(page: Page, name: str, address: str) -> None:
    """Open a page whole, in every way it is shown; photograph and judge it."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    page.goto(address)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    photograph(page, f"{name}-light")
    assert violations(page) == [], name
    page.emulate_media(color_scheme="dark")
    photograph(page, f"{name}-dark")
    assert violations(page, COLOURS) == [], f"{name}, dark"
    page.set_viewport_size(PHONE)
    photograph(page, f"{name}-narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def strangers(shop: Scene) -> dict[str, str]:
    """The pages of somebody who has not signed in."""
    whose, token = ticket(shop.viewer)
    return {
        "sign-in": "/sign-in/",
        "sign-in-once": f"/sign-in/{whose}/{token}/",
        "shared": "/s/no-such-link",
        "link-spent": f"/sign-in/{whose}/spent/",
    }


def violations(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    """The serious and critical violations axe finds, one line each."""
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in Axe().run(page, options=options).response["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
