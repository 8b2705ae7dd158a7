"""What is forgotten, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.store.observations import (
    SMALL,
    account,
    bucket,
    function,
    gap,
    notification,
    observation,
    publish,
    reads,
)
from topology import runs, store
from topology.graph import ReadStatus
from topology.models import Analysis, LedgerRead, ResourceVersion, Run, RunState

pytestmark = pytest.mark.django_db
OLD = timezone.now() - timedelta(days=100)


def grown_old(times: int) -> None:
    """So many readings, a hundred days ago, each of another bucket."""
    for number in range(times):
        publish(account(), replace(SMALL, resources=(bucket(f"b{number}"), *SMALL.resources)))
        runs.analyse_latest(account().workspace)
    Run.objects.update(finished=OLD)
    Analysis.objects.update(created=OLD)


def now(moment: int | None = None) -> str:
    """The digest of what is known at a moment, the latest unless said."""
    return store.load(account().workspace, moment).graph.digest


def test_the_last_published_state_stays_whatever_its_age():
    grown_old(3)
    before, report = now(), Analysis.objects.latest().report
    runs.prune()
    runs.prune()
    assert now() == before
    assert Analysis.objects.get().report == report
    assert [run.moment for run in Run.objects.all()] == [3]
    assert LedgerRead.objects.exclude(run__moment=3).count() == 0
    assert not ResourceVersion.objects.exclude(valid_until=None).exists()


def test_history_that_is_young_enough_can_still_be_loaded_as_it_was():
    grown_old(3)
    Analysis.objects.filter(moment__gte=2).update(created=timezone.now())
    kept = [now(2), now(3)]
    runs.prune()
    assert [now(2), now(3)] == kept
    assert sorted(Analysis.objects.values_list("moment", flat=True)) == [2, 3]


def test_the_run_that_stale_rows_were_last_seen_by_stays():
    grown_old(1)
    refused = reads(list_buckets=ReadStatus.NOT_READ)
    blind = observation([function()], [notification()], [gap("s3.list_buckets")], refused)
    for _ in range(2):
        publish(account(), blind)
        runs.analyse_latest(account().workspace)
    Run.objects.update(finished=OLD)
    Analysis.objects.update(created=OLD)
    stale = store.load(account().workspace).stale
    assert stale
    runs.prune()
    assert store.load(account().workspace).stale == stale


def test_the_last_whole_crawl_stays_when_later_ones_failed():
    grown_old(2)
    failed = Run.objects.create(aws_account=account(), scheduled_for=timezone.now())
    assert failed.claim(RunState.REQUESTED, to=RunState.REQUESTED)
    store.fail(failed, "expired token")
    runs.analyse_latest(account().workspace)
    Run.objects.update(finished=OLD)
    before = now()
    runs.prune()
    assert now() == before
    assert sorted(Run.objects.values_list("moment", "state")) == [(2, "published"), (3, "failed")]


def test_a_workspace_that_was_never_analysed_loses_nothing():
    publish(account(), SMALL)
    Run.objects.update(finished=OLD)
    runs.prune()
    assert Run.objects.count() == 1


def test_sessions_that_have_ended_are_forgotten_and_others_stay():
    for age in (-60, 60):
        session = SessionStore()
        session.set_expiry(timezone.now() + timedelta(seconds=age))
        session.save()
    runs.prune()
    assert Session.objects.get().expire_date > timezone.now()
