"""EventBridge: Classic buses, rules on every bus, their targets and dead-letter queues.

Schema discoverers only look at events, and are not read.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from urllib.parse import urlsplit

from topology.catalog import event_archives, event_targets
from topology.catalog.event_archives import ARCHIVE, ARCHIVED, ENDPOINT, PARTNER, RUNNING
from topology.catalog.event_targets import family, forwards
from topology.catalog.service import (
    Call,
    Chosen,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import NO_FIELDS, Constraints, EventSet, Fields, Path

BUS = "events.bus"
SCHEDULE = "events.schedule"
API_DESTINATION = "events.api-destination"
EC2_CALL = "events.ec2-call"
GONE = frozenset({"ResourceNotFoundException"})
EVERY_EVENT = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
ARCHIVING = "prod.vhs.events.aws.internal"  # manages the rules of archives

# PutEvents refuses a source that begins as those of AWS's own services do.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
CUSTOM = EventSet.scalars({("source",): ~strings.prefix("aws."), ("detail-type",): strings.ANY})

# Entries of one request are judged one by one.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
CHOSEN = (Chosen("events:source", ("source",)), Chosen("events:detail-type", ("detail-type",)))
PUT = ("events:PutEvents",)

service = Service(
    client="events",
    title="Amazon EventBridge",
    rate=25.0,  # of 50/s for the whole control plane
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    kinds=(
        Kind(BUS, "event bus", Part.CHANNEL),
        Kind(SCHEDULE, "scheduled rule", Part.OTHER),
        Kind(API_DESTINATION, "API destination", Part.CHANNEL),
        Kind(ARCHIVE, "event archive", Part.CHANNEL),
        Kind(ARCHIVED, "archived events", Part.OTHER),
        Kind(ENDPOINT, "global event endpoint", Part.CHANNEL),
        Kind(PARTNER, "partner event source", Part.OTHER),
        Kind(EC2_CALL, "EC2 call of a rule", Part.ACTOR),
    ),
    writes=(
        Write("put", BUS, PUT, raises=CUSTOM, chosen=CHOSEN),
        Write("put", ENDPOINT, PUT, raises=CUSTOM, chosen=CHOSEN),
        Write("invoke", API_DESTINATION, ("events:InvokeApiDestination",)),
        Write("replay", ARCHIVE, ("events:StartReplay",)),
    ),
    edges=(
        "eb.rule.lambda",
        "eb.rule.sqs",
        "eb.rule.sns",
        "eb.rule.kinesis",
        "eb.rule.firehose",
        "eb.rule.sfn",
        "eb.rule.bus",
        "eb.rule.busv2",
        "eb.rule.apidest",
        "eb.rule.apigw",
        "eb.rule.appsync",
        "eb.rule.ecs",
        "eb.rule.batch",
        "eb.rule.logs",
        "eb.rule.codebuild",
        "eb.rule.codepipeline",
        "eb.rule.ssm.runcommand",
        "eb.rule.ssm.automation",
        "eb.rule.ssm.opsitem",
        "eb.rule.ssmincidents",
        "eb.rule.redshift",
        "eb.rule.sagemaker",
        "eb.rule.glue",
        "eb.rule.inspector",
        "eb.rule.imagebuilder",
        "eb.rule.ec2api",
        "eb.rule.schedule",
        "eb.rule.dlq",
        "eb.bus.dlq",
        "eb.apidest.https",
        "eb.archive",
        "eb.replay",
        "eb.partner",
        "eb.endpoint",
    ),
)

buses = Call("list_event_buses", items="EventBuses", token=("NextToken", "NextToken"))
bus_description = Call(
    "describe_event_bus",
    for_each=buses,
    parameters={"Name": Of("Name")},
    gone=GONE,
    names=itemgetter("Arn"),
)
rules = Call(
    "list_rules",
    items="Rules",
    for_each=buses,
    parameters={"EventBusName": Of("Name")},
    gone=GONE,
    names=itemgetter("Arn"),
)
targets = Call(
    "list_targets_by_rule",
    items="Targets",
    for_each=rules,
    parameters={"Rule": Of("Name"), "EventBusName": Of("EventBusName")},
    gone=GONE,
    names=itemgetter("Arn"),
)
api_destinations = Call(
    "list_api_destinations", items="ApiDestinations", token=("NextToken", "NextToken")
)
archives = Call("list_archives", items="Archives", token=("NextToken", "NextToken"))
archive_description = Call(
    "describe_archive",
    for_each=archives,
    parameters={"ArchiveName": Of("ArchiveName")},
    gone=GONE,
    names=itemgetter("ArchiveName"),
)
replays = Call("list_replays", items="Replays", token=("NextToken", "NextToken"))
replay_description = Call(
    "describe_replay",
    for_each=replays,
    where=lambda replay: replay.get("State") in RUNNING,
    parameters={"ReplayName": Of("ReplayName")},
    gone=GONE,
    names=itemgetter("ReplayName"),
)
partners = Call("list_event_sources", items="EventSources", token=("NextToken", "NextToken"))
endpoints = Call("list_endpoints", items="Endpoints", token=("NextToken", "NextToken"))

# What EventBridge calls of EC2 on a rule's behalf, by the name of the target.
EC2_CALLS = {
    "create-snapshot": "ec2:CreateSnapshot",
    "reboot-instance": "ec2:RebootInstances",
    "stop-instance": "ec2:StopInstances",
    "terminate-instance": "ec2:TerminateInstances",
}


@service.reads(buses)
def bus(here: Here, item: Item) -> Iterator[Fact]:
    """A default, custom or partner bus, and who else may write to it."""
    yield resource(here, item["Arn"], BUS, policy=item.get("Policy"))


@service.reads(bus_description)
def bus_dead_letters(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """Where a bus sends what it cannot decrypt or encrypt."""
    if dead_letters := item.get("DeadLetterConfig", {}).get("Arn"):
        yield delivery(bus["Arn"], dead_letters, Meaning.ON_FAILURE, "eb.bus.dlq")


@service.reads(rules)
def schedule(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """A rule that fires by the clock: events enter here, a write to the bus does not fire it."""
    if item.get("ScheduleExpression"):
        yield resource(here, item["Arn"], SCHEDULE, expression=item["ScheduleExpression"])


@service.reads(targets)
def target(here: Here, item: Item, rule: Item, bus: Item) -> Iterator[Fact]:
    """A target: an edge from the bus, from the clock or from both, and its dead-letter queue."""
    label = f"{rule['Name']}/{item['Id']}"
    dormant = "the rule is DISABLED" if rule.get("State") == "DISABLED" else ""
    dead_letters = item.get("DeadLetterConfig", {}).get("Arn")
    if rule.get("ManagedBy") == ARCHIVING:
        return  # the archive itself says the same
    ends = list(event_targets.ends(item, rule))
    if family(item["Arn"]) == "ec2api":
        yield from _ec2_call(here, item, rule, ends[0])
    for source, kind, heard in _causes(rule, bus, item["Arn"]):
        for end in ends:
            yield delivery(
                source,
                end,
                forwards(end),
                kind,
                label=label,
                filter=heard,
                dormant=dormant,
                **_known(rule, item),
                **_input(item),
            )
        if dead_letters:
            yield delivery(
                source,
                dead_letters,
                Meaning.ON_FAILURE,
                "eb.rule.dlq",
                label=label,
                filter=heard,
                dormant=dormant,
            )


@service.reads(api_destinations)
def api_destination(here: Here, item: Item) -> Iterator[Fact]:
    """An address outside; of that only scheme and host: the rest often carries a secret."""
    arn, state = item["ApiDestinationArn"], item.get("ApiDestinationState")
    address = urlsplit(item["InvocationEndpoint"])
    yield resource(here, arn, API_DESTINATION)
    yield delivery(
        arn,
        f"{address.scheme}://{address.hostname}",
        Meaning.TRIGGERS,
        "eb.apidest.https",
        dormant="the API destination is INACTIVE" if state == "INACTIVE" else "",
    )


service.reads(archive_description)(event_archives.archive)
service.reads(replay_description)(event_archives.replay)
service.reads(partners)(event_archives.partner)
service.reads(endpoints)(event_archives.endpoint)


def _causes(rule: Item, bus: Item, target: str) -> Iterator[tuple[str, str, Filter | None]]:
    """What fires a rule: source, edge kind, filter. A rule may have a pattern and a schedule."""
    if rule.get("EventPattern"):
        kind = f"eb.rule.{family(target)}"
        yield bus["Arn"], kind, Filter("eventbridge.pattern", rule["EventPattern"])
    if rule.get("ScheduleExpression"):
        yield rule["Arn"], "eb.rule.schedule", None


def _ec2_call(here: Here, target: Item, rule: Item, arn: str) -> Iterator[Fact]:
    """A call of EC2, which the rule makes in the role it was given for that."""
    name = target["Arn"].rpartition("/")[2]
    known = {"calls": [EC2_CALLS[name]]} if name in EC2_CALLS else {}
    role = target.get("RoleArn") or rule.get("RoleArn")
    yield resource(here, arn, EC2_CALL, role=role, **known)
    if not role:
        yield Unread(arn, "RoleNotKnown", "the rule does not say in which role it calls EC2")


def _known(rule: Item, target: Item) -> dict[str, object]:
    """Who manages the rule, who performs, how often it is tried, if it also hears of reads."""
    state, retries = rule.get("State"), target.get("RetryPolicy", {})
    known = {
        "state": state if state == EVERY_EVENT else None,
        "managed_by": rule.get("ManagedBy"),
        "role": target.get("RoleArn") or rule.get("RoleArn"),
        "retries": retries.get("MaximumRetryAttempts"),
        "retry_seconds": retries.get("MaximumEventAgeInSeconds"),
    }
    return {key: value for key, value in known.items() if value is not None}


def _input(target: Item) -> dict[str, object]:
    """How the target's input differs from the event; a constant may be a secret and stays there."""
    if "InputPath" in target:
        return {"input_path": target["InputPath"]}
    return {"input": "made"} if target.keys() & {"Input", "InputTransformer"} else {}


