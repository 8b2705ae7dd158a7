"""A run from request to publication, over a real broker and, where AWS is asked, an emulator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AwsAccount, Workspace
from tests.store.observations import (
    SMALL,
    account,
    bucket,
    observation,
    planned_run,
    publish,
    staged_run,
)
from tests.store.test_publishing import Killed, killed_at
from topology import runs, store
from topology.graph import graph
from topology.models import ATTEMPTS, Analysis, PartState, ResourceVersion, Run, RunPart, RunState
from topology.runs.wholes import whole_workspace

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(aws, monkeypatch):
    """An account of the emulator, connected to the workspace, read in one region."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    found = account()
    found.account_id, found.role_arn, found.regions = aws.id, aws.role_arn, [aws.region]
    found.save()
    return found


def analysis() -> Analysis:
    latest = store.latest_analysis(account().workspace)
    assert latest is not None
    return latest


def verdict() -> str:
    return str(analysis().report["scope"]["verdict"])


def reasons() -> list[str]:
    return [gap["reason"] for gap in analysis().report["scope"]["gaps"]]


def test_a_request_ends_in_a_published_and_analysed_run(connected, worker):
    run = runs.request(connected)
    worker.work_off()
    run.refresh_from_db()
    assert (run.state, run.moment, run.reason) == (RunState.PUBLISHED, 1, "")
    assert sorted(run.parts.values_list("region", "state")) == [
        ("eu-west-1", "staged"),
        ("global", "staged"),
    ]
    assert Analysis.objects.get() == analysis()
    assert analysis().moment == 1
    assert analysis().report["scope"]["accounts"] == [connected.account_id]
    assert list(analysis().overviews) == [connected.account_id]


def test_messages_that_come_twice_change_nothing(connected, worker):
    runs.request(connected)
    worker.work_off(times=2)
    assert store.load(connected.workspace).moment == 1
    assert Analysis.objects.count() == 1


def test_messages_that_are_lost_are_sent_again(connected, worker):
    run = runs.request(connected)
    while True:
        worker.take()  # and lose them
        run.refresh_from_db()
        if run.state == RunState.PUBLISHED and Analysis.objects.exists():
            break
        runs.start_due()
        worker.do(*worker.take()[:1])
    assert run.moment == 1


def test_a_run_waits_for_its_time(connected, worker):
    run = runs.request(connected, timezone.now() + timedelta(hours=1))
    runs.start_due()
    assert worker.take() == []
    Run.objects.update(scheduled_for=timezone.now())
    runs.start_due()
    assert worker.take() == [("topology.plan", (run.pk,))]


def test_work_in_hand_is_not_sent_again(worker):
    run = planned_run(account(), SMALL)
    assert run.parts.get().claim(PartState.WAITING, to=PartState.RUNNING)
    runs.start_due()
    assert worker.take() == []


def test_credentials_of_another_account_are_refused_at_once(connected, worker):
    connected.account_id = "999999999999"
    connected.save()
    run = runs.request(connected)
    worker.work_off()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "and account 999999999999 was connected" in run.reason
    assert verdict() == "incomplete"
    assert run.reason in reasons()


def test_an_account_not_identified_yet_learns_its_id(connected, aws, worker):
    connected.account_id = ""
    connected.save()
    runs.request(connected)
    worker.work_off()
    connected.refresh_from_db()
    assert connected.account_id == aws.id


def test_an_endpoint_that_does_not_answer_fails_the_run_after_three_attempts(
    connected, worker, proxy, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    run = runs.request(connected)
    worker.work_off()
    for _ in range(1, ATTEMPTS):
        run.refresh_from_db()
        assert run.state == RunState.REQUESTED
        runs.start_due()
        worker.work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.FAILED, ATTEMPTS)
    assert run.reason.startswith("AWS cannot be reached")
    assert verdict() == "incomplete"


def test_a_run_whose_worker_dies_three_times_fails(worker, leases_run_out):
    run = Run.objects.create(aws_account=account(), scheduled_for=timezone.now())
    for _ in range(ATTEMPTS):
        assert Run.objects.get().claim(RunState.REQUESTED, to=RunState.REQUESTED)
        leases_run_out()
    runs.start_due()
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.FAILED, "the worker died 3 times")
    worker.work_off()
    assert "the worker died 3 times" in reasons()


