"""A synthetic organisation of realistic shape: the same seed, the same resources and edges.

Accounts hold services of 5 to 20 functions with their queues, buckets and tables, most of which
only hand events on. What makes it hard is what they share: a bus per account with hundreds of
rules, roles that may write anywhere, a forwarder of logs, and planted loops of 1 to 8 resources.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from topology.graph import Edge, Filter, Meaning, Resource, canonical_json

REGION = "eu-west-1"
PER_ACCOUNT = 10_000  # edges
LOOPS = range(1, 9)  # resources of a planted loop
EVERY = 12  # services between two planted loops
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@dataclass
class Organisation:
    """What was made: ``edges`` are declared; ``permissions`` count what statements add to them.

    ``planted`` are the resources of every loop that was put there on purpose.
    """

    resources: list[Resource] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    permissions: int = 0
    planted: list[frozenset[str]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Edges of both kinds; a grant on any channel counts once."""
        return len(self.edges) + self.permissions


def organisation(edges: int, seed: int = 7) -> Organisation:
    """An organisation with about as many edges, 10,000 to an account."""
    rng = random.Random(seed)
    made = Organisation()
    logs = _allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*")
    made.resources.append(
        Resource(BASIC, "iam.policy", "aws", "", "Basic", {"document": _document([logs])})
    )
    number = 0
    while made.size < edges:
        account = _Account(made, f"{100_000_000_000 + number}", rng)
        number += 1
        end = min(edges, made.size + PER_ACCOUNT)
        while made.size < end:
            account.service()
        account.forwarder()
    return made


