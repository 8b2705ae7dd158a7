"""Refuse each service in turn: what could then not be read is a gap, never an all-clear.

That each single operation is a gap of its own is shown by the tests of the crawl.
"""

from __future__ import annotations

import pytest

from tests.demo.conftest import observations
from topology import arn as arns
from topology import catalog, crawl, demo, runs
from topology.demo.asked import snake
from topology.verdict import ScopeVerdict, scope_verdict

pytestmark = pytest.mark.slow

BEFORE = {"sts.get_caller_identity", "account.list_regions"}  # asked before there is a ledger
READ = sorted({service.client for service in catalog.services() if service.readers})


@pytest.fixture(scope="module")
def used(shop):
    """The services that show what the demo's loops are made of: edges, actors and their roles."""
    loops = runs.judge(observations(shop)).loops
    edges = [hop.edge for loop in loops for hop in loop.hops]
    ends = {arns.parse(arn).service for edge in edges for arn in (edge.source, edge.target)}
    return {"iam"} | ends | {edge.read.partition(".")[0] for edge in edges if edge.read}


@pytest.mark.parametrize("client", READ)
def test_a_refused_service_is_gaps_that_name_its_actions_and_no_all_clear(
    client, used, shop, proxy
):
    if client not in used:
        pytest.skip("none of the demo's loops is read there")
    [service] = [service for service in catalog.services() if service.client == client]
    proxy.deny(service=client)
    report = runs.audit(crawl.Connection(endpoint_url=proxy.url), demo.DEMO_REGIONS)
    lists = [call for call in service.calls if not call.for_each and not call.on_cycle]
    assert {service.action_of(call) for call in lists} <= {gap.action for gap in report.gaps}
    assert scope_verdict((), report.coverage.settled, report.gaps) is ScopeVerdict.INCOMPLETE


def test_a_refused_list_of_regions_says_which_action_to_allow(shop, proxy):
    proxy.deny("account.ListRegions")
    with pytest.raises(crawl.CrawlError, match="Allow account:ListRegions"):
        runs.audit(crawl.Connection(endpoint_url=proxy.url))


def test_nothing_is_asked_but_the_declared_reads_and_every_list_among_them(shop, proxy):
    runs.audit(crawl.Connection(endpoint_url=proxy.url), demo.DEMO_REGIONS)
    asked = {f"{request.service}.{snake(request.model.name)}" for request in proxy.log}
    declared = {
        service.name_of(call): call for service in catalog.services() for call in service.calls
    }
    assert asked <= set(declared)
    lists = {name for name, call in declared.items() if not call.for_each and not call.on_cycle}
    assert asked >= lists | BEFORE
