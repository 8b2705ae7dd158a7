"""What a report says is parsed once for all pages that ask, and told of as of now each time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.store.observations import SMALL, account, publish
from topology import runs, store
from topology.models import Analysis
from topology.store import analyses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept():
    store.keep_reports()
    yield
    store.keep_reports(0)


def analysed(name: str = "") -> None:
    publish(account(), SMALL)
    runs.analyse_latest(account().workspace)


def asked(**how) -> tuple[Analysis, int]:
    """The latest analysis, and how often the column of reports was read for it."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = store.latest_analysis(account().workspace, **how)
    assert found
    return found, sum('"report"' in each["sql"] for each in queries)


def test_it_is_read_once_until_there_is_another():
    analysed()
    first, reads = asked()
    again, more = asked()
    assert (reads, more) == (1, 0)
    assert again.report is first.report
    analysed()
    other, reads = asked()
    assert (other.moment, reads) == (2, 1)
    assert other.report is not first.report


def test_one_that_is_too_old_says_so_although_it_is_kept():
    analysed()
    before, _ = asked()
    mine = account()
    mine.schedule, mine.scheduled_since = "hourly", timezone.now() - timedelta(days=2)
    mine.save()
    mine.runs.update(finished=timezone.now() - timedelta(days=1))
    now, reads = asked()
    assert reads == 0
    assert (before.report["scope"]["stale"], len(now.report["scope"]["stale"])) == ([], 1)
    assert asked()[0].report["scope"]["verdict"] == "incomplete"


def test_texts_are_made_fit_for_a_page_once_and_the_rest_is_shared():
    analysed()
    report = {**asked()[0].report, "more_loops": "nul \x00"}
    Analysis.objects.update(report=report, created=timezone.now())
    raw, _ = asked()
    fit, reads = asked(legibly=True)
    assert reads == 0
    assert (raw.report["more_loops"], fit.report["more_loops"]) == ("nul \x00", "nul \ufffd")
    assert fit.report["scope"] is raw.report["scope"]
    assert asked(legibly=True)[0].report is fit.report


def test_no_more_is_kept_than_was_said():
    for _ in range(4):
        analysed()
        asked()
    assert len(analyses._LOOKED._known) == analyses.REPORTS


def test_nobody_changes_what_others_look_at():
    analysed()
    scope = asked()[0].report["scope"]
    with pytest.raises(TypeError, match="is not changed"):
        scope["verdict"] = "no-loop-within-scope"
    with pytest.raises(TypeError):
        scope |= {"verdict": "no-loop-within-scope"}
    with pytest.raises(TypeError):
        scope.pop("gaps")
    assert {**scope} | {"verdict": "mine"} == scope | {"verdict": "mine"}
    assert asked()[0].report["scope"]["verdict"] != "mine"
