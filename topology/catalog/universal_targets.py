"""Universal targets: SDK calls that a schedule or a subscriber makes in a role of its own.

A call that only delivers, as EventBridge itself would, is an edge to what it names. Any other call
is made by an actor: it may raise more than what its parameters say.

Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from topology import arn as arns
from topology.catalog.event_targets import writes
from topology.catalog.sdk_calls import AT_RUN_TIME, Called, called
from topology.catalog.service import Fact, Here
from topology.catalog.wiring import delivery, resource

PREFIX = "aws-sdk:"  # of what an ARN names: aws-sdk:sqs:sendMessage

DELIVERIES = frozenset(
    {
        "events:PutEvents",
        "events:PutRawEvents",
        "firehose:PutRecord",
        "firehose:PutRecordBatch",
        "kinesis:PutRecord",
        "kinesis:PutRecords",
        "lambda:InvokeFunction",
        "sns:Publish",
        "sqs:SendMessage",
        "states:StartExecution",
        "states:StartSyncExecution",
    }
)
ENTRY = {"Source": "source", "DetailType": "detail-type"}


def is_universal(target: str) -> bool:
    """Whether a target is a call and no resource."""
    return arns.is_arn(target) and arns.parse(target).resource.startswith(PREFIX)


def call_of(here: Here, target: str, document: str | None) -> Called:
    """What a universal target does, with its input in JSON."""
    _, service, action = arns.parse(target).resource.split(":", 2)
    return called(here, service, action, _parameters(document))


def delivers(call: Called) -> bool:
    """Whether a call does no more than to deliver to the targets that are known."""
    return bool(call.targets) and not call.dynamic and DELIVERIES.issuperset(call.actions)


def caller(
    here: Here, arn: str, kind: str, call: Called, *, role: str | None, edge: str
) -> Iterator[Fact]:
    """The actor that makes a call, and what of the call's targets is known."""
    calls = {"calls": sorted(call.actions)} if call.actions else {}
    yield resource(here, arn, kind, role=role, **calls)
    for target in call.targets:
        yield delivery(arn, target.arn, writes(target.arn), edge, label=target.action)


def entry(document: str | None) -> Mapping[str, str]:
    """What every event that a call puts on a bus has for source and detail type, if constant."""
    entries = (_parameters(document) or {}).get("Entries")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        return {}
    values = {field: {str(each.get(name)) for each in entries} for name, field in ENTRY.items()}
    return {
        field: text
        for field, found in values.items()
        if len(found) == 1 and (text := min(found)) != "None" and not AT_RUN_TIME.search(text)
    }


def _parameters(document: str | None) -> Mapping[str, object] | None:
    """A call's parameters; None where they are no JSON object, so made at run time."""
    try:
        found = json.loads(document or "")
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
