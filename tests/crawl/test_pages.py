"""Paging: every page is read whatever its size, and a list that never ends is a gap."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.catalog.test_registry import CALLS
from tests.rig import account, estate, invented
from topology import crawl
from topology.catalog.service import Call, Service
from topology.crawl.ask import ask
from topology.crawl.session import Connection, Session
from topology.graph import GLOBAL, ReadStatus

REGION = invented.HERE.region
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


def paged() -> dict[str, tuple[Service, Call]]:
    """Every declared operation that pages, once."""
    session, found = Session(Connection()), dict[str, tuple[Service, Call]]()
    for service, call in CALLS:
        model = invented.operation(service, call)
        if call.token or session.paginator(service.client, model.name):
            found.setdefault(f"{service.client}.{model.name}", (service, call))
    return found


PAGED = paged()
each = pytest.mark.parametrize("name", sorted(PAGED))


@pytest.fixture(scope="module")
def session(_proxy):
    """One session for all of them: making clients is what takes long."""
    return Session(Connection(endpoint_url=_proxy.url))


@pytest.fixture
def asked(session, proxy):
    """Ask an operation, of which every answer lists three made-up items."""
    proxy.source = invented.reply

    def asked(name):
        service, call = PAGED[name]
        above = invented.asked_for(service, call)
        return ask(session, REGION, service, call, invented.HERE, *above)

    return asked


def listed(name, answer):
    """What was listed, in one piece where the whole answer is the item."""
    if PAGED[name][1].items is not None:
        return list(answer.items)
    lists = [key for key, value in answer.items[0].items() if isinstance(value, list)]
    return {key: [one for page in answer.items for one in page.get(key, ())] for key in lists}


@each
def test_every_page_of_every_list_is_read(asked, proxy, name):
    whole = asked(name)
    assert (whole.error, whole.pages) == (None, 1)
    assert whole.items
    for size, empty_first, pages in ((1, False, (3,)), (2, True, (2, 3)), (100, False, (1,))):
        proxy.rules.clear()
        proxy.split(name, size, empty_first)
        answer = asked(name)
        assert answer.error is None
        assert answer.pages in pages
        assert listed(name, answer) == listed(name, whole)


@each
def test_a_list_that_names_its_next_page_twice_is_an_error_and_what_came_stands(asked, proxy, name):
    proxy.repeat_token(name)
    answer = asked(name)
    assert "token" in str(answer.error)
    assert answer.pages == 2
    assert answer.items


@each
def test_a_page_that_is_refused_is_an_error_and_those_before_it_stand(asked, proxy, name):
    whole = asked(name)
    proxy.split(name, 1)
    proxy.deny(name, skip=1)
    answer = asked(name)
    assert isinstance(answer.error, ClientError)
    assert answer.pages == 1
    assert PAGED[name][1].items is None or answer.items == whole.items[:1]


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
def test_pages_of_any_size_give_the_same_observation(crowd, proxy, whole, size):
    for operation in LISTS:
        proxy.split(operation, size, empty_first=True)
    paged = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert paged.gaps == ()
    assert paged.resources == whole.resources
    assert paged.edges == whole.edges
    assert [(row.call, row.items) for row in paged.reads] == [
        (row.call, row.items) for row in whole.reads
    ]


def test_the_account_wide_walk_is_paged(crowd, proxy):
    whole = crawl.observe(crowd.connection, crowd.identity, GLOBAL)
    proxy.split("iam.GetAccountAuthorizationDetails", 1)
    paged = crawl.observe(crowd.through(proxy.url), crowd.identity, GLOBAL)
    assert paged.resources == whole.resources
    assert paged.gaps == ()


def test_a_token_that_comes_twice_is_a_gap_and_the_pages_before_it_stand(crowd, proxy):
    proxy.repeat_token("lambda.ListFunctions")
    observation = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert {(gap.call, gap.code) for gap in observation.gaps} == {
        ("lambda.list_functions", "UnexpectedAnswer")
    }
    [row] = [row for row in observation.reads if row.call == "lambda.list_functions"]
    assert row.status is ReadStatus.PARTIAL


def test_a_refused_second_page_leaves_the_first_and_a_gap(crowd, proxy):
    proxy.split("lambda.ListFunctions", 2)
    proxy.deny("lambda.ListFunctions", skip=1)
    observation = crawl.observe(crowd.through(proxy.url), crowd.identity, crowd.region)
    assert len([r for r in observation.resources if r.kind == "lambda.function"]) == 2
    assert [gap.call for gap in observation.gaps] == ["lambda.list_functions"]
