"""The incident sheet on a loop's page: there to copy, and quiet where a report has none."""

from __future__ import annotations

from django.test import Client

from tests.audits.cases import alarm
from tests.reports.test_incident import document, first, work
from tests.reports.test_report import world_with_loop
from tests.web.scene import Scene, example, publish
from tests.web.test_pages import loop_page
from topology.graph import Meaning

CANARY = "<script>alert('canary')</script>"


def test_it_has_the_metrics_queries_and_alarms_to_copy_after_what_would_stop_the_loop(
    viewer: Client, shop: Scene
) -> None:
    world = world_with_loop()
    world.logs_of(work(world))
    world.edge(work(world), alarm(world, CANARY), Meaning.FORWARDS, "cw.metric", "Errors")
    told = document(world)
    publish(shop.workspace, told)
    loop = told["loops"][0]
    page = loop_page(viewer, loop)
    assert page.index("Incident sheet") < page.index("Hop by hop")
    sheet = first(told)
    assert sheet.queries
    assert sheet.missing
    for text in (*sheet.commands, *sheet.queries, *sheet.missing):
        assert text[1] in page
    assert page.count("data-copy") >= len([*sheet.commands, *sheet.queries, *sheet.missing])
    raw = viewer.get(f"/w/shop/loops/{loop['fingerprint']}/").content.decode()
    assert CANARY not in raw
    assert "canary" in raw


def test_a_report_from_before_there_were_sheets_has_none(viewer: Client) -> None:
    assert "Incident sheet" not in loop_page(viewer, example()["loops"][0])