class _Account:
    def __init__(self, made: Organisation, account: str, rng: random.Random) -> None:
        self.made, self.account, self.rng = made, account, rng
        self.bus = self._channel("events", "event-bus/platform", "events.bus")
        self.services = 0
        self.groups: list[str] = []

    def service(self) -> None:
        """A chain of channels and functions, each of which writes only further down the chain."""
        rng, self.services = self.rng, self.services + 1
        name = f"svc{self.services}"
        size = rng.randint(5, 20)
        links = [self._link(f"{name}-{number}", rng) for number in range(size)]
        report = self._channel("s3", f"{self.account}-{name}-reports", "s3.bucket")
        shared: list[dict[str, Any]] | None = [] if rng.random() < 0.03 else None
        functions = []
        for number, (_, source, kind) in enumerate(links):
            writes = rng.sample(links[number + 1 :], min(rng.randint(0, 2), size - number - 1))
            targets = [link[0] for link in writes]
            if rng.random() < 0.3:
                targets.append(report)
            statements = [_grant(target) for target in targets]
            self.made.permissions += len(targets) + 1  # and the log groups, through a hub
            statements += self._extra(name, rng)
            if shared is not None:
                shared += statements
            functions.append(
                self._function(
                    f"{name}-{number}", statements, targets[:1], f"{name}" if shared else ""
                )
            )
            self._trigger(source, kind, functions[-1], rng)
        if shared:
            self._role(name, shared)
        for number in range(min(3, size)):
            self._rule(name, number, rng.choice(functions), rng)
        if self.services % EVERY == 1:
            self._plant(LOOPS[self.services // EVERY % len(LOOPS)], name)

    def forwarder(self) -> None:
        """A function that is told of some log groups, and may itself log to any."""
        function = self._function("ship-logs", [], [], "")
        for group in self.groups[:: max(1, len(self.groups) // 20)]:
            self._edge(group, function, Meaning.TRIGGERS, "logs.subscription")

    def _extra(self, name: str, rng: random.Random) -> list[dict[str, Any]]:
        """What roles may do besides: read, publish to the shared bus, and now and then anything."""
        extra = [_allow(["dynamodb:Query", "s3:GetObject", "ssm:GetParameter*"], "*")]
        draw = rng.random()
        if draw < 0.15:
            own = {"ForAllValues:StringEquals": {"events:source": name}}
            extra.append(_allow("events:PutEvents", self.bus, Condition=own))
        elif draw < 0.153:
            extra.append(_allow("events:PutEvents", self.bus))
        elif draw < 0.156:
            extra.append(_allow("sqs:*", "*"))
        elif draw < 0.159:
            extra.append(_allow(["s3:PutObject", "s3:GetObject"], "arn:aws:s3:::*"))
        else:
            return extra
        self.made.permissions += 1
        return extra

    def _link(self, name: str, rng: random.Random) -> tuple[str, str, str]:
        """A channel, what of it a function listens to, and the kind of the last edge."""
        kind = rng.choices(("queue", "bucket", "table", "topic"), (50, 20, 15, 15))[0]
        if kind == "queue":
            queue = self._channel("sqs", name, "sqs.queue")
            dead = self._channel("sqs", f"{name}-dead", "sqs.queue")
            self._edge(queue, dead, Meaning.ON_FAILURE, "sqs.redrive")
            return queue, queue, "esm.sqs.lambda"
        if kind == "bucket":
            bucket = self._channel("s3", f"{self.account}-{name}", "s3.bucket")
            return bucket, bucket, "s3.notif.lambda"
        if kind == "table":
            return (*self._table(name), "esm.dynamodb.lambda")
        topic = self._channel("sns", name, "sns.topic")
        if rng.random() < 0.5:
            return topic, topic, "sns.sub.lambda"
        queue = self._channel("sqs", name, "sqs.queue")
        self._edge(topic, queue, Meaning.FORWARDS, "sns.sub.sqs")
        return topic, queue, "esm.sqs.lambda"

    def _table(self, name: str) -> tuple[str, str]:
        table = self._channel("dynamodb", f"table/{name}", "dynamodb.table")
        stream = f"{table}/stream/2026-01-01T00:00:00.000"
        self._add(Resource(stream, "dynamodb.stream", self.account, REGION, name, {}))
        self._edge(table, stream, Meaning.FORWARDS, "ddb.stream")
        return table, stream

    def _trigger(self, source: str, kind: str, function: str, rng: random.Random) -> None:
        heard = None
        if kind == "s3.notif.lambda":
            rules = [{"Name": "suffix", "Value": rng.choice((".csv", ".json", ".parquet"))}]
            document = {"Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
            heard = Filter("s3.notification", canonical_json(document))
        self._edge(source, function, Meaning.TRIGGERS, kind, heard=heard)

    def _rule(self, name: str, number: int, function: str, rng: random.Random) -> None:
        """A rule that hears an earlier service, so that filters keep most ways from closing."""
        earlier = f"svc{rng.randint(1, self.services)}"
        source = earlier if earlier != name else "partner"
        heard = Filter("eventbridge.pattern", canonical_json({"source": [source]}))
        self._edge(
            self.bus, function, Meaning.TRIGGERS, "eb.rule.lambda", f"{name}-{number}/1", heard
        )

    def _plant(self, length: int, name: str) -> None:
        """A loop of so many resources, closed by writes that an environment names."""
        if length == 1:
            bucket = self._channel("s3", f"{self.account}-{name}-loop", "s3.bucket")
            self._edge(bucket, bucket, Meaning.WRITES, "s3.logging")
            self.made.planted.append(frozenset({bucket}))
            return
        way: list[tuple[str, str, str]] = []
        if length % 2:
            way.append((*self._table(f"{name}-loop"), "esm.dynamodb.lambda"))
        for number in range(length // 2 - length % 2):
            queue = self._channel("sqs", f"{name}-loop-{number}", "sqs.queue")
            way.append((queue, queue, "esm.sqs.lambda"))
        members: set[str] = set()
        for number, (first, source, kind) in enumerate(way):
            target = way[(number + 1) % len(way)][0]
            function = self._function(f"{name}-loop-{number}", [_grant(target)], [target], "")
            self._edge(source, function, Meaning.TRIGGERS, kind)
            self.made.permissions += 2
            members |= {first, source, function}
        self.made.planted.append(frozenset(members))

    def _function(
        self, name: str, statements: Sequence[dict[str, Any]], names: Sequence[str], shared: str
    ) -> str:
        if not shared:
            self._role(name, statements)
        facts = {
            "role": f"arn:aws:iam::{self.account}:role/{shared or name}",
            "environment": [{"variable": "TARGET", "names": each} for each in names],
        }
        function = self._arn("lambda", f"function:{name}")
        group = self._channel("logs", f"log-group:/aws/lambda/{name}", "logs.loggroup")
        self.groups.append(group)
        self._add(Resource(function, "lambda.function", self.account, REGION, name, facts))
        self._edge(function, group, Meaning.WRITES, "lambda.loggroup")
        return function

    def _role(self, name: str, statements: Sequence[dict[str, Any]]) -> None:
        facts = {
            "policies": [{"name": "own", "document": _document(statements)}] if statements else [],
            "attached": [BASIC],
            "boundary": None,
        }
        arn = f"arn:aws:iam::{self.account}:role/{name}"
        self._add(Resource(arn, "iam.role", self.account, "", name, facts))

    def _channel(self, service: str, name: str, kind: str) -> str:
        arn = f"arn:aws:s3:::{name}" if service == "s3" else self._arn(service, name)
        self._add(Resource(arn, kind, self.account, REGION, name, {"policy": None}))
        return arn

    def _add(self, resource: Resource) -> None:
        self.made.resources.append(resource)

    def _edge(
        self,
        source: str,
        target: str,
        meaning: Meaning,
        kind: str,
        label: str = "",
        heard: Filter | None = None,
    ) -> None:
        self.made.edges.append(Edge(source, target, meaning, kind, label=label, filter=heard))

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{REGION}:{self.account}:{resource}"


def _grant(target: str) -> dict[str, Any]:
    """What a template writes for one channel."""
    service = target.split(":")[2]
    action = {
        "sqs": ["sqs:SendMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        "s3": ["s3:PutObject", "s3:GetObject"],
        "sns": "sns:Publish",
        "dynamodb": ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem"],
    }[service]
    return _allow(action, f"{target}/*" if service == "s3" else target)


def _allow(actions: str | Sequence[str], resources: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def _document(statements: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
