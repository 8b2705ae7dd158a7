"""What if, on its page: verdict before and after, by plain links and forms alone."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.test import Client

from accounts.models import Deed
from tests.web.played import NAUGHTY, play
from tests.web.scene import Scene
from tests.world import World, allow
from topology.analysis import outcomes
from topology.models import Scenario
from topology.reports.map_scene import id_of

PAGE = "/w/shop/what-if/"


@pytest.fixture
def names(shop: Scene) -> dict[str, str]:
    return play(shop)


@pytest.fixture
def admin(shop: Scene, client: Client) -> Client:
    client.force_login(shop.admin)
    return client


def page(client: Client, *texts: str, status: int = 200, **more: Any) -> str:
    query = urlencode([*(("c", text) for text in texts), *more.items()])
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_it_says_the_verdict_before_and_after_and_why(
    names: dict[str, str], viewer: Client
) -> None:
    told = page(viewer, f"off:{names['mapping']}")
    assert "Loops found → No loop within scope. 1 loop stops; 0 go on as before." in told
    assert "It would be switched off" in told
    assert "Guarded before" in told
    assert "aws lambda update-event-source-mapping" in told or "Switch off" in told


def test_a_gap_is_no_all_clear_whatever_is_supposed(
    shop: Scene, names: dict[str, str], viewer: Client
) -> None:
    analysis = shop.workspace.analyses.latest()
    gap = {
        "account": "",
        "region": "",
        "call": "x.y",
        "action": "",
        "resource": "",
        "code": "",
        "reason": "r",
    }
    scope = analysis.report["scope"] | {"gaps": [gap]}
    analysis.report = analysis.report | {"scope": scope}
    analysis.save()
    assert "Loops found → Incomplete" in page(viewer, f"off:{names['mapping']}")


def test_what_no_longer_fits_is_said_and_the_rest_is_tried(
    names: dict[str, str], viewer: Client
) -> None:
    told = page(viewer, f"off:{'0' * 16}", f"off:{names['mapping']}")
    assert "Does not fit this reading" in told
    assert "No loop within scope" in told


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("c=drop:x", "is no change"),
        ("c=off:zz", "is no edge"),
        ("&".join(f"c=off:{n:016x}" for n in range(21)), "at most 20"),
        (f"c=hear:{'0' * 16}:{'x' * 12_001}", "longer than"),
        ("c=stop:%00", "cannot be read"),
        (f"c=stop:{quote(json.dumps({'function': NAUGHTY}) + '<b>')}", "cannot be read"),
    ],
)
def test_nonsense_gets_an_honest_page(
    names: dict[str, str], viewer: Client, query: str, says: str
) -> None:
    answer = viewer.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert viewer.get(f"/w/shop/what-if/patches.md?{query}").status_code == 400


def test_a_filter_is_edited_in_a_form_and_becomes_part_of_the_address(
    names: dict[str, str], viewer: Client
) -> None:
    assert "EventBridge pattern" in page(viewer, edge=names["rule"])
    answer = viewer.get(PAGE, {"edge": names["rule"], "hears": '{\r\n "source": ["other"]\r\n}'})
    assert answer.status_code == 302
    query = dict(parse_qsl(urlsplit(answer["Location"]).query))
    assert query["c"] == f'hear:{names["rule"]}:{{"source":["other"]}}'
    assert "hear only" in viewer.get(answer["Location"]).content.decode()


def test_a_broken_filter_says_where_and_keeps_what_was_typed(
    names: dict[str, str], viewer: Client
) -> None:
    told = page(viewer, status=400, edge=names["rule"], hears='{"source": [<b>]}')
    assert "Line 1, column 13" in told
    assert "[&lt;b&gt;]" in told


def test_at_a_resource_it_offers_what_may_be_tried(names: dict[str, str], viewer: Client) -> None:
    more: dict[str, Any] = {"at": id_of(names["work"]), "with": "jobs"}
    told = page(viewer, **more)
    for words in ("Switch off", "Change its filter", "Take the permission", "no concurrency"):
        assert words in told
    links = [part.split('"')[0].replace("&amp;", "&") for part in told.split('href="?')[1:]]
    tried = [link for link in links if "c=" in link]
    assert len(tried) >= 5
    for link in tried:
        assert viewer.get(f"{PAGE}?{link}").status_code == 200, link


def test_names_from_the_account_are_only_ever_text(names: dict[str, str], viewer: Client) -> None:
    told = page(viewer, q="onerror") + page(viewer, at=id_of(names["odd"]))
    assert "<img" not in told
    assert "{{7*7}}" in told


def test_a_loop_that_opens_is_told_as_such(shop: Scene, viewer: Client) -> None:
    def build(world: World) -> dict[str, str]:
        queue = world.queue("jobs")
        work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
        return {"queue": queue, "work": work}

    found = play(shop, build)
    join = json.dumps({"source": found["queue"], "to": found["work"], "hears": ""})
    told = page(viewer, f"join:{join}")
    assert "No loop within scope → Loops found. 1 loop goes round now" in told
    assert "file=json" in told
    (row,) = viewer.get(PAGE, {"c": f"join:{join}", "file": "json"}).json()["what-becomes"]
    assert (row["what"], row["before"], row["after"]) == ("goes round now", "", "guarded")
    assert set(row["resources"]) == {found["queue"], found["work"]}
    assert viewer.get(PAGE, {"file": "csv"}).status_code == 404


def test_more_than_anybody_waits_for_is_refused(
    names: dict[str, str], viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "MOST", 1)
    told = page(viewer, f"off:{names['mapping']}")
    assert "Nothing is said of what they would do" in told
    assert "→" not in told


def test_an_edge_that_is_only_supposed_is_given_a_filter_too(
    names: dict[str, str], viewer: Client
) -> None:
    join = json.dumps({"source": names["bus"], "to": names["work"], "hears": ""})
    told = page(viewer, f"join:{join}")
    link = next(p.split('"')[0] for p in told.split('href="?')[1:] if "edge=" in p.split('"')[0])
    form = viewer.get(f"{PAGE}?{link.replace('&amp;', '&')}").content.decode()
    assert "EventBridge pattern" in form
    query = dict(parse_qsl(link.replace("&amp;", "&")))
    answer = viewer.get(PAGE, query | {"hears": '{"source": ["mine"]}'})
    (text,) = [
        value for name, value in parse_qsl(urlsplit(answer["Location"]).query) if name == "c"
    ]
    assert json.loads(text.removeprefix("join:"))["hears"] == '{"source":["mine"]}'
    assert viewer.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("form", ["txt", "md", "json"])
def test_the_changes_are_a_patch_list(names: dict[str, str], viewer: Client, form: str) -> None:
    query = urlencode([("c", f"off:{names['rule']}"), ("c", f"off:{'0' * 16}")])
    answer = viewer.get(f"/w/shop/what-if/patches.{form}?{query}")
    assert "attachment" in answer["Content-Disposition"]
    body = answer.content.decode()
    assert "aws events disable-rule" in body
    assert "aws_cloudwatch_event_rule" in body
    assert "This reading has no edge" in body
    if form == "json":
        assert len(json.loads(body)["changes"]) == 2
    assert viewer.get("/w/shop/what-if/patches.exe").status_code == 404


def test_a_scenario_is_kept_replayed_renamed_and_deleted(
    shop: Scene, names: dict[str, str], admin: Client
) -> None:
    texts = [f"off:{names['mapping']}", f"off:{names['rule']}"]
    answer = admin.post("/w/shop/scenarios/", {"name": NAUGHTY, "c": texts}, follow=True)
    assert "No loop within scope" in answer.content.decode()
    assert "<img" not in answer.content.decode()
    kept = Scenario.objects.exclude(pk=shop.scenario.pk).get()
    assert (kept.author, len(kept.edits)) == (shop.admin, 2)
    assert kept.moment == shop.workspace.analyses.latest().moment
    again = admin.post("/w/shop/scenarios/", {"name": NAUGHTY, "c": texts}, follow=True)
    assert "Another scenario has that name" in again.content.decode()
    admin.post(f"/w/shop/scenarios/{kept.pk}/", {"name": "quiet night"})
    assert "quiet night" in page(admin)
    admin.post(f"/w/shop/scenarios/{kept.pk}/", {"delete": "1"})
    assert Scenario.objects.get() == shop.scenario
    deeds = Deed.objects.filter(did__contains="scenario").order_by("pk")
    assert [each.did.split()[0] for each in deeds] == ["kept", "renamed", "deleted"]


def test_a_scenario_says_which_of_its_changes_no_longer_fit(
    shop: Scene, names: dict[str, str], admin: Client
) -> None:
    texts = [f"off:{names['mapping']}", f"off:{names['rule']}"]
    admin.post("/w/shop/scenarios/", {"name": "night", "c": texts})

    def without_rule(world: World) -> dict[str, str]:
        queue = world.queue("jobs")
        work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
        return {"mapping": world.listen(queue, work)}

    play(shop, without_rule)
    told = admin.get(f"/w/shop/scenarios/{Scenario.objects.get(name='night').pk}/").content.decode()
    assert told.count("Does not fit this reading") == 1
    assert "the rule <b>orders</b>" in told  # what it meant when it was kept
    assert "1 loop stops" in told


def test_only_those_who_may_keep_scenarios_do(
    shop: Scene, names: dict[str, str], viewer: Client
) -> None:
    kept = shop.scenario
    assert viewer.post("/w/shop/scenarios/", {"name": "x"}).status_code == 403
    assert viewer.post(f"/w/shop/scenarios/{kept.pk}/", {"delete": "1"}).status_code == 403
    assert "Keep it as a scenario" not in page(viewer, f"off:{names['mapping']}")
    viewer.force_login(shop.stranger)
    for path in (f"scenarios/{kept.pk}/", "what-if/", "what-if/patches.json"):
        assert viewer.get(f"/w/shop/{path}").status_code == 404
        assert viewer.get(f"/w/elsewhere/scenarios/{kept.pk}/").status_code == 404


def test_a_loops_cuts_can_be_tried(shop: Scene, names: dict[str, str], viewer: Client) -> None:
    report = shop.workspace.analyses.latest().report
    (loop,) = (each for each in report["loops"] if each["verdict"] == "guarded")
    told = viewer.get(f"/w/shop/loops/{loop['fingerprint']}/").content.decode()
    links = [part.split('"')[0].replace("&amp;", "&") for part in told.split(f'href="{PAGE}?')[1:]]
    assert len(links) == len(loop["cuts"]) + 1
    for link in links:
        tried = viewer.get(f"{PAGE}?{link}").content.decode()
        assert "This loop:" in tried
        assert "1 loop stops" in tried
