"""EventBridge: Classic buses, rules on every bus, their targets and dead-letter queues.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import Call, Chosen, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import NO_FIELDS, EventSet, Path

BUS = "events.bus"
SCHEDULE = "events.schedule"
GONE = frozenset({"ResourceNotFoundException"})
EVERY_EVENT = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"

# PutEvents refuses a source that begins as those of AWS's own services do.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
CUSTOM = EventSet.scalars({("source",): ~strings.prefix("aws."), ("detail-type",): strings.ANY})

# Entries of one request are judged one by one.
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
CHOSEN = (Chosen("events:source", ("source",)), Chosen("events:detail-type", ("detail-type",)))

service = Service(
    client="events",
    title="Amazon EventBridge",
    rate=25.0,  # of 50/s for the whole control plane
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
    kinds=(
        Kind(BUS, "event bus", Part.CHANNEL),
        Kind(SCHEDULE, "scheduled rule", Part.OTHER),
    ),
    writes=(Write("put", BUS, ("events:PutEvents",), raises=CUSTOM, chosen=CHOSEN),),
    edges=(
        "eb.rule.lambda",
        "eb.rule.sqs",
        "eb.rule.sns",
        "eb.rule.kinesis",
        "eb.rule.sfn",
        "eb.rule.bus",
        "eb.rule.busv2",
        "eb.rule.apidest",
        "eb.rule.apigw",
        "eb.rule.ecs",
        "eb.rule.logs",
        "eb.rule.schedule",
        "eb.rule.dlq",
    ),
)

buses = Call("list_event_buses", items="EventBuses", token=("NextToken", "NextToken"))
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

# The edge's kind by the service of the target's ARN; others are called by that service's name.
KINDS = {
    "states": "eb.rule.sfn",
    "execute-api": "eb.rule.apigw",
    "event-bus": "eb.rule.bus",
    "event-busv2": "eb.rule.busv2",
    "api-destination": "eb.rule.apidest",
}
PASSES_ON = ("sqs", "sns", "kinesis", "firehose", "logs", "event-bus", "event-busv2")


@service.reads(buses)
def bus(here: Here, item: Item) -> Iterator[Fact]:
    """A default, custom or partner bus, and who else may write to it."""
    yield resource(here, item["Arn"], BUS, policy=item.get("Policy"))


@service.reads(rules)
def schedule(here: Here, item: Item, bus: Item) -> Iterator[Fact]:
    """A rule that fires by the clock: events enter here, a write to the bus does not fire it."""
    if item.get("ScheduleExpression"):
        yield resource(here, item["Arn"], SCHEDULE, expression=item["ScheduleExpression"])


@service.reads(targets)
def target(here: Here, item: Item, rule: Item, bus: Item) -> Iterator[Fact]:
    """A target: an edge from the bus, from the clock or from both, and its dead-letter queue."""
    arn = item.get("EcsParameters", {}).get("TaskDefinitionArn", item["Arn"])
    label = f"{rule['Name']}/{item['Id']}"
    dormant = "the rule is DISABLED" if rule.get("State") == "DISABLED" else ""
    dead_letters = item.get("DeadLetterConfig", {}).get("Arn")
    for source, kind, heard in _causes(rule, bus, arn):
        meaning = Meaning.FORWARDS if _family(arn) in PASSES_ON else Meaning.TRIGGERS
        yield delivery(
            source,
            arn,
            meaning,
            kind,
            label=label,
            filter=heard,
            dormant=dormant,
            **_state(rule),
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


def _causes(rule: Item, bus: Item, target: str) -> Iterator[tuple[str, str, Filter | None]]:
    """What fires a rule: source, edge kind, filter. A rule may have a pattern and a schedule."""
    if rule.get("EventPattern"):
        family = _family(target)
        kind = KINDS.get(family, f"eb.rule.{family}")
        yield bus["Arn"], kind, Filter("eventbridge.pattern", rule["EventPattern"])
    if rule.get("ScheduleExpression"):
        yield rule["Arn"], "eb.rule.schedule", None


def _state(rule: Item) -> dict[str, object]:
    """Whether the rule also hears of calls that only read."""
    state = rule.get("State")
    return {"state": state} if state == EVERY_EVENT else {}


def _input(target: Item) -> dict[str, object]:
    """How the target's input differs from the event; a constant may be a secret and stays there."""
    if "InputPath" in target:
        return {"input_path": target["InputPath"]}
    return {"input": "made"} if target.keys() & {"Input", "InputTransformer"} else {}


def _family(target: str) -> str:
    """The service of a target, or within EventBridge the kind of thing it is."""
    arn = arns.parse(target)
    return arn.resource.partition("/")[0] if arn.service == "events" else arn.service


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


@service.carries("eb.rule.bus")
def on_another_bus(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """Another bus receives the event as it is."""
    return events


def _delivered(events: EventSet, edge: Edge, to: Path) -> EventSet:
    """The event at ``to``; anything where a template or a constant stands for it."""
    picked = str(edge.attributes.get("input_path", "$"))
    head, *steps = picked.split(".")
    if "input" in edge.attributes or head != "$" or not all(map(str.isidentifier, steps)):
        return EventSet.anything()
    return events.moved(tuple(steps), to)