def test_a_region_whose_worker_dies_three_times_hides_no_other(worker, leases_run_out):
    elsewhere = observation([bucket("elsewhere")], region="us-east-1")
    run = planned_run(account(), SMALL, elsewhere)
    fine = run.parts.get(region="us-east-1")
    assert fine.claim(PartState.WAITING, to=PartState.RUNNING)
    store.stage(fine, elsewhere)
    for _ in range(ATTEMPTS):
        poison = run.parts.get(region="eu-west-1")
        assert poison.claim(PartState.WAITING, PartState.RUNNING, to=PartState.RUNNING)
        leases_run_out()
    runs.start_due()
    worker.work_off()
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED
    assert store.load(account().workspace).graph == graph(elsewhere.resources, elsewhere.edges)
    assert verdict() == "incomplete"
    assert "the worker died 3 times" in reasons()


def test_a_run_all_of_whose_regions_failed_is_a_failed_run(worker):
    run = planned_run(account(), SMALL)
    RunPart.objects.update(attempts=ATTEMPTS, reason="expired token")
    runs.start_due()
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.FAILED, "expired token")


@pytest.mark.parametrize("verb", ["publish_when_complete", "start_due"])
def test_a_worker_killed_at_any_statement_loses_nothing(verb, worker, leases_run_out):
    """TRUST I3 and I4: whatever statement it dies at, the minute after the graph is the same."""
    expected = graph(SMALL.resources, SMALL.edges).digest
    statement, finished = 0, False
    while not finished:
        statement += 1
        run = staged_run(account(), SMALL)
        run.give_back("")
        try:
            with killed_at(statement):
                if verb == "start_due":
                    runs.start_due()
                else:
                    runs.publish_when_complete(run)
            finished = True
        except Killed:
            pass
        worker.take()
        leases_run_out()
        runs.start_due()
        worker.work_off()
        run.refresh_from_db()
        assert run.state == RunState.PUBLISHED, f"killed at statement {statement}"
        loaded = store.load(account().workspace)
        assert (loaded.graph.digest, loaded.stale, loaded.gaps) == (expected, (), ())
        assert analysis().moment == loaded.moment
    assert ResourceVersion.objects.count() == 2
    assert statement > 4


def test_an_analysis_that_fails_never_leaves_an_older_verdict_standing(worker):
    publish(account(), SMALL)
    ResourceVersion.objects.filter(data__contains="lambda").update(
        data={**ResourceVersion.objects.filter(data__contains="lambda").get().data, "attributes": 7}
    )
    runs.analyse_latest(account().workspace)
    assert verdict() == "incomplete"
    assert [gap["code"] for gap in analysis().report["scope"]["gaps"]] == ["AnalysisFailed"]


def test_an_analysis_that_somebody_is_at_is_left_to_them_unless_they_are_dead():
    publish(account(), SMALL)
    space = account().workspace
    assert space.begin_analysis()
    runs.analyse_latest(account().workspace)
    assert not Analysis.objects.exists()
    Workspace.objects.update(analysed_until=timezone.now() - timedelta(seconds=1))
    runs.analyse_latest(account().workspace)
    assert analysis().moment == 1
    assert account().workspace.begin_analysis()


def test_what_is_published_while_others_are_read_is_analysed_now_and_then(worker):
    publish(account(), SMALL)
    runs.analyse_latest(account().workspace)
    publish(account(), observation([bucket("new")]))
    other = AwsAccount.objects.create(workspace=account().workspace, account_id="2" * 12)
    Run.objects.create(aws_account=other, scheduled_for=timezone.now(), state=RunState.RUNNING)
    runs.analyse_latest(account().workspace)
    assert analysis().moment == 1
    Analysis.objects.update(created=timezone.now() - timedelta(seconds=31))
    runs.analyse_latest(account().workspace)
    assert analysis().moment == 2


def test_whoever_finds_work_on_the_whole_workspace_comes_back(worker):
    run = staged_run(account(), SMALL)
    run.give_back("")
    with whole_workspace():
        runs.publish_when_complete(run)
    run.refresh_from_db()
    assert (run.state, run.lease_until) == (RunState.RUNNING, None)
    assert worker.take() == [("topology.publish", (run.pk,))]
