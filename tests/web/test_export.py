"""Reports from the pages: every format, of every part, masked where somebody asks for it."""

from __future__ import annotations

import builtins
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Deed
from tests.web.scene import Scene, example, publish
from topology.reports.formats import formats

LOOP = example()["loops"][0]
ACCOUNT = example()["scope"]["accounts"][0]
FAST = [name for name, each in formats().items() if not each.is_binary]


def test_every_format_is_a_file_of_its_own_kind(viewer: Client) -> None:
    for name in FAST:
        answer = viewer.get(f"/w/shop/export/{name}/")
        chosen = formats()[name]
        assert answer.status_code == 200, name
        assert answer["Content-Type"] == chosen.media_type
        assert "no-store" in answer["Cache-Control"]
        if name != "html":
            assert f'filename="loopscope-shop.{chosen.extension}"' in answer["Content-Disposition"]


def test_a_format_nobody_wrote_is_a_page_that_is_not_there(viewer: Client) -> None:
    assert viewer.get("/w/shop/export/docx/").status_code == 404


@pytest.mark.parametrize(
    ("where", "about"),
    [
        ("", ""),
        (f"loops/{LOOP['fingerprint']}/", f'name="loop" value="{LOOP["fingerprint"]}"'),
        ("accounts/{pk}/", f'name="account" value="{ACCOUNT}"'),
    ],
)
def test_every_format_is_offered_where_somebody_reads(
    where: str, about: str, viewer: Client, shop: Scene
) -> None:
    shown = viewer.get(f"/w/shop/{where.format(pk=shop.read.pk)}").content.decode()
    for name in formats():
        assert f'formaction="/w/shop/export/{name}/"' in shown
    assert about in shown


def test_a_report_of_a_loop_has_that_loop_alone(viewer: Client) -> None:
    report = viewer.get("/w/shop/export/json/", {"loop": LOOP["fingerprint"]}).json()
    assert [each["fingerprint"] for each in report["loops"]] == [LOOP["fingerprint"]]
    assert report["part"]["of"] == "loop"


@pytest.mark.parametrize(
    "asked", [{"loop": "0" * 16}, {"account": "000000000000"}, {"moment": "99"}, {"moment": "x"}]
)
def test_what_is_not_there_is_said_in_a_line(asked: dict[str, str], viewer: Client) -> None:
    answer = viewer.get("/w/shop/export/json/", asked)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")


def test_two_readings_are_compared(viewer: Client, shop: Scene) -> None:
    fewer = example()
    fewer["loops"] = fewer["loops"][1:]
    publish(shop.workspace, fewer)
    asked = {"moment": "2", "against": "1"}
    report = viewer.get("/w/shop/export/json/", asked).json()
    assert [(each["fingerprint"], each["change"]) for each in report["loops"]] == [
        (LOOP["fingerprint"], "unseen")
    ]


def test_masks_are_the_same_every_time_and_hide_every_name(viewer: Client) -> None:
    one, two = (
        viewer.get("/w/shop/export/html/", {"mask": "1"}).content.decode() for _ in range(2)
    )
    assert one == two
    for name in (ACCOUNT, "orders-totals", "acme-uploads", "Web shop"):
        assert name not in one
    assert "name-" in one


def test_the_page_shows_itself_under_a_policy_of_its_own(viewer: Client) -> None:
    answer = viewer.get("/w/shop/export/html/")
    policy, body = answer["Content-Security-Policy"], answer.content.decode()
    (digest,) = re.findall(r"style-src '(sha256-[^']+)'", policy)
    assert digest in body
    assert "unsafe-inline" not in policy
    assert not re.search(r"<script|\sstyle=|\son\w+=|(?:src|href)=.?https?:", body)


def test_pdf_falls_back_to_the_print_view_with_a_word(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    answer = viewer.get("/w/shop/export/pdf/", {"loop": LOOP["fingerprint"]}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/w/shop/export/html/?loop=")
    assert "Save as PDF" in answer.content.decode()


def test_an_export_is_a_line_of_the_audit_log(viewer: Client, shop: Scene) -> None:
    viewer.get("/w/shop/export/csv/", {"mask": "1"})
    deed = Deed.objects.filter(workspace=shop.workspace).latest("pk")
    assert (deed.by, deed.did, deed.about) == ("vera", "exported", "csv mask=1")
