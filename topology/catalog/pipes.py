"""EventBridge Pipes: from a queue, a stream or a broker, through a filter, to one target.

A pipe without enrichment and template hands on the record as its poller made it.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from operator import itemgetter

from topology import arn as arns
from topology.catalog.event_targets import family, forwards, job_definition
from topology.catalog.sdk_calls import AT_RUN_TIME
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Unread
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Filter, Meaning, Resource, canonical_json
from topology.sets import strings
from topology.sets.events import NO_FIELDS, EventSet, Path
from topology.sets.strings import StringSet

PIPE = "pipes.pipe"

service = Service(
    client="pipes",
    title="Amazon EventBridge Pipes",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-concepts.html",
    kinds=(Kind(PIPE, "pipe", Part.CHANNEL),),
    edges=(
        "pipe.source.sqs",
        "pipe.source.kinesis",
        "pipe.source.dynamodb",
        "pipe.source.msk",
        "pipe.source.selfkafka",
        "pipe.source.mq",
        "pipe.enrichment",
        "pipe.target.lambda",
        "pipe.target.sfn",
        "pipe.target.sqs",
        "pipe.target.sns",
        "pipe.target.kinesis",
        "pipe.target.firehose",
        "pipe.target.bus",
        "pipe.target.ecs",
        "pipe.target.batch",
        "pipe.target.logs",
        "pipe.target.apidest",
        "pipe.target.apigw",
        "pipe.target.redshift",
        "pipe.target.sagemaker",
        "pipe.target.timestream",
        "pipe.target.inspector",
        "pipe.dlq",
        "pipe.logs",
    ),
)

pipes = Call("list_pipes", items="Pipes")
description = Call(
    "describe_pipe",
    for_each=pipes,
    parameters={"Name": Of("Name")},
    gone=frozenset({"NotFoundException"}),
    names=itemgetter("Arn"),
)

# What is polled, by the service of its ARN: the edge's kind and its filter's language.
POLLED = {
    "sqs": ("pipe.source.sqs", "pipes.criteria.sqs"),
    "kinesis": ("pipe.source.kinesis", "pipes.criteria.kinesis"),
    "dynamodb": ("pipe.source.dynamodb", "pipes.criteria.dynamodb"),
    "kafka": ("pipe.source.msk", "pipes.criteria.kafka"),
    "mq": ("pipe.source.mq", "pipes.criteria.mq"),
}
SELF_MANAGED = "smk://"
SELF_MANAGED_KAFKA = ("pipe.source.selfkafka", "pipes.criteria.kafka")
# Any other state polls, or soon will.
SWITCHED_OFF = ("STOPPED", "STOPPING", "DELETING", "CREATE_FAILED", "START_FAILED")

# What its poller writes into every record of a source.
POLLERS = {
    "pipe.source.sqs": "aws:sqs",
    "pipe.source.kinesis": "aws:kinesis",
    "pipe.source.dynamodb": "aws:dynamodb",
}

# Where a target's parameters say what runs on a cluster or in a queue of jobs.
DEFINITIONS = (
    ("EcsTaskParameters", "TaskDefinitionArn", "task definition"),
    ("BatchJobParameters", "JobDefinition", "job definition"),
)


@service.reads(pipes)
def pipe(here: Here, item: Item) -> Iterator[Fact]:
    """A pipe."""
    yield resource(here, item["Arn"], PIPE)


@service.reads(description)
def source(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """What a pipe polls, its filter, and where records go that it has given up."""
    arn, name, parameters = item["Arn"], item["Name"], item.get("SourceParameters", {})
    state, (start, kind, language) = item.get("CurrentState"), _polled(item)
    yield delivery(
        start,
        arn,
        Meaning.FORWARDS,
        kind,
        label=name,
        filter=_criteria(parameters, language),
        dormant=f"the pipe is {state}" if state in SWITCHED_OFF else "",
    )
    for stream in ("KinesisStreamParameters", "DynamoDBStreamParameters"):
        if dead_letters := parameters.get(stream, {}).get("DeadLetterConfig", {}).get("Arn"):
            yield delivery(arn, dead_letters, Meaning.ON_FAILURE, "pipe.dlq", label=name)


@service.reads(description)
def target(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """What a pipe asks to enrich its records, and where it sends them or the answers."""
    arn, name, parameters = item["Arn"], item["Name"], item.get("TargetParameters", {})
    known = {"role": item["RoleArn"]} if item.get("RoleArn") else {}
    if enrichment := item.get("Enrichment"):
        meaning = forwards(enrichment)
        yield delivery(arn, enrichment, meaning, "pipe.enrichment", label=name, **known)
    if enrichment or parameters.get("InputTemplate"):
        known["input"] = "made"
    if entry := _entry(parameters):
        known["entry"] = entry
    end = item["Target"]
    kind = f"pipe.target.{family(end)}"
    for block, key, meant in DEFINITIONS:
        definition = parameters.get(block, {}).get(key)
        if definition and definition.startswith("$"):
            reason = f"which {meant} runs depends on the record"
            yield Unread(arn, "DefinitionNotKnown", reason)
        elif definition:
            end = job_definition(end, definition)
    yield delivery(arn, end, forwards(end), kind, label=name, **known)
    if "EndpointId" in parameters.get("EventBridgeEventBusParameters", {}):
        reason = "what the pipe puts on a bus may go to another Region's by a global endpoint"
        yield Unread(arn, "EndpointNotFollowed", reason)
    if "TaskRoleArn" in parameters.get("EcsTaskParameters", {}).get("Overrides", {}):
        reason = "the pipe runs its task in another role than the task definition's"
        yield Unread(arn, "TaskRoleOverridden", reason)


@service.reads(description)
def logs(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """Where a pipe writes down what it does, perhaps with what it passes on."""
    configuration = item.get("LogConfiguration", {})
    dormant = "the pipe logs nothing" if configuration.get("Level") == "OFF" else ""
    bucket = configuration.get("S3LogDestination", {}).get("BucketName")
    destinations = (
        configuration.get("CloudwatchLogsLogDestination", {}).get("LogGroupArn"),
        configuration.get("FirehoseLogDestination", {}).get("DeliveryStreamArn"),
        f"arn:{here.partition}:s3:::{bucket}" if bucket else None,
    )
    for end in filter(None, destinations):
        yield delivery(
            item["Arn"], end, Meaning.WRITES, "pipe.logs", label=item["Name"], dormant=dormant
        )


def _polled(item: Item) -> tuple[str, str, str]:
    """What a pipe polls: source, edge kind, filter language.

    Of a Kafka cluster that is not AWS's, a pipe names some of the brokers.
    """
    start: str = item["Source"]
    if not start.startswith(SELF_MANAGED):
        named = arns.parse(start).service
        kind, language = POLLED.get(named, (f"pipe.source.{named}", f"pipes.criteria.{named}"))
        return start, kind, language
    more = item.get("SourceParameters", {}).get("SelfManagedKafkaParameters", {})
    brokers = [start.removeprefix(SELF_MANAGED), *more.get("AdditionalBootstrapServers", ())]
    return f"kafka://{min(brokers)}", *SELF_MANAGED_KAFKA


def _criteria(parameters: Item, language: str) -> Filter | None:
    """The pipe's filter; that it hears one topic is told as one more field of its patterns."""
    found = parameters.get("FilterCriteria", {})
    for block in ("ManagedStreamingKafkaParameters", "SelfManagedKafkaParameters"):
        if topic := parameters.get(block, {}).get("TopicName"):
            found = _of_topic(found, topic)
    return Filter(language, canonical_json(found)) if found.get("Filters") else None