@service.carries("eb.rule.sqs")
def in_a_queue(events: EventSet, edge: Edge, queue: Resource) -> EventSet:
    """The event, or the part of it that the rule picks, as the message's text."""
    return _delivered(events, edge, ("body",))


@service.carries("eb.rule.kinesis")
def in_a_stream(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """The event, or the part of it that the rule picks, as the record's data."""
    return _delivered(events, edge, ("data",))


@service.carries("eb.rule.sns")
def in_a_topic(events: EventSet, edge: Edge, topic: Resource) -> EventSet:
    """As to a queue; EventBridge sets no message attributes."""
    return _delivered(events, edge, ("Message",)) & EventSet.scalars(
        {("MessageAttributes",): NO_FIELDS}
    )


@service.carries("eb.rule.bus", "eb.endpoint", "eb.archive")
def as_it_is(events: EventSet, edge: Edge, channel: Resource) -> EventSet:
    """Another bus or an archive receives the event as it is, unless a rule made another of it."""
    return EventSet.anything() if edge.attributes.keys() & {"input", "input_path"} else events


@service.carries("eb.replay")
def replayed(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """The same event, which now says that it is replayed."""

    def rewrite(fields: Fields) -> Iterator[Constraints]:
        yield {**fields, ("replay-name",): strings.ANY}

    return events.rewritten(rewrite)


def _delivered(events: EventSet, edge: Edge, to: Path) -> EventSet:
    """The event at ``to``; anything where a template or a constant stands for it."""
    picked = str(edge.attributes.get("input_path", "$"))
    head, *steps = picked.split(".")
    if "input" in edge.attributes or head != "$" or not all(map(str.isidentifier, steps)):
        return EventSet.anything()
    return events.moved(tuple(steps), to)
