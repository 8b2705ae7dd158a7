"""A loop that turns now says so on its page, and what could not be watched."""

from __future__ import annotations

from html import unescape

import jsonschema
from django.test import Client

from tests.web.scene import Scene, example, publish
from topology.reports import json_report

TURNING = {
    "since": "2026-11-23T11:00:00Z",
    "per_minute": 1234.5,
    "because": "Invocations of the function work rose <b>twice</b>.",
}


def shown(client: Client, shop: Scene, **members: object) -> str:
    report = example()
    report["loops"][0] |= members
    jsonschema.validate(report, json_report.schema())
    publish(shop.workspace, report)
    answer = client.get(f"/w/shop/loops/{report['loops'][0]['fingerprint']}/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<b>twice" not in page
    return unescape(page)


def test_one_that_turns_says_so_first(viewer: Client, shop: Scene) -> None:
    page = shown(viewer, shop, turning=TURNING, measured="Measured: 12 events a minute.")
    assert page.index("This loop is turning now") < page.index("One turn of the loop")
    assert "2026-11-23T11:00:00Z at the latest" in page
    assert "Measured: 12 events a minute." in page


def test_one_that_nothing_is_known_of_says_nothing(viewer: Client, shop: Scene) -> None:
    page = shown(viewer, shop, turning=None, unwatched=[], measured="")
    assert "turning now" not in page
    assert "Not watched" not in page


def test_what_could_not_be_watched_is_a_remark(viewer: Client, shop: Scene) -> None:
    refused = ["xray:GetServiceGraph (AccessDenied)"]
    page = shown(viewer, shop, turning=None, unwatched=refused)
    assert "Not watched: xray:GetServiceGraph (AccessDenied)." in page
