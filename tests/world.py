"""A small account as an observation would show it: the shortest way to write down a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from topology import arn as arns
from topology.graph import OUTSIDE, Edge, Filter, Graph, Meaning, Resource, canonical_json, graph

ACCOUNT = "111122223333"
REGION = "eu-west-1"
# What the kinds of edges call the service of an ARN.
SHORT = {"events": "bus", "states": "sfn", "execute-api": "apigw"}
ACTORS = ("lambda", "states")


def allow(
    actions: str | Sequence[str], resources: str | Sequence[str], **more: Any
) -> dict[str, Any]:
    """A policy statement."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(
    actions: str | Sequence[str], resources: str | Sequence[str], **more: Any
) -> dict[str, Any]:
    """A policy statement that wins."""
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


def pattern(document: Mapping[str, Any]) -> Filter:
    """The event pattern of a rule."""
    return Filter("eventbridge.pattern", canonical_json(document))


def policy(document: Mapping[str, Any], scope: str = "attributes") -> Filter:
    """The filter policy of a subscription, over a message's ``attributes`` or its ``body``."""
    return Filter(f"sns.policy.{scope}", canonical_json(document))


def criteria(language: str, *patterns: Mapping[str, Any]) -> Filter:
    """The filter criteria of a mapping (``lambda.criteria.sqs``) or a pipe."""
    filters = [{"Pattern": canonical_json(each)} for each in patterns]
    return Filter(language, canonical_json({"Filters": filters}))


