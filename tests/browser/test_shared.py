"""A shared report in a real browser: its token goes into one body, and nowhere else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.web.scene import Scene
from topology import runs

pytestmark = pytest.mark.browser


def followed(page: Page) -> list[Request]:
    """Every request that a page makes from now on."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))
    return requests


def test_whoever_has_the_link_reads_the_report_with_one_click(
    guest: Page, shop: Scene, live_server: LiveServer, new_context: CreateContextCallback
) -> None:
    made, token = runs.share(shop.workspace, shop.admin, runs.Wanted(masks=True))
    address = f"{live_server.url}/s/{made.public_id}"
    requests = followed(guest)
    guest.goto(f"{address}#{token}")
    expect(guest.get_by_label("The part of the link after #")).to_be_hidden()
    assert guest.url == address  # nobody who looks over a shoulder, and no history, has it
    guest.get_by_role("button", name="Open the report").click()
    expect(guest.get_by_role("heading", level=1)).to_contain_text("7 loops found")
    with_token = [each for each in requests if token in (each.post_data or "")]
    assert [each.method for each in with_token] == ["POST"]
    for each in requests:
        assert token not in each.url + str(each.all_headers())

    plain = new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = plain.new_page()
    page.goto(f"{address}#{token}")
    page.get_by_label("The part of the link after #").fill(token)
    page.get_by_role("button", name="Open the report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("7 loops found")
    assert plain.cookies() == []
    made.refresh_from_db()
    assert made.views == 2
