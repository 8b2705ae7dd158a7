"""Paging: every page is read whatever its size, and a list that never ends is a gap."""

from __future__ import annotations

import pytest

from tests.rig import account, estate
from topology import crawl
from topology.graph import GLOBAL, ReadStatus

LISTS = [
    "dynamodb.ListTables",
    "events.ListEventBuses",
    "events.ListRules",
    "events.ListTargetsByRule",
    "lambda.ListEventSourceMappings",
    "lambda.ListFunctionEventInvokeConfigs",
    "lambda.ListFunctions",
    "s3.ListBuckets",
    "sns.ListSubscriptions",
    "sns.ListSubscriptionsByTopic",
    "sns.ListTopics",
    "sqs.ListQueues",
]


@pytest.fixture(scope="module")
def crowd(emulator):
    """The small estate, and three of what is listed."""
    one = account.fresh(emulator)
    estate.seed(one)
    for number in range(3):
        estate.function(one, f"extra-{number}")
        one.client("sqs").create_queue(QueueName=f"extra-{number}")
        one.client("sns").create_topic(Name=f"extra-{number}")
        one.client("events").create_event_bus(Name=f"extra-{number}")
    return one


@pytest.fixture(scope="module")
def whole(crowd):
    return crawl.observe(crowd.connection, crowd.identity, crowd.region)


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("empty_first", [False, True], ids=["", "an empty page first"])
def test_pages_of_any_size_give_the_same_observation(crowd, proxy, whole, size, empty_first):
    for operation in LISTS:
        proxy.split(operation, size, empty_first)
    paged = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert paged.gaps == ()
    assert paged.resources == whole.resources
    assert paged.edges == whole.edges
    assert [(row.call, row.items) for row in paged.reads] == [
        (row.call, row.items) for row in whole.reads
    ]


@pytest.mark.parametrize("size", [1, 100])
def test_the_account_wide_walk_is_paged(crowd, proxy, size):
    whole = crawl.observe(crowd.connection, crowd.identity, GLOBAL)
    proxy.split("iam.GetAccountAuthorizationDetails", size)
    paged = crawl.observe(crowd.through(proxy.url), crowd.identity, GLOBAL)
    assert paged.resources == whole.resources
    assert paged.gaps == ()


@pytest.mark.parametrize("operation", LISTS)
def test_a_token_that_comes_twice_is_a_gap_and_the_pages_before_it_stand(crowd, proxy, operation):
    proxy.repeat_token(operation)
    observation = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert {gap.code for gap in observation.gaps} == {"UnexpectedAnswer"}
    assert all("token" in gap.reason for gap in observation.gaps)
    [call] = {gap.call for gap in observation.gaps}
    [row] = [row for row in observation.reads if row.call == call]
    assert row.status is ReadStatus.PARTIAL


def test_a_refused_second_page_leaves_the_first_and_a_gap(crowd, proxy):
    proxy.split("lambda.ListFunctions", 2)
    proxy.deny("lambda.ListFunctions", skip=1)
    observation = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert len([r for r in observation.resources if r.kind == "lambda.function"]) == 2
    assert [gap.call for gap in observation.gaps] == ["lambda.list_functions"]
