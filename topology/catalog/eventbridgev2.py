"""EventBridge Custom Event Buses: subscribers with patterns, and targets that are API calls.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-what-is.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from operator import itemgetter

from topology import arn as arns
from topology.catalog.event_targets import forwards
from topology.catalog.sdk_calls import AT_RUN_TIME
from topology.catalog.service import (
    Call,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    OfHere,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.universal_targets import call_of, caller, delivers, entry, is_universal
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json
from topology.sets import strings
from topology.sets.events import EventSet

BUS = "events.busv2"
SUBSCRIBER = "events.subscriber"
PATTERN = "eventbridge.pattern"
SCOPED = "eventbridge.subscriber"
NOT_READ = Filter(SCOPED, "")  # of another account's subscriber

service = Service(
    client="eventbridgev2",
    title="Amazon EventBridge Custom Event Bus",
    iam_prefix="events",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-what-is.html",
    kinds=(
        Kind(BUS, "custom event bus", Part.CHANNEL),
        Kind(SUBSCRIBER, "subscriber with an API call", Part.ACTOR),
    ),
    writes=(Write("put", BUS, ("events:PutEvents", "events:PutRawEvents")),),
    edges=("eb2.subscriber", "eb2.universal", "eb2.dlq", "eb2.source"),
)

GONE = frozenset({"ResourceNotFoundException"})


def _is_foreign(subscriber: Item) -> bool:
    """Whether another account subscribed; it alone may ask for more than the list says."""
    owner = subscriber.get("SubscriberAccountId")
    return owner not in (None, arns.parse(subscriber["EventBusArn"]).account)


buses = Call(
    "list_event_buses", items="EventBuses", parameters={"EventBusAccountId": OfHere("account")}
)
policies = Call(
    "get_resource_policy",
    for_each=buses,
    parameters={"ResourceArn": Of("EventBusArn"), "PolicyName": "default"},
    absent=GONE,
    names=itemgetter("EventBusArn"),
)
shares = Call(
    "get_resource_policy",
    for_each=buses,
    parameters={"ResourceArn": Of("EventBusArn"), "PolicyName": "AWS_RAM"},
    absent=GONE,
    names=itemgetter("EventBusArn"),
)
bus_subscribers = Call(
    "list_subscribers",
    items="Subscribers",
    for_each=buses,
    parameters={"EventBusArn": Of("EventBusArn")},
    gone=GONE,
    names=itemgetter("EventBusArn"),
)
subscribers = Call("list_subscribers", items="Subscribers")
subscriber_description = Call(
    "describe_subscriber",
    for_each=subscribers,
    parameters={"SubscriberArn": Of("SubscriberArn")},
    gone=GONE,
    names=itemgetter("SubscriberArn"),
)
sources = Call("list_event_sources", items="EventSources")
source_description = Call(
    "describe_event_source",
    for_each=sources,
    parameters={"EventSourceArn": Of("EventSourceArn")},
    gone=GONE,
    names=itemgetter("EventSourceArn"),
)

NOT_FORWARDING = ("CREATE_FAILED", "DELETING")


@service.reads(buses)
def bus(here: Here, item: Item) -> Iterator[Fact]:
    """A bus of this account."""
    yield resource(here, item["EventBusArn"], BUS)


@service.reads(policies)
def policy(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """Who else may write to the bus, by the owner's word."""
    yield resource(here, bus["EventBusArn"], BUS, policy=item.get("PolicyDocument"))


