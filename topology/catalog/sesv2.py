"""SES: configuration sets, and who is told what becomes of mail that is sent with them.

A set is the same in both versions of the API; only the newer one tells all of its destinations.

Source: https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.events import BUS
from topology.catalog.metrics import SERVICE_METRICS, service_metrics
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.ses import mail
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

CONFIGURATION_SET = "ses.configurationset"

service = Service(
    client="sesv2",
    title="Amazon SES: configuration sets",
    iam_prefix="ses",
    rate=0.5,  # of 1/s for whatever does not send
    source="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination.html",
    kinds=(Kind(CONFIGURATION_SET, "mail configuration set", Part.CHANNEL),),
    edges=("ses.mail", "ses.events"),
)

sets = Call("list_configuration_sets", items="ConfigurationSets", token=("NextToken", "NextToken"))
destinations = Call(
    "get_configuration_set_event_destinations",
    items="EventDestinations",
    for_each=sets,
    parameters={"ConfigurationSetName": Of()},
    gone=frozenset({"NotFoundException"}),
    names=str,
)

# Where events go: the kind of destination and the key of its ARN.
TARGETS = {
    "EventBridgeDestination": "EventBusArn",
    "KinesisFirehoseDestination": "DeliveryStreamArn",
    "PinpointDestination": "ApplicationArn",
    "SnsDestination": "TopicArn",
}


@service.reads(sets)
def configuration_set(here: Here, name: str) -> Iterator[Fact]:
    """A configuration set, with which anything may be sent."""
    yield resource(here, _arn(here, name), CONFIGURATION_SET)
    yield delivery(mail(here), _arn(here, name), Meaning.FORWARDS, "ses.mail")


@service.reads(destinations)
def destination(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """An event destination; its metrics may have any dimensions, and are not told apart."""
    found = [item.get(kind, {}).get(key) for kind, key in TARGETS.items()]
    if "CloudWatchDestination" in item:
        measured = service_metrics(here, "AWS/SES")
        yield resource(here, measured, SERVICE_METRICS)
        found.append(measured)
    for target in filter(None, found):
        yield delivery(
            _arn(here, name),
            target,
            Meaning.FORWARDS,
            "ses.events",
            label=item["Name"],
            dormant="" if item.get("Enabled") else "the event destination is disabled",
            events=sorted(item["MatchingEventTypes"]),
        )


@service.carries("ses.events")
def told(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """On a bus, SES says who tells; elsewhere the shape of what is told is not modelled.

    Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html
    """
    if target.kind != BUS:
        return EventSet.anything()
    return EventSet.scalars({("source",): strings.literal("aws.ses")})


def _arn(here: Here, name: str) -> str:
    return f"arn:{here.partition}:ses:{here.region}:{here.account}:configuration-set/{name}"
