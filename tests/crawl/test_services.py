"""One service after another: refused, throttled, and full of what must not be kept.

Every declared operation that is refused is a gap that names its action, and nothing else is lost.
The answers are the recorded ones, so that what is asked for an item is asked too.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Collection

import pytest

from tests.rig import answers, invented
from topology import catalog
from topology.catalog.service import Service
from topology.crawl.again import look_again
from topology.crawl.ledger import Ledger, plan
from topology.crawl.session import Connection, Session
from topology.crawl.walk import Task, Walk
from topology.graph import GLOBAL, Edge, Read, ReadStatus, Resource

HERE = invented.HERE
PLAN = (*plan(HERE.region), *plan(GLOBAL))
SERVICES = sorted({service.client: service for service, _ in PLAN}.items())
CANARY = "canary-7f3a9c-do-not-store"
# What a reader may keep of an answer, as the members of answers end: names, ARNs and addresses of
# resources, and what says which events an edge takes.
KEPT = re.compile(
    r"(arn|arns|name|names|identifiers?|prefix|pattern|policy|criteria|expression|path|uri|region"
    r"|queues?|topics?|recipients|sourcetype|resourcetypes|categorieslist|managedby|loggroup"
    r"|taskdefinition|destination|target|broker|bootstrapbrokerstring\w*|endpoint|startswith"
    r"|endswith|equals|authchallenge|custommessage|authentication|confirmation|presignup"
    r"|pretokengeneration|usermigration|authchallengeresponse|errorcode|message|\.key"
    r"|codesha256|handler)$",
    re.IGNORECASE,
)

each = pytest.mark.parametrize(
    ("client", "service"), SERVICES, ids=[client for client, _ in SERVICES]
)


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


def stated(walk: Walk, without: Collection[str] = ()) -> set[str]:
    """Everything stated of resources and edges, but by some calls."""
    return {
        repr(one.fact)
        for one in walk.stated
        if isinstance(one.fact, Resource | Edge) and one.fact.read not in without
    }


@each
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
        assert stated(whole, {name, *below}) <= stated(walk)


@each
def test_a_service_that_throttles_at_first_loses_nothing(read, proxy, client, service):
    whole = read(service)
    seen = set()

    def at_first(asked, forward):
        request = asked.name, repr(asked.parameters)
        if request in seen:
            return forward()
        seen.add(request)
        return answers.throttled(asked)

    proxy.fail(at_first)
    walk = read(service)
    assert seen
    assert walk.gaps == whole.gaps
    assert {row.call: row.items for row in rows(walk).values()} == {
        row.call: row.items for row in rows(whole).values()
    }


@each
def test_what_no_recording_holds_and_nobody_may_keep_is_not_kept(read, proxy, client, service):
    def full(asked):
        shape, known = asked.model.output_shape, answers.recorded(asked)
        return answers.on_one_page(asked, invented.filled(shape, known, CANARY)) if known else None

    proxy.source = full
    walk = read(service)
    kept = re.findall(rf"{CANARY}-(\w+(?:\.key|\.value)?)", repr((walk.stated, walk.gaps)))
    assert [member for member in kept if not KEPT.search(member)] == []
