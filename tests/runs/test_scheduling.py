"""What is due is crawled once, however many schedulers look and however often."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import AwsAccount
from accounts.row_security import unbounded
from tests.store.observations import account
from topology import runs
from topology.models import Run, RunState

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 11, 1, tzinfo=UTC)


def scheduled(schedule: str = "15min") -> AwsAccount:
    found = account()
    found.schedule, found.scheduled_since = schedule, START
    found.save()
    return found


def finish() -> None:
    """What workers do to whatever waits."""
    with unbounded():
        Run.objects.filter(state=RunState.REQUESTED).update(
            state=RunState.PUBLISHED, finished=timezone.now()
        )


@pytest.mark.parametrize("beats", [2, 5])
def test_any_number_of_beats_asks_for_exactly_one_crawl_per_time(beats):
    mine = scheduled()
    first = mine.due(START + timedelta(hours=1))
    assert first is not None
    together = threading.Barrier(beats, action=finish)

    def beat(_: int) -> None:
        try:
            for tick in range(200):
                together.wait()
                runs.request_due(first + tick * timedelta(minutes=15))
        finally:
            connection.close()

    with ThreadPoolExecutor(beats) as pool:
        list(pool.map(beat, range(beats)))
    times = Run.objects.order_by("scheduled_for").values_list("scheduled_for", flat=True)
    assert list(times) == [first + tick * timedelta(minutes=15) for tick in range(200)]


def test_times_that_nobody_looked_at_do_not_pile_up():
    scheduled("hourly")
    runs.request_due(START + timedelta(days=3))
    assert Run.objects.count() == 1


def test_a_time_that_passed_during_a_crawl_is_made_up_for_once_it_is_done():
    scheduled("hourly")
    runs.request_due(START + timedelta(hours=3))
    for hours in (4, 5, 6):
        runs.request_due(START + timedelta(hours=hours))
    assert Run.objects.count() == 1
    finish()
    runs.request_due(START + timedelta(hours=6))
    assert Run.objects.count() == 2


def test_setting_a_schedule_makes_nothing_due_in_the_past():
    mine = scheduled("weekly")
    assert mine.due(START + timedelta(minutes=1)) is None


@pytest.mark.parametrize("change", [{"paused": True}, {"schedule": ""}])
def test_an_account_without_a_schedule_or_at_a_pause_is_left_alone(change):
    scheduled()
    AwsAccount.objects.update(**change)
    runs.request_due(START + timedelta(days=1))
    assert not Run.objects.exists()


def test_asking_while_a_crawl_goes_on_is_asking_for_that_one():
    going = Run.objects.create(aws_account=account(), scheduled_for=START, state=RunState.RUNNING)
    assert runs.request(account()) == going


def test_the_database_refuses_a_second_live_crawl_of_an_account():
    Run.objects.create(aws_account=account(), scheduled_for=START)
    with pytest.raises(IntegrityError):
        Run.objects.create(aws_account=account(), scheduled_for=START + timedelta(hours=1))
