"""API calls of a role that come back to a rule as events of CloudTrail."""

import pytest

from tests.inference.estate import HOME, allow, deny, function, resource, role
from topology.graph import Edge, Evidence, Filter, Meaning, canonical_json, graph
from topology.inference.writes import permitted_writes
from topology.sets.events import EventSet, compare
from topology.sets.strings import literal
from topology.verdict import Always, Cannot, Sometimes, Unknown

BUS = f"arn:aws:events:eu-west-1:{HOME}:event-bus/default"
TAGGING = {"source": ["aws.ec2"], "detail": {"eventName": ["CreateTags", "DeleteTags"]}}
TAGS = allow("ec2:CreateTags")


def rule(pattern, bus=BUS, **attributes):
    heard = Filter("eventbridge.pattern", canonical_json(pattern))
    kind = "eb.rule.lambda"
    return Edge(bus, function().arn, Meaning.TRIGGERS, kind, filter=heard, attributes=attributes)


def called(*statements, pattern=TAGGING, bus=BUS, actor=None, **attributes):
    nodes = [resource(bus, "events.bus"), actor or function("tag"), role(*statements)]
    return permitted_writes(graph(nodes, [rule(pattern, bus, **attributes)]), (), ()).writes


def event(write):
    """One of the events, as JSON."""
    found = write.events.witness()
    assert found is not None
    return found


def about(write, **detail):
    """The verdict on a rule that asks for something in the event's detail."""
    demand = {("detail", *key.split("__")): literal(text) for key, text in detail.items()}
    return type(compare(write.events, EventSet.demands(demand)))


def test_a_call_that_a_rule_hears_comes_back_if_a_trail_logs_it():
    (write,) = called(TAGS)
    assert (write.edge.target, write.edge.kind) == (BUS, "eb.cloudtrail")
    assert write.edge.evidence is Evidence.PERMITTED_ANY
    assert isinstance(write.hop, Unknown)
    assert write.hop.because == (
        "Role *orders* may call ec2:CreateTags (policy *write-results*, statement 1). CloudTrail "
        "tells the bus *default* of it if a trail logs such calls; which trails there are was not "
        "read."
    )
    told = event(write)
    assert told["detail-type"] == "AWS API Call via CloudTrail"
    assert told["detail"]["eventName"] == "CreateTags"
    assert told["detail"]["eventSource"] == "ec2.amazonaws.com"
    assert told["source"] == "aws.ec2"


def test_the_event_says_which_session_called():
    (write,) = called(TAGS)
    identity = event(write)["detail"]["userIdentity"]
    assert identity["type"] == "AssumedRole"
    assert identity["arn"] == f"arn:aws:sts::{HOME}:assumed-role/orders/tag"
    assert identity["principalId"].endswith(":tag")
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "Role",
        "arn": f"arn:aws:iam::{HOME}:role/orders",
        "accountId": HOME,
        "userName": "orders",
    }


def test_of_an_actor_that_is_no_function_the_sessions_name_is_not_known():
    machine = resource(
        f"arn:aws:states:eu-west-1:{HOME}:stateMachine:tag",
        "states.stateMachine",
        role=f"arn:aws:iam::{HOME}:role/orders",
    )
    (write,) = called(TAGS, actor=machine)
    for account, verdict in ((HOME, Sometimes), ("444455556666", Cannot)):
        session = f"arn:aws:sts::{account}:assumed-role/orders/4f2"
        assert about(write, userIdentity__arn=session) is verdict


def test_the_path_of_a_role_is_not_in_the_name_of_its_session():
    arn = f"arn:aws:iam::{HOME}:role/service/orders"
    nodes = [
        resource(BUS, "events.bus"),
        resource(arn, "iam.role", policies=role(TAGS).attributes["policies"]),
        function("tag", "service/orders"),
    ]
    (write,) = permitted_writes(graph(nodes, [rule(TAGGING)]), (), ()).writes
    identity = event(write)["detail"]["userIdentity"]
    assert identity["arn"] == f"arn:aws:sts::{HOME}:assumed-role/orders/tag"
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == arn


def test_nothing_is_drawn_for_calls_that_no_rule_hears():
    assert called() == called(allow("ec2:CreateVolume")) == ()
    assert called(TAGS, pattern={"source": ["aws.s3"]}) == ()
    assert called(TAGS, pattern={**TAGGING, "account": ["999999999999"]}) == ()
    assert called(TAGS, bus=BUS.replace("default", "shop")) == ()


def test_reads_come_back_only_where_the_rules_state_says_so():
    reading = allow("ec2:Describe*")
    assert called(reading, pattern={"source": ["aws.ec2"]}) == ()
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    assert called(reading, pattern={"source": ["aws.ec2"]}, state=state)


def test_one_edge_stands_for_all_the_calls_of_an_actor():
    (write,) = called(allow("*"), pattern={"detail-type": ["AWS API Call via CloudTrail"]})
    assert len(write.edge.attributes["actions"]) == 20
    assert "more" in write.hop.because
    assert about(write, eventName="CreateTags") is Sometimes


