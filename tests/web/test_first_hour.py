"""What the pages say of a loop's first hour and of retry storms without a loop."""

from __future__ import annotations

from html import unescape
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from tests.web.scene import Scene, example, publish
from topology.reports import hours

LIVE, STOPPED = example()["loops"][0], example()["loops"][-1]


def page(client: Client, address: str) -> str:
    answer = client.get(f"/w/shop/{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def loop_page(client: Client, loop: dict[str, Any]) -> str:
    return page(client, f"loops/{loop['fingerprint']}/")


def test_it_says_what_one_event_would_do_and_cost(viewer: Client) -> None:
    shown = loop_page(viewer, LIVE)
    assert LIVE["gain"]["sentence"] in shown
    assert shown.count('class="hour"') == 2
    for meter in LIVE["cost"]["metered"]:
        assert meter["title"] in shown
    assert "1 (1 to 3)" in shown
    assert "as of 2025-10-28, 391 days before this reading" in shown
    assert "loopscope prices" in shown


def test_each_chart_is_a_file_that_stands_alone_with_the_assumptions_of_its_page(
    viewer: Client,
) -> None:
    address = f"/w/shop/loops/{LIVE['fingerprint']}/hour-at_once.svg"
    drawn = ElementTree.fromstring(viewer.get(address).content)
    assert drawn.get("class") == "hour tone-live"
    style = drawn[0].text or ""
    assert "prefers-color-scheme: dark" in style
    assert "var(" not in style
    other = viewer.get(f"{address}?writes=3&writes=4").content
    assert other != viewer.get(address).content
    assert viewer.get(address.replace("at_once", "nothing")).status_code == 404


def test_it_names_every_assumption(viewer: Client) -> None:
    shown = loop_page(viewer, LIVE)
    told = hours.assumptions(example())
    assert len(told) == len(example()["assumptions"])
    for name, _ in told:
        assert name in shown


def test_a_loop_that_goes_nowhere_has_no_first_hour(viewer: Client) -> None:
    assert "The first hour" not in loop_page(viewer, STOPPED)


def test_a_report_of_an_older_version_still_has_its_pages(shop: Scene, viewer: Client) -> None:
    report = example()
    del report["assumptions"]
    for loop in report["loops"]:
        for member in ("gain", "cost", "first_hour"):
            loop.pop(member, None)
    publish(shop.workspace, report)
    assert "The first hour" not in loop_page(viewer, LIVE)
