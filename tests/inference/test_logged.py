"""What feeds a trail: from real selectors to loops, and to the harmless twins of these."""

from __future__ import annotations

import pytest

from tests.inference.estate import HOME, allow, function, resource, role
from topology.analysis import analyse
from topology.graph import Edge, Meaning, graph
from topology.inference.logged import with_data_events
from topology.verdict import LoopVerdict

AUDIT = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/audit"
ORGANIZATION = "arn:aws:cloudtrail:us-east-1:999988887777:trail/org"
LOGS, UPLOADS = "arn:aws:s3:::audit-logs", "arn:aws:s3:::uploads"
OUT = Edge(AUDIT, LOGS, Meaning.WRITES, "cloudtrail.out", attributes={"prefix": ""})
NOTIFIES = Edge(LOGS, function("ship").arn, Meaning.TRIGGERS, "s3.notif.lambda")


def bucket(arn, region="eu-west-1", account=HOME):
    found = resource(arn, "s3.bucket", account)
    return type(found)(arn, found.kind, account, region, found.name)


def trail(*selectors, arn=AUDIT, **more):
    known = {"every_region": True, "organization": False, "recursive": True, "logging": True}
    return resource(arn, "cloudtrail.trail", selectors=list(selectors), **{**known, **more})


def marker(*arns, account=HOME, region="eu-west-1"):
    place = f"arn:aws:cloudtrail:{region}:{account}:trails"
    return resource(place, "cloudtrail.trails", trails=list(arns))


def data(data_type="AWS::S3::Object", *more, **arn):
    conditions = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": [data_type]},
        *more,
    ]
    return [*conditions, {"Field": "resources.ARN", **arn}] if arn else conditions


def fed(*nodes, edges=(OUT,)):
    """Where data events come from."""
    known = with_data_events(graph(nodes, edges))
    return [edge.source for edge in known.edges if edge.kind == "cloudtrail.data"]


def verdicts(*nodes, edges=(OUT,)):
    known = with_data_events(graph(nodes, edges))
    found = analyse(known)
    return [loop.verdict for loop in found.loops]


BUCKETS = (bucket(LOGS), bucket(UPLOADS))


def test_a_trail_that_selects_every_bucket_feeds_itself():
    assert fed(*BUCKETS, trail(data())) == [LOGS, UPLOADS]
    assert verdicts(*BUCKETS, trail(data())) == [LoopVerdict.LIVE]


@pytest.mark.parametrize("every", ["arn:aws:s3", "arn:aws:s3:::"])
def test_a_selector_may_say_every_bucket_in_two_ways(every):
    assert fed(*BUCKETS, trail(data(StartsWith=[every]))) == [LOGS, UPLOADS]


@pytest.mark.parametrize(
    "left_out",
    [
        {"NotStartsWith": [f"{LOGS}/"]},
        {"StartsWith": [f"{UPLOADS}/"]},
        {"Equals": [f"{UPLOADS}/a"]},
    ],
)
def test_a_trail_that_leaves_its_bucket_out_does_not_feed_itself(left_out):
    assert fed(*BUCKETS, trail(data(**left_out))) == [UPLOADS]
    assert verdicts(*BUCKETS, trail(data(**left_out))) == []


def test_a_trail_that_leaves_its_own_files_out_does_not_feed_itself():
    selected = data(NotStartsWith=[f"{LOGS}/AWSLogs/"])
    assert verdicts(*BUCKETS, trail(selected)) == [LoopVerdict.BLOCKED]
    selected = data(StartsWith=[f"{LOGS}/in/"])
    assert verdicts(*BUCKETS, trail(selected)) == [LoopVerdict.BLOCKED]


def test_a_trail_may_suppress_what_it_delivers_itself():
    assert verdicts(*BUCKETS, trail(data(), recursive=False)) == [LoopVerdict.BLOCKED]


def test_two_trails_that_log_each_others_buckets_feed_each_other():
    other = AUDIT.replace("audit", "other")
    nodes = [
        *BUCKETS,
        trail(data(StartsWith=[f"{UPLOADS}/"]), recursive=False),
        trail(data(StartsWith=[f"{LOGS}/"]), arn=other, recursive=False),
    ]
    back = Edge(other, UPLOADS, Meaning.WRITES, "cloudtrail.out")
    assert verdicts(*nodes, edges=(OUT, back)) == [LoopVerdict.LIVE]


@pytest.mark.parametrize(
    "reads",
    [
        {"Field": "readOnly", "Equals": ["true"]},
        {"Field": "eventName", "Equals": ["GetObject"]},
        {"Field": "eventName", "StartsWith": ["Get"]},
    ],
)
def test_a_trail_that_logs_reads_alone_does_not_log_what_is_written(reads):
    assert fed(*BUCKETS, trail(data("AWS::S3::Object", reads))) == []


def test_a_trail_that_logs_some_writes_may_log_its_own():
    writes = {"Field": "eventName", "NotEquals": ["DeleteObject"]}
    assert fed(*BUCKETS, trail(data("AWS::S3::Object", writes))) == [LOGS, UPLOADS]


