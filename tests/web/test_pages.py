"""What the pages say, and never say."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.html import escape

from tests.web.scene import Scene, example, publish
from topology.models import Run, RunState
from topology.reports import json_report
from topology.reports.prose import pretty
from topology.reports.wording import headline
from topology.web.signs import prose
from topology.web.views.home import LISTED

CLEAR = re.compile(r"no loop within scope|all clear|every planned read was complete", re.IGNORECASE)
NAUGHTY = (
    "<script>alert('canary')</script>",
    "\"><svg/onload=alert('canary')>",
    "{{ 7 }}{% now 'Y' %}",
    "\u202egnp.exe",
    "ﷺ𝕳🏳️‍🌈e\u0301\u0301\u0301 名前",
    "nul \x00 and \ud800 alone",
    "x" * 512,
)


def test_the_example_follows_the_published_contract() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(example(), json_report.schema())


def said(sentence: str) -> str:
    """A sentence as a page shows it."""
    return unescape(prose(sentence))


def home(client: Client) -> str:
    answer = client.get("/w/shop/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def loop_page(client: Client, loop: dict[str, Any]) -> str:
    answer = client.get(f"/w/shop/loops/{loop['fingerprint']}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


class TestHome:
    def test_of_very_many_loops_it_lists_the_gravest_and_all_where_somebody_asks(
        self, viewer: Client, shop: Scene
    ) -> None:
        report = example()
        [grave, *_] = [each for each in report["loops"] if each["verdict"] == "live"]
        report["loops"] = [{**grave, "fingerprint": f"{number:016x}"} for number in range(130)]
        publish(shop.workspace, report)
        page = home(viewer)
        assert page.count('<li class="loop') == LISTED == 100
        assert "The 100 gravest of 130." in page
        answer = viewer.get("/w/shop/?all")
        assert answer.content.decode().count('<li class="loop') == 130

    def test_it_starts_with_the_verdict_then_lists_the_gravest_loop_first(
        self, viewer: Client
    ) -> None:
        page = home(viewer)
        order = ["7 loops found", "Loops, gravest first", "Live", "Guarded", "Not read", "Accounts"]
        places = [page.index(each) for each in order]
        assert places == sorted(places)

    def test_a_loop_says_where_it_runs(self, viewer: Client, shop: Scene) -> None:
        report = example()
        [grave, *_] = report["loops"]
        other = json.loads(json.dumps(grave))
        edge = other["edges"][0]
        edge["source"] = edge["source"].replace("111122223333", "444455556666")
        report["loops"] = [grave, {**other, "fingerprint": "f" * 16}]
        publish(shop.workspace, report)
        page = home(viewer)
        assert "111122223333, eu-west-1 · 3 hops" in page
        assert "2 accounts, eu-west-1 · 3 hops" in page

    def test_it_keeps_stopped_loops_apart_and_visible(self, viewer: Client) -> None:
        page = home(viewer)
        folded = page.split("2 loops stopped or accepted")[1].split("</details>")[0]
        assert "report-to-json" in folded
        assert "orders-totals" not in folded

    def test_it_names_the_action_that_closes_each_gap(self, viewer: Client) -> None:
        page = home(viewer)
        for gap in example()["scope"]["gaps"]:
            assert said(gap["reason"]) in page
            assert gap["action"] in page

    def test_it_shows_gaps_that_one_change_would_close_as_one_row(self, viewer: Client) -> None:
        assert home(viewer).count(">events:ListTargetsByRule<") == 1

    def test_it_says_in_words_how_far_a_crawl_is(self, viewer: Client) -> None:
        page = home(viewer)
        assert "Reading eu-west-1 (12 of 63 calls); 1 of 3 regions done, 1 waiting." in page

    def test_it_goes_on_waiting_until_what_was_read_is_also_understood(
        self, shop: Scene, viewer: Client
    ) -> None:
        Run.objects.filter(aws_account=shop.reading).update(
            state=RunState.PUBLISHED, moment=shop.workspace.moment + 1
        )
        assert "Everything is read. Working out what can go round." in home(viewer)
        assert viewer.get("/w/shop/progress/").json()["reading"] is True

    def test_it_answers_progress_as_data(self, shop: Scene, viewer: Client) -> None:
        answer = viewer.get("/w/shop/progress/").json()
        assert answer["reading"] is True
        assert {each["id"] for each in answer["accounts"]} == {
            str(shop.read.pk),
            str(shop.reading.pk),
        }

    def test_it_says_why_a_crawl_failed(self, shop: Scene, viewer: Client) -> None:
        Run.objects.filter(aws_account=shop.reading).update(
            state=RunState.FAILED, reason="the token has expired; sign in again"
        )
        assert "The last crawl failed: the token has expired; sign in again" in home(viewer)

    def test_it_teaches_where_nothing_was_read_yet(self, shop: Scene, viewer: Client) -> None:
        shop.workspace.analyses.all().delete()
        shop.workspace.aws_accounts.all().delete()
        page = home(viewer)
        assert "Nothing read yet" in page
        assert "loopscope explore" in page
        assert not CLEAR.search(page)


class TestHeadline:
    def test_it_sounds_clear_only_for_a_clear_verdict(self) -> None:
        for verdict in ("loops-found", "incomplete", "something new"):
            report = example()
            report["scope"]["verdict"] = verdict
            said = headline(report)
            assert not CLEAR.search(f"{said.title} {said.detail}")

    def test_it_says_that_an_incomplete_reading_is_no_all_clear(
        self, shop: Scene, viewer: Client
    ) -> None:
        report = example() | {"loops": []}
        report["scope"]["verdict"] = "incomplete"
        publish(shop.workspace, report)
        page = home(viewer)
        assert "Incomplete: this is not an all-clear" in page
        assert "No loop within scope" not in page

    def test_it_says_of_found_loops_that_gaps_may_hide_more(self) -> None:
        assert "5 gaps could hide more" in headline(example()).detail

    def test_it_names_accepted_gaps_in_a_clear_verdict(self) -> None:
        report = example() | {"loops": []}
        report["scope"] |= {"verdict": "no-loop-within-scope", "gaps": [], "stale": []}
        assert "but for 1 accepted gap" in headline(report).detail


class TestLoop:
    @pytest.mark.parametrize("loop", example()["loops"], ids=lambda loop: loop["verdict"])
    def test_it_shows_every_hop_with_its_reason_evidence_and_arns(
        self, loop: dict[str, Any], viewer: Client
    ) -> None:
        page = loop_page(viewer, loop)
        assert said(loop["explanation"]) in page
        assert said(loop["guard"]["because"]) in page
        for number, edge in enumerate(loop["edges"], start=1):
            card = page.split(f'id="hop-{number}"')[1].split("</dl>")[0]
            assert said(edge["hop"]["because"]) in card
            assert said(edge["words"]) in card
            assert f">{edge['source']}<" in card
            assert f'href="#hop-{number}"' in page

    def test_it_shows_the_event_that_passes_and_the_one_that_does_not(self, viewer: Client) -> None:
        guarded = example()["loops"][2]
        card = loop_page(viewer, guarded).split('id="hop-1"')[1].split('class="findings"')[0]
        shown = [json.loads(each) for each in re.findall(r"<pre[^>]*>(.*?)</pre>", card, re.DOTALL)]
        edge = guarded["edges"][0]
        assert shown[:3] == [
            json.loads(edge["filter"]["document"]),
            edge["hop"]["witness"],
            edge["hop"]["counterexample"],
        ]

    def test_it_says_honestly_that_a_loop_is_not_in_the_latest_reading(
        self, viewer: Client
    ) -> None:
        answer = viewer.get("/w/shop/loops/0000000000000000/")
        assert answer.status_code == 404
        page = unescape(answer.content.decode())
        assert "Not in the latest reading" in page
        assert "no proof that it is gone" in page


class TestJson:
    def test_what_fits_on_a_line_stays_on_one(self) -> None:
        assert pretty('{"a": [1, {"b": null}]}') == '{"a": [1, {"b": null}]}'

    def test_what_does_not_is_indented(self) -> None:
        names = ["a" * 40, "b" * 40]
        assert pretty({"Key": names, "empty": {}}) == (
            f'{{\n  "Key": [\n    "{names[0]}",\n    "{names[1]}"\n  ],\n  "empty": {{}}\n}}'
        )

    @pytest.mark.parametrize("text", ["{broken", "[" * 5000, "[" * 700 + "]" * 700, "", "a\ud800"])
    def test_a_document_nobody_can_parse_is_shown_as_it_is(self, text: str) -> None:
        assert pretty(text).replace("\n", "").replace(" ", "")[:2] == text[:2]


class TestProse:
    @pytest.mark.parametrize(
        ("sentence", "shown"),
        [
            ("plain", "plain"),
            ("Role *a-b* may write `*`", "Role <b>a-b</b> may write <code>*</code>"),
            ('only "*.json", never "*.csv"', '<code>"*.json"</code>, never <code>"*.csv"</code>'),
            ("2 * 3 and a ` alone", "2 * 3 and a ` alone"),
            ("`<b>` and *<i>*", "<code>&lt;b&gt;</code> and <b>&lt;i&gt;</b>"),
            ("", ""),
        ],
    )
    def test_values_and_names_stand_out_and_stay_text(self, sentence: str, shown: str) -> None:
        assert prose(sentence).replace("&quot;", '"').endswith(shown)


class TestAccount:
    def test_it_lists_every_drawn_edge_as_a_row(self, shop: Scene, viewer: Client) -> None:
        page = unescape(viewer.get(f"/w/shop/accounts/{shop.read.pk}/").content.decode())
        rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
        for edge in example()["loops"][0]["edges"]:
            ends = [f'title="{edge["source"]}"', f'title="{edge["target"]}"']
            assert any(all(end in row for end in ends) and "in a loop" in row for row in rows)
        assert "3 resources that no event reaches or leaves are not drawn" in page

    def test_it_says_that_an_account_was_not_read_yet(self, shop: Scene, viewer: Client) -> None:
        page = viewer.get(f"/w/shop/accounts/{shop.reading.pk}/").content.decode()
        assert "has not been read yet" in page
        assert '<svg class="map"' not in page


class TestNaughtyNames:
    @pytest.mark.parametrize("name", NAUGHTY)
    def test_a_name_is_only_ever_text(self, name: str, shop: Scene, viewer: Client) -> None:
        report = _renamed(example(), name)
        publish(shop.workspace, report)
        shop.workspace.name = shop.read.name = name[:200].replace("\x00", "").replace("\ud800", "")
        shop.workspace.save()
        shop.read.save()
        loop = report["loops"][0]["fingerprint"]
        for address in (f"loops/{loop}/", f"accounts/{shop.read.pk}/", ""):
            answer = viewer.get(f"/w/shop/{address}")
            assert answer.status_code == 200
            page = answer.content.decode()
            assert "<script>alert" not in page
            assert "<svg/onload" not in page
            assert "{{ 7 }}" in page or "7 }}" not in name
            for drawn in re.findall(r'<div class="wide">(<svg.*?</svg>)</div>', page, re.DOTALL):
                ElementTree.fromstring(drawn)

    def test_a_long_name_keeps_both_ends_and_its_whole_arn(
        self, shop: Scene, viewer: Client
    ) -> None:
        name = "a" * 300 + "z" * 212
        publish(shop.workspace, _renamed(example(), name))
        page = loop_page(viewer, example()["loops"][0])
        assert escape(f">{name}<") not in page
        assert re.search(r">a+…z+<", page)
        assert name in page  # in the ARN, whole


def _renamed(report: dict[str, Any], name: str) -> dict[str, Any]:
    """The report with every name, label and sentence replaced."""
    for loop in report["loops"]:
        loop["title"] = loop["explanation"] = name
        for edge in loop["edges"]:
            for end in ("source", "target"):
                edge[end] = f"{edge[end]}/{name}"
                edge[f"{end}_name"] = name
            edge["label"] = edge["words"] = edge["hop"]["because"] = name
            edge["hop"]["witness"] = {name: name}
            edge["filter"] = {"language": name, "document": name}
        loop["resources"] = [edge["source"] for edge in loop["edges"]]
    for gap in report["scope"]["gaps"]:
        gap |= {"resource": name, "reason": name, "code": name}
    return report
