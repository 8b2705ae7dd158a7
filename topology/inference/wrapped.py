"""One concrete event as AWS wraps it on its way: what a target is handed, byte for byte in shape.

What AWS makes up by itself (ids, times, tokens) has a stand-in. The carriers of the catalog say the
same of sets of events; what is not here is not known, and then they alone go on.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote_plus

from topology.catalog.s3 import ON_THE_BUS
from topology.graph import Edge, Resource

Record: TypeAlias = Mapping[str, Any]
Wrapper: TypeAlias = Callable[[Record, Edge, Resource, Resource], Any]

ID = "00000000-0000-0000-0000-000000000000"
TIME = "1970-01-01T00:00:00Z"
MADE = ("input", "input_path")  # of an edge on which something else stands for the event

_wrappers: dict[str, Wrapper] = {}


def wraps(*kinds: str) -> Callable[[Wrapper], Wrapper]:
    """Register how edges of these kinds wrap an event."""

    def register(wrapper: Wrapper) -> Wrapper:
        _wrappers.update(dict.fromkeys(kinds, wrapper))
        return wrapper

    return register


def wrapped(record: Record, edge: Edge, source: Resource, target: Resource) -> Record | None:
    """What is handed over at the end of an edge; None where that is not known."""
    wrapper = _wrappers.get(edge.kind)
    return None if wrapper is None else wrapper(record, edge, source, target)


def text(value: object) -> str:
    """A value as JSON on one line, as AWS writes it into a message."""
    return json.dumps(value, ensure_ascii=False)


@wraps("s3.notif.lambda")
def notified(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """One record in ``Records``."""
    return {"Records": [record]}


@wraps("s3.notif.sqs")
def notified_in_a_queue(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """The same as the message's text."""
    return {"body": text({"Records": [record]})}