def _of_topic(criteria: Item, topic: str) -> Item:
    """Criteria narrowed to a topic; as they are where a pattern is none that can be read."""
    try:
        patterns = [json.loads(each["Pattern"]) for each in criteria.get("Filters", ())] or [{}]
        narrowed = [{"topic": [topic], **pattern} for pattern in patterns]
    except (ValueError, TypeError, KeyError):
        return criteria
    return {"Filters": [{"Pattern": canonical_json(each)} for each in narrowed]}


def _entry(parameters: Item) -> dict[str, str]:
    """What of an event that it puts on a bus the pipe says, where that is no part of a record.

    Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetEventBridgeEventBusParameters.html
    """
    said = parameters.get("EventBridgeEventBusParameters", {})
    named = {"source": said.get("Source"), "detail-type": said.get("DetailType")}
    return {field: text for field, text in named.items() if text and not AT_RUN_TIME.search(text)}


@service.carries(*POLLERS)
def record(events: EventSet, edge: Edge, pipe: Resource) -> EventSet:
    """A record is what was at the source, and says what kind of source that was."""
    return events & EventSet.scalars({("eventSource",): strings.literal(POLLERS[edge.kind])})


@service.carries("pipe.target.sqs")
def in_a_queue(events: EventSet, edge: Edge, queue: Resource) -> EventSet:
    """The record is the message's text."""
    return _handed_on(events, edge, ("body",))


@service.carries("pipe.target.kinesis")
def in_a_stream(events: EventSet, edge: Edge, stream: Resource) -> EventSet:
    """The record is the new record's data."""
    return _handed_on(events, edge, ("data",))


@service.carries("pipe.target.sns")
def in_a_topic(events: EventSet, edge: Edge, topic: Resource) -> EventSet:
    """The record is the message; a pipe sets no message attributes."""
    nothing_else = EventSet.scalars({("MessageAttributes",): NO_FIELDS})
    return _handed_on(events, edge, ("Message",)) & nothing_else


@service.carries("pipe.target.bus")
def on_a_bus(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """The record is the event's detail; the pipe's owner names source and type, as any other."""
    said: Mapping[str, str] = edge.attributes.get("entry", {})
    own: dict[Path, StringSet] = {
        ("source",): ~strings.prefix("aws."),
        ("detail-type",): strings.ANY,
        **{(field,): strings.literal(text) for field, text in said.items()},
    }
    return _handed_on(events, edge, ("detail",)) & EventSet.scalars(own)


def _handed_on(events: EventSet, edge: Edge, to: Path) -> EventSet:
    """The record at ``to``; anything where an enrichment or a template stands for it."""
    if "input" in edge.attributes:
        return EventSet.anything()
    return events.moved((), to)
