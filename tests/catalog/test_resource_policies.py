"""Who else may write: the policy a channel carries itself, and the difference to none."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, declared, read, resources

TABLE = {"Table": {"TableArn": arn("dynamodb", "table/orders")}}
CARRIED = [
    ("s3/get_bucket_policy.partners", ({"Name": "uploads"},), "s3:PutObject"),
    ("sqs/get_queue_attributes.partners", ("https://sqs.eu-west-1.amazonaws.com/1/jobs",), "sqs:"),
    ("sns/get_topic_attributes.partners", ({"TopicArn": arn("sns", "news")},), "sns:Publish"),
    ("dynamodb/get_resource_policy.partners", (TABLE, "orders"), "dynamodb:PutItem"),
    ("events/list_event_buses.partner", (), "events:PutEvents"),
    (
        "kinesis/get_resource_policy.partners",
        ({"StreamARN": arn("kinesis", "stream/clicks")},),
        "kinesis:PutRecord",
    ),
]
ABSENT = [
    ("s3/get_bucket_policy.partners", ({"Name": "uploads"},)),
    ("dynamodb/get_resource_policy.partners", (TABLE, "orders")),
    (
        "kinesis/get_resource_policy.partners",
        ({"StreamARN": arn("kinesis", "stream/clicks")},),
    ),
]


@pytest.mark.parametrize(("name", "above", "action"), CARRIED, ids=[row[0] for row in CARRIED])
def test_it_keeps_a_channels_own_policy(name, above, action):
    channel = resources(read(name, *above))[0]
    assert action in channel.attributes["policy"]


@pytest.mark.parametrize(("name", "above"), ABSENT, ids=[row[0] for row in ABSENT])
def test_it_tells_no_policy_from_one_that_was_not_read(name, above):
    service, call = declared(name)
    [reader] = service.readers_of(call)
    [channel] = resources(reader(HERE, {}, *above))
    assert channel.attributes == {"policy": None}