@wraps("s3.notif.sns")
def notified_in_a_topic(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """The same as the message; there are no attributes."""
    return {"Subject": "Amazon S3 Notification", "Message": text({"Records": [record]})}


@wraps("s3.notif.eventbridge")
def notified_on_the_bus(
    record: Record, edge: Edge, source: Resource, target: Resource
) -> Record | None:
    """EventBridge's own event, with the key as S3 stores it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    named = ON_THE_BUS.get(str(record.get("eventName")))
    if named is None:
        return None
    detail_type, reason, deletion = named
    key = unquote_plus(record["s3"]["object"]["key"])
    detail = {
        "version": "0",
        "bucket": {"name": source.name},
        "object": {"key": key},
        "reason": reason,
        "deletion-type": deletion,
    }
    return {
        "version": "0",
        "id": ID,
        "detail-type": detail_type,
        "source": "aws.s3",
        "account": target.account,
        "time": TIME,
        "region": target.region,
        "resources": [source.arn],
        "detail": {name: value for name, value in detail.items() if value},
    }


@wraps("eb.rule.lambda", "eb.rule.sfn", "eb.rule.firehose", "eb.rule.apidest", "eb.rule.logs")
def fired(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """The event, or the part of it that the rule picks; a template's outcome is not known."""
    if "input" in edge.attributes:
        return None
    head, *steps = str(edge.attributes.get("input_path", "$")).split(".")
    found: Any = record
    for step in steps:
        if head != "$" or not isinstance(found, Mapping) or step not in found:
            return None
        found = found[step]
    return found


@wraps("eb.rule.sqs")
def fired_into_a_queue(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """As the message's text."""
    return _at("body", fired(record, edge, source, target))


@wraps("eb.rule.sns")
def fired_into_a_topic(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """As the message."""
    return _at("Message", fired(record, edge, source, target))


@wraps("eb.rule.kinesis")
def fired_into_a_stream(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """As the record's data."""
    found = fired(record, edge, source, target)
    return None if found is None else _streamed(text(found))


@wraps("eb.rule.bus", "eb.endpoint", "eb.archive")
def handed_on(record: Record, edge: Edge, source: Resource, target: Resource) -> Record | None:
    """The event as it is, unless a rule made another of it."""
    return None if edge.attributes.keys() & set(MADE) else record


@wraps("sns.sub.lambda")
def published(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """The notification under ``Sns``.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    """
    subscription = edge.attributes.get("subscription", f"{source.arn}:{ID}")
    return {
        "Records": [
            {
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription,
                "EventSource": "aws:sns",
                "Sns": _notification(record, source),
            }
        ]
    }


@wraps("sns.sub.sqs")
def published_to_a_queue(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """Raw delivery hands the message on; otherwise it travels as text in an envelope."""
    if edge.attributes.get("raw"):
        return {"body": record["Message"]}
    return {"body": text(_notification(record, source))}


@wraps("sns.sub.firehose", "sns.sub.https")
def published_elsewhere(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """The notification."""
    return _notification(record, source)


@wraps("sqs.redrive")
def moved(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """A message moves as it is."""
    return record


@wraps("esm.sqs.lambda", "pipe.source.sqs")
def polled(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """A batch of one message, or that message for a pipe."""
    message = {
        "messageId": ID,
        "receiptHandle": "…",
        "body": record["body"],
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
        "messageAttributes": record.get("messageAttributes", {}),
        **_from("aws:sqs", source),
    }
    return _batch(message, edge)


@wraps("esm.kinesis.lambda", "pipe.source.kinesis")
def polled_stream(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """A batch of one record; for a pipe its fields stand beside the metadata."""
    data = {"partitionKey": "…", "sequenceNumber": "0", **record["kinesis"]}
    known = {**_from("aws:kinesis", source), "eventName": "aws:kinesis:record"}
    is_pipe = edge.kind.startswith("pipe.")
    return _batch({**data, **known} if is_pipe else {"kinesis": data, **known}, edge)


@wraps("ddb.stream", "eb2.source")
def as_it_is(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """Nothing is added."""
    return record


@wraps("ddb.kinesis")
def copied(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """A change of a table as the data of a record."""
    return _streamed(text(record))


@wraps("esm.dynamodb.lambda", "pipe.source.dynamodb")
def polled_changes(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """A batch of one change."""
    return _batch({**record, **_from("aws:dynamodb", source)}, edge)


@wraps("pipe.target.sqs")
def piped_to_a_queue(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """The record as the message's text."""
    return _at("body", _piped(record, edge))


@wraps("pipe.target.sns")
def piped_to_a_topic(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """The record as the message."""
    return _at("Message", _piped(record, edge))


@wraps("pipe.target.kinesis")
def piped_to_a_stream(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """The record as data."""
    return None if _piped(record, edge) is None else _streamed(text(record))


@wraps("pipe.target.lambda", "pipe.target.sfn")
def piped(record: Record, edge: Edge, source: Resource, target: Resource) -> Any:
    """A batch of one record."""
    return None if _piped(record, edge) is None else [record]


@wraps("logs.subscription", "logs.account_subscription")
def subscribed(record: Record, edge: Edge, source: Resource, target: Resource) -> Record:
    """Log events packed together: gzip, for a function and a stream in base64 too.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
    """
    packed = {
        "messageType": "DATA_MESSAGE",
        "owner": source.account,
        "logGroup": source.name,
        "logStream": "…",
        "subscriptionFilters": [edge.label],
        "logEvents": [{"id": "0", "timestamp": 0, "message": record["message"]}],
    }
    data = base64.b64encode(gzip.compress(text(packed).encode(), mtime=0)).decode()
    if target.kind == "lambda.function":
        return {"awslogs": {"data": data}}
    return {"kinesis": {"data": data}}


def _notification(record: Record, topic: Resource) -> Record:
    return {
        "Type": "Notification",
        "MessageId": ID,
        "TopicArn": topic.arn,
        **({"Subject": record["Subject"]} if "Subject" in record else {}),
        "Message": record["Message"],
        "Timestamp": TIME,
        "MessageAttributes": record.get("MessageAttributes", {}),
    }


def _from(service: str, source: Resource) -> dict[str, str]:
    return {"eventSource": service, "eventSourceARN": source.arn, "awsRegion": source.region}


def _batch(record: Record, edge: Edge) -> Record:
    return record if edge.kind.startswith("pipe.") else {"Records": [record]}


def _piped(record: Record, edge: Edge) -> Record | None:
    return None if "input" in edge.attributes else record


def _at(field: str, found: Any) -> Record | None:
    if found is None:
        return None
    return {field: found if isinstance(found, str) else text(found)}


def _streamed(data: str) -> Record:
    encoded = base64.b64encode(data.encode("utf-8", "surrogatepass")).decode()
    return {"kinesis": {"data": encoded}}
