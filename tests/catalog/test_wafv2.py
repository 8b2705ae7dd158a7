"""AWS WAF: where web ACLs log to."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read
from topology.graph import Meaning


def test_a_web_acl_logs_to_whatever_it_names():
    facts = read("wafv2/list_logging_configurations.every_destination")
    assert [(e.kind, e.target) for e in edges(facts)] == [
        ("waf.logs", arn("logs", "log-group:aws-waf-logs-shop")),
        ("waf.logs", "arn:aws:s3:::aws-waf-logs-shop"),
        ("waf.logs", arn("firehose", "deliverystream/aws-waf-logs-shop")),
    ]
    assert {edge.meaning for edge in edges(facts)} == {Meaning.WRITES}
    assert "canary" not in repr(facts)
