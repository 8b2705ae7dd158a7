"""Who was seen calling whom: in X-Ray's service graph, and in CloudTrail's management events.

Sources: https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from topology import arn as arns
from topology import catalog
from topology.graph import Resource

X_RAY, CLOUDTRAIL = "X-Ray", "CloudTrail"
ACTORS = {"AWS::Lambda::Function": "lambda.function"}
# Nodes that name one resource, and to which a call is a write. A table's node takes reads as well,
# and a bucket, a bus or a stream share one node that names none: of those nothing is said.
CALLED = {
    "AWS::Lambda": "lambda.function",
    "AWS::Lambda::Function": "lambda.function",
    "AWS::SNS": "sns.topic",
    "AWS::SNS::Topic": "sns.topic",
    "AWS::SQS::Queue": "sqs.queue",
    "AWS::StepFunctions::StateMachine": "states.stateMachine",
}

Row = dict[str, Any]


def traced(
    services: Iterable[Mapping[str, Any]], resources: Iterable[Resource], region: str
) -> dict[str, list[Row]]:
    """The attribute ``observed`` of actors, by ARN, as the nodes of one service graph tell it.

    Rows are ``{"target": ARN, "by", "count", "from", "to"}``, sorted, times in UTC. A name that
    means no resource or several of them says nothing.
    """
    named = _Named(resources, region)
    nodes = {node.get("ReferenceId"): node for node in services}
    found: dict[str, dict[str, Row]] = {}
    for node in nodes.values():
        actor = named.one(node, ACTORS)
        for edge in node.get("Edges", ()) if actor else ():
            target = named.one(nodes.get(edge.get("ReferenceId"), {}), CALLED)
            count = edge.get("SummaryStatistics", {}).get("TotalCount", 0)
            # A function's own node hangs below the service's, of one name: no call to itself.
            if actor and target and count and target != actor:
                row = _row(target, X_RAY, count, edge.get("StartTime"), edge.get("EndTime"))
                _add(found, actor, row)
    return _sorted(found)


def recorded(
    events: Iterable[Mapping[str, Any]], actor: Resource, resources: Iterable[Resource]
) -> list[Row]:
    """Rows of the attribute ``observed`` of one actor: the writes that a trail has of its sessions.

    A function's session has the function's name and its role; an event counts where its action is
    one that writes to the kind of a resource whose ARN it names. Most writes of events are data
    events, which CloudTrail's lookup does not hold.
    """
    known = {resource.arn: resource.kind for resource in resources}
    writes = _writes()
    found: dict[str, dict[str, Row]] = {}
    for event in events:
        detail = _detail(event)
        if not _is_by(detail, actor) or detail.get("errorCode"):
            continue
        service = str(detail.get("eventSource", "")).partition(".")[0]
        action = f"{service}:{detail.get('eventName')}"
        for arn in sorted({*_strings(detail.get("requestParameters")), *_listed(detail)}):
            if known.get(arn) in writes.get(action, ()):
                when = event.get("EventTime")
                _add(found, actor.arn, _row(arn, CLOUDTRAIL, 1, when, when, action))
    return _sorted(found).get(actor.arn, [])


class _Named:
    """Resources of one region by kind and the names that X-Ray has for them."""

    def __init__(self, resources: Iterable[Resource], region: str) -> None:
        self._arns: dict[tuple[str, str], set[str]] = {}
        for resource in resources:
            if resource.region == region:
                for name in {resource.arn, resource.name, arns.name(resource.arn)}:
                    self._arns.setdefault((resource.kind, name), set()).add(resource.arn)

    def one(self, node: Mapping[str, Any], kinds: Mapping[str, str]) -> str:
        """The one resource that a node is, or nothing."""
        kind = kinds.get(node.get("Type", ""))
        if kind is None:
            return ""
        found: set[str] = set()
        for name in {node.get("Name", ""), *node.get("Names", ())}:
            found |= self._arns.get((kind, _plain(name)), set())
        account = node.get("AccountId")
        found = {arn for arn in found if not account or arns.parse(arn).account == account}
        return found.pop() if len(found) == 1 else ""


def _plain(name: str) -> str:
    """A queue's node is named by its URL."""
    return name.rpartition("/")[2] if name.startswith("https://") else name


def _writes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for write in catalog.writes():
        for action in write.actions:
            found.setdefault(action, set()).add(write.on)
    return found


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    with suppress(ValueError, TypeError):
        detail = json.loads(event.get("CloudTrailEvent", ""))
        if isinstance(detail, dict):
            return detail
    return {}


def _is_by(detail: Mapping[str, Any], actor: Resource) -> bool:
    who = detail.get("userIdentity") or {}
    issuer = ((who.get("sessionContext") or {}).get("sessionIssuer") or {}).get("arn")
    session = str(who.get("arn", "")).rpartition("/")[2]
    return (
        bool(issuer) and issuer == actor.attributes.get("role") and session == arns.name(actor.arn)
    )


def _listed(detail: Mapping[str, Any]) -> Iterator[str]:
    for resource in detail.get("resources") or ():
        if isinstance(resource, Mapping):
            yield str(resource.get("ARN", ""))


def _strings(value: object) -> Iterator[str]:
    """Every text of the parameters, of which only known ARNs are kept."""
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, Mapping):
            stack += each.values()
        elif isinstance(each, Sequence):
            stack += each


def _row(
    target: str,
    by: str,
    count: int,
    start: datetime | None,
    end: datetime | None,
    action: str = "",
) -> Row:
    row = {"target": target, "by": by, "count": count, "from": _time(start), "to": _time(end)}
    return row | ({"action": action} if action else {})


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _add(found: dict[str, dict[str, Row]], actor: str, row: Row) -> None:
    rows = found.setdefault(actor, {})
    key = f"{row['target']} {row.get('action', '')}"
    if known := rows.get(key):
        times = sorted(filter(None, (known["from"], row["from"], known["to"], row["to"])))
        row["count"] += known["count"]
        row["from"], row["to"] = (times[0], times[-1]) if times else ("", "")
    rows[key] = row


def _sorted(found: Mapping[str, Mapping[str, Row]]) -> dict[str, list[Row]]:
    return {actor: [rows[key] for key in sorted(rows)] for actor, rows in sorted(found.items())}
