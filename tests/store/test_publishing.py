"""What a publication changes, and what it must leave alone (TRUST I1, I3, I7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from threading import Thread

import pytest
from django.db import connection

from accounts.row_security import within
from tests.store.observations import (
    BUCKET,
    BUCKETS,
    FUNCTION,
    LIST,
    SMALL,
    TRIGGERS,
    account,
    bucket,
    function,
    gap,
    notification,
    observation,
    publish,
    reads,
    staged_run,
)
from topology import store
from topology.graph import Edge, ReadStatus, Resource, graph
from topology.models import (
    EdgeVersion,
    GapRow,
    LedgerRead,
    ResourceVersion,
    Run,
    RunPart,
    RunState,
    Version,
)
from topology.store import Moment

pytestmark = pytest.mark.django_db
CALLS = (BUCKETS, LIST, TRIGGERS)
PARTIAL, NOT_READ = ReadStatus.PARTIAL, ReadStatus.NOT_READ


def open_names(model: type[Version]) -> set[str]:
    rows = model._default_manager.filter(valid_until=None)
    return {row.data.get("name", row.data.get("label")) for row in rows}


def test_it_gives_back_the_graph_that_was_observed():
    publish(account(), SMALL)
    loaded = store.load(account().workspace)
    assert loaded.graph == graph(SMALL.resources, SMALL.edges)
    assert loaded.graph.digest == graph(SMALL.resources, SMALL.edges).digest
    assert loaded.reads == tuple(sorted(SMALL.reads))
    assert (loaded.gaps, loaded.stale) == ((), ())


@pytest.mark.parametrize(
    "name",
    ["[a-z]*", "100%", "ünï-côdé-文", "x" * 512, "nul\x00", "lone\ud800", 'quote"\\', "<script>"],
)
def test_it_keeps_strange_names(name):
    odd = observation([function(name)], [notification(to=name, label=name)])
    publish(account(), odd)
    assert store.load(account().workspace).graph == graph(odd.resources, odd.edges)


def test_it_keeps_the_ledger_row_of_every_planned_read():
    run = publish(account(), SMALL)
    rows = LedgerRead.objects.filter(run=run).values_list("region", "call", "status")
    assert sorted(rows) == sorted((read.region, read.call, "complete") for read in SMALL.reads)


def test_it_publishes_the_same_observation_again_without_a_new_version():
    publish(account(), SMALL)
    before = list(ResourceVersion.objects.values_list("pk", "valid_from", "valid_until", "digest"))
    publish(account(), SMALL)
    after = list(ResourceVersion.objects.values_list("pk", "valid_from", "valid_until", "digest"))
    assert before == after
    assert set(ResourceVersion.objects.values_list("seen", flat=True)) == {2}
    assert set(EdgeVersion.objects.values_list("seen", flat=True)) == {2}


def test_it_keeps_one_row_for_what_was_observed_twice():
    publish(account(), observation([function(), function()], [notification(), notification()]))
    assert (ResourceVersion.objects.count(), EdgeVersion.objects.count()) == (1, 1)


def test_it_makes_a_new_version_of_what_changed():
    publish(account(), SMALL)
    publish(account(), observation([function(memory=512), bucket()], [notification()]))
    versions = ResourceVersion.objects.filter(data__contains="thumb").order_by("valid_from")
    assert [(row.valid_from, row.valid_until) for row in versions] == [(1, 2), (2, None)]


def test_it_closes_what_a_complete_read_no_longer_shows():
    publish(account(), SMALL)
    publish(account(), observation([bucket()]))
    assert open_names(ResourceVersion) == {"orders"}
    assert open_names(EdgeVersion) == set()


def test_it_opens_again_what_came_back():
    for each in (SMALL, observation([bucket()]), SMALL):
        publish(account(), each)
    assert open_names(ResourceVersion) == {"orders", "thumb"}
    assert ResourceVersion.objects.filter(data__contains="thumb").count() == 2


def test_it_shows_every_past_moment_as_it_was():
    shown = [SMALL, observation([bucket()]), observation([bucket(), bucket("later")])]
    for each in shown:
        publish(account(), each)
    for moment, each in enumerate(shown, start=1):
        loaded = store.load(account().workspace, moment)
        assert loaded.graph == graph(each.resources, each.edges)


# What an incomplete read proves: (statuses, gaps, whether the notification is still there).
ABSENCES = {
    "everything was read": ({}, [], False),
    "the call was not made": ({"get_bucket_notification_configuration": NOT_READ}, [], True),
    "the call was refused for all": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS)],
        True,
    ),
    "the call was refused for this bucket": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS, "orders")],
        True,
    ),
    "the call was refused for this bucket by its ARN": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS, BUCKET)],
        True,
    ),
    "the answer on the function could not be parsed": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS, FUNCTION)],
        True,
    ),
    "the call was refused for another bucket": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS, "other")],
        False,
    ),
    "the call was refused for another bucket and for all": (
        {"get_bucket_notification_configuration": PARTIAL},
        [gap(TRIGGERS, "other"), gap(TRIGGERS)],
        True,
    ),
    "the call was partial and nobody says why": (
        {"get_bucket_notification_configuration": PARTIAL},
        [],
        True,
    ),
    "the list of buckets was refused": ({"list_buckets": NOT_READ}, [gap(BUCKETS)], True),
    "the list of buckets was cut short": ({"list_buckets": PARTIAL}, [gap(BUCKETS)], True),
    "another call was refused": ({"list_functions": NOT_READ}, [gap(LIST)], False),
}


@pytest.mark.parametrize("case", ABSENCES)
def test_it_keeps_an_edge_unless_its_absence_was_read(case):
    status, gaps, kept = ABSENCES[case]
    publish(account(), SMALL)
    run = publish(account(), observation([function(), bucket()], [], gaps, ledger=reads(**status)))
    assert bool(open_names(EdgeVersion)) == kept
    loaded = store.load(account().workspace)
    assert bool(loaded.stale) == kept
    assert loaded.gaps == tuple(sorted(gaps))
    if kept:
        assert EdgeVersion.objects.get().seen < (run.moment or 0)


def test_it_keeps_the_rows_of_a_region_that_is_no_longer_read():
    publish(account(), SMALL)
    publish(account(), observation(region="us-east-1"))
    loaded = store.load(account().workspace)
    assert loaded.graph == graph(SMALL.resources, SMALL.edges)
    assert [line.split(":")[0] for line in loaded.stale] == ["123456789012 eu-west-1"]


def test_it_says_how_old_a_kept_row_is():
    first = publish(account(), SMALL)
    run = staged_run(account(), SMALL)
    store.fail(run, "the worker died 3 times")
    (line,) = store.load(account().workspace).stale
    assert line == (
        "123456789012 eu-west-1: 3 resources and edges were not read this time and are kept from "
        f"{first.finished:%Y-%m-%d %H:%M} UTC"
    )


def test_a_failed_run_leaves_the_graph_and_counts_nothing_as_read():
    publish(account(), SMALL)
    run = staged_run(account(), observation())
    store.fail(run, "no credentials")
    loaded = store.load(account().workspace)
    assert loaded.graph == graph(SMALL.resources, SMALL.edges)
    assert {read.status for read in loaded.reads} == {NOT_READ}
    assert [(each.code, each.reason) for each in loaded.gaps] == [("CrawlFailed", "no credentials")]


def test_an_account_that_was_never_crawled_is_a_gap():
    account()
    assert [each.code for each in store.load(account().workspace).gaps] == ["NotCrawled"]


def test_a_part_that_failed_is_a_gap_and_hides_no_other_region():
    publish(account(), SMALL)
    elsewhere = observation([bucket("elsewhere")], region="us-east-1")
    run = staged_run(account(), elsewhere)
    store_part = RunPart.objects.create(run=run, region="eu-west-1", state="waiting")
    store.abandon(store_part, "the worker died 3 times")
    store.publish(run)
    loaded = store.load(account().workspace)
    assert {"arn:aws:s3:::elsewhere", BUCKET} <= set(loaded.graph.resources)
    assert [(each.region, each.code) for each in loaded.gaps] == [("eu-west-1", "CrawlFailed")]


def test_workspaces_do_not_see_each_other():
    from accounts.models import Workspace

    other = Workspace.objects.create(slug="other", name="Other")
    publish(account(), SMALL)
    publish(account(other), observation([function("theirs")]))
    assert FUNCTION not in store.load(other).graph.resources
    assert len(store.load(account().workspace).graph.resources) == 2


def test_a_worker_that_was_fenced_out_cannot_stage():
    run = staged_run(account(), SMALL)
    part = run.parts.get()
    RunPart.objects.update(state="running", fence=part.fence + 1)
    with pytest.raises(store.FencedOutError):
        store.stage(part, SMALL)


def test_a_worker_that_was_fenced_out_cannot_publish():
    run = staged_run(account(), SMALL)
    Run.objects.update(fence=run.fence + 1)
    with pytest.raises(store.FencedOutError):
        store.publish(run)
    assert store.load(account().workspace).moment == 0
    assert not ResourceVersion.objects.exists()


def test_a_run_is_published_once():
    run = publish(account(), SMALL)
    with pytest.raises(store.FencedOutError):
        store.publish(run)
    assert len(store.load(account().workspace).graph.resources) == 2


def test_the_digest_does_not_depend_on_the_way_there():
    straight, detour = (
        observation([function(), bucket()], [notification()]),
        observation([bucket()]),
    )
    for each in (detour, straight, detour, replace(straight, resources=SMALL.resources[::-1])):
        publish(account(), each)
    expected = graph(straight.resources, straight.edges).digest
    assert store.load(account().workspace).graph.digest == expected


class Killed(BaseException):
    """Nothing catches it, as nothing catches SIGKILL."""


@contextmanager
def killed_at(statement: int) -> Iterator[Callable[[], int]]:
    """Die at the k-th SQL statement (from 1); yields the number of statements so far."""
    count = 0

    def execute(execute, sql, parameters, many, context):
        nonlocal count
        count += 1
        if count == statement:
            raise Killed
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(execute):
        yield lambda: count


def everything() -> list[object]:
    return [
        list(model._default_manager.order_by("pk").values_list())
        for model in (ResourceVersion, EdgeVersion, LedgerRead, GapRow, Run, RunPart)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_publication_killed_at_any_statement_leaves_all_or_nothing():
    publish(account(), SMALL)
    change = observation(
        [function(memory=512), bucket("new")],
        [notification(on="new")],
        [gap(BUCKETS, "orders")],
        ledger=reads(list_buckets=PARTIAL),
    )
    run = staged_run(account(), change)
    before = everything()
    statement = 0
    while True:
        statement += 1
        try:
            with killed_at(statement) as count:
                store.publish(run)
        except Killed:
            assert everything() == before, f"killed at statement {statement}"
        else:
            break
    assert count() > 10
    run.refresh_from_db()
    assert run.state == RunState.PUBLISHED
    assert store.load(account().workspace).moment == 2


@pytest.mark.django_db(transaction=True)
def test_a_reader_sees_the_old_moment_until_the_new_one_is_whole():
    """TRUST I2, at every statement of a publication."""
    publish(account(), SMALL)
    workspace = account().workspace
    before = store.load(workspace)
    seen: list[Moment] = []

    def look() -> None:
        with within(workspace):
            seen.append(store.load(workspace))
        connection.close()

    def looking(execute, sql, parameters, many, context):
        reader = Thread(target=look)
        reader.start()
        reader.join()
        return execute(sql, parameters, many, context)

    run = staged_run(account(), observation([function(memory=512)]))
    with connection.execute_wrapper(looking):
        store.publish(run)
    assert len(seen) > 10
    assert all(each == before for each in seen)
    assert store.load(workspace).graph.digest != before.graph.digest


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_crawls_leaves_what_a_naive_store_would_hold(seed):
    """The oracle keeps dictionaries, and for every call that failed, what it had shown before."""
    chance = Random(seed)
    names = ["a", "b", "c", "d"]
    held: dict[str, Resource | Edge] = {}
    for _ in range(6):
        status = {
            call.split(".")[1]: chance.choice([ReadStatus.COMPLETE, NOT_READ]) for call in CALLS
        }
        facts: list[Resource | Edge] = [
            *(function(name, size=chance.randrange(2)) for name in names if chance.random() < 0.6),
            *(bucket(name) for name in names if chance.random() < 0.6),
            *(
                notification(on, to, chance.choice("xy"))
                for on in names
                for to in names
                if chance.random() < 0.3
            ),
        ]
        shown = [fact for fact in facts if status[fact.read.split(".")[1]] is not NOT_READ]
        done = {call for call in CALLS if status[call.split(".")[1]] is not NOT_READ}
        if BUCKETS not in done:  # without the list nobody knows whom else to ask
            done.discard(TRIGGERS)
        held = {key: fact for key, fact in held.items() if fact.read not in done}
        held |= {fact.id if isinstance(fact, Edge) else fact.arn: fact for fact in shown}
        publish(
            account(),
            observation(
                [fact for fact in shown if isinstance(fact, Resource)],
                [fact for fact in shown if isinstance(fact, Edge)],
                ledger=reads(**status),
            ),
        )
        expected = graph(
            [fact for fact in held.values() if isinstance(fact, Resource)],
            [fact for fact in held.values() if isinstance(fact, Edge)],
        )
        assert store.load(account().workspace).graph == expected


def test_whom_it_looked_at_closely_is_noted_whatever_they_are_called():
    names = ["plain", "nul \x00", "surrogate \ud800"]
    run = staged_run(account(), SMALL)
    store.amend(run, SMALL.region, SMALL, names)
    assert run.parts.get().followed == names
    assert not RunPart.objects.filter(followed=None).exists()
    store.publish(run)
    publish(account(), SMALL)  # which nobody noted
    assert RunPart.objects.filter(followed=None).count() == 1
