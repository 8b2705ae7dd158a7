"""What a person supposes and tests, in a real Chromium."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import photograph
from tests.browser.test_accessibility import violations
from tests.web.played import play
from tests.web.scene import Scene
from tests.web.test_tester import shop_of_events
from topology.reports.map_scene import id_of


def looked_at(page: Page, name: str) -> None:
    """Nothing grave for axe, nothing wider than a small screen, and a picture for people."""
    assert violations(page) == []
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        chosen: Any = scheme
        page.emulate_media(color_scheme=chosen)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        photograph(page, f"{name}-{width}-{scheme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.browser
def test_a_cut_is_tried_in_place_kept_as_a_scenario_and_taken_along(
    page: Page, shop: Scene
) -> None:
    play(shop)
    page.reload()
    page.get_by_role("link", name="jobs").first.click()
    page.wait_for_load_state("networkidle")  # without its script, the link leads to a page
    cut = page.locator("a[data-try]").nth(1)
    cut.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tried")).to_contain_text("Guarded")
    expect(page.locator("#tried")).to_contain_text("Blocked")
    outcome = page.locator(".try .outcome")
    expect(outcome).to_be_focused()
    expect(outcome).to_contain_text("1 loop stops")
    looked_at(page, "loop-tried")

    page.get_by_role("link", name="Open as what-if").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown").click()
    assert "aws_lambda_event_source_mapping" in download.value.path().read_text(encoding="utf-8")
    page.get_by_label("Find a resource").fill("jobs")
    page.keyboard.press("Enter")
    page.locator(".chips").get_by_role("link", name="jobs").click()
    expect(page.locator("#plan-said")).to_contain_text("1 loop stops")
    looked_at(page, "what-if")
    page.get_by_role("link", name="Take back").click()
    expect(page.locator(".changes")).to_have_count(0)
    page.go_back()
    expect(page.locator(".changes li")).to_have_count(1)
    page.get_by_label("Keep it as a scenario").fill("quiet night")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("quiet night")
    expect(page.locator(".outcome")).to_contain_text("No loop within scope")


@pytest.mark.browser
def test_an_event_is_sent_through_the_rules_by_keyboard(page: Page, shop: Scene) -> None:
    names = play(shop, shop_of_events)
    page.goto(f"{page.url}tester/?at={id_of(names['bus'])}")
    page.locator("#event").focus()
    page.keyboard.type('{"source": "shop"}')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".outcome")).to_contain_text("2 deliveries listen here: 1 hears it.")
    handed = page.get_by_text("What work is handed")
    handed.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy this text").first).to_be_visible()
    looked_at(page, "tester")
    page.get_by_role("link", name="Edit its filter to jobs").click()
    page.locator("#hears").fill('{"source": ["aws.s3"]}')
    page.get_by_role("button", name="Who reaches it?").click()
    expect(page.locator(".outcome")).to_contain_text("reaches it no more")
    looked_at(page, "tester-filter")
