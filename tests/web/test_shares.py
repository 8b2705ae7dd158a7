"""Shared reports: frozen, masked, for whoever holds the link until it ends."""

from __future__ import annotations

import gzip
import logging
import re
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role
from tests.web.scene import ACCOUNT, Scene, example, publish
from topology import runs
from topology.models import Share
from topology.runs import sharing

LINK = re.compile(r"http://testserver(/s/[\w-]+)#([\w-]+)")
LOOP = example()["loops"][0]


@pytest.fixture
def admin(shop: Scene, client: Client) -> Client:
    client.force_login(shop.admin)
    return client


def shared(admin: Client, **form: str) -> tuple[str, str]:
    answer = admin.post(reverse("shares", args=["shop"]), {"days": "7", **form})
    found = LINK.search(answer.content.decode())
    assert found, answer.content.decode()
    return found[1], found[2]


def opened(address: str, token: str, passcode: str = "") -> Any:
    return Client().post(address, {"token": token, "passcode": passcode})


def whole(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """All that an answer tells."""
    assert not answer.cookies
    return answer.status_code, answer.content, dict(answer.headers)


def test_whoever_holds_the_link_reads_the_report_without_an_account(admin: Client) -> None:
    address, token = shared(admin, loop=LOOP["fingerprint"])
    assert Client().get(address).status_code == 200
    answer = opened(address, token)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Loopscope" in text
    assert "<script" not in text
    assert len(answer.content) < 150_000
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert answer["X-Robots-Tag"].startswith("noindex")


def test_the_page_is_light_however_many_loops_there_are(admin: Client, shop: Scene) -> None:
    loops = [each | {"fingerprint": secrets.token_hex(8)} for each in example()["loops"] * 30]
    for loop in loops:  # what names differ in, nothing can pack
        loop["explanation"] = secrets.token_hex(400)
    publish(shop.workspace, example() | {"loops": loops})
    address, token = shared(admin)
    packed = Client().post(address, {"token": token}, headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) <= 150_000
    page = opened(address, token)
    assert gzip.decompress(packed.content) == page.content
    assert "of the list are not told in full here." in page.content.decode()
    assert packed["Content-Security-Policy"] == page["Content-Security-Policy"]


def test_account_ids_and_names_are_masked_unless_somebody_says_otherwise(admin: Client) -> None:
    name = LOOP["edges"][0]["source_name"]
    masked = opened(*shared(admin, loop=LOOP["fingerprint"])).content.decode()
    assert ACCOUNT not in masked
    assert f">{name}<" not in masked
    plain = opened(*shared(admin, loop=LOOP["fingerprint"], plain="1")).content.decode()
    assert f">{name}<" in plain


def test_later_readings_never_change_a_frozen_copy(admin: Client, shop: Scene) -> None:
    address, token = shared(admin)
    before = opened(address, token).content
    publish(shop.workspace, example() | {"loops": []})
    assert opened(address, token).content == before


def test_all_that_opens_nothing_looks_the_same(admin: Client, shop: Scene) -> None:
    address, token = shared(admin)
    wanted = whole(opened("/s/no-such-link", token))
    assert wanted[0] == 404
    for wrong in ("", ":token", "{token}", "null", "a" * 10_000, token[:-1], "é", "\0"):
        assert whole(opened(address, wrong)) == wanted, wrong
    for wrong in ("/s/:public_id", "/s/%7Bid%7D", "/s/null", "/s/" + "a" * 10_000, "/s/%00"):
        assert whole(opened(wrong, token)) == wanted, wrong
    guarded, other = shared(admin, passcode="open sesame")
    assert whole(opened(guarded, other)) == wanted
    assert whole(opened(guarded, other, "wrong")) == wanted
    assert opened(guarded, other, "open sesame").status_code == 200
    runs.suspend(shop.workspace, shop.admin, suspends=True)
    assert whole(opened(address, token)) == wanted
    runs.suspend(shop.workspace, shop.admin, suspends=False)
    sharing.revoke(Share.objects.get(passcode=""), shop.admin)
    assert whole(opened(address, token)) == wanted
    Share.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert whole(opened(guarded, other, "open sesame")) == wanted
    door = whole(Client().get(address))
    assert [whole(Client().get(each)) for each in (guarded, "/s/no-such-link")] == [door, door]


def test_revoking_takes_effect_on_the_next_request(admin: Client, shop: Scene) -> None:
    address, token = shared(admin)
    assert opened(address, token).status_code == 200
    admin.post(reverse("revoke-share", args=["shop", shop.workspace.shares.get().pk]))
    assert opened(address, token).status_code == 404


def test_guessing_a_passcode_ends_the_link(admin: Client, monkeypatch) -> None:
    monkeypatch.setattr(sharing, "MISSES", 3)
    address, token = shared(admin, passcode="open sesame")
    for _ in range(3):
        opened(address, token, "wrong")
    assert opened(address, token, "open sesame").status_code == 404


def test_all_links_are_suspended_resumed_and_destroyed(admin: Client, shop: Scene) -> None:
    address, token = shared(admin)
    for what, status in (("suspend", 404), ("resume", 200), ("destroy", 404)):
        admin.post(reverse("all-shares", args=["shop"]), {"do": what})
        assert opened(address, token).status_code == status, what
    assert not Share.objects.exists()
    assert [each.did for each in shop.workspace.deeds.order_by("pk")] == [
        *("shared", "suspended", "resumed", "destroyed"),
    ]


def test_no_token_is_in_the_database_the_log_or_a_later_page(
    admin: Client, shop: Scene, caplog, capsys
) -> None:
    caplog.set_level(logging.DEBUG)
    address, token = shared(admin, passcode="open sesame")
    opened(address, token, "open sesame")
    opened(address, token + "x")
    call_command("dumpdata", exclude=["contenttypes", "auth"])
    dumped = capsys.readouterr().out
    assert '"topology.share"' in dumped
    page = admin.get(reverse("shares", args=["shop"])).content.decode()
    for secret in (token, "open sesame"):
        assert secret not in dumped
        assert secret not in caplog.text
        assert secret not in page


def test_no_token_is_in_an_error_of_ours_or_its_log(admin: Client, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    address, token = shared(admin)
    Share.objects.update(page=b"torn")
    answer = Client(raise_request_exception=False).post(address, {"token": token})
    assert answer.status_code == 500
    assert "BadGzipFile" in caplog.text
    assert token not in answer.content.decode() + caplog.text


def test_it_counts_who_looked(admin: Client, shop: Scene) -> None:
    address, token = shared(admin)
    opened(address, token)
    opened(address, token)
    opened(address, "wrong")
    assert "opened 2 times, last" in admin.get(reverse("shares", args=["shop"])).content.decode()


@pytest.mark.parametrize("form", [{"days": "3650"}, {"days": ""}, {"days": "7", "loop": "gone"}])
def test_nonsense_shares_nothing(admin: Client, form: dict[str, str]) -> None:
    answer = admin.post(reverse("shares", args=["shop"]), form)
    assert (answer.status_code, Share.objects.count()) == (400, 0)
    assert "Nothing was shared" in answer.content.decode()


def test_a_link_lasts_ninety_days_at_the_most(shop: Scene) -> None:
    made, _ = runs.share(shop.workspace, shop.admin, runs.Wanted(), lasts=timedelta(days=1000))
    assert made.expires <= timezone.now() + timedelta(days=90)


def test_a_viewer_sees_the_list_and_shares_nothing(viewer: Client, shop: Scene) -> None:
    assert b"Make a link" not in viewer.get(reverse("shares", args=["shop"])).content
    assert viewer.post(reverse("shares", args=["shop"]), {"days": "7"}).status_code == 403
    Membership.objects.filter(user=shop.viewer).update(role=Role.OPERATOR)
    assert viewer.post(reverse("shares", args=["shop"]), {"days": "7"}).status_code == 200
    assert viewer.post(reverse("all-shares", args=["shop"]), {"do": "destroy"}).status_code == 403