@dataclass
class World:
    """Resources and edges, added one sentence at a time; every verb returns an ARN."""

    resources: list[Resource] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    account: str = ACCOUNT

    def graph(self) -> Graph:
        return graph(self.resources, self.edges)

    def elsewhere(self, account: str) -> World:
        """Another account of the same world."""
        return World(self.resources, self.edges, account)

    def bucket(self, name: str, **attributes: Any) -> str:
        return self._add(f"arn:aws:s3:::{name}", "s3.bucket", **attributes)

    def queue(self, name: str, **attributes: Any) -> str:
        return self._add(self._arn("sqs", name), "sqs.queue", **attributes)

    def topic(self, name: str, **attributes: Any) -> str:
        return self._add(self._arn("sns", name), "sns.topic", **attributes)

    def bus(self, name: str = "default", **attributes: Any) -> str:
        return self._add(self._arn("events", f"event-bus/{name}"), "events.bus", **attributes)

    def custom_bus(self, name: str) -> str:
        return self._add(self._arn("events", f"event-busv2/{name}"), "events.busv2")

    def data_stream(self, name: str) -> str:
        return self._add(self._arn("kinesis", f"stream/{name}"), "kinesis.stream")

    def firehose(self, name: str) -> str:
        return self._add(self._arn("firehose", f"deliverystream/{name}"), "firehose.stream")

    def log_group(self, name: str) -> str:
        return self._add(self._arn("logs", f"log-group:{name}"), "logs.loggroup")

    def trail(self, name: str) -> str:
        return self._add(self._arn("cloudtrail", f"trail/{name}"), "cloudtrail.trail")

    def broker(self) -> str:
        """The message broker of AWS IoT."""
        return self._add(self._arn("iot", "topic"), "iot.topic")

    def identity(self, name: str) -> str:
        """A mail identity: a domain or an address to send from."""
        return self._add(self._arn("ses", f"identity/{name}"), "ses.identity")

    def receipt_rule(self, name: str) -> str:
        """A rule for the mail that is received."""
        rule = f"receipt-rule-set/active:receipt-rule/{name}"
        return self._add(self._arn("ses", rule), "ses.receiptrule")

    def http_api(self, name: str) -> str:
        """An API that hands requests on to another service."""
        return self._add(f"arn:aws:execute-api:{REGION}:{self.account}:{name}", OUTSIDE)

    def table(self, name: str) -> tuple[str, str]:
        """A table and its stream."""
        table = self._add(self._arn("dynamodb", f"table/{name}"), "dynamodb.table")
        stream = self._add(f"{table}/stream/2026-01-01T00:00:00.000", "dynamodb.stream")
        self.edge(table, stream, Meaning.FORWARDS, "ddb.stream")
        return table, stream

    def function(
        self, name: str, *statements: Mapping[str, Any], names: Sequence[str] = (), **facts: Any
    ) -> str:
        """A function with its own role; ``names`` are ARNs its environment mentions."""
        return self._actor(
            self._arn("lambda", f"function:{name}"), "lambda.function", statements, names, facts
        )

    def machine(
        self, name: str, *statements: Mapping[str, Any], names: Sequence[str] = (), **facts: Any
    ) -> str:
        """A state machine with its own role."""
        return self._actor(
            self._arn("states", f"stateMachine:{name}"),
            "states.stateMachine",
            statements,
            names,
            facts,
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
        **attributes: Any,
    ) -> str:
        """Any declared edge."""
        edge = Edge(
            source,
            target,
            meaning,
            kind,
            label=label,
            filter=heard,
            dormant=dormant,
            attributes=attributes,
        )
        self.edges.append(edge)
        return edge.id

    def listen(
        self, source: str, function: str, heard: Filter | None = None, dormant: str = ""
    ) -> str:
        """An event source mapping."""
        kind = f"esm.{arns.parse(source).service}.lambda"
        return self.edge(source, function, Meaning.TRIGGERS, kind, "", heard, dormant)

    def rule(
        self,
        bus: str,
        target: str,
        heard: Mapping[str, Any],
        label: str = "rule/1",
        **attributes: Any,
    ) -> str:
        """An EventBridge rule and its target."""
        return self._deliver(bus, target, "eb.rule", label, pattern(heard), **attributes)

    def subscribe(
        self, topic: str, target: str, heard: Filter | None = None, **attributes: Any
    ) -> str:
        """An SNS subscription."""
        return self._deliver(topic, target, "sns.sub", "", heard, **attributes)

    def dead_letters(self, queue: str, target: str) -> str:
        """A redrive policy."""
        return self.edge(queue, target, Meaning.ON_FAILURE, "sqs.redrive")

    def tell_eventbridge(self, bucket: str, bus: str) -> str:
        """A bucket whose events go to the default bus."""
        return self.edge(bucket, bus, Meaning.FORWARDS, "s3.notif.eventbridge")

    def replicate(self, bucket: str, target: str) -> str:
        """A replication rule."""
        return self.edge(bucket, target, Meaning.FORWARDS, "s3.replication")

    def on_success(self, function: str, target: str) -> str:
        """Where the results of asynchronous invocations go."""
        return self.edge(function, target, Meaning.TRIGGERS, "lambda.async.onsuccess")

    def on_failure(self, function: str, target: str) -> str:
        """Where asynchronous invocations that failed go."""
        return self.edge(function, target, Meaning.ON_FAILURE, "lambda.async.onfailure")

    def logs_of(self, function: str) -> str:
        """The log group that a function writes to whenever it runs."""
        group = self.log_group(f"/aws/lambda/{arns.name(function)}")
        self.edge(function, group, Meaning.WRITES, "lambda.loggroup")
        return group

    def read_logs(
        self, group: str, target: str, heard: str = "", account_wide: bool = False
    ) -> str:
        """A subscription filter of one log group, or of every log group of the account."""
        kind = "logs.account_subscription" if account_wide else "logs.subscription"
        meaning = self._meaning(target)
        heard_ones = Filter("logs.pattern", heard) if heard else None
        return self.edge(group, target, meaning, kind, heard=heard_ones)

    def pipe(
        self,
        name: str,
        source: str,
        target: str,
        heard: Filter | None = None,
        dormant: str = "",
        **attributes: Any,
    ) -> str:
        """A pipe; ``input="made"`` where an enrichment or a template stands for the record."""
        pipe = self._add(self._arn("pipes", f"pipe/{name}"), "pipes.pipe")
        service = arns.parse(source).service
        self.edge(source, pipe, Meaning.FORWARDS, f"pipe.source.{service}", name, heard, dormant)
        self._deliver(pipe, target, "pipe.target", name, None, **attributes)
        return pipe

    def schedule(self, name: str, target: str) -> str:
        """A schedule of EventBridge Scheduler."""
        arn = self._add(self._arn("scheduler", f"schedule/default/{name}"), "scheduler.schedule")
        self.edge(arn, target, self._meaning(target), "scheduler.templated", name)
        return arn

    def topic_rule(self, name: str, broker: str, target: str, sql: str, **attributes: Any) -> str:
        """An IoT rule; one whose target is the broker publishes again, to ``topic``."""
        kind = "iot.republish" if target == broker else "iot.rule"
        heard = Filter("iot.sql", sql)
        return self.edge(broker, target, self._meaning(target), kind, name, heard, **attributes)

    def _deliver(
        self,
        source: str,
        target: str,
        family: str,
        label: str,
        heard: Filter | None,
        **attributes: Any,
    ) -> str:
        service = arns.parse(target).service
        kind = f"{family}.{SHORT.get(service, service)}"
        return self.edge(source, target, self._meaning(target), kind, label, heard, **attributes)

    def _meaning(self, target: str) -> Meaning:
        is_actor = arns.parse(target).service in ACTORS
        return Meaning.TRIGGERS if is_actor else Meaning.FORWARDS

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{REGION}:{self.account}:{resource}"

    def _actor(
        self,
        arn: str,
        kind: str,
        statements: Sequence[Mapping[str, Any]],
        names: Sequence[str],
        facts: Mapping[str, Any],
    ) -> str:
        name = arns.name(arn)
        role = f"arn:aws:iam::{self.account}:role/{name}"
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        policies = [{"name": f"{name}-policy", "document": document}]
        self._add(role, "iam.role", policies=policies, attached=[], boundary=None)
        environment = [
            {"variable": f"TARGET_{number}", "names": target}
            for number, target in enumerate(names, start=1)
        ]
        return self._add(arn, kind, role=role, environment=environment, **facts)

    def _add(self, arn: str, kind: str, **attributes: Any) -> str:
        region = arns.parse(arn).region or REGION
        self.resources.append(Resource(arn, kind, self.account, region, arns.name(arn), attributes))
        return arn
