"""Changes as sentences: what is done, and what it takes away."""

from __future__ import annotations

from collections.abc import Mapping

from topology import arn as arns
from topology.analysis import words
from topology.analysis.changes import (
    Add,
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
    SwitchOn,
)
from topology.graph import Edge, Meaning, Resource

# What people call the configuration behind an edge, by how its kind begins.
THINGS = {
    "esm.": "the event source mapping",
    "eb.rule.": "the rule",
    "s3.notif.eventbridge": "the bucket's events on EventBridge",
    "s3.notif.": "the notification",
    "s3.replication": "the replication rule",
    "s3.logging": "the access log",
    "sns.sub.": "the subscription",
    "pipe.": "the pipe",
    "scheduler.": "the schedule",
    "logs.account_subscription": "the account's log subscription",
    "logs.subscription": "the subscription filter",
    "logs.metricfilter": "the metric filter",
    "iot.": "the topic rule",
    "cloudtrail.data": "the trail's data events",
    "cloudtrail.": "the trail",
    "lambda.async.": "the destination",
    "lambda.dlq": "the dead-letter queue",
    "lambda.loggroup": "the log group",
    "sqs.redrive": "the redrive policy",
    "ddb.stream": "the table's stream",
    "firehose.": "the Firehose stream",
    "eb2.subscriber": "the subscriber",
    "ses.": "the receipt rule",
}


def thing(edge: Edge) -> str:
    """``the rule *nightly*``: what makes an edge, by its own name where people gave it one."""
    found = next((words for kind, words in THINGS.items() if edge.kind.startswith(kind)), "what")
    name = edge.label.partition("/")[0] if edge.kind.startswith("eb.rule.") else edge.label
    return f"{found} *{name}*" if name and not edge.kind.startswith("esm.") else found


def way(edge: Edge, resources: Mapping[str, Resource]) -> str:
    """``from bucket *a* to function *b*``."""
    return f"from {_named(edge.source, resources)} to {_named(edge.target, resources)}"


def sentence(change: Change, about: Edge, resources: Mapping[str, Resource]) -> str:
    """A change as an instruction."""
    between = way(about, resources)
    match change:
        case SwitchOff():
            return f"Switch off {thing(about)} {between}."
        case SwitchOn():
            return f"Switch on {thing(about)} {between}."
        case Refilter():
            heard = f"`{change.filter.document}`" if change.filter else "everything"
            return f"Let {thing(about)} {between} hear only {heard}."
        case Retarget():
            return (
                f"Give {thing(about)} of {_named(about.source, resources)} a place of its own, "
                f"*{arns.name(change.target)}*, instead of {_named(about.target, resources)}."
            )
        case Forbid():
            return forbidden(change)
        case Separate():
            return (
                f"Let {_named(change.actor, resources)} write to a place of its own, "
                f"*{arns.name(change.target)}*, instead of {_named(change.source, resources)}: "
                f"make it, name it in {', '.join(change.variables)}, and take the permission for "
                "the old one away."
            )
        case Reserve(limit=0):
            name = _named(change.function, resources)
            return f"Give {name} a reserved concurrency of 0: it stops at once, and starts nothing."
        case Reserve():
            name = _named(change.function, resources)
            return f"Give {name} a reserved concurrency of {change.limit}."
        case Add() if about.meaning is Meaning.WRITES:
            source, target = (_named(end, resources) for end in (about.source, about.target))
            return f"Let {source} write to {target}."
        case Add():
            heard = f", hearing `{about.filter.document}`" if about.filter else ""
            return f"Add {thing(about)} {between}{heard}."


def forbidden(change: Forbid) -> str:
    """What roles may no longer do."""
    roles = " and ".join(f"*{arns.name(role).rpartition('/')[2]}*" for role in change.roles)
    actions, where = ", ".join(change.actions), ", ".join(f"`{each}`" for each in change.resources)
    return f"Take from role {roles} the permission for {actions} on {where}, by an explicit Deny."


def _named(arn: str, resources: Mapping[str, Resource]) -> str:
    resource = resources.get(arn)
    if resource is None:
        return f"*{arn}*"
    kind, _, name = words.named(resource).partition(f" {resource.name}")
    return f"{kind} *{resource.name}*{name}"
