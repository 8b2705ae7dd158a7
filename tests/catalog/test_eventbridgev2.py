"""Custom Event Buses: subscribers, the calls they make, and events that come by themselves."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, filtered, items, read, resources, unread
from topology.catalog import eventbridgev2
from topology.graph import Filter, Meaning

BUS = arn("events", "event-busv2/orders/abcdefghijklmnopqrstuvwxy")
[OWN] = items("eventbridgev2/list_event_buses.own")
OURS, *THEIRS = items("eventbridgev2/list_subscribers.two_accounts")
[LISTED] = items("eventbridgev2/list_event_sources.one")
SHOP = Filter("eventbridge.pattern", '{"source": ["shop"]}')
ROLE = "arn:aws:iam::111122223333:role/deliver"


def subscribed(case):
    return read(f"eventbridgev2/describe_subscriber.{case}", OURS)


def ingested(case):
    return read(f"eventbridgev2/describe_event_source.{case}", LISTED)


def test_it_reads_the_buses_of_this_account():
    [bus] = resources(read("eventbridgev2/list_event_buses.own"))
    assert (bus.kind, bus.arn) == ("events.busv2", BUS)


def test_a_bus_has_a_policy_of_its_owner_and_one_of_whom_it_is_shared_with():
    facts = read("eventbridgev2/get_resource_policy.partners", OWN)
    [answer] = items("eventbridgev2/get_resource_policy.partners")
    [shared] = resources(eventbridgev2.share(HERE, answer, OWN))
    assert resources(facts)[0].attributes == {"policy": answer["PolicyDocument"]}
    assert shared.attributes == {"shares": answer["PolicyDocument"]}


def test_a_subscriber_is_the_filter_of_an_edge_from_its_bus_to_its_target():
    edge, dead = edges(subscribed("queue"))
    assert (edge.kind, edge.source, edge.target, edge.label) == (
        "eb2.subscriber",
        BUS,
        arn("sqs", "jobs"),
        "jobs",
    )
    assert (edge.meaning, edge.filter, edge.dormant) == (Meaning.FORWARDS, SHOP, "")
    assert edge.attributes["role"] == ROLE
    assert (dead.kind, dead.source, dead.target) == ("eb2.dlq", BUS, arn("sqs", "undelivered"))
    assert (dead.meaning, dead.filter) == (Meaning.ON_FAILURE, SHOP)


@pytest.mark.parametrize(
    ("case", "dormant"),
    [("function", "the subscriber is STOPPED"), ("any_version", "the subscriber is revoked")],
)
def test_one_that_is_stopped_or_revoked_is_dormant(case, dormant):
    [edge] = edges(subscribed(case))
    assert (edge.meaning, edge.target) == (Meaning.TRIGGERS, arn("lambda", "function:charge"))
    assert edge.dormant == dormant


def test_a_qualifier_says_which_version_runs_unless_it_depends_on_the_event():
    [live] = edges(subscribed("function"))
    assert live.attributes["qualifier"] == "live"
    facts = subscribed("any_version")
    assert "qualifier" not in edges(facts)[0].attributes
    assert [gap.code for gap in unread(facts)] == ["VersionNotKnown"]


def test_filters_of_metadata_are_kept_with_those_of_data():
    [edge] = edges(subscribed("api"))
    assert edge.filter
    assert edge.filter.language == "eventbridge.subscriber"
    assert [each["Scope"] for each in filtered(edge)["Filters"]] == [
        "DATA",
        "METADATA",
    ]
    assert edge.target == arn("events", "api-destination/hook/0000")


def test_a_call_that_delivers_is_an_edge_to_what_it_names():
    facts = subscribed("puts_events")
    [edge] = edges(facts)
    assert not resources(facts)
    assert (edge.kind, edge.source, edge.target) == ("eb2.subscriber", BUS, BUS)
    assert edge.attributes["entry"] == {"source": "shop.done"}


def test_any_other_call_is_made_by_an_actor_with_the_subscribers_role():
    facts = subscribed("puts_an_item")
    [actor] = resources(facts)
    assert actor.kind == "events.subscriber"
    assert actor.attributes == {"role": ROLE, "calls": ["dynamodb:PutItem"]}
    found = [(edge.kind, edge.source, edge.target, edge.meaning) for edge in edges(facts)]
    assert found == [
        ("eb2.universal", actor.arn, arn("dynamodb", "table/orders"), Meaning.WRITES),
        ("eb2.subscriber", BUS, actor.arn, Meaning.TRIGGERS),
        ("eb2.dlq", BUS, arn("sqs", "undelivered"), Meaning.ON_FAILURE),
    ]


def test_a_call_made_of_data_may_be_whatever_its_role_allows():
    facts = subscribed("made_of_data")
    [actor] = resources(facts)
    [edge] = edges(facts)
    assert (edge.target, edge.filter) == (actor.arn, None)
    assert actor.attributes["calls"] == ["sqs:SendMessage"]


@pytest.mark.parametrize(
    "case", ["queue", "function", "api", "puts_events", "puts_an_item", "made_of_data"]
)
def test_nothing_that_a_target_is_given_is_kept(case):
    assert "CANARY" not in repr(subscribed(case))


def test_what_another_account_subscribed_to_is_known_and_what_it_hears_is_not():
    facts = read("eventbridgev2/list_subscribers.two_accounts", OWN)
    assert not resources(facts)
    queue, call = edges(facts)
    assert (queue.kind, queue.target, queue.label) == (
        "eb2.subscriber",
        arn("sqs", "partner", "444455556666"),
        "theirs",
    )
    assert {edge.filter for edge in (queue, call)} == {Filter("eventbridge.subscriber", "")}
    assert (call.target, call.meaning) == (THEIRS[1]["SubscriberArn"], Meaning.TRIGGERS)
    assert call.dormant == "the subscriber is revoked"


def test_events_of_a_service_come_from_the_default_bus():
    edge, dead = edges(ingested("service"))
    assert (edge.kind, edge.source, edge.target, edge.label) == (
        "eb2.source",
        arn("events", "event-bus/default"),
        BUS,
        "objects",
    )
    assert filtered(edge) == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
    }
    assert (dead.kind, dead.target) == ("eb2.dlq", arn("sqs", "unforwarded"))
    assert dead.filter == edge.filter
    assert "CANARY" not in repr(ingested("service"))


def test_a_partners_events_come_from_its_event_source():
    [edge] = edges(ingested("partner"))
    assert edge.source == arn("events", "event-source/aws.partner/example.com/shop", "")
    assert (edge.filter, edge.dormant) == (None, "the event source is revoked")


def test_an_event_source_that_failed_is_dormant():
    [edge] = edges(ingested("failed"))
    assert edge.dormant == "the event source is CREATE_FAILED"
    assert filtered(edge) == {"source": ["aws.codebuild"]}