def test_only_the_calls_that_are_allowed_come_back():
    (write,) = called(allow("ec2:*"), deny("ec2:Delete*"))
    assert write.edge.attributes["actions"] == ["ec2:CreateTags"]
    assert about(write, eventName="DeleteTags") is Cannot


def test_calls_that_are_all_denied_are_kept_with_the_reason():
    (write,) = called(TAGS, deny("ec2:*"))
    assert isinstance(write.hop, Cannot)
    assert "statement 2 denies it" in write.hop.because


@pytest.mark.parametrize(
    ("to", "evidence"),
    [("*", "permitted-any"), (f"arn:aws:ec2:*:{HOME}:volume/vol-1", "permitted")],
)
def test_a_grant_on_a_resource_is_better_evidence_than_one_on_any(to, evidence):
    (write,) = called(allow("ec2:CreateTags", to))
    assert write.edge.evidence is Evidence(evidence)


def test_calls_of_services_without_a_region_are_told_in_one_region():
    attach = allow("iam:AttachRolePolicy")
    heard = {"source": ["aws.iam"]}
    assert called(attach, pattern=heard) == ()
    (write,) = called(attach, pattern=heard, bus=BUS.replace("eu-west-1", "us-east-1"))
    assert write.edge.target == BUS.replace("eu-west-1", "us-east-1")


def logging(*selectors, **more):
    """The trail *audit*, and the list of the Region that shows it."""
    arn = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/audit"
    known = {"every_region": True, "organization": False, "global_services": True, "logging": True}
    place = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trails"
    return [
        resource(arn, "cloudtrail.trail", **{**known, "selectors": list(selectors), **more}),
        resource(place, "cloudtrail.trails", trails=[arn]),
    ]


def told(trails, *statements, pattern=TAGGING, **attributes):
    """The calls that come back where these trails were read."""
    nodes = [resource(BUS, "events.bus"), function("tag"), role(*statements), *trails]
    return permitted_writes(graph(nodes, [rule(pattern, **attributes)]), (), ()).writes


MANAGEMENT = [{"Field": "eventCategory", "Equals": ["Management"]}]
NONE = [resource(f"arn:aws:cloudtrail:eu-west-1:{HOME}:trails", "cloudtrail.trails", trails=[])]
UPLOADING = {"source": ["aws.s3"], "detail": {"eventName": ["PutObject"]}}


def test_a_call_that_a_trail_logs_comes_back_as_surely_as_it_is_allowed():
    (write,) = told(logging(MANAGEMENT), TAGS)
    assert isinstance(write.hop, Always)
    assert write.hop.because.endswith("because they are logged by *audit*.")


def test_where_there_is_no_trail_no_call_comes_back():
    (write,) = told(NONE, TAGS)
    assert isinstance(write.hop, Cannot)
    assert "no trail that is switched on logs such calls" in write.hop.because


def test_where_the_only_trail_is_switched_off_no_call_comes_back():
    (write,) = told(logging(MANAGEMENT, logging=False), TAGS)
    assert isinstance(write.hop, Cannot)


def test_that_no_trail_is_known_is_no_proof_where_their_list_was_not_read():
    trail, _ = logging(MANAGEMENT, logging=False)
    (write,) = told([trail], TAGS)
    assert isinstance(write.hop, Unknown)


def test_where_a_trail_could_not_be_read_it_is_not_decided():
    (write,) = told(logging(), TAGS)
    assert isinstance(write.hop, Unknown)
    assert write.hop.because.endswith("which cannot be said of *audit*.")


def test_what_is_denied_stays_so_whatever_a_trail_logs():
    (write,) = told(logging(MANAGEMENT), TAGS, deny("ec2:*"))
    assert "statement 2 denies it" in write.hop.because


def test_an_upload_comes_back_only_through_a_trail_of_data_events():
    objects = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
    for selector, verdict in ((MANAGEMENT, Cannot), (objects, Always)):
        (write,) = told(logging(selector), allow("s3:PutObject"), pattern=UPLOADING)
        assert isinstance(write.hop, verdict)


def test_only_the_calls_that_are_logged_come_back():
    both = {"source": ["aws.s3"], "detail": {"eventName": ["PutBucketAcl", "PutObject"]}}
    (write,) = told(logging(MANAGEMENT), allow("s3:*"), pattern=both)
    assert write.edge.attributes["actions"] == ["s3:PutBucketAcl"]


def test_a_read_of_data_comes_back_to_every_rule_that_asks_for_it():
    reading = {"source": ["aws.s3"], "detail": {"eventName": ["GetObject"]}}
    assert called(allow("s3:GetObject"), pattern=reading)
    assert called(allow("s3:GetBucketAcl"), pattern={"source": ["aws.s3"]}) == ()


def test_reads_that_only_the_rules_state_asks_for_are_management_events():
    state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    heard = {"source": ["aws.ec2"], "detail": {"eventName": ["DescribeInstances"]}}
    reading = allow("ec2:Describe*")
    (write,) = told(logging(MANAGEMENT), reading, pattern=heard, state=state)
    assert isinstance(write.hop, Always)
    assert told(logging(MANAGEMENT), reading, pattern=heard) == ()
