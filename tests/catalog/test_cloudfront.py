"""CloudFront: requests come by a name, and go on to functions and origins."""

from __future__ import annotations

from tests.catalog.recorded import edges, read, resources

FACTS = read("cloudfront/list_distributions.every_end")
ARN = "arn:aws:cloudfront::111122223333:distribution/E1ABCDEF"


def test_requests_come_by_every_name_of_a_distribution():
    found = [edge for edge in edges(FACTS) if edge.target == ARN]
    assert [edge.source for edge in found] == [
        "https://d111111abcdef8.cloudfront.net",
        "https://shop.example.com",
    ]
    assert [each.kind for each in resources(FACTS)] == ["cloudfront.distribution"]


def test_functions_at_the_edge_are_told_apart_by_path_and_event():
    found = [edge for edge in edges(FACTS) if ":lambda:" in edge.target]
    assert [(edge.kind, edge.label, edge.attributes["qualifier"]) for edge in found] == [
        ("cloudfront.edge", "* viewer-request", "3"),
        ("cloudfront.edge", "api/* origin-request", "7"),
    ]


def test_an_origin_is_a_host_or_a_bucket_that_requests_may_change():
    found = [edge for edge in edges(FACTS) if edge.source == ARN and ":lambda:" not in edge.target]
    assert [(edge.label, edge.target) for edge in found] == [
        ("api", "https://abc123.execute-api.eu-west-1.amazonaws.com"),
        ("uploads", "arn:aws:s3:::up.loads"),
    ]


def test_a_distribution_switched_off_is_dormant():
    found = edges(read("cloudfront/list_distributions.switched_off"))
    assert {edge.dormant for edge in found} == {"the distribution is switched off"}
    assert {edge.dormant for edge in edges(FACTS)} == {""}


def test_no_header_and_no_path_of_an_origin_is_kept():
    assert "canary" not in repr(FACTS)
