"""What the pages say of evidence and its age, and of what AWS's guard would not stop."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from tests.web.scene import Scene, example, publish
from topology.reports.wording import age

LIVE = example()["loops"][0]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def page(client: Client, address: str) -> str:
    answer = client.get(f"/w/shop/{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def loop_page(client: Client) -> str:
    return page(client, f"loops/{LIVE['fingerprint']}/")


def test_every_proof_of_every_hop_is_on_its_page_strongest_first(viewer: Client) -> None:
    shown = loop_page(viewer)
    for edge in LIVE["edges"]:
        assert edge["evidences"]
        for proof in edge["evidences"]:
            assert proof["where"] in shown
    kinds = re.findall(r"proof-kind proof-([a-z-]+)", shown)
    assert kinds[-4:] == ["observed", "coded", "configured", "permitted"]


def test_file_and_line_are_code_and_a_guard_in_the_code_is_said(viewer: Client) -> None:
    shown = loop_page(viewer)
    assert ">src/totals/handler.py:44</code>" in shown
    assert "Guarded in code: if the status is new (line 31)" in shown
    assert "kept from an earlier reading" in shown


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=20), "read just now"),
        (timedelta(minutes=1), "read 1 minute ago"),
        (timedelta(minutes=59), "read 59 minutes ago"),
        (timedelta(hours=3, minutes=59), "read 3 hours ago"),
        (timedelta(days=12), "read 12 days ago"),
        (timedelta(seconds=-90), "read just now"),  # a clock that is ahead
    ],
)
def test_an_age_is_told_in_words(ago: timedelta, said: str) -> None:
    assert age((NOW - ago).isoformat(), NOW) == said


def test_what_the_guard_would_not_stop_is_among_the_findings(viewer: Client) -> None:
    listed = page(viewer, "findings/?rule=guard-does-not-cover")
    for gap in example()["protection_gaps"]:
        assert not gap["subject_kind"] or gap["subject_name"] in listed
    assert f"loops/{LIVE['fingerprint']}/" in listed


def test_a_report_of_an_older_version_still_has_its_pages(shop: Scene, viewer: Client) -> None:
    report = example()
    del report["audits"]
    for loop in report["loops"]:
        for edge in loop["edges"]:
            del edge["evidences"]
    publish(shop.workspace, report)
    assert "Environment variable TABLE_NAME names the target" in loop_page(viewer)
    assert "The four questions" not in page(viewer, "")
    assert "have not been asked yet" in page(viewer, "findings/")


def test_a_text_of_evidence_is_never_markup(shop: Scene, viewer: Client) -> None:
    report = example()
    for proof in report["loops"][0]["edges"][0]["evidences"]:
        proof |= {"text": "<b onload=canary>", "where": "<script>canary</script>"}
    publish(shop.workspace, report)
    for address in ("", f"loops/{LIVE['fingerprint']}/"):
        raw = viewer.get(f"/w/shop/{address}").content.decode()
        assert "<script>canary" not in raw
        assert "<b onload" not in raw
