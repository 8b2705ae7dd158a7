"""Route 53 Resolver: where DNS queries are logged."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read
from topology.graph import Meaning

EVERY = "route53resolver/list_resolver_query_log_configs.every_destination"


def test_queries_are_logged_to_whatever_it_names():
    facts = read(EVERY)
    assert [(e.kind, e.label, e.target) for e in edges(facts)] == [
        ("route53resolver.querylog", "to-logs", arn("logs", "log-group:dns")),
        ("route53resolver.querylog", "to-bucket", "arn:aws:s3:::dns-logs"),
        ("route53resolver.querylog", "to-firehose", arn("firehose", "deliverystream/dns")),
    ]
    assert {edge.meaning for edge in edges(facts)} == {Meaning.WRITES}
    assert "canary" not in repr(facts)


def test_a_query_log_that_no_network_has_is_dormant():
    assert [bool(edge.dormant) for edge in edges(read(EVERY))] == [False, False, True]
