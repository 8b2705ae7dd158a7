"""CloudTrail: trails, where they write to, and what they select."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, edges, items, read, resources
from topology.catalog import cloudtrail
from topology.catalog.service import Here
from topology.graph import Meaning

EVERY = "cloudtrail/describe_trails.own_and_shadow"
(ANSWER,) = items(EVERY)
AUDIT, ORGANIZATION = ANSWER["trailList"]


def test_that_the_trails_were_read_is_a_fact_even_where_there_are_none():
    [place] = resources(read("cloudtrail/describe_trails.none"))
    assert (place.kind, place.arn) == ("cloudtrail.trails", arn("cloudtrail", "trails"))
    assert place.attributes == {"trails": []}


def test_the_trails_of_the_organization_and_of_other_regions_log_here_too():
    [place] = resources(read(EVERY))
    assert place.attributes == {"trails": [AUDIT["TrailARN"], ORGANIZATION["TrailARN"]]}
    assert (place.account, place.region) == (HERE.account, HERE.region)


def test_a_trail_writes_to_its_bucket_its_log_group_and_its_topic():
    facts = read(EVERY)
    assert [(e.kind, e.target) for e in edges(facts)] == [
        ("cloudtrail.out", "arn:aws:s3:::audit-logs"),
        ("cloudtrail.out", arn("logs", "log-group:audit")),
        ("cloudtrail.out", arn("sns", "trail-files")),
        ("cloudtrail.out", "arn:aws:s3:::org-logs"),
    ]
    assert {edge.meaning for edge in edges(facts)} == {Meaning.WRITES}
    assert [e.source for e in edges(facts)] == 3 * [AUDIT["TrailARN"]] + [ORGANIZATION["TrailARN"]]
    assert "canary" not in repr(facts)


def test_every_region_says_the_same_of_where_a_trail_writes_to():
    elsewhere = Here(HERE.partition, HERE.account, "us-east-1")
    assert edges(cloudtrail.all_trails(elsewhere, ANSWER)) == edges(read(EVERY))


def test_a_trail_is_known_at_its_home():
    [trail] = resources(cloudtrail.trail(HERE, AUDIT))
    assert (trail.arn, trail.kind, trail.name) == (AUDIT["TrailARN"], "cloudtrail.trail", "audit")
    assert trail.attributes == {
        "every_region": True,
        "organization": False,
        "global_services": True,
        "recursive": False,
    }


def test_a_trail_logs_its_own_deliveries_unless_it_says_otherwise():
    known = {key: value for key, value in AUDIT.items() if key != "RecursiveLogging"}
    [trail] = resources(cloudtrail.trail(HERE, known))
    assert trail.attributes["recursive"] is True


def test_a_trail_says_whether_it_is_switched_on():
    for case, is_on in (("logging", True), ("stopped", False)):
        facts = read(f"cloudtrail/get_trail_status.{case}", AUDIT)
        [trail] = resources(facts)
        assert (trail.arn, trail.attributes) == (AUDIT["TrailARN"], {"logging": is_on})
        assert "canary" not in repr(facts)


def equals(field, *values):
    return {"Field": field, "Equals": list(values)}


def test_selectors_of_the_first_kind_are_conditions_too():
    [trail] = resources(read("cloudtrail/get_event_selectors.basic", AUDIT))
    data, writes = equals("eventCategory", "Data"), equals("readOnly", "false")
    objects = ["arn:aws:s3:::audit-logs/", "arn:aws:s3:::uploads/in/"]
    assert trail.attributes["selectors"] == [
        [
            equals("eventCategory", "Management"),
            writes,
            {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
        ],
        [
            data,
            writes,
            equals("resources.type", "AWS::S3::Object"),
            {"Field": "resources.ARN", "StartsWith": objects},
        ],
        [
            data,
            writes,
            equals("resources.type", "AWS::Lambda::Function"),
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:lambda"]},
        ],
    ]


def test_of_an_advanced_selector_only_what_is_compared_is_kept():
    facts = read("cloudtrail/get_event_selectors.advanced", AUDIT)
    [trail] = resources(facts)
    management, objects = trail.attributes["selectors"]
    assert management == [equals("eventCategory", "Management"), {"Field": "userIdentity.arn"}]
    assert objects == [
        equals("eventCategory", "Data"),
        equals("resources.type", "AWS::S3::Object"),
        {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::audit-logs/"]},
    ]
    assert "canary" not in repr(facts)
