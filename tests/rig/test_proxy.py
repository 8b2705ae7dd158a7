"""The proxy knows every operation, and its errors are those a client of AWS would see."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.rig.estate import bucket_name, seed
from topology import catalog
from topology.crawl.session import Session

ASKED = {
    ("lambda", "list_functions"): {},
    ("lambda", "list_function_event_invoke_configs"): {"FunctionName": "worker"},
    ("s3", "list_buckets"): {},
    ("s3", "get_bucket_notification_configuration"): {"Bucket": "some-bucket"},
    ("sqs", "list_queues"): {},
    ("sqs", "get_queue_attributes"): {"QueueUrl": "https://sqs/1/jobs"},
    ("sns", "list_subscriptions_by_topic"): {"TopicArn": "arn:aws:sns:eu-west-1:1:news"},
    ("events", "list_targets_by_rule"): {"Rule": "placed"},
    ("dynamodb", "describe_table"): {"TableName": "orders"},
    ("iam", "get_account_authorization_details"): {},
    ("sts", "get_caller_identity"): {},
}
each = pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [(*asked, parameters) for asked, parameters in ASKED.items()],
    ids=[f"{service}.{method}" for service, method in ASKED],
)


@pytest.fixture
def client(aws, proxy):
    session = Session(aws.through(proxy.url))
    return lambda service: session.client(service, "eu-west-1")


def test_every_service_of_the_catalog_is_asked():
    assert {service for service, _ in ASKED} >= {
        service.client for service in catalog.services() if service.readers
    }


@each
def test_it_refuses_in_the_operations_own_protocol(client, proxy, service, method, parameters):
    proxy.error("AnyCodeAtAll", status=403)
    proxy.rules[0].skip = 1  # the role is assumed first
    with pytest.raises(ClientError) as caught:
        getattr(client(service), method)(**parameters)
    assert caught.value.response["Error"]["Code"] == "AnyCodeAtAll"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@each
def test_it_logs_the_operation_its_region_and_its_parameters(
    client, proxy, service, method, parameters
):
    proxy.error("Stop", status=400)
    proxy.rules[0].skip = 1
    with pytest.raises(ClientError):
        getattr(client(service), method)(**parameters)
    asked = proxy.log[-1]
    name = "".join(word.capitalize() for word in method.split("_"))
    assert (asked.service, asked.model.name) == (service, name)
    assert asked.region in ("eu-west-1", "us-east-1")
    assert asked.parameters == parameters


def test_it_strikes_only_where_it_is_told_to(aws, proxy, client):
    seed(aws)
    proxy.deny("s3.GetBucketNotificationConfiguration", resource="another-bucket")
    proxy.deny("sqs.ListQueues", region="us-east-1")
    client("s3").get_bucket_notification_configuration(Bucket=bucket_name(aws))
    assert len(client("sqs").list_queues()["QueueUrls"]) == 2
    proxy.throttle("sqs.ListQueues", skip=1, every=2)
    assert [_fails(client("sqs").list_queues) for _ in range(2)] == [False, False]


def _fails(method) -> bool:
    try:
        method()
    except ClientError:
        return True
    return False
