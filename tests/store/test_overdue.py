"""Nothing is called clear that was not read for two intervals (TRUST I6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.store.observations import SMALL, account, publish
from topology import runs, store
from topology.models import Run, RunState

pytestmark = pytest.mark.django_db


def read(ago: timedelta, **changes: object) -> None:
    """An account without a loop, crawled every hour, read as a whole some time ago."""
    found = account()
    when = timezone.now() - ago
    found.schedule, found.scheduled_since = "hourly", when - timedelta(days=1)
    for name, value in changes.items():
        setattr(found, name, value)
    found.save()
    publish(found, SMALL)
    Run.objects.update(finished=when)
    runs.analyse_latest(found.workspace)


def scope() -> dict[str, object]:
    """What pages and exports say, whether they ask for the latest reading or for this one."""
    workspace = account().workspace
    latest, by_number = (
        store.latest_analysis(workspace),
        store.analysis_by(workspace, workspace.moment),
    )
    assert latest is not None
    assert by_number is not None
    found: dict[str, object] = latest.report["scope"]
    exported = [runs.reported(workspace, runs.Wanted(moment=m)) for m in (None, latest.moment)]
    assert [by_number.report["scope"], *(each["scope"] for each in exported)] == [found] * 3
    return found


def test_what_was_read_in_time_is_clear():
    read(timedelta(minutes=119))
    assert (scope()["verdict"], scope()["stale"]) == ("no-loop-within-scope", [])


@pytest.mark.parametrize("changes", [{}, {"paused": True}])
def test_two_intervals_without_a_whole_crawl_make_it_incomplete_and_say_so(changes):
    read(timedelta(minutes=121), **changes)
    assert scope()["verdict"] == "incomplete"
    assert "two intervals of its schedule have passed without a whole crawl" in str(
        scope()["stale"]
    )


def test_a_crawl_that_failed_is_no_whole_one():
    read(timedelta(hours=3))
    Run.objects.create(
        aws_account=account(),
        scheduled_for=timezone.now(),
        finished=timezone.now(),
        state=RunState.FAILED,
    )
    assert scope()["verdict"] == "incomplete"


def test_an_account_that_nobody_scheduled_has_no_interval():
    read(timedelta(days=400), schedule="")
    assert scope()["verdict"] == "no-loop-within-scope"


def test_loops_stay_loops_however_old_they_are():
    read(timedelta(hours=3))
    latest = store.latest_analysis(account().workspace)
    assert latest is not None
    loop = {"verdict": "live", "fingerprint": "0" * 16, "title": "a", "accepted": None}
    type(latest).objects.update(report={**latest.report, "loops": [loop]})
    assert scope()["verdict"] == "loops-found"
    assert scope()["stale"]


def test_what_was_judged_with_trust_in_code_is_not_clear_once_nobody_trusts_it():
    read(timedelta(minutes=5))
    workspace = account().workspace
    type(workspace).objects.update(trusts_code=False)
    workspace.refresh_from_db()
    by_number = store.analysis_by(workspace, workspace.moment)
    assert by_number is not None
    assert by_number.report["scope"]["verdict"] == "incomplete"
    assert "code" in str(by_number.report["scope"]["stale"])
