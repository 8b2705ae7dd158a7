"""Lambda: functions, what they poll, where their results and failures go.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from urllib.parse import urlsplit

from topology import arn as arns
from topology.catalog import lambda_code, lambda_mappings, lambda_policy
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
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

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
        # A durable function that waits for a callback goes on when it comes: it runs again.
        # https://docs.aws.amazon.com/lambda/latest/dg/durable-functions.html
        Write(
            "call back",
            FUNCTION,
            (
                "lambda:SendDurableExecutionCallbackSuccess",
                "lambda:SendDurableExecutionCallbackFailure",
            ),
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
        "lambda.loggroup",
        "lambda.url",
        "lambda.resource_policy",
    ),
)

GONE = frozenset({"ResourceNotFoundException"})

functions = Call("list_functions", items="Functions")
mappings = Call("list_event_source_mappings", items="EventSourceMappings")
async_destinations = Call(
    "list_function_event_invoke_configs",
    items="FunctionEventInvokeConfigs",
    for_each=functions,
    parameters={"FunctionName": Of("FunctionName")},
    gone=GONE,
    names=itemgetter("FunctionArn"),
)


def _of_a_suspect(
    operation: str, items: str | None = None, absent: frozenset[str] = frozenset()
) -> Call:
    """A call that follows loops: one for every function would take the whole rate for long."""
    return Call(
        operation,
        items=items,
        parameters={"FunctionName": Of("name")},
        absent=absent,
        gone=GONE - absent,
        names=itemgetter("arn"),
        on_cycle=FUNCTION,
    )


guard = _of_a_suspect("get_function_recursion_config")
concurrency = _of_a_suspect("get_function_concurrency")
aliases = _of_a_suspect("list_aliases", items="Aliases")
versions = _of_a_suspect("list_versions_by_function", items="Versions")
urls = _of_a_suspect("list_function_url_configs", items="FunctionUrlConfigs")
policies = _of_a_suspect("get_policy", absent=GONE)  # also said of a function without a policy
alias_policies = Call(
    "get_policy",
    for_each=aliases,
    parameters={"FunctionName": Of("AliasArn")},
    absent=GONE,
    names=itemgetter("AliasArn"),
)


@service.reads(functions)
def function(here: Here, item: Item) -> Iterator[Fact]:
    """A function, its dead letters, its log group, and what its environment mentions."""
    arn, _ = arns.canonical(item["FunctionArn"])
    group = _log_group(item)
    yield resource(
        here,
        arn,
        FUNCTION,
        role=item["Role"],
        runtime=item.get("Runtime"),
        timeout=item.get("Timeout"),
        tracing=item.get("TracingConfig", {}).get("Mode"),
        package=item.get("PackageType", "Zip"),
        log_group=group,
        **lambda_code.deployed(item),
    )
    yield from _outlets(here, arn, item)
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
    is_off = state in lambda_mappings.SWITCHED_OFF
    dormant = f"the event source mapping is {state}" if is_off else ""
    sources = list(lambda_mappings.polled(item))
    for polled in sources:
        label = f"{polled.name} to {arns.name(function)}"
        yield delivery(
            polled.source,
            function,
            Meaning.TRIGGERS,
            polled.kind,
            label=label,
            filter=lambda_mappings.criteria(item, polled),
            dormant=dormant,
            uuid=uuid,
            **lambda_mappings.pace(item),
        )
        on_failure, known = lambda_mappings.discarded_to(item, polled)
        if on_failure:
            yield delivery(
                function,
                on_failure,
                Meaning.ON_FAILURE,
                "esm.onfailure",
                label=label,
                dormant=dormant,
                uuid=uuid,
                **known,
            )
    if not sources:
        reason = f"the mapping of {arns.name(function)} names nothing that it polls"
        yield Unread(uuid, "EventSourceUnnamed", reason)
    if "FilterCriteriaError" in item:
        error = item["FilterCriteriaError"]
        reason = f"the filter could not be decrypted: {error.get('Message', 'no reason given')}"
        yield Unread(uuid, error.get("ErrorCode", "FilterCriteriaError"), reason, "kms:Decrypt")


@service.carries("esm.onfailure")
def discarded(events: EventSet, edge: Edge, target: Resource) -> EventSet:
    """What a Kafka topic is told of a batch is a record of that topic.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
    """
    topic = edge.attributes.get("topic")
    if topic is None:
        return EventSet.anything()
    return EventSet.scalars({("topic",): strings.literal(topic)})


@service.reads(async_destinations)
def destinations(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """Where the results and failures of asynchronous invocations go, one edge per qualifier."""
    source = item["FunctionArn"]
    arn, qualifier = end(source)
    limits = {"async_retries": "MaximumRetryAttempts", "async_max_age": "MaximumEventAgeInSeconds"}
    known = {name: {qualifier: item[key]} for name, key in limits.items() if key in item}
    if known:
        yield resource(here, arn, FUNCTION, **known)
    config = item.get("DestinationConfig", {})
    for outcome, meaning in (("OnSuccess", Meaning.TRIGGERS), ("OnFailure", Meaning.ON_FAILURE)):
        target = config.get(outcome, {}).get("Destination")
        if target:
            kind = f"lambda.async.{outcome.lower()}"
            yield delivery(source, target, meaning, kind, label=qualifier)


@service.reads(guard)
def recursion(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """Whether AWS stops the function when it finds it in a loop: Terminate or Allow."""
    yield resource(here, function["arn"], FUNCTION, recursive_loop=item.get("RecursiveLoop"))


@service.reads(concurrency)
def reserved(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """How many of it may run at once; 0 switches it off, None leaves it to the account."""
    limit = item.get("ReservedConcurrentExecutions")
    yield resource(here, function["arn"], FUNCTION, reserved_concurrency=limit)


@service.reads(aliases)
def alias(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """An alias and the versions it stands for, one of them by weight."""
    weighted = item.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    names = sorted({item["FunctionVersion"], *weighted})
    yield resource(here, function["arn"], FUNCTION, aliases={item["Name"]: names})


@service.reads(versions)
def version(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """A version: it keeps the role, the dead letters and the log group it was published with."""
    arn = function["arn"]
    yield resource(here, arn, FUNCTION, versions={item["Version"]: item["Role"]})
    yield from _outlets(here, arn, item)


@service.reads(urls)
def url(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """A web address of the function or of an alias; whoever posts there starts it."""
    entry = f"https://{urlsplit(item['FunctionUrl']).hostname}"
    yield delivery(
        entry, item["FunctionArn"], Meaning.TRIGGERS, "lambda.url", auth=item["AuthType"]
    )


@service.reads(policies)
def policy(here: Here, item: Item, function: Item) -> Iterator[Fact]:
    """Who else may invoke the function."""
    document = item.get("Policy")
    kept = lambda_policy.without_tokens(document)
    yield resource(here, function["arn"], FUNCTION, policy=kept)
    yield from lambda_policy.invokers(here, function["arn"], document)


@service.reads(alias_policies)
def alias_policy(here: Here, item: Item, alias: Item, function: Item) -> Iterator[Fact]:
    """Who else may invoke an alias, which has a policy of its own."""
    document = item.get("Policy")
    kept = lambda_policy.without_tokens(document)
    yield resource(here, function["arn"], FUNCTION, alias_policies={alias["Name"]: kept})
    yield from lambda_policy.invokers(here, alias["AliasArn"], document)


def _outlets(here: Here, arn: str, item: Item) -> Iterator[Fact]:
    """Where a function's failures and its log go, whatever its code does."""
    dead_letters = item.get("DeadLetterConfig", {}).get("TargetArn")
    if dead_letters:
        yield delivery(arn, dead_letters, Meaning.ON_FAILURE, "lambda.dlq")
    group = f"arn:{here.partition}:logs:{here.region}:{here.account}:log-group:{_log_group(item)}"
    yield delivery(arn, group, Meaning.WRITES, "lambda.loggroup")


def _log_group(item: Item) -> str:
    """The function's log group: the one it names, or the one that Lambda makes for it."""
    named = item.get("LoggingConfig", {}).get("LogGroup")
    return str(named or f"/aws/lambda/{item['FunctionName']}")
