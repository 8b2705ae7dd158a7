"""Changes that Config records: which actors start its rules by what they change."""

from __future__ import annotations

import pytest

from tests.inference.estate import HOME, allow, deny, function, resource, role
from topology.analysis import analyse
from topology.graph import Edge, Filter, Meaning, canonical_json, graph
from topology.inference.writes import permitted_writes
from topology.verdict import Cannot, LoopVerdict, Unknown

RULE = f"arn:aws:config:eu-west-1:{HOME}:config-rule/config-rule-tags"
BUS = f"arn:aws:events:eu-west-1:{HOME}:event-bus/default"
JUDGES = Edge(RULE, function("judge").arn, Meaning.TRIGGERS, "config.rule")
CHANNEL = resource(f"arn:aws:config:eu-west-1:{HOME}:delivery-channel/default", "config.channel")


def rule(*types, on_change=True):
    return resource(RULE, "config.rule", on_change=on_change, types=list(types))


ANYTHING = rule()


def changes(*statements, about=ANYTHING, edges=(JUDGES,), more=()):
    nodes = [about, function("judge"), role(*statements), *more]
    found = permitted_writes(graph(nodes, edges), (), ()).writes
    return [write for write in found if "config.change" in write.edge.kind]


TAGS = allow("ec2:CreateTags")


def test_what_a_function_changes_starts_the_rule_that_starts_it():
    (write,) = changes(TAGS)
    assert (write.edge.source, write.edge.target) == (function("judge").arn, RULE)
    assert isinstance(write.hop, Unknown)
    assert "Config may record that as a change" in write.hop.because
    nodes = [rule(), function("judge"), role(TAGS)]
    assert [loop.verdict for loop in analyse(graph(nodes, [JUDGES])).loops] == [
        LoopVerdict.POSSIBLE
    ]


@pytest.mark.parametrize(
    "harmless",
    [
        allow("ec2:Describe*"),
        allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
        allow("config:PutEvaluations"),
        allow(["s3:GetObject", "s3:PutObject", "dynamodb:PutItem"]),
    ],
)
def test_a_function_that_only_judges_starts_no_rule(harmless):
    assert changes(harmless) == []


def test_a_rule_is_started_by_changes_of_what_it_is_about():
    assert changes(TAGS, about=rule("AWS::EC2::Volume"))
    assert changes(TAGS, about=rule("AWS::S3::Bucket")) == []
    assert changes(TAGS, about=rule("AWS::S3::Bucket", "AWS::EC2::Volume"))
    listener = allow("elasticloadbalancing:AddTags")
    assert changes(listener, about=rule("AWS::ElasticLoadBalancingV2::LoadBalancer"))


def test_a_type_of_a_service_that_iam_does_not_know_may_be_any():
    assert changes(TAGS, about=rule("AWS::Origami::Crane"))


def test_what_changes_resources_in_ones_stead_starts_any_rule():
    assert changes(allow("cloudformation:UpdateStack"), about=rule("AWS::S3::Bucket"))


def test_a_rule_of_the_clock_or_that_leads_nowhere_is_left_out():
    assert changes(TAGS, about=rule(on_change=False)) == []
    assert changes(TAGS, edges=()) == []


def test_changes_that_are_denied_are_kept_with_the_reason():
    (write,) = changes(TAGS, deny("ec2:*"))
    assert isinstance(write.hop, Cannot)


def heard(pattern):
    document = Filter("eventbridge.pattern", canonical_json(pattern))
    return Edge(BUS, function("judge").arn, Meaning.TRIGGERS, "eb.rule.lambda", filter=document)


ITEMS = {"source": ["aws.config"], "detail-type": ["Config Configuration Item Change"]}


def on_the_bus(pattern=ITEMS, more=(CHANNEL,)):
    bus = resource(BUS, "events.bus")
    found = changes(TAGS, edges=(heard(pattern),), more=(bus, *more))
    return [write for write in found if write.edge.target == BUS]


def test_config_tells_the_default_bus_of_every_change():
    (write,) = on_the_bus()
    assert write.edge.kind == "eb.config.change"
    assert write.events.witness()["detail-type"] == "Config Configuration Item Change"


def test_a_bus_is_told_only_where_config_records_and_a_rule_asks():
    assert on_the_bus(more=()) == []
    assert on_the_bus({"source": ["aws.ec2"]}) == []
