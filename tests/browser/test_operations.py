"""The pages of operations by keyboard alone: every control is come to by Tab, by name, in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Invitation
from tests.browser.test_explorer import press_until
from tests.web.scene import Scene, example
from topology.models import AcceptanceRow, Channel, Ear

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement"
NAME = f"({FOCUSED}.labels?.[0]?.innerText || {FOCUSED}.innerText || '').trim()"
RING = f"getComputedStyle({FOCUSED}).outlineStyle !== 'none'"


def come_to(page: Page, name: str) -> None:
    """Tab on to the control of a name; it must show that it is the one."""
    press_until(page, lambda: str(page.evaluate(NAME)).startswith(name))
    assert page.evaluate(RING), name


def test_a_keyboard_alone_schedules_tells_accepts_invites_and_listens(
    page: Page, shop: Scene, live_server: LiveServer
) -> None:
    def press(path: str, *steps: tuple[str, str]) -> None:
        page.goto(f"{live_server.url}/w/shop/{path}")
        for name, typed in steps:
            come_to(page, name)
            if typed:
                page.keyboard.type(typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    account = f"accounts/{shop.read.pk}/"
    page.goto(f"{live_server.url}/w/shop/{account}")
    come_to(page, "Change the schedule")
    page.keyboard.press("Enter")
    come_to(page, "Crawl it")
    page.keyboard.type("every day")
    come_to(page, "Save")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    shop.read.refresh_from_db()
    assert shop.read.schedule == "daily"

    address = "https://hooks.example.com/loops"
    press("alerts/?kind=webhook", ("Address", address), ("Key", "k" * 32), ("Add Webhook", ""))
    assert Channel.objects.get().kind == "webhook"

    fingerprint = example()["loops"][0]["fingerprint"]
    path = f"accepted/?kind=loop&fingerprint={fingerprint}"
    press(path, ("Reason", "it stops by itself"), ("Accept", ""))
    assert AcceptanceRow.objects.get().reason == "it stops by itself"

    press("people/", ("E-mail", "ada@example.com"), ("Make a link", ""))
    assert Invitation.objects.get().email == "ada@example.com"

    press(f"{account}connection/", ("Regions to listen in", "eu-west-1"), ("Save", ""))
    assert Ear.objects.get().region == "eu-west-1"
