"""Badges: a verdict and its age at an address that anybody may know, until it is revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AwsAccount
from tests.reports.test_parts import quiet, told
from tests.reports.test_report import GAP, world_with_loop
from tests.web.scene import ACCOUNT, Scene, example, publish
from topology import runs
from topology.models import Badge
from topology.reports.badge import badge
from topology.reports.document import Document

SVG = "{http://www.w3.org/2000/svg}"
SCOPE = told(quiet())["scope"]
READ = datetime.fromisoformat(SCOPE["read_from"])


def stale(document: Document) -> Document:
    return {**document, "scope": {**document["scope"], "stale": ["x"], "verdict": "incomplete"}}


def accepted() -> Document:
    loop = {**told(world_with_loop())["loops"][0], "verdict": "accepted"}
    return {**told(quiet()), "loops": [loop]}


@pytest.mark.parametrize(
    ("document", "passed", "said"),
    [
        (told(quiet()), timedelta(hours=2), "no loop within scope, read 2 hours ago"),
        (told(quiet()), timedelta(days=400), "no loop within scope, read 400 days ago"),
        (accepted(), timedelta(), "no other loop within scope, read just now"),
        (told(quiet(), gaps=(GAP,)), timedelta(hours=1), "incomplete, read 1 hour ago"),
        (stale(told(quiet())), timedelta(days=3), "incomplete, out of date, read 3 days ago"),
        (told(world_with_loop()), timedelta(minutes=5), "1 loop found, read 5 minutes ago"),
        (
            told(world_with_loop(), gaps=(GAP,)),
            timedelta(),
            "1 loop found, incomplete, read just now",
        ),
        (None, timedelta(), "no verdict yet"),
    ],
)
def test_it_says_the_verdict_its_doubts_and_its_age(document, passed, said) -> None:
    root = ElementTree.fromstring(badge(document, READ + passed))
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"event loops: {said}"
    assert root.findtext(f"{SVG}title") == root.get("aria-label")
    assert [each.text for each in root.iter(f"{SVG}text")] == ["event loops", said]
    if "no loop" not in said and "no other" not in said:
        assert "clear" not in said
        assert "#1a6b3a" not in badge(document, READ + passed)  # the colour of a clear verdict


@pytest.fixture
def made(shop: Scene) -> Badge:
    found = runs.make_badge(shop.workspace, shop.admin)
    assert found
    return found


def at(made: Badge) -> str:
    return reverse("badge", args=[runs.token_of(made)])


def seen(address: str) -> Any:
    return Client().get(address)


def test_anybody_sees_it_without_a_name_in_it(made: Badge, shop: Scene) -> None:
    answer = seen(at(made))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["Cache-Control"] == "public, max-age=120, must-revalidate"
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]
    again = Client().get(at(made), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    text = answer.content.decode()
    assert "7 loops found" in text
    secrets = [
        ACCOUNT,
        shop.workspace.name,
        "shop",
        *(each["title"] for each in example()["loops"]),
    ]
    assert [each for each in secrets if each in text] == []


def test_all_that_is_no_badge_looks_the_same(made: Badge, shop: Scene) -> None:
    def answer(address: str) -> tuple[int, bytes, dict[str, str]]:
        given = seen(address)
        return given.status_code, given.content, dict(given.headers)

    address = at(made)
    wanted = answer("/badge/nothing.svg")
    assert wanted[0] == 404
    token = runs.token_of(made)
    for wrong in (made.public_id, token[:-1], token + "x", ":token", "a" * 5000, "%00", "é."):
        assert answer(f"/badge/{wrong}.svg") == wanted, wrong
    runs.suspend(shop.workspace, shop.admin, suspends=True)
    assert answer(address) == wanted
    runs.suspend(shop.workspace, shop.admin, suspends=False)
    assert answer(address)[0] == 200
    runs.revoke_badge(made, shop.admin)
    assert answer(address) == wanted
    again = runs.make_badge(shop.workspace, shop.admin)
    assert again
    runs.revoke_all(shop.workspace, shop.admin)
    assert answer(at(again)) == wanted
    assert [each.did for each in shop.workspace.deeds.order_by("pk")] == [
        *("made a badge", "suspended", "resumed", "revoked a badge", "made a badge", "destroyed"),
    ]


def test_a_reading_that_is_overdue_or_accepted_no_longer_is_not_clear(
    made: Badge, shop: Scene
) -> None:
    clear = {**told(quiet()), "scope": {**SCOPE, "read_from": timezone.now().isoformat()}}
    publish(shop.workspace, clear)
    assert "no loop within scope, read just now" in seen(at(made)).content.decode()
    ended = {"owner": "me", "reason": "", "expires": "2026-01-01"}
    publish(shop.workspace, clear | {"loops": [{**accepted()["loops"][0], "accepted": ended}]})
    assert "incomplete, out of date" in seen(at(made)).content.decode()
    publish(shop.workspace, clear)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    AwsAccount.objects.filter(pk=shop.read.pk).update(schedule="hourly", scheduled_since=long_ago)
    assert "incomplete, out of date" in seen(at(made)).content.decode()
    publish(shop.workspace, clear)
    type(shop.workspace).objects.update(trusts_code=False)  # and is judged anew
    assert "no verdict yet" in seen(at(made)).content.decode()


def test_operators_make_and_revoke_it_on_the_page_of_shares(client: Client, shop: Scene) -> None:
    client.force_login(shop.admin)
    page = client.post(reverse("make-badge", args=["shop"]), follow=True).content.decode()
    made = shop.workspace.badges.get()
    assert f"![Event loops](http://testserver{at(made)})" in page
    client.force_login(shop.viewer)
    page = client.get(reverse("shares", args=["shop"])).content.decode()
    assert at(made) in page
    assert "Make a badge" not in page
    client.force_login(shop.admin)
    client.post(reverse("revoke-badge", args=["shop", made.pk]))
    assert seen(at(made)).status_code == 404


def test_a_workspace_has_so_many_badges_and_no_more(shop: Scene, monkeypatch) -> None:
    monkeypatch.setattr("topology.runs.badges.MOST", 1)
    assert runs.make_badge(shop.workspace, shop.admin)
    assert runs.make_badge(shop.workspace, shop.admin) is None
