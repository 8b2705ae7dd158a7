"""Every declared operation refused in turn: a gap that names its action, and nothing else lost.

The answers are the recorded ones, so that what is asked for an item is asked too.
"""

from __future__ import annotations

import math
import time

import pytest

from tests.rig import answers, invented
from topology import catalog
from topology.catalog.service import Service
from topology.crawl.again import look_again
from topology.crawl.ledger import Ledger, plan
from topology.crawl.session import Connection, Session
from topology.crawl.walk import Task, Walk
from topology.graph import GLOBAL, Read, ReadStatus

HERE = invented.HERE
PLAN = (*plan(HERE.region), *plan(GLOBAL))
SERVICES = sorted({service.client: service for service, _ in PLAN}.items())


@pytest.fixture(scope="module")
def session(_proxy):
    """One session for all of them: making clients is what takes long."""
    return Session(Connection(endpoint_url=_proxy.url))


@pytest.fixture
def read(session, proxy):
    """Read one service, of which every list holds something."""
    proxy.source = lambda asked: answers.replayed(asked) or invented.reply(asked, many=1)

    def read(service: Service) -> Walk:
        ledger = Ledger(HERE.account, HERE.region, [one for one in PLAN if one[0] is service])
        walk = Walk(session, HERE, HERE.region, ledger, deadline=math.inf)
        first = [call for _, call in ledger.plan if call.for_each is None]
        with walk.in_threads():
            walk.run(Task(service, call, invented.asked_for(service, call)) for call in first)
            look_again(walk, time.monotonic())
        return walk

    return read


def rows(walk: Walk) -> dict[str, Read]:
    return {row.call: row for row in walk.ledger.rows()}


@pytest.mark.parametrize(("client", "service"), SERVICES, ids=[client for client, _ in SERVICES])
def test_a_denied_operation_is_a_gap_that_names_its_action_and_no_other(
    read, proxy, client, service
):
    whole = read(service)
    unasked = set(rows(whole)) - {
        f"{asked.service}.{asked.call.operation}" for asked in proxy.log if asked.call
    }
    assert not unasked, "no recorded or made-up answer leads there"
    for name in sorted(rows(whole)):
        calls = [call for _, call in whole.ledger.plan if service.name_of(call) == name]
        proxy.rules.clear()
        proxy.deny(f"{client}.{invented.operation(service, calls[0]).name}")
        walk = read(service)
        refused = {gap for gap in walk.gaps if gap not in whole.gaps}
        means_nothing = any(code in each.absent for each in calls for code in answers.REFUSALS)
        assert {(gap.call, gap.action) for gap in refused} == (
            set() if means_nothing else {(name, service.action_of(calls[0]))}
        )
        below = {each for each, above in catalog.ancestors().items() if name in above}
        for row in rows(walk).values():
            if row.call == name or row.call in below:
                assert means_nothing or row.status is not ReadStatus.COMPLETE, row
            else:
                assert row.status is rows(whole)[row.call].status, row


@pytest.mark.parametrize(("client", "service"), SERVICES, ids=[client for client, _ in SERVICES])
def test_a_service_that_throttles_at_first_loses_nothing(read, proxy, client, service):
    whole = read(service)
    proxy.throttle(every=3)
    walk = read(service)
    assert walk.gaps == whole.gaps
    assert {row.call: row.items for row in rows(walk).values()} == {
        row.call: row.items for row in rows(whole).values()
    }
