"""Refuse each operation in turn: what could then not be read is a gap, never an all-clear."""

from __future__ import annotations

import pytest

from topology import catalog, crawl, demo, runs
from topology.demo.asked import snake
from topology.verdict import ScopeVerdict, scope_verdict

BEFORE = {"sts.get_caller_identity", "account.list_regions"}  # asked before there is a ledger
ACTIONS = {
    service.name_of(call): service.action_of(call)
    for service in catalog.services()
    for call in service.calls
}


@pytest.mark.parametrize("call", sorted(set(ACTIONS) - BEFORE))
def test_a_refused_call_is_a_gap_that_names_the_action_and_no_all_clear(call, shop, proxy):
    proxy.deny(_operation(call))
    report = runs.audit(crawl.Connection(endpoint_url=proxy.url), demo.DEMO_REGIONS)
    assert ACTIONS[call] in {gap.action for gap in report.gaps}
    assert scope_verdict((), report.coverage.settled, report.gaps) is ScopeVerdict.INCOMPLETE


def test_a_refused_list_of_regions_says_which_action_to_allow(shop, proxy):
    proxy.deny("account.ListRegions")
    with pytest.raises(crawl.CrawlError, match="Allow account:ListRegions"):
        runs.audit(crawl.Connection(endpoint_url=proxy.url))


def test_the_declared_reads_are_every_operation_the_crawl_asks_for_and_no_other(shop, proxy):
    runs.audit(crawl.Connection(endpoint_url=proxy.url), demo.DEMO_REGIONS)
    asked = {f"{request.service}.{snake(request.model.name)}" for request in proxy.log}
    assert asked == set(ACTIONS)


def _operation(call: str) -> str:
    service, operation = call.split(".")
    return f"{service}.{''.join(word.capitalize() for word in operation.split('_'))}"
