"""A large account is read back whole: every edge that was made, none twice, none invented."""

from __future__ import annotations

import os

import pytest

from tests.rig import account
from tests.rig.large import Large, edges_of
from topology import catalog, crawl
from topology.catalog.policy import read_policy
from topology.demo.asked import snake
from topology.graph import GLOBAL, ReadStatus

SIZE = float(os.environ.get("LARGE", "0.1"))  # 1: five hundred functions, which takes a minute


@pytest.fixture(scope="module")
def large(emulator):
    """Functions, and all that goes with them."""
    made = Large(account.fresh(emulator), SIZE)
    made.seed()
    return made


def test_every_edge_that_was_made_is_found_once_and_no_other(large, proxy):
    at = large.account
    connection = at.through(proxy.url)
    identity = crawl.identify(connection)
    crawl.regions(connection, identity)
    observed = [crawl.observe(connection, identity, place) for place in (at.region, GLOBAL)]
    for seen in observed:
        crawl.follow(connection, identity, seen.region, seen.resources)

    assert edges_of(observed[0].edges) == large.edges
    assert not observed[0].gaps
    assert {read.status for read in observed[0].reads} == {ReadStatus.COMPLETE}

    declared = {
        (service.client, call.operation): service.action_of(call)
        for service in catalog.services()
        for call in service.calls
    }
    asked = {request.name.partition(".")[::2] for request in proxy.log} - {("sts", "AssumeRole")}
    actions = {declared[service, snake(operation)] for service, operation in asked}
    allowed = {action for each in read_policy()["Statement"] for action in each["Action"]}
    assert actions <= allowed