@service.reads(shares)
def share(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """Who else may write to the bus because it is shared with them."""
    yield resource(here, bus["EventBusArn"], BUS, shares=item.get("PolicyDocument"))


@service.reads(bus_subscribers)
def foreign_subscriber(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """Another account's subscriber on a bus of this one: what it hears is not known here."""
    if _is_foreign(item):
        is_call = is_universal(item["TargetArn"])
        target = item["SubscriberArn"] if is_call else item["TargetArn"]
        yield delivery(
            item["EventBusArn"],
            target,
            Meaning.TRIGGERS if is_call else forwards(target),
            "eb2.subscriber",
            label=item["Name"],
            filter=NOT_READ,
            dormant=_stopped(item),
            subscriber=item["SubscriberArn"],
        )


@service.reads(subscriber_description)
def subscriber(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A subscriber: an edge from its bus to its target, or to the call it makes."""
    arn, invoked = item["SubscriberArn"], item["InvokeConfiguration"]
    target, label, heard = invoked["TargetArn"], item["Name"], _heard(item)
    put: Mapping[str, object] = {}
    ends = [target]
    if is_universal(target):
        given = invoked.get("UniversalTargetParameters", {}).get("Input")
        call = call_of(here, target, given)
        if delivers(call):
            ends = [each.arn for each in call.targets]
            put = {"entry": found} if (found := entry(given)) else {}
        else:
            ends, role = [arn], invoked["RoleArn"]
            yield from caller(here, arn, SUBSCRIBER, call, role=role, edge="eb2.universal")
    elif qualifier := invoked.get("LambdaParameters", {}).get("Qualifier"):
        if AT_RUN_TIME.search(qualifier.removeprefix("$LATEST")):
            reason = "which version of its function runs depends on the event"
            yield Unread(arn, "VersionNotKnown", reason)
        elif arns.canonical(target)[0] == target:
            ends = [f"{target}:{qualifier}"]
    for end in ends:
        yield delivery(
            item["EventBusArn"],
            end,
            forwards(end),
            "eb2.subscriber",
            label=label,
            filter=heard,
            dormant=_stopped(item),
            subscriber=arn,
            role=invoked["RoleArn"],
            **put,
        )
    if dead_letters := item.get("OnFailureConfiguration", {}).get("Arn"):
        yield _dead_letters(item["EventBusArn"], dead_letters, label, heard, _stopped(item))


@service.reads(source_description)
def source(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """Events that come by themselves: of one AWS service from the default bus, or of a partner."""
    state, configuration = item.get("State"), item["Configuration"]
    heard: Filter | None
    dormant = f"the event source is {state}" if state in NOT_FORWARDING else ""
    if item.get("Revoked"):
        dormant = "the event source is revoked"
    if "AwsServiceEventsConfiguration" in configuration:
        origin = configuration["AwsServiceEventsConfiguration"]
        start = f"arn:{here.partition}:events:{here.region}:{here.account}:event-bus/default"
        heard = _of_service(origin["AwsService"], origin.get("Pattern"))
    else:
        origin = configuration["PartnerEventsConfiguration"]
        start = origin["PartnerEventSourceArn"]
        heard = Filter(PATTERN, origin["Pattern"]) if origin.get("Pattern") else None
    yield delivery(
        start,
        item["EventBusArn"],
        Meaning.FORWARDS,
        "eb2.source",
        label=item["Name"],
        filter=heard,
        dormant=dormant,
    )
    if dead_letters := origin.get("OnFailureConfiguration", {}).get("Arn"):
        yield _dead_letters(start, dead_letters, item["Name"], heard, dormant)


def _dead_letters(source: str, queue: str, label: str, heard: Filter | None, dormant: str) -> Edge:
    return delivery(
        source, queue, Meaning.ON_FAILURE, "eb2.dlq", label=label, filter=heard, dormant=dormant
    )


def _stopped(subscriber: Item) -> str:
    """Why a subscriber delivers nothing, if so; what it misses while stopped, it may deliver."""
    if subscriber.get("Revoked"):
        return "the subscriber is revoked"
    return "the subscriber is STOPPED" if subscriber.get("State") == "STOPPED" else ""


def _heard(subscriber: Item) -> Filter | None:
    """The filters of a subscriber: one of an event's data is a pattern as rules have it."""
    filters = subscriber.get("FilterConfiguration", {}).get("Filters", [])
    if [each["Scope"] for each in filters] == ["DATA"]:
        return Filter(PATTERN, filters[0]["Pattern"])
    known = [{"Pattern": each["Pattern"], "Scope": each["Scope"]} for each in filters]
    return Filter(SCOPED, canonical_json({"Filters": known})) if known else None


def _of_service(name: str, pattern: str | None) -> Filter:
    """A pattern for the events of one service; as it is where it cannot be read."""
    try:
        asked = json.loads(pattern) if pattern else {}
    except ValueError:
        asked = None
    if isinstance(asked, dict):
        return Filter(PATTERN, canonical_json({**asked, "source": [name]}))
    return Filter(PATTERN, str(pattern))


@service.carries("eb2.subscriber")
def called(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """A target's call says what it sends: of the event it puts, some fields may be fixed."""
    put: Mapping[str, str] = edge.attributes.get("entry", {})
    return EventSet.scalars({(name,): strings.literal(text) for name, text in put.items()})


@service.carries("eb2.source")
def ingested(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """An event of a service or a partner arrives as it was.

    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-event-sources.html
    """
    return events
