"""ECS: families with the roles of their revisions, logs, and hooks of deployments."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, declared, edges, items, read, resources, wanted
from tests.rig.answers import recording
from topology import crawl
from topology.catalog import ecs
from topology.catalog.service import Mention
from topology.graph import Meaning

REPORT = arn("ecs", "task-definition/report")
NEWEST = "ecs/describe_task_definition.newest"
HOOKS = "ecs/describe_services.hooks"


def role(name):
    return f"arn:aws:iam::111122223333:role/{name}"


def test_a_family_is_one_actor_with_the_role_of_the_revision_that_was_read():
    [newest] = resources(read(NEWEST, "report"))
    assert (newest.arn, newest.kind, newest.name) == (REPORT, "ecs.taskdefinition", "report")
    assert newest.attributes == {"role": role("report"), "versions": {"7": role("report")}}


def test_a_task_without_a_role_says_so():
    [poll] = resources(read("ecs/describe_task_definition.no_role", "poll"))
    assert poll.attributes == {"role": None, "versions": {"1": None}}


def test_what_a_container_mentions_is_in_no_repr_and_its_secrets_and_command_are_nowhere():
    facts = read(NEWEST, "report")
    mentions = [fact for fact in facts if isinstance(fact, Mention)]
    assert [(m.actor, m.variable) for m in mentions] == [(REPORT, "BUCKET"), (REPORT, "PASSWORD")]
    assert "canary" not in repr(facts)


def test_a_container_writes_its_log_where_its_driver_says():
    found = edges(read(NEWEST, "report"))
    assert [(edge.kind, edge.source, edge.meaning) for edge in found] == [
        ("ecs.logs", REPORT, Meaning.WRITES)
    ] * 3
    assert [edge.target for edge in found] == [
        "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/report",
        arn("firehose", "deliverystream/clicks"),
        "arn:aws:s3:::raw-logs",
    ]


def test_a_container_that_says_nothing_of_logs_writes_none():
    assert not edges(read("ecs/describe_task_definition.no_role", "poll"))


def test_a_deployment_starts_the_functions_that_hook_into_it():
    facts = read(HOOKS, arn("ecs", "service/shop/report"), arn("ecs", "cluster/shop"))
    [service] = resources(facts)
    [hook] = edges(facts)
    assert (service.kind, service.name) == ("ecs.service", "shop/report")
    assert (hook.kind, hook.meaning, hook.source) == ("ecs.hook", Meaning.TRIGGERS, service.arn)
    assert hook.target == arn("lambda", "function:check")
    assert hook.attributes == {
        "qualifier": "live",
        "stages": ["POST_SCALE_UP", "TEST_TRAFFIC_SHIFT"],
    }


def test_a_service_without_hooks_is_not_drawn():
    assert not read("ecs/describe_services.plain", "outside", "shop")


@pytest.mark.parametrize(("name", "count"), [(HOOKS, 1), ("ecs/describe_services.plain", 0)])
def test_the_revision_a_service_runs_is_described_if_it_names_one(name, count):
    assert len(wanted(ecs.running, items(name))) == count


def test_services_are_described_by_the_cluster_that_lists_them():
    _, call = declared(HOOKS)
    assert {name: repr(value) for name, value in call.parameters.items()} == {
        "cluster": "Of(key='', above=1)",
        "services": "[Of(key='', above=0)]",
    }


def test_the_newest_revisions_role_stands_and_that_of_a_running_one_is_kept(aws, proxy):
    for name, operation in (
        ("list_clusters.one", "ListClusters"),
        ("list_services.one", "ListServices"),
        ("describe_services.hooks", "DescribeServices"),
        ("describe_task_definition.running", "DescribeTaskDefinition"),
        ("describe_task_definition.newest", "DescribeTaskDefinition"),
        ("list_task_definition_families.two", "ListTaskDefinitionFamilies"),
    ):
        proxy.answer(recording(f"ecs/{name}"), f"ecs.{operation}")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    [report] = [each for each in observation.resources if each.arn == REPORT]
    assert report.attributes["versions"]["7"] == role("report")
    assert "canary" not in repr(observation)
