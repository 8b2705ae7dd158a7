"""A real Chromium on a real server. Missing, it fails in CI and skips on a laptop, saying so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.sign_in import ticket
from tests.web.scene import Scene, scene

# Playwright's synchronous interface runs an event loop, where Django refuses the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = Path(os.environ.get("LOOPSCOPE_CHROMIUM", "/usr/bin/chromium"))
ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, kept from calling home."""
    if not CHROMIUM.exists():
        missing = f"no Chromium at {CHROMIUM}: install it, or say in LOOPSCOPE_CHROMIUM where it is"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", "--disable-quic"]
    return {**browser_type_launch_args, "executable_path": str(CHROMIUM), "args": flags}


@pytest.fixture
def shop(live_server: LiveServer) -> Scene:
    """The example workspace, in the database the live server reads."""
    return scene()


@pytest.fixture
def guest(context: BrowserContext, live_server: LiveServer) -> Iterator[Page]:
    """A page of nobody; whatever the browser complains about fails the test."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.goto(f"{live_server.url}/sign-in/")
    yield page
    assert complaints == []


@pytest.fixture
def page(guest: Page, shop: Scene, live_server: LiveServer) -> Page:
    """The home page of an admin who came by a one-time link."""
    sign_in(guest, live_server, shop.admin)
    return guest


def sign_in(page: Page, live_server: LiveServer, user: User) -> None:
    """Let somebody in by a one-time link; their only workspace is the page they land on."""
    whose, token = ticket(user)
    page.goto(f"{live_server.url}/sign-in/{whose}/{token}/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/*/")


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the whole page beside the project, for people to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
