"""What changed since last time: on home, in the list of readings, and between any two of them."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from accounts.models import Deed
from tests.store.observations import (
    BUCKET,
    FUNCTION,
    TRIGGERS,
    bucket,
    function,
    notification,
    observation,
    publish,
)
from tests.web.scene import Scene
from tests.web.test_map import NAUGHTY, thing
from topology import runs, store
from topology.graph import Edge, Meaning
from topology.reports.loop_changes import LoopChange, Span, loop_changes, spans
from topology.reports.map_scene import id_of

BACK = Edge(FUNCTION, BUCKET, Meaning.WRITES, "test.write", label="out", read=TRIGGERS)


@pytest.mark.parametrize(
    ("before", "after", "is_complete", "word"),
    [
        ({}, {"a": "live"}, True, "new"),
        ({"a": "possible"}, {"a": "live"}, True, "graver"),
        ({"a": "live"}, {"a": "blocked"}, True, "milder"),
        ({"a": "live"}, {}, True, "gone"),
        ({"a": "live"}, {}, False, "unseen"),
    ],
)
def test_a_loop_is_gone_only_if_everything_was_read(before, after, is_complete, word):
    [change] = loop_changes(before, after, is_complete=is_complete)
    assert change == LoopChange("a", word, before.get("a", ""), after.get("a", ""))


def test_what_is_worse_goes_first():
    before = {"a": "live", "b": "possible", "c": "live", "d": "guarded"}
    after = {"b": "live", "c": "blocked", "d": "guarded", "e": "possible", "f": "live"}
    found = loop_changes(before, after, is_complete=True)
    assert [(each.fingerprint, each.word) for each in found] == [
        ("f", "new"),
        ("e", "new"),
        ("b", "graver"),
        ("c", "milder"),
        ("a", "gone"),
    ]


def read_twice(shop: Scene) -> Scene:
    """A function that hears a bucket begins to write to it; both are worked out."""
    shop.workspace.analyses.all().delete()
    for edges, timeout in (([notification()], 3), ([notification(), BACK], 9)):
        publish(shop.read, observation([function(timeout=timeout), bucket()], edges))
        shop.workspace.refresh_from_db()
        runs.analyse_here(shop.workspace)
    return shop


@pytest.fixture
def two_readings(shop: Scene) -> Scene:
    """The workspace after both."""
    return read_twice(shop)


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/w/shop/{path}")
    assert answer.status_code == status, answer
    return answer.content.decode()


def test_home_says_what_changed_since_the_reading_before(
    two_readings: Scene, viewer: Client
) -> None:
    told = page(viewer, "")
    now = two_readings.workspace.moment
    assert f"Since reading {now - 1}" in told
    assert "became-new" in told
    assert "Resources: 0 added, 0 removed, 1 changed." in told
    assert "Edges: 1 added, 0 removed, 0 changed." in told
    assert f"/w/shop/map/?moment={now}&amp;against={now - 1}" in told


def test_home_of_a_first_reading_compares_nothing(shop: Scene, viewer: Client) -> None:
    assert "Since reading" not in page(viewer, "")


def test_a_reading_that_changed_nothing_says_so(two_readings: Scene, viewer: Client) -> None:
    space = two_readings.workspace
    seen = observation([function(timeout=9), bucket()], [notification(), BACK])
    publish(two_readings.read, seen)
    space.refresh_from_db()
    runs.analyse_here(space)
    assert "Nothing changed: the same resources, edges and loops." in page(viewer, "")


def test_a_reading_lists_what_it_changed_and_leads_there(
    two_readings: Scene, viewer: Client
) -> None:
    now = two_readings.workspace.moment
    told = page(viewer, f"moments/{now}/")
    assert f"/w/shop/resources/{id_of(FUNCTION)}/" in told
    assert "timeout" in told
    assert told.count('became-added"') == 1
    assert f"from reading {now - 1} to {now}" in told
    listed = page(viewer, "moments/")
    assert "~1" in listed
    assert "+1" in listed
    assert "Production" in listed


def test_a_loop_that_is_not_seen_in_an_incomplete_reading_is_not_called_gone(
    two_readings: Scene, viewer: Client
) -> None:
    publish(two_readings.read, observation([function(timeout=9), bucket()], [notification()]))
    space = two_readings.workspace
    space.refresh_from_db()
    runs.analyse_here(space)
    told = page(viewer, f"moments/{space.moment}/")
    assert "No longer seen" in told  # one account of the workspace has never been read
    assert "what is no longer found may still be there" in told


def test_a_loop_tells_in_which_readings_it_was_and_how(two_readings: Scene, viewer: Client) -> None:
    space = two_readings.workspace
    [fingerprint] = store.loops_at(space, space.moment)
    assert "History of this loop" in page(viewer, f"loops/{fingerprint}/")
    publish(two_readings.read, observation([function(timeout=9), bucket()], [notification()]))
    space.refresh_from_db()
    runs.analyse_here(space)
    gone = page(viewer, f"loops/{fingerprint}/", 404)
    assert "It was last listed in reading" in gone
    assert f"/w/shop/moments/{space.moment}/" in gone


def test_what_is_next_to_a_loop_is_drawn_faded_and_leads_to_its_pages(
    two_readings: Scene, viewer: Client
) -> None:
    space = two_readings.workspace
    aside = Edge(FUNCTION, thing("aside").arn, Meaning.WRITES, "test.write", read=TRIGGERS)
    seen = [function(timeout=9), bucket(), thing("aside")]
    publish(two_readings.read, observation(seen, [notification(), BACK, aside]))
    space.refresh_from_db()
    runs.analyse_here(space)
    [fingerprint] = store.loops_at(space, space.moment)
    drawn = ElementTree.fromstring(page(viewer, f"loops/{fingerprint}/around/"))
    looks = {each.get("href"): each.get("class") for each in drawn.iterfind("{*}a")}
    assert "in-loop" in str(looks[f"/w/shop/resources/{id_of(FUNCTION)}/"])
    assert "faded" in str(looks[f"/w/shop/resources/{id_of(thing('aside').arn)}/"])


def test_spans_leave_out_what_was_before_a_loop_was_first_seen() -> None:
    history = [(1, ""), (2, "live"), (3, "live"), (4, ""), (5, "guarded")]
    assert spans(history) == [Span(5, 5, "guarded"), Span(4, 4, ""), Span(2, 3, "live")]
    assert spans([(1, "")]) == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("moments/99/", 404),
        ("moments/0/", 404),
        ("moments/1/?since=x", 400),
        ("moments/1/?since=7", 404),
        ("moments/1/?since=%00", 400),
        ("moments/?until=nonsense", 200),
        ("moments/?until=0", 200),
        ("moments/99999999999999999999/", 404),
    ],
)
def test_nonsense_gets_an_honest_page(
    two_readings: Scene, viewer: Client, path: str, status: int
) -> None:
    assert "Traceback" not in page(viewer, path, status)


def test_no_name_is_markup(shop: Scene, viewer: Client) -> None:
    publish(shop.read, observation([thing(NAUGHTY, "s3.bucket")]))
    shop.workspace.refresh_from_db()
    for path in ("moments/", f"moments/{shop.workspace.moment}/"):
        assert "<img" not in page(viewer, path)


def test_what_changed_is_a_table_for_a_spreadsheet_and_rows_for_a_program(
    two_readings: Scene, viewer: Client
) -> None:
    now = two_readings.workspace.moment
    rows = list(csv.DictReader(io.StringIO(page(viewer, f"moments/{now}/?file=csv"))))
    assert [(row["what"], row["change"]) for row in rows] == [
        ("loop", "new"),
        ("resource", "changed"),
        ("edge", "added"),
    ]
    assert (rows[1]["name"], rows[1]["changed"]) == ("thumb", "timeout")
    told = json.loads(page(viewer, f"moments/{now}/?file=json"))
    assert [row["what"] for row in told[f"changes-{now - 1}-{now}"]] == ["loop", "resource", "edge"]
    [newest, *_] = json.loads(page(viewer, "moments/?file=json"))["readings"]
    assert (newest["reading"], newest["edges_added"], newest["loops"]) == (now, 1, 1)
    page(viewer, "moments/?file=xls", status=404)


def test_an_edge_tells_its_evidence_and_history_and_a_resource_which_of_its_edges_went(
    two_readings: Scene, viewer: Client
) -> None:
    between = f"edges/{id_of(FUNCTION)}/{id_of(BUCKET)}/"
    assert "first seen" in page(viewer, between)
    answer = viewer.get(f"/w/shop/{between}", headers={"Accept": "application/json"})
    [told] = answer.json()["edges"]
    assert told["label"] == "out"
    assert [each["words"] for each in told["tries"]] == ["What if it were switched off"]
    publish(two_readings.read, observation([function(), bucket()], [notification()]))
    now = two_readings.workspace.moment
    page(viewer, between, status=404)
    assert "first seen" in page(viewer, f"{between}?moment={now}")
    gone = page(viewer, f"resources/{id_of(BUCKET)}/")
    assert "What became of its edges" in gone
    assert gone.index("became-removed") < gone.index("became-first-seen")
    [arriving] = csv.DictReader(io.StringIO(page(viewer, f"resources/{id_of(FUNCTION)}/?file=csv")))
    assert (arriving["list"], arriving["label"]) == ("arriving", "csv-in")


def test_a_list_of_anything_is_a_file_whatever_its_page(
    two_readings: Scene, viewer: Client
) -> None:
    for path, name in {
        "findings/": "findings",
        "find/?q=thumb&": "found",
        "accepted/": "accepted",
    }.items():
        query = path if "?" in path else f"{path}?"
        told = json.loads(page(viewer, f"{query}file=json"))
        assert isinstance(told[name], list)
        page(viewer, f"{query}file=csv")
    assert Deed.objects.filter(did="exported").count() == 6
