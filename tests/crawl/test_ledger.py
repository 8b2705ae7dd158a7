"""The ledger: one row per planned operation, and nothing complete whose list was not."""

from __future__ import annotations

from topology import crawl
from topology.crawl.ask import Answer
from topology.crawl.ledger import Ledger, plan
from topology.graph import GLOBAL, ReadStatus

IDENTITY = crawl.Identity("aws", "111122223333", "arn:aws:iam::111122223333:user/me")
REFUSED = Answer((), 0, PermissionError())


def call(ledger: Ledger, name: str):
    return next(call for service, call in ledger.plan if service.name_of(call) == name)


def row(ledger: Ledger, name: str):
    return next(read for read in ledger.rows() if read.call == name)


def test_it_plans_what_readers_need_and_nothing_of_it_is_read_yet():
    rows = crawl.planned(IDENTITY, "eu-west-1")
    assert len({read.call for read in rows}) == len(rows)
    assert {read.status for read in rows} == {ReadStatus.NOT_READ}
    assert {(read.account, read.region) for read in rows} == {("111122223333", "eu-west-1")}
    assert "iam.get_account_authorization_details" not in {read.call for read in rows}


def test_what_has_no_region_is_planned_once():
    assert "iam.get_account_authorization_details" in {
        read.call for read in crawl.planned(IDENTITY, GLOBAL)
    }


def test_parents_are_planned_before_their_children():
    calls = [call for _, call in plan("eu-west-1")]
    for place, planned in enumerate(calls):
        assert planned.for_each is None or calls.index(planned.for_each) < place


def test_a_call_repeated_for_nothing_is_complete_once_its_list_is():
    ledger = Ledger("1", "eu-west-1", plan("eu-west-1"))
    ledger.tallies[call(ledger, "sqs.list_queues")].add(Answer((), 1))
    assert row(ledger, "sqs.list_queues").status is ReadStatus.COMPLETE
    assert row(ledger, "sqs.get_queue_attributes").status is ReadStatus.COMPLETE


def test_a_call_repeated_for_a_list_that_failed_is_not_complete():
    ledger = Ledger("1", "eu-west-1", plan("eu-west-1"))
    lists = ledger.tallies[call(ledger, "sqs.list_queues")]
    lists.add(Answer(("a",), 1, ConnectionError()))
    ledger.tallies[call(ledger, "sqs.get_queue_attributes")].add(Answer(({},), 1))
    assert row(ledger, "sqs.list_queues").status is ReadStatus.PARTIAL
    assert row(ledger, "sqs.get_queue_attributes").status is ReadStatus.PARTIAL


def test_an_operation_repeated_for_two_lists_is_one_row_and_complete_only_with_both():
    ledger = Ledger("1", "eu-west-1", plan("eu-west-1"))
    for name in ("sns.list_topics", "sns.list_subscriptions"):
        ledger.tallies[call(ledger, name)].add(Answer((), 1))
    assert row(ledger, "sns.get_subscription_attributes").status is ReadStatus.COMPLETE
    ledger.tallies[call(ledger, "sns.list_subscriptions")].add(REFUSED)
    assert row(ledger, "sns.get_subscription_attributes").status is ReadStatus.PARTIAL
