"""What rules, pipes, schedules and subscribers deliver to, and what of it really runs.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from topology import arn as arns
from topology.catalog.service import Item
from topology.graph import Meaning

# How edges call a target: by what its ARN names, or else by its service.
THINGS = {
    ("events", "api-destination"): "apidest",
    ("events", "event-bus"): "bus",
    ("events", "event-busv2"): "busv2",
    ("events", "target"): "ec2api",
    ("ssm", "automation-definition"): "ssm.automation",
    ("ssm", "document"): "ssm.runcommand",
    ("ssm", "opsitem"): "ssm.opsitem",
}
SERVICES = {
    "execute-api": "apigw",
    "redshift-serverless": "redshift",
    "ssm-incidents": "ssmincidents",
    "states": "sfn",
}
CHANNELS = frozenset(
    {
        *("apidest", "bus", "busv2"),
        *("dynamodb", "firehose", "kinesis", "logs", "s3", "sns", "sqs", "timestream"),
    }
)


def family(target: str) -> str:
    """The word for a target's kind with which an edge's kind ends: ``sfn``, ``bus``, ``sqs``."""
    arn = arns.parse(target)
    thing = re.split("[/:]", arn.resource, maxsplit=1)[0]
    return THINGS.get((arn.service, thing)) or SERVICES.get(arn.service, arn.service)


def forwards(target: str) -> Meaning:
    """What a channel's delivery to a target means: one that passes it on, or one that starts."""
    return Meaning.FORWARDS if family(target) in CHANNELS else Meaning.TRIGGERS


def writes(target: str) -> Meaning:
    """What an actor's own call to a target means."""
    return Meaning.WRITES if family(target) in CHANNELS else Meaning.TRIGGERS


def job_definition(queue: str, name: str) -> str:
    """The ARN of a job definition, which a Batch target may name by name or name and revision."""
    if arns.is_arn(name):
        return name
    arn = arns.parse(queue)
    return f"arn:{arn.partition}:batch:{arn.region}:{arn.account}:job-definition/{name}"


def ends(target: Item, rule: Item) -> Iterator[str]:
    """What one target of a rule runs: a task or job definition, a document, each of its instances.

    EventBridge's own calls of EC2 have no ARN: the call that one target of one rule makes is named
    by both.
    """
    arn, place = target["Arn"], arns.parse(rule["Arn"])
    if "EcsParameters" in target:
        yield target["EcsParameters"]["TaskDefinitionArn"]
    elif "BatchParameters" in target:
        yield job_definition(arn, target["BatchParameters"]["JobDefinition"])
    elif family(arn) == "ec2api":
        yield f"{arn}/{place.resource}/{target['Id']}"
    else:
        yield arn
    chosen = target.get("RunCommandParameters", {}).get("RunCommandTargets", ())
    for instance in commanded(chosen):
        yield f"arn:{place.partition}:ec2:{place.region}:{place.account}:instance/{instance}"


def commanded(targets: Iterable[Item]) -> Iterator[str]:
    """The ids of the instances a command runs on; ``*``, any of them, where tags choose."""
    for target in targets:
        yield from target["Values"] if target["Key"] == "InstanceIds" else "*"
