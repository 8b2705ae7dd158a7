"""What is told quickly of permissions leaves nothing out that judging them finds."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.bench.organisation import organisation
from tests.world import World, allow, deny
from topology.analysis import analyse, cycles, regions
from topology.analysis.suspects import links, structure
from topology.graph import Graph, graph
from topology.inference import listeners
from topology.inference.listeners import whole_of
from topology.inference.writes import Permissions, permitted_writes
from topology.verdict import HARMLESS


def components_of_everything(graph: Graph) -> list[frozenset[str]]:
    """Every permission judged, whether or not it may lie on a loop."""
    found = cycles.components(links(graph, permitted_writes(graph)))
    return sorted((frozenset(link.source for link in each) for each in found), key=min)


def made(edges: int, seed: int) -> Graph:
    synthetic = organisation(edges, seed)
    return graph(synthetic.resources, synthetic.edges)


@pytest.mark.parametrize("seed", range(6))
def test_the_components_are_those_of_all_permissions_judged(seed):
    account = made(1200, seed)
    components, _ = structure(account)
    assert components == components_of_everything(account)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_of_regions_hides_no_loop(seed, monkeypatch):
    account = made(1200, seed)
    whole = endangered(account)
    monkeypatch.setattr(regions, "SMALL", 0)
    monkeypatch.setattr(listeners, "FEW", 0)
    assert endangered(account) == whole


@pytest.mark.parametrize("seed", range(20))
def test_sources_that_rules_ask_for_hide_no_loop(seed, monkeypatch):
    world = publishers(random.Random(seed))
    monkeypatch.setattr(listeners, "FEW", 1000)
    whole = endangered(world.graph())
    monkeypatch.setattr(regions, "SMALL", 0)
    monkeypatch.setattr(listeners, "FEW", 0)
    assert endangered(world.graph()) == whole


def publishers(rng: random.Random) -> World:
    """Functions on two buses, some of which may choose what they say, and rules of every kind."""
    world = World()
    buses = [world.bus("one"), world.bus("other")]
    heard: list[dict[str, Any]] = [
        {"source": ["a"]},
        {"source": ["a", "b"]},
        {"source": [{"prefix": "c"}]},
        {"detail-type": ["made"]},
        {"source": ["b"], "detail-type": ["made"]},
    ]
    chosen: list[dict[str, Any]] = [
        {},
        {"Condition": {"ForAllValues:StringEquals": {"events:source": "a"}}},
        {"Condition": {"ForAllValues:StringLike": {"events:source": "c*"}}},
        {"Condition": {"StringEquals": {"events:source": "b"}}},
        {"Condition": {"ForAllValues:StringEquals": {"events:source": ["b", "d"]}}},
        {"Condition": {"ForAllValues:StringNotEquals": {"events:source": "a"}}},
    ]
    for number in range(8):
        statement = allow("events:PutEvents", rng.choice(buses), **rng.choice(chosen))
        function = world.function(f"f{number}", statement)
        world.rule(rng.choice(buses), function, rng.choice(heard), f"rule-{number}")
    world.rule(buses[0], buses[1], rng.choice(heard), "across")
    return world


def endangered(graph: Graph) -> set[tuple[str, str]]:
    """The deliveries on loops that may go round, each with their verdicts."""
    loops = analyse(graph).loops
    return {
        (hop.edge.id, loop.verdict.value)
        for loop in loops
        if loop.verdict not in HARMLESS
        for hop in loop.hops
    }


@pytest.mark.parametrize("seed", range(6))
def test_every_judged_write_is_among_the_quick_ways(seed):
    account = made(600, seed)
    ways: dict[str, set[str]] = {}
    for source, targets in Permissions(account).ways():
        ways.setdefault(source, set()).update(targets)
    judged = permitted_writes(account)
    for write in judged.writes:
        hub = judged.hubs.get(write.edge.target)
        targets = hub.channels if hub else (write.edge.target,)
        assert reached(write.edge.source, ways).issuperset(targets), write.edge


def reached(source: str, ways: dict[str, set[str]]) -> set[str]:
    """What the names between lead to: a session, and what many sessions share."""
    sessions = ways.get(source, set())
    first = sessions.union(*(ways.get(name, ()) for name in sessions))
    through = first.union(*(ways.get(name, ()) for name in first if name.startswith("reach ")))
    return set(map(whole_of, through))


POLICIES = {
    "a wildcard": allow("sqs:*", "*"),
    "a part of a name": allow("sqs:SendMessage", "arn:aws:sqs:*:*:jo?s"),
    "a variable": allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:${aws:username}"),
    "all but another": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "NotResource": "arn:aws:sqs:eu-west-1:111122223333:other",
    },
    "all other actions": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_loop_is_found_however_a_policy_names_its_channel(policy):
    world = World()
    queue = world.queue("jobs")
    work = world.function("work", POLICIES[policy])
    world.listen(queue, work)
    components, _ = structure(world.graph())
    assert components == components_of_everything(world.graph())
    assert any({queue, work} <= each for each in components)


@pytest.mark.parametrize("principal", ["*", "111122223333", "arn:aws:iam::111122223333:role/work"])
def test_a_loop_is_found_that_a_policy_in_another_account_closes(principal):
    world = World()
    elsewhere = world.elsewhere("444455556666")
    statement = allow("sqs:SendMessage", "*", Principal={"AWS": principal})
    queue = elsewhere.queue("jobs", policy={"Version": "2012-10-17", "Statement": [statement]})
    work = world.function("work", allow("sqs:SendMessage", queue))
    world.listen(queue, work)
    components, _ = structure(world.graph())
    assert components == components_of_everything(world.graph())
    assert any({queue, work} <= each for each in components)


def test_a_policy_elsewhere_that_was_not_read_may_allow_it():
    world = World()
    queue = world.elsewhere("444455556666").queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", "*"), deny("sqs:PurgeQueue", "*"))
    world.listen(queue, work)
    components, _ = structure(world.graph())
    assert any({queue, work} <= each for each in components)


def test_what_cannot_be_read_of_a_role_is_a_gap_wherever_its_actor_stands():
    world = World()
    world.function("apart")
    world.resources = [each for each in world.resources if each.kind != "iam.role"]
    _, writes = structure(world.graph())
    assert [gap.code for gap in writes.gaps] == ["PolicyNotRead"]
