"""Patches of what belongs to Lambda: mappings, concurrency, destinations, log groups.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.analysis.changes import Refilter, Reserve, Retarget, SwitchOff
from topology.catalog.service import Item
from topology.graph import Edge, Filter
from topology.reports.patches.in_words import sentence
from topology.reports.patches.table import Resources, says
from topology.reports.patches.tongues import (
    AFTER,
    BEFORE,
    Patch,
    aws,
    block,
    cloudformation,
    edited,
    encoded,
    lines,
    region,
    terraform,
)

MAPPING, IN_TERRAFORM = "AWS::Lambda::EventSourceMapping", "aws_lambda_event_source_mapping"
KEEPS = "What it would read stays where it is, as long as that keeps it."


@says(SwitchOff, "esm.")
def mapping_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A mapping that is not enabled polls nothing."""
    uuid = edge.attributes.get("uuid")
    command = ("lambda", "update-event-source-mapping")
    on, off = (
        aws(*command, uuid=uuid, **{flag: ""}, region=region(edge.target)) if uuid else ""
        for flag in ("enabled", "no-enabled")
    )
    return Patch(
        f"{sentence(change, edge, resources)} {KEEPS}",
        off,
        on,
        cloudformation(MAPPING, {"Enabled": False}),
        terraform(IN_TERRAFORM, {"enabled": False}),
    )


@says(Refilter, "esm.")
def mapping_filter(change: Refilter, edge: Edge, resources: Resources) -> Patch:
    """The filter criteria are replaced as a whole; none at all are written as ``{}``."""
    uuid = edge.attributes.get("uuid")
    heard, before = _criteria(change.filter), _criteria(edge.filter)

    def put(criteria: Item) -> str:
        return aws(
            "lambda",
            "update-event-source-mapping",
            uuid=str(uuid),
            filter_criteria=json.dumps(criteria),
            region=region(edge.target),
        )

    filters = [
        block("filter", {"pattern": encoded(json.loads(each["Pattern"]))})
        for each in heard.get("Filters", ())
    ]
    return Patch(
        sentence(change, edge, resources),
        put(heard) if uuid else "",
        put(before) if uuid else "",
        cloudformation(MAPPING, {"FilterCriteria": heard}),
        terraform(IN_TERRAFORM, {}, [block("filter_criteria", {}, filters)]),
    )


