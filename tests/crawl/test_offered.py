"""A service that a Region does not have is no gap there; one that has lost its address is."""

from __future__ import annotations

import time

import pytest

from topology import catalog, crawl
from topology.catalog.service import Call, Here, Service
from topology.crawl.ask import ask
from topology.crawl.session import Connection, Session
from topology.graph import ReadStatus

REGION = "eu-west-1"
HERE = Here("aws", "111122223333", REGION)
NOWHERE = "http://no-such-service.invalid"
queues = Call("list_queues", items="QueueUrls")


def service(client: str) -> Service:
    [found] = [service for service in catalog.services() if service.client == client]
    return found


@pytest.fixture
def unresolved(aws, monkeypatch):
    """boto3's environment leads to the emulator, and SQS nowhere."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint_url)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", NOWHERE)
    return Session(Connection())


def test_what_botocore_does_not_list_and_has_no_address_is_nothing_at_once(unresolved):
    began = time.monotonic()
    answer = ask(unresolved, "eu-nowhere-1", service("sqs"), queues, HERE)
    assert (answer.items, answer.pages, answer.error) == ((), 1, None)
    assert time.monotonic() - began < 5  # not six attempts


def test_what_botocore_lists_and_has_no_address_is_an_error(unresolved, proxy):
    answer = ask(unresolved, REGION, service("sqs"), queues, HERE)
    assert type(answer.error).__name__ == "EndpointConnectionError"


def test_what_nobody_listens_at_is_an_error_wherever_it_is(monkeypatch, proxy):
    session = Session(Connection(endpoint_url="http://127.0.0.1:9"))
    answer = ask(session, "eu-nowhere-1", service("sqs"), queues, HERE)
    assert type(answer.error).__name__ == "EndpointConnectionError"


def test_a_service_for_all_regions_is_listed_in_each():
    session = Session(Connection())
    assert session.lists("iam", "us-east-1")
    assert session.lists("sqs", REGION)
    assert not session.lists("connect", REGION)
    assert session.lists("sqs", "nonsense")


def test_a_client_that_cannot_be_made_is_a_gap_of_its_own_calls(aws):
    unknown = Service("no-such-service", "No such service")
    answer = ask(Session(aws.connection), REGION, unknown, queues, HERE)
    assert type(answer.error).__name__ == "UnknownServiceError"


def test_the_rest_of_a_region_is_read_where_one_service_has_no_address(aws, unresolved, proxy):
    connection = Connection(role_arn=aws.role_arn)
    observation = crawl.observe(connection, aws.identity, REGION)
    assert {gap.call for gap in observation.gaps} == {"sqs.list_queues"}
    status = {read.call: read.status for read in observation.reads}
    assert status["sns.list_topics"] is ReadStatus.COMPLETE