def test_a_trail_of_management_events_or_of_another_type_is_not_fed_by_buckets():
    management = [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert fed(*BUCKETS, trail(management, data("AWS::DynamoDB::Table"))) == []


def test_a_trail_that_is_switched_off_hears_nothing():
    assert fed(*BUCKETS, trail(data(), logging=False)) == []


def test_a_trail_of_one_region_hears_what_happens_there():
    far = bucket(UPLOADS, "us-east-1")
    assert fed(bucket(LOGS), far, trail(data(), every_region=False)) == [LOGS]
    assert fed(bucket(LOGS), far, trail(data())) == [LOGS, UPLOADS]


def test_a_trail_of_the_organization_hears_of_every_account():
    theirs = bucket(UPLOADS, account="444455556666")
    assert fed(bucket(LOGS), theirs, trail(data())) == [LOGS]
    assert fed(bucket(LOGS), theirs, trail(data(), organization=True)) == [LOGS, UPLOADS]


def test_where_the_trails_of_a_place_were_read_those_are_all():
    assert fed(*BUCKETS, trail(data()), marker()) == []
    assert fed(*BUCKETS, trail(data()), marker(AUDIT)) == [LOGS, UPLOADS]


def test_a_trail_whose_selectors_were_not_read_may_log_everything():
    unread = trail()
    found = analyse(with_data_events(graph([*BUCKETS, unread], [OUT])))
    assert [loop.verdict for loop in found.loops] == [LoopVerdict.POSSIBLE]
    assert [gap.code for gap in found.gaps] == ["FilterNotUnderstood"]


def test_a_trail_of_an_organization_that_is_not_connected_may_log_everything():
    out = Edge(ORGANIZATION, LOGS, Meaning.WRITES, "cloudtrail.out")
    assert fed(*BUCKETS, marker(ORGANIZATION), edges=(out,)) == [LOGS, UPLOADS]
    assert verdicts(*BUCKETS, marker(ORGANIZATION), edges=(out,)) == [LoopVerdict.POSSIBLE]


def test_a_trail_that_leads_nowhere_is_left_out():
    elsewhere = Edge(AUDIT, "arn:aws:s3:::not-read", Meaning.WRITES, "cloudtrail.out")
    assert fed(*BUCKETS, trail(data()), edges=(elsewhere,)) == []


@pytest.mark.parametrize(
    ("data_type", "kind", "arn"),
    [
        ("AWS::Lambda::Function", "lambda.function", f"arn:aws:lambda:eu-west-1:{HOME}:function:a"),
        ("AWS::DynamoDB::Table", "dynamodb.table", f"arn:aws:dynamodb:eu-west-1:{HOME}:table/a"),
        ("AWS::SNS::Topic", "sns.topic", f"arn:aws:sns:eu-west-1:{HOME}:a"),
        ("AWS::SQS::Queue", "sqs.queue", f"arn:aws:sqs:eu-west-1:{HOME}:a"),
        ("AWS::Kinesis::Stream", "kinesis.stream", f"arn:aws:kinesis:eu-west-1:{HOME}:stream/a"),
        ("AWS::S3::AccessPoint", "s3.accesspoint", f"arn:aws:s3:eu-west-1:{HOME}:accesspoint/a"),
    ],
)
def test_other_resources_have_data_events_too(data_type, kind, arn):
    node = resource(arn, kind)
    assert fed(bucket(LOGS), node, trail(data(data_type))) == [arn]
    assert fed(bucket(LOGS), node, trail(data(data_type, Equals=[arn]))) == [arn]
    assert fed(bucket(LOGS), node, trail(data(data_type, Equals=[f"{arn}b"]))) == []


def test_a_graph_without_trails_stays_as_it_is():
    known = graph(BUCKETS, ())
    assert with_data_events(known) is known


def test_what_the_files_of_a_trail_start_may_be_logged_by_it():
    nodes = [*BUCKETS, function("ship", "ship"), role(allow("ec2:CreateTags"), name="ship")]
    assert set(verdicts(*nodes, trail(), edges=(OUT, NOTIFIES))) == {LoopVerdict.POSSIBLE}
    management = [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert verdicts(*nodes, trail(management), edges=(OUT, NOTIFIES)) == [LoopVerdict.POSSIBLE]
    assert verdicts(*nodes, trail(management), edges=(OUT,)) == []


def test_what_calls_nothing_is_logged_by_no_trail():
    still = resource(function("ship").arn, "lambda.function", role="arn:role", calls=[])
    management = [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert verdicts(*BUCKETS, still, trail(management), edges=(OUT, NOTIFIES)) == []


def test_a_trail_that_is_off_logs_no_calls():
    nodes = [*BUCKETS, function("ship", "ship"), role(allow("ec2:CreateTags"), name="ship")]
    assert verdicts(*nodes, trail(logging=False), edges=(OUT, NOTIFIES)) == []


def test_an_actor_with_several_roles_is_one_caller():
    versions = {"1": f"arn:aws:iam::{HOME}:role/old", "$LATEST": f"arn:aws:iam::{HOME}:role/ship"}
    actor = function("ship", "ship")
    actor = type(actor)(
        actor.arn,
        actor.kind,
        HOME,
        actor.region,
        "ship",
        {**actor.attributes, "versions": versions},
    )
    pinned = Edge(
        LOGS, actor.arn, Meaning.TRIGGERS, "s3.notif.lambda", attributes={"qualifier": "1"}
    )
    management = [{"Field": "eventCategory", "Equals": ["Management"]}]
    nodes = [*BUCKETS, actor, role(name="ship"), role(name="old"), trail(management)]
    assert verdicts(*nodes, edges=(OUT, pinned)) == [LoopVerdict.POSSIBLE]
