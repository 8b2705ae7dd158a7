"""The proxy knows every operation, and its errors are those a client of AWS would see."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.rig import invented
from tests.rig.estate import bucket_name, seed
from topology import catalog
from topology.crawl.ask import parameters
from topology.crawl.session import Connection, Session

CALLS = {
    service.name_of(call): (service, call)
    for service in catalog.services()
    for call in service.calls
}
each = pytest.mark.parametrize("name", sorted(CALLS))


@pytest.fixture(scope="module")
def session(_proxy):
    """One session for all of them: making clients is what takes long."""
    return Session(Connection(endpoint_url=_proxy.url))


@pytest.fixture
def refused(session, proxy):
    """Ask a declared call that answers with an error no model knows; the error."""
    proxy.error("AnyCodeAtAll", status=403)

    def refused(service, call):
        client = session.client(service.client, "eu-west-1")
        sent = parameters(call, invented.HERE, *invented.asked_for(service, call))
        with pytest.raises(ClientError) as caught:
            getattr(client, call.operation)(**sent)
        return caught.value.response, sent

    return refused


@each
def test_it_knows_what_is_asked_and_refuses_in_the_operations_own_protocol(refused, proxy, name):
    service, call = CALLS[name]
    response, sent = refused(service, call)
    assert response["Error"]["Code"] == "AnyCodeAtAll"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    asked = proxy.log[-1]
    assert (asked.service, asked.model.name) == (
        service.client,
        invented.operation(service, call).name,
    )
    assert asked.region in ("eu-west-1", "us-east-1")
    assert asked.parameters.keys() >= sent.keys()
    assert asked.call


def test_it_strikes_only_where_it_is_told_to(aws, proxy):
    seed(aws)
    session = Session(aws.through(proxy.url))

    def client(service):
        return session.client(service, "eu-west-1")

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
