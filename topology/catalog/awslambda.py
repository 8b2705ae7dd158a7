"""Lambda: functions, what they poll, where their results and failures go.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import (
    Call,
    Fact,
    Here,
    Item,
    Kind,
    Mention,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, end, resource
from topology.graph import Filter, Meaning, canonical_json

FUNCTION = "lambda.function"

service = Service(
    client="lambda",
    title="AWS Lambda",
    rate=5.0,  # of 15/s for the whole control plane, shared with the customer's deployments
    source="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    kinds=(Kind(FUNCTION, "Lambda function", Part.ACTOR, guarded=True),),
    writes=(
        Write(
            "invoke",
            FUNCTION,
            ("lambda:InvokeFunction", "lambda:InvokeAsync", "lambda:InvokeFunctionUrl"),
        ),
    ),
    edges=(
        "esm.sqs.lambda",
        "esm.kinesis.lambda",
        "esm.dynamodb.lambda",
        "esm.msk.lambda",
        "esm.selfkafka.lambda",
        "esm.mq.lambda",
        "esm.docdb.lambda",
        "esm.onfailure",
        "lambda.async.onsuccess",
        "lambda.async.onfailure",
        "lambda.dlq",
    ),
)

functions = Call("list_functions", items="Functions")
mappings = Call("list_event_source_mappings", items="EventSourceMappings")
async_destinations = Call(
    "list_function_event_invoke_configs",
    items="FunctionEventInvokeConfigs",
    for_each=functions,
    parameters={"FunctionName": Of("FunctionName")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("FunctionArn"),
)

# What a mapping polls, by the service of its ARN: the edge's kind and its filter's language.
POLLED = {
    "sqs": ("esm.sqs.lambda", "lambda.criteria.sqs"),
    "kinesis": ("esm.kinesis.lambda", "lambda.criteria.kinesis"),
    "dynamodb": ("esm.dynamodb.lambda", "lambda.criteria.dynamodb"),
    "kafka": ("esm.msk.lambda", "lambda.criteria.kafka"),
    "mq": ("esm.mq.lambda", "lambda.criteria.mq"),
    "rds": ("esm.docdb.lambda", "lambda.criteria.documentdb"),
}
SELF_MANAGED_KAFKA = ("esm.selfkafka.lambda", "lambda.criteria.kafka")
SWITCHED_OFF = ("Disabled", "Disabling", "Deleting")  # any other state polls, or soon will


@service.reads(functions)
def function(here: Here, item: Item) -> Iterator[Fact]:
    """A function, its dead letters, and what its environment mentions."""
    arn, _ = arns.canonical(item["FunctionArn"])
    yield resource(
        here,
        arn,
        FUNCTION,
        role=item["Role"],
        runtime=item.get("Runtime"),
        timeout=item.get("Timeout"),
    )
    dead_letters = item.get("DeadLetterConfig", {}).get("TargetArn")
    if dead_letters:
        yield delivery(arn, dead_letters, Meaning.ON_FAILURE, "lambda.dlq")
    environment = item.get("Environment", {})
    for variable, value in environment.get("Variables", {}).items():
        yield Mention(arn, variable, value)
    if "Error" in environment:
        error = environment["Error"]
        reason = (
            f"the environment could not be decrypted: {error.get('Message', 'no reason given')}"
        )
        yield Unread(arn, error.get("ErrorCode", "EnvironmentError"), reason, "kms:Decrypt")


@service.reads(mappings)
def mapping(here: Here, item: Item) -> Iterator[Fact]:
    """An event source mapping: one edge per source it polls, and where discarded batches go."""
    function, uuid = item["FunctionArn"], item["UUID"]
    state = item.get("State", "")
    dormant = f"the event source mapping is {state}" if state in SWITCHED_OFF else ""
    on_failure = item.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    for source, kind, language in _polled(item):
        label = f"{arns.name(source)} to {arns.name(function)}"
        yield delivery(
            source,
            function,
            Meaning.TRIGGERS,
            kind,
            label=label,
            filter=_criteria(item, language),
            dormant=dormant,
            uuid=uuid,
        )
        if on_failure:
            yield delivery(
                function, on_failure, Meaning.ON_FAILURE, "esm.onfailure", label=label, uuid=uuid
            )
    if "FilterCriteriaError" in item:
        error = item["FilterCriteriaError"]
        reason = f"the filter could not be decrypted: {error.get('Message', 'no reason given')}"
        yield Unread(uuid, error.get("ErrorCode", "FilterCriteriaError"), reason, "kms:Decrypt")


@service.reads(async_destinations)
def destinations(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """Where the results and failures of asynchronous invocations go, one edge per qualifier."""
    source = item["FunctionArn"]
    _, qualifier = end(source)
    config = item.get("DestinationConfig", {})
    for outcome, meaning in (("OnSuccess", Meaning.TRIGGERS), ("OnFailure", Meaning.ON_FAILURE)):
        target = config.get(outcome, {}).get("Destination")
        if target:
            kind = f"lambda.async.{outcome.lower()}"
            yield delivery(source, target, meaning, kind, label=qualifier)


def _polled(item: Item) -> Iterator[tuple[str, str, str]]:
    """What a mapping polls: source, edge kind, filter language."""
    if "EventSourceArn" in item:
        service_name = arns.parse(item["EventSourceArn"]).service
        kind, language = POLLED.get(
            service_name, (f"esm.{service_name}.lambda", f"lambda.criteria.{service_name}")
        )
        yield item["EventSourceArn"], kind, language
        return
    endpoints = item["SelfManagedEventSource"]["Endpoints"]["KAFKA_BOOTSTRAP_SERVERS"]
    for topic in item["Topics"]:
        yield f"kafka://{min(endpoints)}/{topic}", *SELF_MANAGED_KAFKA


def _criteria(item: Item, language: str) -> Filter | None:
    """The mapping's filter; an empty document where there is one that AWS could not decrypt."""
    if "FilterCriteriaError" in item:
        return Filter(language, "")
    criteria = item.get("FilterCriteria", {})
    return Filter(language, canonical_json(criteria)) if criteria.get("Filters") else None
