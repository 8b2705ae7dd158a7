"""A small account as an observation would show it: the shortest way to write down a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from topology import arn as arns
from topology.graph import Edge, Filter, Graph, Meaning, Resource, canonical_json, graph

ACCOUNT = "111122223333"
REGION = "eu-west-1"


def allow(actions: str | Sequence[str], resources: str | Sequence[str], **more: Any) -> dict:
    """A policy statement."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: str | Sequence[str], resources: str | Sequence[str], **more: Any) -> dict:
    """A policy statement that wins."""
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


@dataclass
class World:
    """Resources and edges, added one sentence at a time; every verb returns an ARN."""

    resources: list[Resource] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def graph(self) -> Graph:
        return graph(self.resources, self.edges)

    def bucket(self, name: str, **attributes: Any) -> str:
        return self._add(f"arn:aws:s3:::{name}", "s3.bucket", **attributes)

    def queue(self, name: str) -> str:
        return self._add(f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}", "sqs.queue")

    def topic(self, name: str) -> str:
        return self._add(f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}", "sns.topic")

    def bus(self, name: str = "default") -> str:
        return self._add(f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{name}", "events.bus")

    def table(self, name: str) -> tuple[str, str]:
        """A table and its stream."""
        table = self._add(f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}", "dynamodb.table")
        stream = self._add(f"{table}/stream/2026-01-01T00:00:00.000", "dynamodb.stream")
        self.edge(table, stream, Meaning.FORWARDS, "ddb.stream")
        return table, stream

    def function(
        self, name: str, *statements: Mapping[str, Any], names: Sequence[str] = (), **facts: Any
    ) -> str:
        """A function with its own role; ``names`` are ARNs its environment mentions."""
        role = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        policies = [{"name": f"{name}-policy", "document": document}]
        self._add(role, "iam.role", policies=policies, attached=[], boundary=None)
        environment = [
            {"variable": f"TARGET_{number}", "names": target}
            for number, target in enumerate(names, start=1)
        ]
        return self._add(
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
            "lambda.function",
            role=role,
            environment=environment,
            **facts,
        )

    def notify(
        self,
        bucket: str,
        target: str,
        events: Sequence[str] = ("s3:ObjectCreated:*",),
        prefix: str = "",
        suffix: str = "",
        label: str = "on-upload",
    ) -> str:
        """An S3 event notification."""
        rules = [
            {"Name": name, "Value": value}
            for name, value in (("prefix", prefix), ("suffix", suffix))
            if value
        ]
        document = {"Events": list(events), "Filter": {"Key": {"FilterRules": rules}}}
        service = arns.parse(target).service
        meaning = Meaning.TRIGGERS if service == "lambda" else Meaning.FORWARDS
        heard = Filter("s3.notification", canonical_json(document))
        return self.edge(bucket, target, meaning, f"s3.notif.{service}", label, heard)

    def edge(
        self,
        source: str,
        target: str,
        meaning: Meaning,
        kind: str,
        label: str = "",
        heard: Filter | None = None,
        dormant: str = "",
    ) -> str:
        edge = Edge(source, target, meaning, kind, label=label, filter=heard, dormant=dormant)
        self.edges.append(edge)
        return edge.id

    def listen(
        self, source: str, function: str, heard: Filter | None = None, dormant: str = ""
    ) -> str:
        """An event source mapping."""
        kind = f"esm.{arns.parse(source).service}.lambda"
        return self.edge(source, function, Meaning.TRIGGERS, kind, "", heard, dormant)

    def rule(self, bus: str, target: str, pattern: Mapping[str, Any], label: str = "rule/1") -> str:
        """An EventBridge rule and its target."""
        service = arns.parse(target).service
        meaning = Meaning.TRIGGERS if service in ("lambda", "states") else Meaning.FORWARDS
        heard = Filter("eventbridge.pattern", canonical_json(pattern))
        kind = {"events": "bus", "states": "sfn"}.get(service, service)
        return self.edge(bus, target, meaning, f"eb.rule.{kind}", label, heard)

    def subscribe(self, topic: str, target: str, heard: Filter | None = None) -> str:
        """An SNS subscription."""
        service = arns.parse(target).service
        meaning = Meaning.TRIGGERS if service == "lambda" else Meaning.FORWARDS
        return self.edge(topic, target, meaning, f"sns.sub.{service}", "", heard)

    def dead_letters(self, queue: str, target: str) -> str:
        """A redrive policy."""
        return self.edge(queue, target, Meaning.ON_FAILURE, "sqs.redrive")

    def _add(self, arn: str, kind: str, **attributes: Any) -> str:
        region = arns.parse(arn).region or REGION
        self.resources.append(Resource(arn, kind, ACCOUNT, region, arns.name(arn), attributes))
        return arn
