"""What the API says of a reading: the same as the pages, and never without the scope's verdict."""

from __future__ import annotations

import json

import jsonschema
import pytest
from django.urls import reverse

from accounts.models import Workspace
from tests.web.api.conftest import Bearer
from tests.web.scene import Scene, example, publish
from topology.models import Analysis
from topology.reports import json_report

SHOP = "/api/v1/workspaces/shop"


@pytest.fixture
def api(shop: Scene, bearer: Bearer):
    return bearer(shop.viewer)


def everything(api, path):
    """All results of a list, page by page."""
    while path:
        answer = api.get(path)
        assert answer.status_code == 200, answer.content
        yield from answer.json()["results"]
        path = answer.json()["next"]


def test_lists_tell_what_the_report_tells_page_by_page(api):
    report = example()
    for name, told in (
        ("loops", [each["fingerprint"] for each in report["loops"]]),
        ("findings", [each["fingerprint"] for each in report["audits"]["findings"]]),
        ("gaps", report["scope"]["gaps"]),
    ):
        found = list(everything(api, f"{SHOP}/{name}?limit=2"))
        assert told == (found if name == "gaps" else [each["fingerprint"] for each in found])


def test_filters_let_through_what_they_name(api):
    verdicts = {each["verdict"] for each in everything(api, f"{SHOP}/loops?verdict=live")}
    severities = {each["severity"] for each in everything(api, f"{SHOP}/findings?severity=high")}
    assert (verdicts, severities) == ({"live"}, {"high"})
    assert not list(everything(api, f"{SHOP}/loops?account=000000000000"))


def test_whatever_is_listed_the_verdict_stands_beside_it(api):
    for path in ("", "/loops", "/loops?verdict=accepted&account=1", "/findings?q=none", "/gaps"):
        said = api.get(SHOP + path).json()["reading"]
        assert (said["verdict"], said["moment"]) == ("loops-found", 1)
        assert "The reading is incomplete too" in said["detail"]


def test_before_the_first_reading_nothing_sounds_clear(api, shop: Scene):
    Analysis.objects.all().delete()
    for path in ("", "/loops", "/findings", "/gaps"):
        said = api.get(SHOP + path).json()["reading"]
        assert (said["verdict"], said["moment"]) == ("incomplete", None)
    assert api.get(f"{SHOP}/report").status_code == 404
    assert api.get(f"{SHOP}/graph/ndjson").status_code == 404


def test_what_is_being_judged_anew_is_not_clear(api, shop: Scene):
    Workspace.objects.update(trusts_code=False)
    assert api.get(f"{SHOP}/loops").json()["reading"]["title"] == "Being judged anew"


def test_a_list_goes_on_in_the_reading_it_began_in(api, shop: Scene):
    first = api.get(f"{SHOP}/loops?limit=4").json()
    publish(shop.workspace, {**example(), "loops": []})
    rest = list(everything(api, first["next"]))
    assert len(first["results"]) + len(rest) == len(example()["loops"])
    assert api.get(f"{SHOP}/loops").json()["results"] == []


def test_a_loop_is_told_as_a_report_tells_it_with_its_history(api):
    loop = example()["loops"][0]
    answer = api.get(f"{SHOP}/loops/{loop['fingerprint']}").json()
    assert answer["loop"] == loop
    assert api.get(f"{SHOP}/loops/none").status_code == 404


def test_unchanged_is_304_and_changed_is_not(api, shop: Scene):
    for path in ("/loops", "/graph/ndjson"):
        etag = api.get(SHOP + path)["ETag"]
        again = api.get(SHOP + path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        publish(shop.workspace, {**example(), "more_loops": 99})
        after = api.get(SHOP + path, headers={"If-None-Match": etag})
        assert after.status_code == 200


def test_a_report_is_the_pages_export_byte_by_byte(api, shop: Scene, client):
    client.force_login(shop.viewer)
    for form in ("json", "markdown", "sarif"):
        page = client.get(reverse("export", args=["shop", form]), {"mask": "1"})
        answer = api.get(f"{SHOP}/report/{form}?mask=true")
        assert (page.status_code, answer.content) == (200, page.content), form
        said = (answer["Loopscope-Verdict"], answer["Loopscope-Gaps"])
        assert said == ("loops-found", "5")


def test_a_report_keeps_the_published_contract(api):
    jsonschema.validate(api.get(f"{SHOP}/report").json(), json_report.schema())


def test_a_graph_is_streamed_line_by_line(api):
    answer = api.get(f"{SHOP}/graph/ndjson")
    assert answer.streaming
    lines = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert {each["type"] for each in lines} == {"node", "edge"}
    assert answer["Loopscope-Verdict"] == "loops-found"


def test_the_schema_of_reports_is_served_to_everybody(client):
    assert client.get("/api/v1/report.schema.json").json() == json_report.schema()
