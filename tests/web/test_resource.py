"""The page of a resource: what it says of what is there, what is gone, and what never was."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.store.observations import (
    BUCKET,
    FUNCTION,
    bucket,
    function,
    gap,
    notification,
    observation,
    publish,
)
from tests.web.scene import Scene
from tests.web.test_access import body
from tests.web.test_map import NAUGHTY, edge, thing
from topology import runs
from topology.graph import Edge, Evidence, Meaning
from topology.reports.map_scene import id_of
from topology.reports.svg import printable

NOTHING = "arn:aws:sns:eu-west-1:999999999999:not-ours"


@pytest.fixture
def crawled(shop: Scene) -> Scene:
    """A function that hears a bucket, writes to it and elsewhere, and was changed once."""
    for timeout in (3, 9):
        heard = notification()
        back = Edge(FUNCTION, BUCKET, Meaning.WRITES, "test.write", Evidence.DECLARED, "out")
        out = Edge(FUNCTION, NOTHING, Meaning.WRITES, "test.write", Evidence.DECLARED, "news")
        owned = function(timeout=timeout, tags={"Team": "orders"})
        publish(shop.read, observation([owned, bucket()], [heard, back, out]))
    shop.workspace.refresh_from_db()
    runs.analyse_here(shop.workspace)
    return shop


def page(client: Client, arn: str, status: int = 200) -> str:
    answer = client.get(f"/w/shop/resources/{id_of(arn)}/")
    assert answer.status_code == status, answer
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_it_says_what_starts_it_what_it_sets_off_and_that_this_comes_back(
    crawled: Scene, viewer: Client
) -> None:
    told = page(viewer, FUNCTION)
    assert "Yes, in 2 hops." in told
    assert "reaches this again" in told
    assert f"/w/shop/resources/{id_of(BUCKET)}/" in told
    assert "owner <bdi>orders</bdi>" in told
    assert "Timeout</dt><dd><bdi>9 s</bdi>" in told
    assert "No dead-letter queue and no on-failure destination was found in what was read." in told
    assert "<td>timeout</td>" in told  # what was new in the second version
    assert '"timeout": 9' in told.replace("&quot;", '"')


def test_a_function_has_an_incident_sheet_and_a_bucket_none(crawled: Scene, viewer: Client) -> None:
    told = page(viewer, FUNCTION)
    assert "put-function-concurrency" in told
    assert "Incident sheet" in told
    assert "AWS/Lambda" in told
    assert "team orders" in told
    assert "Alarms" in told
    assert "Incident sheet" not in page(viewer, BUCKET)


def test_what_nobody_read_has_a_page_that_says_so(crawled: Scene, viewer: Client) -> None:
    told = page(viewer, NOTHING)
    assert "It was not read" in told
    assert "Configuration as crawled" not in told


def test_what_is_gone_is_shown_as_it_was_last(crawled: Scene, viewer: Client) -> None:
    publish(crawled.read, observation([bucket()]))
    told = page(viewer, FUNCTION, 410)
    assert "It is gone." in told
    assert "the last one that had it" in told
    assert "Yes, in 2 hops." in told
    assert "gone with reading" in told


@pytest.mark.parametrize("key", ["000000000000", "no-such", "0" * 300, id_of(FUNCTION)[:11]])
def test_what_never_was_is_an_honest_404(crawled: Scene, viewer: Client, key: str) -> None:
    answer = viewer.get(f"/w/shop/resources/{key}/")
    assert answer.status_code == 404
    assert "No reading of this workspace ever showed" in answer.content.decode()


def test_a_resource_of_another_workspace_is_as_absent_as_one_that_never_was(
    crawled: Scene, client: Client
) -> None:
    client.force_login(crawled.stranger)
    other, none = (
        body(client.get(f"/w/elsewhere/resources/{key}/").content).replace(key, "")
        for key in (id_of(FUNCTION), "0" * 12)
    )
    assert client.get(f"/w/shop/resources/{id_of(FUNCTION)}/").status_code == 404
    assert other == none


def test_a_gap_of_its_own_and_gaps_that_could_hide_a_way_back_are_said(
    shop: Scene, viewer: Client
) -> None:
    publish(shop.read, observation([function(), bucket()], [], [gap("lambda.list", FUNCTION)]))
    shop.workspace.refresh_from_db()
    runs.analyse_here(shop.workspace)
    told = page(viewer, FUNCTION)
    assert "Not everything was read of it" in told
    assert "No way leads back to it" in told
    assert "That is no all-clear:" in told


def test_before_a_reading_is_worked_out_no_answer_sounds_clear(shop: Scene, viewer: Client) -> None:
    shop.workspace.analyses.all().delete()
    publish(shop.read, observation([function(), bucket()]))
    told = page(viewer, FUNCTION)
    assert "have not been worked out yet" in told


def test_no_name_is_markup_and_a_document_kept_as_text_is_unfolded(
    shop: Scene, viewer: Client
) -> None:
    hostile = thing(
        NAUGHTY, "s3.bucket", policy='{"Statement": [{"Sid": "<b>"}]}', tags={"<b>": "<i>"}
    )
    write = Edge(thing("a").arn, hostile.arn, Meaning.WRITES, "test", label=NAUGHTY)
    publish(shop.read, observation([thing("a"), thing("b"), hostile], [edge("b", "a"), write]))
    for arn in (hostile.arn, thing("a").arn):
        told = page(viewer, arn)
        assert "<img" not in told
        assert "<b>" not in told
        assert "<i>" not in told
    assert "&quot;Sid&quot;" in page(viewer, hostile.arn)
    assert "It is gone" not in page(viewer, printable(hostile.arn))
