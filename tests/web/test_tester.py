"""The rules tester, on its page: forms, addresses, and honest words for nonsense."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from tests.web.played import NAUGHTY, play
from tests.web.scene import Scene
from tests.world import World, allow
from topology.reports.map_scene import id_of

PAGE = "/w/shop/tester/"


def shop_of_events(world: World) -> dict[str, str]:
    """A bus with two rules, one of which leads over a queue; a bucket; a hostile name."""
    bus, queue, bucket = world.bus("shop"), world.queue("jobs"), world.bucket("in")
    work, mail = world.function("work", allow("events:PutEvents", bus)), world.function(NAUGHTY)
    orders = world.rule(bus, queue, {"source": ["shop"]}, label="orders/1")
    world.rule(bus, mail, {"source": ["bank"]}, label=f"{NAUGHTY}/1")
    world.listen(queue, work)
    world.notify(bucket, work, suffix=".csv")
    return {"bus": bus, "queue": queue, "bucket": bucket, "work": work, "orders": orders}


@pytest.fixture
def names(shop: Scene) -> dict[str, str]:
    return play(shop, shop_of_events)


def get(client: Client, status: int = 200, /, **query: str) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_a_short_event_gets_an_address_of_its_own(names: dict[str, str], viewer: Client) -> None:
    sent = {"at": id_of(names["bus"]), "event": '{"source": "shop", "detail": {"a": "<b>"}}'}
    answer = viewer.post(PAGE, sent)
    assert answer.status_code == 303
    assert dict(parse_qsl(urlsplit(answer["Location"]).query)) == sent
    told = viewer.get(answer["Location"]).content.decode()
    assert "2 deliveries listen here: 1 hears it." in told
    assert "written only as &quot;shop&quot;" not in told  # values stand in code, quotes and all
    assert "Does not pass" in told
    assert "&quot;body&quot;" in told  # what the function behind the queue is handed
    assert "<b>&quot;" not in told
    assert "<img" not in told


def test_what_hears_an_event_is_a_file(names: dict[str, str], viewer: Client) -> None:
    sent = {"at": id_of(names["bus"]), "event": '{"source": "shop"}'}
    rows = json.loads(get(viewer, 200, **sent, file="json"))["deliveries"]
    assert [(row["step"], row["word"]) for row in rows] == [
        (1, "always"),
        (2, "always"),
        (1, "cannot"),
    ]
    assert rows[0]["target"] == names["queue"]
    writers = json.loads(get(viewer, edge=names["orders"], file="json"))["writers"]
    assert [row["way"] for row in writers] == [[names["work"]]]
    assert writers[0]["after"]["verdict"] == "sometimes"
    assert get(viewer, 200, **sent, file="csv").splitlines()[0].startswith('"step","does","target"')
    assert "file=csv" in get(viewer, 200, **sent)
    get(viewer, 404, file="json")
    get(viewer, 404, **sent, file="xml")
    get(viewer, 404, at="000000000000", event="{}", file="csv")


def test_a_long_event_is_answered_at_once(names: dict[str, str], viewer: Client) -> None:
    event = json.dumps({"source": "shop", "detail": {"text": "x" * 100_000}})
    answer = viewer.post(PAGE, {"at": id_of(names["bus"]), "event": event})
    assert answer.status_code == 200
    assert "cannot be shared" in answer.content.decode()


def test_an_object_is_a_key_and_a_name(names: dict[str, str], viewer: Client) -> None:
    bucket = id_of(names["bucket"])
    assert "1 hears it" in get(viewer, at=bucket, key="a b.csv", name="ObjectCreated:Copy")
    told = get(viewer, at=bucket, key="a.json")
    assert "0 hear it" in told
    assert "s3.object.key" in told


def test_a_known_writer_is_followed(names: dict[str, str], viewer: Client) -> None:
    told = get(viewer, at=id_of(names["bus"]))
    (link, *_) = [
        p.split('"')[0].replace("&amp;", "&")
        for p in told.split('href="?')[1:]
        if "write=" in p[:60]
    ]
    followed = viewer.get(f"{PAGE}?{link}").content.decode()
    assert "everything that writer may put here" in followed
    assert "Some of it passes" in followed


def test_an_edited_filter_says_who_reaches_it_before_and_after(
    names: dict[str, str], viewer: Client
) -> None:
    assert "Some of it is heard" in get(viewer, edge=names["orders"])
    told = get(viewer, edge=names["orders"], hears='{"source": ["aws.s3"]}')
    assert "reaches it no more" in told
    assert "Nothing of it is heard" in told
    fresh = get(
        viewer, at=id_of(names["bus"]), language="eventbridge.pattern", hears='{"source": ["a"]}'
    )
    assert "Some of it is heard" in fresh


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"at": "0" * 12}, 404, "no such channel"),
        ({"edge": "0" * 16}, 404, "no such edge"),
        ({"at": "bus", "event": '{\n"a": }'}, 400, "Line 2, column 6"),
        ({"at": "bus", "event": "[" * 101 + "]" * 101}, 400, "too deep"),
        ({"at": "bus", "event": '{"a": 1, "a": 2}'}, 400, "given twice"),
        ({"at": "bucket", "key": ""}, 400, "1 to 1024 bytes"),
        ({"at": "bus", "write": "nobody"}, 404, "Nobody is known"),
        ({"at": "bus", "language": "iot.sql", "hears": ""}, 400, "not filtered in that language"),
        ({"edge": "orders", "hears": '{"source": "a"}'}, 400, "Line 1, column 12"),
        ({"q": NAUGHTY + "\x00"}, 200, "Nothing listens"),
    ],
)
def test_nonsense_gets_an_honest_page(
    names: dict[str, str], viewer: Client, query: dict[str, str], status: int, says: str
) -> None:
    for name in ("at", "edge"):
        if query.get(name) in names:
            known = names[query[name]]
            query = query | {name: id_of(known) if name == "at" else known}
    told = get(viewer, status, **query)
    assert says in told
    assert "<img" not in told


def test_more_than_a_megabyte_is_refused(names: dict[str, str], viewer: Client) -> None:
    sent = {"at": id_of(names["bus"]), "event": '"' + "x" * 1_048_577 + '"'}
    answer = viewer.post(PAGE, sent)
    assert answer.status_code == 400
    assert "it may have 1024 KB at most" in answer.content.decode()


def test_far_more_than_that_is_an_honest_page_too(viewer: Client) -> None:
    answer = viewer.post(PAGE, {"event": "x" * 3_000_000})
    assert answer.status_code == 400
    assert "too large" in answer.content.decode()


def test_a_stranger_learns_nothing(shop: Scene, names: dict[str, str], client: Client) -> None:
    client.force_login(shop.stranger)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"at": id_of(names["bus"])}).status_code == 404
    elsewhere = client.get("/w/elsewhere/tester/", {"at": id_of(names["bus"])})
    assert "shop" not in elsewhere.content.decode()
