"""What may be connected with what by one more piece of configuration, and the edge that makes.

Sources: the pages that the files of ``topology/catalog`` name for the same kinds of edges.
"""

from __future__ import annotations

from collections.abc import Mapping

from topology import catalog
from topology.catalog.service import Part
from topology.graph import OUTSIDE, Edge, Evidence, Filter, Meaning, Resource, canonical_json

LABEL = "what-if"
TOLD = "s3.notif.eventbridge"  # S3 tells EventBridge of everything

# By the kinds of two ends: the edge's kind. What is not here, and no write, is not offered.
CONNECTED: Mapping[tuple[str, str], str] = {
    ("s3.bucket", "lambda.function"): "s3.notif.lambda",
    ("s3.bucket", "sqs.queue"): "s3.notif.sqs",
    ("s3.bucket", "sns.topic"): "s3.notif.sns",
    ("s3.bucket", "events.bus"): TOLD,
    ("sqs.queue", "lambda.function"): "esm.sqs.lambda",
    ("kinesis.stream", "lambda.function"): "esm.kinesis.lambda",
    ("dynamodb.stream", "lambda.function"): "esm.dynamodb.lambda",
    ("sns.topic", "lambda.function"): "sns.sub.lambda",
    ("sns.topic", "sqs.queue"): "sns.sub.sqs",
    ("sns.topic", "firehose.stream"): "sns.sub.firehose",
    ("events.bus", "lambda.function"): "eb.rule.lambda",
    ("events.bus", "sqs.queue"): "eb.rule.sqs",
    ("events.bus", "sns.topic"): "eb.rule.sns",
    ("events.bus", "kinesis.stream"): "eb.rule.kinesis",
    ("events.bus", "firehose.stream"): "eb.rule.firehose",
    ("events.bus", "states.stateMachine"): "eb.rule.sfn",
    ("events.bus", "events.bus"): "eb.rule.bus",
    ("logs.loggroup", "lambda.function"): "logs.subscription",
    ("logs.loggroup", "kinesis.stream"): "logs.subscription",
    ("logs.loggroup", "firehose.stream"): "logs.subscription",
}
# What a new one of these hears where nothing else is said: they cannot do without a filter.
HEARS: Mapping[str, Filter] = {
    "s3.notif": Filter(
        "s3.notification", canonical_json({"Events": ["s3:ObjectCreated:*"], "Filter": {}})
    ),
    "eb.rule": Filter("eventbridge.pattern", canonical_json({"source": [{"prefix": ""}]})),
}


def joined(source: Resource, target: Resource) -> Edge | None:
    """The edge from one resource to another: a trigger, rule, subscription or write, declared.

    It hears everything. None where neither configuration nor a permission leads from one kind to
    the other.
    """
    kind = CONNECTED.get((source.kind, target.kind))
    if kind is not None:
        return Edge(
            source.arn,
            target.arn,
            _meaning(kind, target),
            kind,
            label=f"{LABEL}/1" if kind.startswith("eb.rule.") else LABEL,
            filter=HEARS.get(kind.rpartition(".")[0]) if kind != TOLD else None,
        )
    part = catalog.kinds().get(source.kind)
    if part is None or part.part is not Part.ACTOR or target.kind == OUTSIDE:
        return None
    write = next((each for each in catalog.writes() if each.on == target.kind), None)
    if write is None:
        return None
    name = f"iam.{write.on}.{write.name.replace(' ', '-')}"
    return Edge(source.arn, target.arn, Meaning.WRITES, name, Evidence.DECLARED, LABEL)


def _meaning(kind: str, target: Resource) -> Meaning:
    part = catalog.kinds()[target.kind].part
    return Meaning.TRIGGERS if part is Part.ACTOR else Meaning.FORWARDS
