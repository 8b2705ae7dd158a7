"""SES configuration sets: every kind of event destination, and what a bus is told."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, read, resources
from topology.catalog import sesv2
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

DESTINATIONS = "sesv2/get_configuration_set_event_destinations.every_kind"
NEWS = arn("ses", "configuration-set/news")
BUS = arn("events", "event-bus/default")


def test_anything_may_be_sent_with_a_configuration_set():
    facts = read("sesv2/list_configuration_sets.two")
    assert [each.arn for each in resources(facts)] == [
        NEWS,
        arn("ses", "configuration-set/orders"),
    ]
    first, _ = edges(facts)
    assert (first.kind, first.source, first.target) == ("ses.mail", arn("ses", "mail"), NEWS)


def test_events_of_mail_go_to_every_kind_of_destination():
    found = edges(read(DESTINATIONS, "news"))
    assert {(each.kind, each.source) for each in found} == {("ses.events", NEWS)}
    assert [(e.label, e.target, e.attributes["events"], e.dormant) for e in found] == [
        ("topic", arn("sns", "mail"), ["BOUNCE", "SEND"], ""),
        ("archive", arn("firehose", "deliverystream/mail"), ["CLICK", "OPEN"], ""),
        ("bus", BUS, ["DELIVERY"], ""),
        ("metrics", arn("cloudwatch", "metric/AWS/SES"), ["BOUNCE"], ""),
        (
            "pinpoint",
            arn("mobiletargeting", "apps/1"),
            ["SEND"],
            "the event destination is disabled",
        ),
    ]
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("kind", "source", "passes"),
    [
        ("events.bus", "aws.ses", True),
        ("events.bus", "shop", False),
        ("sns.topic", "shop", True),
    ],
)
def test_a_bus_is_told_by_ses(kind, source, passes):
    edge = Edge(NEWS, BUS, Meaning.FORWARDS, "ses.events")
    resource = Resource(BUS, kind, HERE.account, HERE.region, "any")
    told = sesv2.told(EventSet.anything(), edge, resource)
    heard = EventSet.scalars({("source",): strings.literal(source)})
    assert ((told & heard).witness() is not None) is passes
