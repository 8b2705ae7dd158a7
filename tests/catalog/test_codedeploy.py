"""CodeDeploy: groups, and the topics that hear of their deployments."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

LIVE = arn("codedeploy", "deploymentgroup:shop/live")


def test_a_groups_deployments_are_its_applications():
    facts = read("codedeploy/list_deployment_groups.one", "shop")
    assert [(each.arn, each.kind) for each in resources(facts)] == [
        (LIVE, "codedeploy.deploymentgroup"),
        (arn("codedeploy", "application:shop"), "codedeploy.application"),
    ]
    [edge] = edges(facts)
    assert (edge.source, edge.target) == (LIVE, arn("codedeploy", "application:shop"))


def test_a_topic_hears_of_the_events_its_trigger_names_and_the_revision_stays_there():
    facts = read("codedeploy/get_deployment_group.triggers", "live", "shop")
    [edge] = edges(facts)
    assert (edge.source, edge.target, edge.label) == (LIVE, arn("sns", "failures"), "failed")
    assert (edge.kind, edge.meaning) == ("codedeploy.trigger", Meaning.FORWARDS)
    assert edge.attributes == {"events": ["DeploymentFailure", "DeploymentStop"]}
    assert "canary" not in repr(facts)


def test_a_group_without_triggers_tells_nobody():
    assert not read("codedeploy/get_deployment_group.plain", "live", "shop")
