"""A worker tries a connection, and what leaves is in no later moment."""

from __future__ import annotations

import pytest

from accounts.connecting import by_role
from accounts.models import AwsAccount, Workspace
from tests.store.observations import account, function, observation, publish, staged_run
from topology import runs, store
from topology.models import Analysis, ConnectionTest, ResourceVersion, Run, RunState


def connected(aws, proxy, monkeypatch, workspace="shop"):
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    space, _ = Workspace.objects.get_or_create(slug=workspace)
    return by_role(space, aws.id, "loopscope")


def outcome(found, worker):
    runs.ask_for_test(found)
    assert worker.work_off() == [("topology.test_connection", (found.pk,))]
    return ConnectionTest.objects.get(aws_account=found)


def test_it_says_what_the_role_lacks(aws, proxy, worker, monkeypatch):
    found = connected(aws, proxy, monkeypatch)
    proxy.require_external_id(found.role_arn, found.external_id)
    proxy.deny("sqs.ListQueues")
    test = outcome(found, worker)
    assert (test.refused, test.calls["undecided"]) == ("", test.calls["undecided"])
    assert test.calls["refused"] == [{"action": "sqs:ListQueues", "call": "sqs.list_queues"}]


def test_a_role_that_answers_to_anybody_is_neither_used_nor_crawled(
    aws, proxy, worker, monkeypatch
):
    found = connected(aws, proxy, monkeypatch)
    assert "also answers without an external id" in outcome(found, worker).refused
    run = runs.request(found)
    for _ in range(3):
        worker.work_off()
        runs.start_due()
    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "also answers without an external id" in run.reason


def test_an_account_that_another_workspace_found_out_first_is_refused(
    aws, proxy, worker, monkeypatch
):
    other = connected(aws, proxy, monkeypatch, "other")
    mine = AwsAccount.objects.create(
        workspace=Workspace.objects.create(slug="mine"), role_arn=other.role_arn
    )
    assert "belongs to another workspace" in outcome(mine, worker).refused


@pytest.mark.django_db
def test_an_account_that_leaves_with_its_history_is_in_earlier_moments_alone():
    publish(account(), observation([function()]))
    before = account().workspace.moment
    store.disconnect(account(), keeps_history=True)
    now = store.load(account().workspace)
    assert (now.accounts, now.reads, now.gaps, len(now.graph.resources)) == ((), (), (), 0)
    then = store.load(account().workspace, before)
    assert len(then.graph.resources) > 0
    assert (account().role_arn, account().external_id) == ("", "")


@pytest.mark.django_db
def test_an_account_that_leaves_without_it_leaves_nothing():
    publish(account(), observation([function()]))
    workspace = account().workspace
    runs.analyse_latest(workspace)
    assert Analysis.objects.count() == 1
    store.disconnect(account(), keeps_history=False)
    for model in (AwsAccount, Run, ResourceVersion, Analysis):
        assert not model.objects.exists()


@pytest.mark.django_db
def test_what_is_under_way_for_it_brings_nothing_more():
    run = staged_run(account(), observation())
    store.disconnect(account(), keeps_history=True)
    with pytest.raises(store.FencedOutError):
        store.publish(run)
    assert store.load(account().workspace).accounts == ()
