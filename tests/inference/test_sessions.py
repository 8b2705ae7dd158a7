"""Whose permissions an actor uses: what its definition calls, and the roles of its versions."""

from __future__ import annotations

from tests.world import World, allow
from topology.graph import GLOBAL, Meaning, Resource
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


def of_a_task(role):
    """What a task definition writes whose newest revision has a role or none, and an older has."""
    world = World()
    jobs, news = world.queue("jobs"), world.topic("news")
    older = other_role(world, allow("sqs:SendMessage", jobs))
    arn = f"arn:aws:ecs:eu-west-1:{world.account}:task-definition/worker"
    facts = {"role": role and older, "versions": {"3": older, "4": None}}
    world.resources.append(
        Resource(arn, "ecs.taskdefinition", world.account, "eu-west-1", "worker", facts)
    )
    for revision in facts["versions"]:
        world.edge(news, arn, Meaning.TRIGGERS, "eb.rule.ecs", revision, qualifier=revision)
    found = permitted_writes(world.graph())
    return [write.edge.kind for write in found.writes if write.edge.source == arn], found.gaps


def test_a_version_without_a_role_writes_nothing_and_is_no_gap():
    assert of_a_task(role=True) == (["iam.sqs.queue.send"], ())


def test_a_triggered_version_writes_where_the_newest_has_no_role():
    assert of_a_task(role=False) == (["iam.sqs.queue.send"], ())


def instances(*known):
    """Instances of a profile that sends to a queue, where the account's profiles are known."""
    world = World()
    jobs = world.queue("jobs")
    role = other_role(world, allow("sqs:SendMessage", jobs))
    profile = f"arn:aws:iam::{world.account}:instance-profile/web"
    if known:
        attributes = {"role": role if known == ("held",) else None}
        held = Resource(profile, "iam.instanceprofile", world.account, GLOBAL, "web", attributes)
        world.resources.append(held)
    name = f"arn:aws:ec2:eu-west-1:{world.account}:instance-profile/web"
    actor = Resource(name, "ec2.profile", world.account, "eu-west-1", "web", {"profile": profile})
    world.resources.append(actor)
    found = permitted_writes(world.graph())
    return [write.edge.kind for write in found.writes if write.edge.source == name], found.gaps


def test_instances_write_with_the_role_of_their_profile():
    kinds, gaps = instances("held")
    assert kinds == ["iam.sqs.queue.send"]
    assert not gaps


def test_instances_of_a_profile_without_a_role_write_nothing():
    assert instances("empty") == ([], ())


def test_instances_of_a_profile_that_was_not_read_may_write_anything_and_are_a_gap():
    kinds, [gap] = instances()
    assert "iam.sqs.queue.send" in kinds
    assert (gap.code, gap.resource.rpartition(":")[2]) == ("PolicyNotRead", "instance-profile/web")


def automation(**facts):
    """What an automation writes that a rule starts, or nothing does."""
    world = World()
    world.queue("jobs")
    arn = f"arn:aws:ssm:eu-west-1:{world.account}:document/mend"
    is_started = facts.pop("is_started")
    world.resources.append(
        Resource(arn, "ssm.document", world.account, "eu-west-1", "mend", {"role": None, **facts})
    )
    if is_started:
        world.edge(world.bus(), arn, Meaning.TRIGGERS, "eb.rule.ssm.automation")
    found = permitted_writes(world.graph())
    return {write.edge.kind for write in found.writes if write.edge.source == arn}, found.gaps


def test_an_automation_whose_caller_gives_it_a_role_may_write_anything_once_it_is_started():
    kinds, [gap] = automation(role_of_caller=True, is_started=True)
    assert "iam.sqs.queue.send" in kinds
    assert (gap.code, gap.resource.rpartition(":")[2]) == ("PolicyNotRead", "document/mend")


def test_an_automation_that_nothing_starts_is_no_gap():
    assert automation(role_of_caller=True, is_started=False) == (set(), ())
