"""Config: the functions of rules, remediations, and delivery channels."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

RULES = "config/describe_config_rules.every_owner"
BY_HAND = "somebody has to start the remediation"
SHARED = "arn:aws:ssm:eu-west-1:444455556666:document/Shared"
TAGS, NIGHTLY, BUCKETS, GUARD = items(RULES)


def test_only_a_rule_of_ones_own_has_a_function():
    facts = read(RULES)
    assert [(e.kind, e.source, e.target, e.meaning) for e in edges(facts)] == [
        ("config.rule", TAGS["ConfigRuleArn"], arn("lambda", "function:check-tags"), "triggers"),
        ("config.rule", NIGHTLY["ConfigRuleArn"], arn("lambda", "function:check-all"), "triggers"),
    ]
    assert edges(facts)[0].attributes == {"qualifier": "live"}
    assert "canary" not in repr(facts)


def test_a_rule_knows_which_resources_it_is_about_and_whether_a_change_starts_it():
    tags, nightly, buckets, guard = resources(read(RULES))
    assert tags.attributes == {
        "rule": "tags",
        "on_change": True,
        "types": ["AWS::EC2::Instance", "AWS::EC2::Volume"],
    }
    assert not nightly.attributes["on_change"]
    assert buckets.attributes["on_change"]  # AWS's own do not say
    assert guard.attributes["on_change"]


def test_a_remediation_leads_to_a_document_by_itself_or_by_hand():
    facts = read("config/describe_remediation_configurations.both", BUCKETS)
    one, other = (r.arn for r in resources(facts))
    assert [(e.kind, e.source, e.target, e.dormant) for e in edges(facts)] == [
        ("config.remediation", BUCKETS["ConfigRuleArn"], one, ""),
        ("config.remediation", one, arn("ssm", "document/AWS-DisableS3BucketPublicReadWrite"), ""),
        ("config.remediation", BUCKETS["ConfigRuleArn"], other, BY_HAND),
        ("config.remediation", other, SHARED, ""),
    ]
    roles = [r.attributes["role"] for r in resources(facts)]
    assert roles == ["arn:aws:iam::111122223333:role/mend", None]
    assert "canary" not in repr(facts)


def test_a_rule_without_a_remediation_has_no_edge():
    assert read("config/describe_remediation_configurations.none", GUARD) == []


def test_a_delivery_channel_writes_to_a_bucket_and_a_topic():
    facts = read("config/describe_delivery_channels.one")
    assert [(e.kind, e.target, e.meaning) for e in edges(facts)] == [
        ("config.channel", "arn:aws:s3:::config-history", Meaning.WRITES),
        ("config.channel", arn("sns", "config-changes"), Meaning.WRITES),
    ]
    assert {e.source for e in edges(facts)} == {arn("config", "delivery-channel/default")}
    assert "canary" not in repr(facts)