@says(Retarget, "esm.onfailure")
def discarded_elsewhere(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """Where batches go that a mapping gives up."""
    uuid = edge.attributes.get("uuid")

    def put(target: str) -> str:
        return aws(
            "lambda",
            "update-event-source-mapping",
            uuid=str(uuid),
            destination_config=json.dumps({"OnFailure": {"Destination": target}}),
            region=region(edge.source),
        )

    destination = block("on_failure", {"destination_arn": change.target})
    return Patch(
        sentence(change, edge, resources),
        put(change.target) if uuid else "",
        put(edge.target) if uuid else "",
        cloudformation(
            MAPPING, {"DestinationConfig": {"OnFailure": {"Destination": change.target}}}
        ),
        terraform(IN_TERRAFORM, {}, [block("destination_config", {}, [destination])]),
    )


@says(Reserve)
def concurrency(change: Reserve, edge: Edge, resources: Resources) -> Patch:
    """0 stops a function at once; what is invoked asynchronously waits up to six hours.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
    """
    name, place = change.function, region(change.function)
    known = resources[name].attributes if name in resources else {}

    def put(limit: int) -> str:
        return aws(
            "lambda",
            "put-function-concurrency",
            function_name=name,
            reserved_concurrent_executions=str(limit),
            region=place,
        )

    command = put(change.limit)
    remove = aws("lambda", "delete-function-concurrency", function_name=name, region=place)
    before = known.get("reserved_concurrency")
    if before is not None:
        undo = put(before)
    elif "reserved_concurrency" in known:
        undo = remove
    else:
        ask = aws("lambda", "get-function-concurrency", function_name=name, region=place)
        command = lines(f"{ask} > {BEFORE}", command)
        undo = lines(f"# If {BEFORE} has a number, put that number back instead.", remove)
    waits = "Asynchronous invocations wait for up to 6 hours; what a queue holds goes back to it."
    return Patch(
        f"{sentence(change, edge, resources)} {waits}"
        if change.limit == 0
        else sentence(change, edge, resources),
        command,
        undo,
        cloudformation("AWS::Lambda::Function", {"ReservedConcurrentExecutions": change.limit}),
        terraform("aws_lambda_function", {"reserved_concurrent_executions": change.limit}),
    )


@says(Retarget, "lambda.async.onsuccess", "lambda.async.onfailure")
def destination(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """Where results or failures of asynchronous invocations go."""
    outcome = _outcome(edge)
    return _invoke_config(
        f".DestinationConfig.{outcome}.Destination = $target",
        {outcome: {"Destination": change.target}},
        sentence(change, edge, resources),
        edge,
        target=change.target,
    )


@says(SwitchOff, "lambda.async.onsuccess", "lambda.async.onfailure")
def no_destination(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """Results or failures go nowhere."""
    outcome = _outcome(edge)
    words = f"{sentence(change, edge, resources)} What it was told of meanwhile is gone."
    return _invoke_config(f"del(.DestinationConfig.{outcome})", {outcome: {}}, words, edge)


@says(Retarget, "lambda.dlq")
def dead_letters(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """The function's own dead-letter queue or topic."""
    return _dead_letters(change.target, sentence(change, edge, resources), edge)


@says(SwitchOff, "lambda.dlq")
def no_dead_letters(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """Failures go nowhere."""
    words = f"{sentence(change, edge, resources)} Events that fail meanwhile are gone."
    return _dead_letters("", words, edge)


@says(Retarget, "lambda.loggroup")
def log_group(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """A log group of its own, which no subscription filter hears."""
    name, place = arns.parse(change.target).resource.removeprefix("log-group:"), region(edge.source)
    before = arns.parse(edge.target).resource.removeprefix("log-group:")
    update = aws(
        "lambda",
        "update-function-configuration",
        function_name=edge.source,
        logging_config=f"file://{AFTER}",
        region=place,
    )
    get = aws("lambda", "get-function-configuration", function_name=edge.source, region=place)
    return Patch(
        f"{sentence(change, edge, resources)} Its role needs logs:CreateLogStream and "
        "logs:PutLogEvents there, and no account-wide subscription may hear it either.",
        lines(
            aws("logs", "create-log-group", log_group_name=name, region=place),
            edited(get, ".LoggingConfig + {LogGroup: $group}", update, group=name),
        ),
        edited(get, ".LoggingConfig + {LogGroup: $group}", update, group=before),
        cloudformation("AWS::Lambda::Function", {"LoggingConfig": {"LogGroup": name}}),
        terraform(
            "aws_lambda_function",
            {},
            [block("logging_config", {"log_format": "Text", "log_group": name})],
        ),
    )


def _dead_letters(target: str, words: str, edge: Edge) -> Patch:
    def put(arn: str) -> str:
        return aws(
            "lambda",
            "update-function-configuration",
            function_name=edge.source,
            dead_letter_config=json.dumps({"TargetArn": arn}),
            region=region(edge.source),
        )

    config = {"DeadLetterConfig": {"TargetArn": target}} if target else {"DeadLetterConfig": {}}
    blocks = [block("dead_letter_config", {"target_arn": target})] if target else []
    return Patch(
        words,
        put(target),
        put(edge.target),
        cloudformation("AWS::Lambda::Function", config),
        terraform("aws_lambda_function", {}, blocks) if blocks else "",
    )


def _invoke_config(program: str, shown: Item, words: str, edge: Edge, **arguments: object) -> Patch:
    """The whole destination configuration is written back: what is left out of it would go."""
    which = {
        "function_name": edge.source,
        "qualifier": edge.label or None,
        "region": region(edge.source),
    }
    get = aws("lambda", "get-function-event-invoke-config", **which)

    def put(file: str) -> str:
        return aws(
            "lambda", "update-function-event-invoke-config", destination_config=file, **which
        )

    restore = f"jq .DestinationConfig {BEFORE} > {AFTER}"
    outcomes = [
        block("on_success" if name == "OnSuccess" else "on_failure", _destination(each))
        for name, each in shown.items()
        if each
    ]
    return Patch(
        words,
        edited(get, f"{program} | .DestinationConfig", put(f"file://{AFTER}"), **arguments),
        lines(restore, put(f"file://{AFTER}")),
        cloudformation("AWS::Lambda::EventInvokeConfig", {"DestinationConfig": shown}),
        terraform(
            "aws_lambda_function_event_invoke_config",
            {},
            [block("destination_config", {}, outcomes)] if outcomes else (),
        )
        if outcomes
        else "",
    )


def _destination(shown: Item) -> dict[str, str]:
    return {"destination": shown["Destination"]}


def _outcome(edge: Edge) -> str:
    return "OnSuccess" if edge.kind.endswith("onsuccess") else "OnFailure"


def _criteria(heard: Filter | None) -> Item:
    return json.loads(heard.document) if heard is not None else {}
