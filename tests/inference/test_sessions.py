"""Whose permissions an actor uses: what its definition calls, and the roles of its versions."""

from __future__ import annotations

from tests.world import World, allow
from topology.graph import Meaning
from topology.inference.writes import permitted_writes

ANYTHING = allow("*", "*")


def targets(world):
    return {
        write.edge.target.rpartition(":")[2] for write in permitted_writes(world.graph()).writes
    }


def other_role(world, *statements):
    """A second role, as an older version of a function may have."""
    function = world.function("older", *statements)
    return world.graph().resources[function].attributes["role"]


def test_a_machine_writes_only_what_its_definition_calls():
    world = World()
    world.queue("jobs")
    world.topic("news")
    world.machine("order", allow(["sqs:SendMessage", "sns:Publish"], "*"), calls=["sns:Publish"])
    [write] = permitted_writes(world.graph()).writes
    assert write.edge.kind == "iam.sns.topic.publish"


def test_a_machine_whose_definition_names_every_target_needs_no_permission():
    world = World()
    world.queue("jobs")
    world.machine("order", ANYTHING, calls=[])
    assert not permitted_writes(world.graph()).writes


def test_what_a_definition_calls_still_needs_the_roles_permission():
    world = World()
    world.queue("jobs")
    world.topic("news")
    world.machine("order", allow("sqs:SendMessage", "*"), calls=["sns:Publish"])
    assert not permitted_writes(world.graph()).writes


def triggered(qualifier, **facts):
    """A function that may do nothing itself, with an older version that may send."""
    world = World()
    jobs, news = world.queue("jobs"), world.topic("news")
    role = other_role(world, allow("sqs:SendMessage", jobs))
    function = world.function("worker", versions={"3": role, "4": role}, **facts)
    world.edge(news, function, Meaning.TRIGGERS, "sns.sub.lambda", qualifier=qualifier)
    found = permitted_writes(world.graph())
    return [write.edge for write in found.writes if write.edge.source == function], found.gaps


def test_a_version_that_is_triggered_writes_with_its_own_role():
    [edge], gaps = triggered("3")
    assert edge.label.startswith("older: ")
    assert not gaps


def test_an_alias_stands_for_the_versions_it_leads_to():
    found, gaps = triggered("live", aliases={"live": ["3", "4"]})
    assert len(found) == 1
    assert not gaps


def test_versions_that_nothing_triggers_do_not_matter():
    found, gaps = triggered("$LATEST")
    assert not found
    assert not gaps


def test_a_triggered_version_whose_role_was_not_read_is_a_gap():
    found, [gap] = triggered("2")
    assert not found
    assert (gap.code, gap.resource.rpartition(":")[2]) == ("VersionNotRead", "worker")
