"""Auto Scaling: the topics, queues and functions that hear of a group's instances."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[GROUP] = items("autoscaling/describe_auto_scaling_groups.one")


def test_a_group_is_called_by_its_name_and_not_by_the_id_in_its_arn():
    [group] = resources(read("autoscaling/describe_auto_scaling_groups.one"))
    assert (group.arn, group.kind) == (GROUP["AutoScalingGroupARN"], "autoscaling.group")
    assert group.name == "web"


def test_a_topic_hears_of_every_kind_of_change_it_was_given():
    found = edges(read("autoscaling/describe_notification_configurations.two", GROUP))
    assert {(edge.source, edge.target, edge.kind, edge.meaning) for edge in found} == {
        (GROUP["AutoScalingGroupARN"], arn("sns", "scaled"), "asg.notify", Meaning.FORWARDS)
    }
    assert [edge.label for edge in found] == [
        "autoscaling:EC2_INSTANCE_LAUNCH",
        "autoscaling:EC2_INSTANCE_TERMINATE",
    ]


def test_a_lifecycle_hook_tells_its_target_if_it_has_one_and_its_metadata_stays_there():
    facts = read("autoscaling/describe_lifecycle_hooks.every_target", GROUP)
    assert [(edge.label, edge.target, edge.meaning) for edge in edges(facts)] == [
        ("warm", arn("sqs", "warming"), Meaning.FORWARDS),
        ("drain", arn("lambda", "function:drain"), Meaning.TRIGGERS),
    ]
    assert "canary" not in repr(facts)
