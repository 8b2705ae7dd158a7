"""What the API does: the same as the pages, for tokens that may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AwsAccount, Deed
from tests.web.api.conftest import Bearer
from tests.web.played import NAUGHTY, play
from tests.web.scene import Scene
from topology.models import AcceptanceRow, Run, Scenario, Share
from topology.reports.map_scene import id_of

SHOP = "/api/v1/workspaces/shop"
JSON = "application/json"


@pytest.fixture
def names(shop: Scene) -> dict[str, str]:
    return play(shop)


@pytest.fixture
def api(names: dict[str, str], shop: Scene, bearer: Bearer) -> Client:
    return bearer(shop.admin, "crawl", "change")


def get(api: Client, path: str) -> dict[str, Any]:
    answer = api.get(SHOP + path)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def post(api: Client, path: str, status: int = 200, **given: Any) -> dict[str, Any]:
    answer = api.post(SHOP + path, given, content_type=JSON)
    assert answer.status_code == status, answer.content
    told: dict[str, Any] = answer.json()
    if status == 201:
        assert api.get(answer["Location"]).status_code == 200
    return told


def test_resources_and_edges_are_those_of_the_reading(api: Client, names: dict[str, str]) -> None:
    functions = get(api, "/resources?kind=lambda.function")["results"]
    assert {each["arn"] for each in functions} == {names["work"], names["mail"]}
    listed = get(api, f"/edges?source={names['queue']}")["results"]
    assert [(each["target"], each["meaning"]) for each in listed] == [(names["work"], "triggers")]
    written = get(api, f"/edges?source={names['work']}&meaning=writes")["results"]
    assert [each["target"] for each in written] == [names["queue"]]
    assert written[0]["evidence"] in ("configured", "permitted")


def test_a_resource_is_told_as_its_page_tells_it(api: Client, names: dict[str, str]) -> None:
    told = get(api, f"/resources/{id_of(names['work'])}")
    assert told["resource"]["comes_back"]["answer"] == "yes"
    assert told["reading"]["verdict"] == "loops-found"
    assert get(api, f"/resources/{id_of(names['odd'])}")["resource"]["name"] == NAUGHTY
    assert api.get(f"{SHOP}/resources/{'0' * 12}").status_code == 404


def test_what_if_tells_the_verdict_before_and_after(api: Client, names: dict[str, str]) -> None:
    told = post(api, "/what-if", edits=[f"off:{names['mapping']}"])
    assert (told["before"], told["after"]) == ("loops-found", "no-loop-within-scope")
    assert [(each["what"], each["before"]) for each in told["loops"]] == [("stops", "guarded")]
    assert "Switch off" in told["changes"][0]["patch"]["words"]
    assert "is no change" in post(api, "/what-if", 422, edits=["nonsense"])["detail"]


def test_what_has_not_been_read_for_too_long_is_not_clear_whatever_is_supposed(
    api: Client, names: dict[str, str]
) -> None:
    AwsAccount.objects.update(schedule="15min", scheduled_since=timezone.now() - timedelta(days=9))
    Run.objects.update(finished=timezone.now() - timedelta(days=9))
    told = post(api, "/what-if", edits=[f"off:{names['mapping']}"])
    assert (told["before"], told["after"]) == ("loops-found", "incomplete")


def test_a_scenario_is_kept_renamed_tried_and_forgotten(api: Client, names: dict[str, str]) -> None:
    edits = [f"off:{names['mapping']}"]
    made = post(api, "/scenarios", 201, name="Quiet night", edits=edits)
    assert post(api, "/scenarios", 409, name="Quiet night", edits=edits)["detail"]
    path = f"{SHOP}/scenarios/{made['id']}"
    assert api.patch(path, {"name": "Loud"}, content_type=JSON).json()["name"] == "Loud"
    told = api.get(path).json()
    assert (told["scenario"]["author"], told["after"]) == ("ada", "no-loop-within-scope")
    assert api.delete(path).status_code == 204
    assert api.delete(path).status_code == 404
    assert not Scenario.objects.filter(name="Loud").exists()
    assert Deed.objects.filter(did="deleted the scenario", about="Loud", by="ada").count() == 1


def test_an_event_is_heard_and_a_filter_reached(api: Client, names: dict[str, str]) -> None:
    told = post(api, "/tester", channel=names["bus"], event={"source": "shop"})
    assert told["said"] == "1 delivery listens here: 1 hears it."
    assert told["deliveries"][0]["edge"]["target"] == names["mail"]
    deaf = post(api, "/tester", channel=id_of(names["bus"]), event='{"source": "bank"}')
    assert deaf["deliveries"][0]["word"] == "cannot"
    narrowed = post(api, "/tester", edge=names["mapping"], filter='{"body": {"a": [1]}}')
    assert [each["way"][0] for each in narrowed["writers"]] == [names["work"]]
    told = post(api, "/tester", 422, channel=names["bus"], event="{")
    assert "Line 1" in told["detail"]
    post(api, "/tester", 404, channel="0" * 12, event={})
    post(api, "/tester", 422)


def test_something_is_accepted_and_accepted_no_longer(api: Client) -> None:
    loop = get(api, "/loops")["results"][0]
    until = timezone.now().date() + timedelta(days=3)
    given = {"owner": "me@example.com", "reason": "It ends.", "expires": f"{until}"}
    named = {"kind": "loop", "fingerprint": loop["fingerprint"]}
    made = post(api, "/acceptances", 201, **named, **given)
    assert (made["expires"], made["made_by"], made["has_ended"]) == (f"{until}", "ada", False)
    assert get(api, "/acceptances?kind=loop")["results"] == [made]
    assert get(api, "/acceptances?kind=gap")["results"] == []
    for wrong in ({"expires": "2999-01-01"}, {"fingerprint": "none"}, {"owner": " "}):
        post(api, "/acceptances", 422, **(named | given | wrong))
    assert api.delete(f"{SHOP}/acceptances/{made['id']}").status_code == 204
    assert not AcceptanceRow.objects.exists()


def test_a_report_is_shared_by_a_link_that_is_told_once(api: Client) -> None:
    made = post(api, "/shares", 201, days=2, passcode="open sesame")
    address, _, token = made["link"].partition("#")
    opened = Client().post(address, {"token": token, "passcode": "open sesame"})
    assert opened.status_code == 200
    row = get(api, "/shares")["results"][0]
    assert (row["views"], row["has_passcode"], row["is_open"]) == (1, True, True)
    assert token not in str(row)
    assert api.delete(f"{SHOP}/shares/{made['id']}").status_code == 204
    assert Client().post(address, {"token": token}).status_code == 404
    assert get(api, f"/shares/{made['id']}")["is_open"] is False
    post(api, "/shares", 422, loop="gone")
    assert Share.objects.count() == 1


def test_readings_are_listed_and_compared(api: Client, shop: Scene) -> None:
    first = get(api, "/moments?limit=1")
    assert first["results"][0]["moment"] == shop.workspace.moment
    older = api.get(first["next"]).json()["results"]
    assert [each["moment"] for each in older] == [shop.workspace.moment - 1]
    told = get(api, f"/moments/{shop.workspace.moment}")
    assert told["resources"]["added"] == len(told["changed_resources"]) > 0
    assert {each["word"] for each in told["loops"]} == {"new"}
    assert api.get(f"{SHOP}/moments/1?since=1").status_code == 422
    assert api.get(f"{SHOP}/moments/99").status_code == 404


def test_before_the_first_reading_nothing_can_be_tried(api: Client, shop: Scene) -> None:
    shop.workspace.analyses.all().delete()
    for told in (post(api, "/what-if", edits=[]), get(api, f"/scenarios/{shop.scenario.pk}")):
        assert (told["before"], told["after"]) == ("incomplete", None)
        assert "no reading yet" in told["note"]
    post(api, "/tester", 409, channel="0" * 12)
    assert get(api, "/resources")["results"] == get(api, "/edges")["results"] == []
