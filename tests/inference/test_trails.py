"""Whether the trails of a place log a call: yes, no, or that cannot be said."""

from __future__ import annotations

import pytest

from tests.inference.estate import HOME, resource
from topology.graph import graph
from topology.inference.api_calls import ApiCall
from topology.inference.trails import Trails

AUDIT = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trail/audit"
ORGANIZATION = "arn:aws:cloudtrail:us-east-1:999988887777:trail/org"
PLACE = (HOME, "eu-west-1")
CREATE_TAGS = ApiCall("ec2:CreateTags", "ec2", "CreateTags")
DESCRIBE = ApiCall("ec2:DescribeInstances", "ec2", "DescribeInstances")
ASSUME_ROLE = ApiCall("sts:AssumeRole", "sts", "AssumeRole")
PUT_OBJECT = ApiCall("s3:PutObject", "s3", "PutObject")
CREATE_FUNCTION = ApiCall("lambda:CreateFunction", "lambda", "CreateFunction20150331")
CREATE_ROLE = ApiCall("iam:CreateRole", "iam", "CreateRole")
YES, PERHAPS, NO = "yes", "perhaps", "no"


def condition(field, **operators):
    return {"Field": field, **operators}


MANAGEMENT = condition("eventCategory", Equals=["Management"])
DATA = condition("eventCategory", Equals=["Data"])
OBJECTS = condition("resources.type", Equals=["AWS::S3::Object"])
READS = condition("readOnly", Equals=["true"])
WRITES = condition("readOnly", Equals=["false"])


def trail(*selectors, **more):
    known = {"every_region": True, "organization": False, "global_services": True, "logging": True}
    return resource(AUDIT, "cloudtrail.trail", **{**known, "selectors": list(selectors), **more})


def marker(*arns):
    place = f"arn:aws:cloudtrail:eu-west-1:{HOME}:trails"
    return resource(place, "cloudtrail.trails", trails=list(arns))


def answer(trails, call):
    told = trails.logged(*PLACE, [call])
    if told.surely:
        return YES
    return PERHAPS if told.perhaps else NO


def of(*selectors, **more):
    return Trails(graph([trail(*selectors, **more), marker(AUDIT)], ()))


def test_only_the_list_of_a_place_says_that_its_trails_were_read():
    assert not Trails(graph([trail([MANAGEMENT])], ())).read(*PLACE)
    assert Trails(graph([marker()], ())).read(*PLACE)
    assert not Trails(graph([marker()], ())).read(HOME, "us-east-1")


def test_without_any_trail_nothing_is_logged():
    assert answer(Trails(graph([marker()], ())), CREATE_TAGS) == NO


@pytest.mark.parametrize(
    ("selector", "call", "expected"),
    [
        ([MANAGEMENT], CREATE_TAGS, YES),
        ([MANAGEMENT], DESCRIBE, YES),
        ([MANAGEMENT], PUT_OBJECT, NO),
        ([DATA], CREATE_TAGS, PERHAPS),  # of a type of which nothing is known
        ([DATA], PUT_OBJECT, PERHAPS),
        ([DATA, OBJECTS], CREATE_TAGS, NO),
        ([DATA, OBJECTS], PUT_OBJECT, YES),
        ([DATA, OBJECTS], ApiCall("s3:PutBucketAcl", "s3", "PutBucketAcl"), PERHAPS),
        ([DATA, OBJECTS, condition("resources.ARN", StartsWith=["a"])], PUT_OBJECT, PERHAPS),
        ([DATA, condition("resources.type", Equals=["AWS::S3::AccessPoint"])], PUT_OBJECT, PERHAPS),
        ([DATA, condition("resources.type", Equals=["AWS::SNS::Topic"])], PUT_OBJECT, NO),
        ([DATA, condition("resources.type", Equals=["AWS::New::Thing"])], PUT_OBJECT, NO),
        ([DATA, condition("resources.type", Equals=["AWS::New::Thing"])], CREATE_TAGS, PERHAPS),
        ([DATA, condition("resources.type", StartsWith=["AWS::"])], PUT_OBJECT, PERHAPS),
        ([condition("eventCategory", Equals=["NetworkActivity"])], CREATE_TAGS, PERHAPS),
        ([MANAGEMENT, WRITES], CREATE_TAGS, YES),
        ([MANAGEMENT, WRITES], DESCRIBE, PERHAPS),
        ([MANAGEMENT, READS], DESCRIBE, YES),
        ([MANAGEMENT, READS], CREATE_TAGS, PERHAPS),
        ([MANAGEMENT, READS], ASSUME_ROLE, PERHAPS),
        ([MANAGEMENT, WRITES], ASSUME_ROLE, PERHAPS),
        ([MANAGEMENT, condition("eventSource", NotEquals=["kms.amazonaws.com"])], CREATE_TAGS, YES),
        ([MANAGEMENT, condition("eventSource", NotEquals=["ec2.amazonaws.com"])], CREATE_TAGS, NO),
        ([MANAGEMENT, condition("eventName", Equals=["CreateTags"])], CREATE_TAGS, YES),
        ([MANAGEMENT, condition("eventName", NotStartsWith=["Create"])], CREATE_TAGS, NO),
        ([MANAGEMENT, condition("eventName", Equals=["CreateFunction"])], CREATE_FUNCTION, PERHAPS),
        ([MANAGEMENT, condition("userIdentity.arn")], CREATE_TAGS, PERHAPS),
        ([MANAGEMENT, condition("somethingNew")], CREATE_TAGS, PERHAPS),
    ],
)
def test_a_selector_takes_a_call_or_not(selector, call, expected):
    assert answer(of(selector), call) == expected


def test_of_several_selectors_the_surest_speaks():
    assert answer(of([DATA, OBJECTS], [MANAGEMENT]), CREATE_TAGS) == YES
    assert answer(of([MANAGEMENT, READS], [MANAGEMENT, WRITES]), CREATE_TAGS) == YES


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"logging": False}, NO),
        ({"selectors": []}, PERHAPS),
        ({"selectors": None}, PERHAPS),
    ],
)
def test_what_was_not_read_of_a_trail_makes_it_uncertain(more, expected):
    assert answer(of([MANAGEMENT], **more), CREATE_TAGS) == expected


def test_whether_a_trail_is_switched_on_has_to_be_read():
    unread = trail([MANAGEMENT])
    known = {key: value for key, value in unread.attributes.items() if key != "logging"}
    nodes = [resource(AUDIT, "cloudtrail.trail", **known), marker(AUDIT)]
    assert answer(Trails(graph(nodes, ())), CREATE_TAGS) == PERHAPS


def test_a_trail_of_an_organization_that_is_not_connected_is_uncertain():
    trails = Trails(graph([marker(ORGANIZATION)], ()))
    assert answer(trails, CREATE_TAGS) == PERHAPS
    assert trails.logged(*PLACE, [CREATE_TAGS]).trails == ("org",)


def test_of_a_service_without_a_region_a_trail_may_keep_silent():
    assert answer(of([MANAGEMENT]), CREATE_ROLE) == YES
    assert answer(of([MANAGEMENT], global_services=False), CREATE_ROLE) == PERHAPS


def test_calls_are_told_apart():
    told = of([MANAGEMENT], [DATA, OBJECTS]).logged(*PLACE, [CREATE_TAGS, DESCRIBE, PUT_OBJECT])
    assert told.surely == (CREATE_TAGS, DESCRIBE, PUT_OBJECT)
    assert (told.perhaps, told.trails) == ((), ("audit",))
