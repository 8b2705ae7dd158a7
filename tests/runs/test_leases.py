"""Work is done by one worker at a time, and a dead worker's is taken up again (TRUST I4, I9)."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.row_security import within
from tests.store.observations import SMALL, account, planned_run
from topology import runs, store
from topology.models import ATTEMPTS, LEASE, PartState, Run, RunPart, RunState
from topology.runs import pulse
from topology.runs.pulse import Pulse

pytestmark = pytest.mark.django_db(transaction=True)


def claim(part: RunPart) -> bool:
    return part.claim(PartState.WAITING, PartState.RUNNING, to=PartState.RUNNING)


@pytest.fixture
def part():
    return planned_run(account(), SMALL).parts.get()


def again(part: RunPart) -> RunPart:
    """The row as another worker fetches it."""
    return RunPart.objects.get(pk=part.pk)


def test_of_many_claimers_one_wins(part):
    start = threading.Barrier(8)

    def compete(mine: RunPart) -> bool:
        try:
            start.wait()
            with within(mine.run.aws_account.workspace_id):
                return claim(mine)
        finally:
            connection.close()

    rows = RunPart.objects.select_related("run__aws_account")
    claimers = [rows.get(pk=part.pk) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(compete, claimers)) == [False] * 7 + [True]
    assert again(part).attempts == 1


def test_a_claimed_part_is_not_given_to_another(part):
    assert claim(part)
    assert not claim(again(part))


def test_a_part_is_given_to_another_when_its_lease_has_run_out(part):
    assert claim(part)
    RunPart.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    other = again(part)
    assert claim(other)
    assert other.fence == part.fence + 1


def test_a_part_given_back_is_free_at_once(part):
    assert claim(part)
    part.give_back("unreachable")
    other = again(part)
    assert (other.reason, claim(other)) == ("unreachable", True)


def test_nobody_gets_a_fourth_attempt(part):
    for _ in range(ATTEMPTS):
        mine = again(part)
        assert claim(mine)
        mine.give_back("unreachable")
    assert not claim(again(part))


def test_a_late_worker_cannot_renew_its_lease(part):
    assert claim(part)
    RunPart.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    claim(again(part))
    assert not part.beat()


def test_the_pulse_renews_the_lease_and_tells_the_progress(part, monkeypatch):
    monkeypatch.setattr(pulse, "BEAT", 0.02)
    assert claim(part)
    RunPart.objects.update(lease_until=timezone.now())
    beating = Pulse(part)
    beating.note("lambda.list_functions", 4, 9)
    beating.start()
    until = time.monotonic() + 10
    while again(part).calls_done == 0 and time.monotonic() < until:
        time.sleep(0.02)
    beating.stop()
    seen = again(part)
    assert (seen.calls_done, seen.calls_planned, seen.doing) == (4, 9, "lambda.list_functions")
    assert seen.lease_until is not None
    assert seen.lease_until > timezone.now() + LEASE / 2


def test_the_pulse_stops_a_crawl_that_was_taken_over(part, monkeypatch):
    monkeypatch.setattr(pulse, "BEAT", 0.02)
    assert claim(part)
    RunPart.objects.update(fence=part.fence + 1)
    beating = Pulse(part)
    beating.start()
    beating.join(10)
    with pytest.raises(store.FencedOutError):
        beating.note("lambda.list_functions", 4, 9)


def test_the_pulse_gives_up_on_work_that_hangs(part, monkeypatch):
    monkeypatch.setattr(pulse, "BEAT", 0.02)
    monkeypatch.setattr(pulse, "SILENCE", 0.05)
    assert claim(part)
    beating = Pulse(part)
    beating.start()
    beating.join(10)
    assert not beating.is_alive()


def test_a_beat_that_comes_late_does_not_hold_work_that_is_done(part):
    assert claim(part)
    store.stage(part, SMALL)
    assert not part.beat()
    assert again(part).lease_until is None


def test_one_account_and_time_is_one_run():
    when = timezone.now() + timedelta(hours=1)
    assert runs.request(account(), when) == runs.request(account(), when)
    assert Run.objects.count() == 1


def test_any_number_of_schedulers_ask_for_one_run():
    mine, when = account(), timezone.now() + timedelta(hours=1)

    def ask(_: int) -> int:
        try:
            with within(mine.workspace_id):
                return runs.request(mine, when).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert Run.objects.get().state == RunState.REQUESTED
