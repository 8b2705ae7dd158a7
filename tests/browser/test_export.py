"""From a loop's page to its report in Chromium: shown, printed, and drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import photograph
from tests.web.scene import example
from topology.reports.formats import formats

pytestmark = pytest.mark.browser


def test_a_report_opens_masked_prints_and_its_drawing_stands_alone(
    page: Page, tmp_path: Path
) -> None:
    page.get_by_text("Export", exact=True).click()
    photograph(page, "workspace-export")
    page.get_by_label("Mask account ids and names").check()
    page.get_by_role("button", name="HTML").click()
    page.wait_for_url("**/export/html/**")
    assert page.locator("article.loop").count() == len(example()["loops"])
    assert page.get_by_text("orders-totals").count() == 0
    assert page.locator("article.loop svg.turn").first.evaluate("e => getComputedStyle(e).color")
    photograph(page, "report")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    drawing = tmp_path / "loops.svg"
    drawing.write_bytes(formats()["svg"].written(example()))
    page.goto(drawing.as_uri())
    red = page.locator(".tone-live .line").first.evaluate("e => getComputedStyle(e).stroke")
    amber = page.locator(".tone-guarded .line").first.evaluate("e => getComputedStyle(e).stroke")
    assert red != amber
