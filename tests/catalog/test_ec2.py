"""EC2: instances that have a role, and the flow logs of networks."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources, unread
from topology.graph import Meaning

FLOWS = "ec2/describe_flow_logs.every_kind"


def test_every_instance_and_whatever_means_any_leads_to_the_one_actor_of_its_profile():
    facts = read("ec2/describe_instances.profiles")
    web = arn("ec2", "instance-profile/web")
    assert {(edge.source, edge.target, edge.kind, edge.meaning) for edge in edges(facts)} == {
        (arn("ec2", "instance/i-0a"), web, "ec2.role", Meaning.TRIGGERS),
        (arn("ec2", "instance/i-0b"), web, "ec2.role", Meaning.TRIGGERS),
        (arn("ec2", "instance/*"), web, "ec2.role", Meaning.TRIGGERS),
    }
    [profile] = {each.arn: each for each in resources(facts) if each.kind == "ec2.profile"}.values()
    assert (profile.arn, profile.name) == (web, "web")
    assert profile.attributes == {"profile": "arn:aws:iam::111122223333:instance-profile/web"}


def test_instances_that_have_no_profile_or_are_terminated_are_left_out():
    found = resources(read("ec2/describe_instances.profiles"))
    assert {each.name for each in found if each.kind == "ec2.instance"} == {"i-0a", "i-0b", "*"}


def test_flow_logs_go_to_a_log_group_a_bucket_or_a_stream():
    found = edges(read(FLOWS))
    assert {(edge.kind, edge.meaning) for edge in found} == {("ec2.flowlogs", Meaning.WRITES)}
    assert [(edge.source, edge.target) for edge in found] == [
        (arn("ec2", "vpc/vpc-0a"), arn("logs", "log-group:/flow/vpc")),
        (arn("ec2", "subnet/subnet-0b"), "arn:aws:s3:::flows"),
        (arn("ec2", "network-interface/eni-0c"), arn("firehose", "deliverystream/flows")),
        (
            arn("ec2", "transit-gateway-attachment/tgw-attach-0d"),
            arn("logs", "log-group:/flow/tgw"),
        ),
    ]
    assert {each.kind for each in resources(read(FLOWS))} == {"ec2.network"}


def test_a_flow_log_without_a_destination_is_unread():
    [gap] = unread(read(FLOWS))
    assert (gap.resource, gap.code) == ("fl-5", "NoDestination")
