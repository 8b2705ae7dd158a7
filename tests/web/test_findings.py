"""What the four questions found, on the pages."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from tests.web.scene import ACCOUNT, Scene, example, publish

FOUND = example()["audits"]["findings"]
QUESTIONS = example()["audits"]["questions"]


def page(client: Client, address: str) -> str:
    answer = client.get(f"/w/shop/{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def listed(shown: str) -> list[str]:
    """The ids of the findings on a page."""
    return [each["id"] for each in FOUND if f'id="{each["id"]}"' in shown]


def test_home_asks_the_four_questions_and_counts_by_severity(viewer: Client) -> None:
    shown = page(viewer, "").split("The four questions", 1)[1].split("</section>", 1)[0]
    for question in QUESTIONS:
        assert question["words"] in shown
    assert "4 medium" in shown
    assert "Undecided of" in shown


def test_home_tells_a_loop_once_and_not_as_a_finding_too(viewer: Client) -> None:
    assert "rule=loop" not in page(viewer, "")
    assert f'id="{next(each["id"] for each in FOUND if each["rule"] == "loop")}"' in page(
        viewer, "findings/?rule=loop"
    )


def test_every_finding_says_why_what_ends_it_and_where_aws_writes_of_it(viewer: Client) -> None:
    shown = page(viewer, "findings/")
    assert listed(shown) == [each["id"] for each in FOUND]
    for each in FOUND:
        assert each["fix"] in shown
        assert each["page"] in shown
        assert each["command"] in shown


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("severity=high", lambda each: each["severity"] == "high"),
        ("question=on-monday", lambda each: each["question"] == "on-monday"),
        ("rule=no-error-alarm&q=ENRICH", lambda each: each["subject_name"] == "enrich"),
        (f"account={ACCOUNT}&region=eu-west-1", lambda each: True),
        ("account=000000000000", lambda each: False),
        ("rule=nonsense&page=-7", lambda each: False),
    ],
)
def test_an_address_filters_what_is_listed(viewer: Client, query: str, fits) -> None:
    expected = [each["id"] for each in FOUND if fits(each)]
    shown = page(viewer, f"findings/?{query}")
    assert listed(shown) == expected
    assert ("Nothing fits" in shown) is (not expected)


def test_what_could_not_be_asked_is_said_and_is_no_all_clear(viewer: Client) -> None:
    shown = page(viewer, "findings/").split("<h2>Undecided", 1)[1]
    assert "reserved concurrency is only read of functions" in shown
    assert "no all-clear" in shown


def test_many_findings_come_in_pages_that_keep_the_filter(shop: Scene, viewer: Client) -> None:
    report = example()
    some = next(each for each in FOUND if each["rule"] == "no-error-alarm")
    report["audits"]["findings"] = [
        some | {"id": f"no-error-alarm-{number:08x}"} for number in range(120)
    ]
    publish(shop.workspace, report)
    shown = page(viewer, "findings/?rule=no-error-alarm&page=2")
    assert "Page 2 of 3" in shown
    assert "?rule=no-error-alarm&page=3" in shown


def test_a_loops_page_lists_the_findings_of_what_it_leads_through(viewer: Client) -> None:
    loop = example()["loops"][0]
    shown = page(viewer, f"loops/{loop['fingerprint']}/")
    folded = shown.split("<h2>Findings on the way", 1)[1]
    mine = [each for each in FOUND if each["subject"] in loop["resources"]]
    assert listed(folded) == [each["id"] for each in mine if each["rule"] != "loop"]


def test_an_accounts_page_counts_its_own(shop: Scene, viewer: Client) -> None:
    mine = page(viewer, f"accounts/{shop.read.pk}/")
    assert f"rule=no-error-alarm&account={ACCOUNT}" in mine
    other = page(viewer, f"accounts/{shop.reading.pk}/")
    assert "no-error-alarm" not in other


def test_a_name_in_a_finding_is_text(shop: Scene, viewer: Client) -> None:
    report = example()
    for each in report["audits"]["findings"]:
        each |= {"subject_name": "<script>canary</script>", "because": "{{ 7 }}<b onload=canary>"}
    publish(shop.workspace, report)
    for address in ("", "findings/"):
        raw = viewer.get(f"/w/shop/{address}").content.decode()
        assert "<script>canary" not in raw
        assert "<b onload" not in raw
