"""Which API calls a rule hears of, and which statements allow them."""

import pytest

from topology import filters
from topology.graph import Filter, canonical_json
from topology.iam.documents import parse
from topology.inference.api_calls import ApiCall, Calls, calls_heard


def heard(pattern, with_reads=False):
    document = Filter("eventbridge.pattern", canonical_json(pattern))
    return calls_heard(filters.parse(document).heard(), with_reads)


def by_name(*names, host="ec2", **more):
    detail = {"eventSource": [f"{host}.amazonaws.com"], "eventName": list(names)}
    return heard({"detail": detail}, **more)


def test_a_call_is_named_as_its_action():
    assert by_name("CreateTags") == {ApiCall("ec2:CreateTags", "ec2", "CreateTags")}


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ({"prefix": "Create"}, "ec2:CreateTags", "ec2:DeleteTags"),
        ({"wildcard": "*Tags"}, "ec2:CreateTags", "ec2:CreateVolume"),
        ({"anything-but": ["CreateTags"]}, "ec2:DeleteTags", "ec2:CreateTags"),
    ],
)
def test_names_that_are_no_list_are_looked_up(name, inside, outside):
    actions = {call.action for call in by_name(name)}
    assert inside in actions
    assert outside not in actions


@pytest.mark.parametrize(
    ("pattern", "is_heard"),
    [
        ({"source": ["aws.ec2"]}, True),
        ({"source": ["aws.ec2"], "detail-type": ["AWS API Call via CloudTrail"]}, True),
        ({"source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"]}, False),
        ({"source": ["aws.s3"]}, False),
        ({"source": ["shop"]}, False),
        ({"source": ["aws.ec2"], "detail": {"state": ["stopped"]}}, False),  # of no record
        ({"source": ["aws.ec2"], "detail": {"state": [{"exists": False}]}}, True),
        ({"source": ["aws.ec2"], "detail": {"requestParameters": {"x": ["y"]}}}, True),
        ({"detail-type": ["AWS API Call via CloudTrail"]}, True),
        ({"source": ["aws.s3"], "detail": {"eventSource": ["ec2.amazonaws.com"]}}, False),
    ],
)
def test_the_source_and_the_detail_type_have_to_agree(pattern, is_heard):
    assert (ApiCall("ec2:CreateTags", "ec2", "CreateTags") in heard(pattern)) is is_heard


def test_reads_are_heard_only_by_rules_that_ask_for_them():
    assert by_name("DescribeInstances") == frozenset()
    assert len(by_name("DescribeInstances", with_reads=True)) == 1
    assert not any(call.name.startswith("Describe") for call in heard({"source": ["aws.ec2"]}))


@pytest.mark.parametrize(
    ("host", "name"),
    [("s3", "GetObject"), ("dynamodb", "GetItem"), ("sts", "GetSessionToken")],
)
def test_reads_of_data_and_changes_that_are_called_as_reads_are_heard(host, name):
    assert {call.name for call in by_name(name, host=host)} == {name}


def test_a_host_that_is_not_the_prefix_is_translated():
    assert by_name("PutMetricAlarm", host="monitoring") == {
        ApiCall("cloudwatch:PutMetricAlarm", "monitoring", "PutMetricAlarm")
    }


def test_a_date_at_the_end_of_a_name_is_no_other_call():
    assert by_name("CreateFunction20150331", host="lambda") == {
        ApiCall("lambda:CreateFunction", "lambda", "CreateFunction20150331")
    }


def test_a_call_that_no_action_is_named_for_may_be_any_action_of_the_service():
    calls = by_name("Invoke", host="lambda")
    assert ApiCall("lambda:InvokeFunction", "lambda", "Invoke") in calls
    assert {call.name for call in calls} == {"Invoke"}


def test_a_service_whose_actions_are_verbs_is_heard_by_any_name():
    calls = by_name({"prefix": "Create"}, host="apigateway")
    assert "apigateway:POST" in {call.action for call in calls}
    assert all(call.name.startswith("Create") for call in calls)


def test_a_service_that_iam_does_not_know_yet_has_its_own_name_for_a_prefix():
    assert by_name("Fold", host="origami") == {ApiCall("origami:Fold", "origami", "Fold")}


CALLS = Calls(by_name("CreateTags", "DeleteTags") | by_name("CreateQueue", host="sqs"))


def groups(*statements):
    """The groups of actions that statements allow and tell apart."""
    documents = [{"Effect": "Allow", "Resource": "*", **each} for each in statements]
    return sorted(map(sorted, CALLS.groups(parse({"Statement": documents}))))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([{"Action": "ec2:*"}], [["ec2:CreateTags", "ec2:DeleteTags"]]),
        ([{"Action": "EC2:createtags"}], [["ec2:CreateTags"]]),
        ([{"Action": "*:Create*"}], [["ec2:CreateTags", "sqs:CreateQueue"]]),
        ([{"Action": "e*"}], [["ec2:CreateTags", "ec2:DeleteTags"]]),
        ([{"NotAction": "ec2:*"}], [["sqs:CreateQueue"]]),
        ([{"Action": "s3:*"}], []),
        ([], []),
        (
            [{"Action": "*"}, {"Effect": "Deny", "Action": "ec2:Delete*"}],
            [["ec2:CreateTags", "sqs:CreateQueue"], ["ec2:DeleteTags"]],
        ),
        ([{"Effect": "Deny", "Action": "*"}], []),
    ],
)
def test_actions_are_grouped_as_statements_tell_them_apart(statements, expected):
    assert groups(*statements) == expected
