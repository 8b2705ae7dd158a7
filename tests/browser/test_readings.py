"""What changed, followed by keyboard alone: readings, the map, a resource, findings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_explorer import press_until
from tests.web.scene import Scene
from tests.web.test_moments import read_twice

TEXT = """(document.activeElement.textContent || document.activeElement.name || "")
  .trim().replace(/\\s+/g, " ")"""


def go(page: Page, words: str) -> None:
    """Tab on to what begins with some words, and press it."""
    press_until(page, lambda: str(page.evaluate(TEXT)).startswith(words))
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_a_keyboard_alone_leads_from_what_changed_to_a_resource_its_edges_and_their_files(
    page: Page, shop: Scene
) -> None:
    now = read_twice(shop).workspace.moment
    go(page, "Readings")
    expect(page.get_by_role("heading", name="Readings")).to_be_visible()
    go(page, f"{now}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"to {now}")
    with page.expect_download() as changes:
        go(page, "CSV")
    assert b"timeout" in changes.value.path().read_bytes()
    page.reload()  # back to where tabbing begins
    go(page, "Compared on the map")
    expect(page.get_by_text("added: thumb writes orders")).to_be_visible()
    expect(page.locator("#map[data-drawn]")).to_be_visible()
    go(page, "page of thumb")
    expect(page.get_by_role("heading", name="What became of its edges")).to_be_visible()
    with page.expect_download() as picture:
        go(page, "PNG")
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    page.goto(f"{page.url.partition('/resources/')[0]}/findings/")
    press_until(page, lambda: page.evaluate(TEXT) == "q")
    page.keyboard.type("orders")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=orders"))
    go(page, "orders")
    expect(page.get_by_role("heading", level=1)).to_contain_text("orders")
