"""Where an IoT rule's actions lead: names become ARNs, templates what the rule's role may reach.

Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from topology import arn as arns
from topology.catalog.metrics import metric
from topology.catalog.service import Here

TEMPLATE = "${"  # begins what is filled in when the rule runs


class ActionError(ValueError):
    """It cannot be said where an action leads; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an action leads. Without an ``end`` a template names it when the rule runs: it is
    then anything that ``role`` may do one of ``calls`` to. ``topic``: what is published to, if
    no template can make it another than it seems."""

    end: str
    role: str = ""
    calls: tuple[str, ...] = ()
    starts: bool = False
    topic: str = ""


# What takes what an action hands on: its key, the service and kind of the ARN, and the calls.
BY_NAME: Mapping[str, tuple[tuple[str, ...], str, str, tuple[str, ...]]] = {
    "cloudwatchAlarm": (("alarmName",), "cloudwatch", "alarm:", ("cloudwatch:SetAlarmState",)),
    "cloudwatchLogs": (("logGroupName",), "logs", "log-group:", ("logs:PutLogEvents",)),
    "dynamoDB": (
        ("tableName",),
        "dynamodb",
        "table/",
        ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
    ),
    "dynamoDBv2": (("putItem", "tableName"), "dynamodb", "table/", ("dynamodb:PutItem",)),
    "firehose": (
        ("deliveryStreamName",),
        "firehose",
        "deliverystream/",
        ("firehose:PutRecord", "firehose:PutRecordBatch"),
    ),
    "iotAnalytics": (
        ("channelName",),
        "iotanalytics",
        "channel/",
        ("iotanalytics:BatchPutMessage",),
    ),
    "iotEvents": (("inputName",), "iotevents", "input/", ("iotevents:BatchPutMessage",)),
    "kinesis": (("streamName",), "kinesis", "stream/", ("kinesis:PutRecord", "kinesis:PutRecords")),
    "location": (("trackerName",), "geo", "tracker/", ("geo:BatchUpdateDevicePosition",)),
    "stepFunctions": (
        ("stateMachineName",),
        "states",
        "stateMachine:",
        ("states:StartExecution",),
    ),
}
BY_ARN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "influxDB": ("destinationArn", ()),
    "lambda": ("functionArn", ()),
    "sns": ("targetArn", ("sns:Publish",)),
}
BY_ADDRESS = {
    "elasticsearch": "endpoint",
    "http": "url",
    "openSearch": "endpoint",
    "salesforce": "url",
}
STARTED = ("lambda", "stepFunctions", *BY_ADDRESS)
# Anything in a template but plain calls and paths could close its brace early.
_PLAIN_TOPIC = re.compile(r"(?:\$\$)?(?:[^$]|\$\{[\w\s().,]*\})*")
_CALLED = re.compile(
    r"""\baws_lambda\s*\(\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")?""", re.IGNORECASE
)


def targets(here: Here, action: Mapping[str, Any]) -> Iterator[Target]:
    """Where one action leads: it has one key, its type. Raises ``ActionError``."""
    if not action:
        raise ActionError("it is of a type that is not known")
    for kind, settings in action.items():
        yield from _targets(here, kind, settings)


def functions_called(*values: object) -> Iterator[str]:
    """The first argument of every ``aws_lambda(…)`` in a statement or a template, empty where it
    is no plain text.

    Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
    """
    for value in values:
        if isinstance(value, str):
            yield from (one or two for one, two in _CALLED.findall(value))
        elif isinstance(value, Mapping):
            yield from functions_called(*value.values())
        elif isinstance(value, list | tuple):
            yield from functions_called(*value)


def _targets(here: Here, kind: str, settings: Mapping[str, Any]) -> Iterator[Target]:
    role, starts = settings.get("roleArn", ""), kind in STARTED
    if kind in BY_NAME:
        path, service, before, calls = BY_NAME[kind]
        name: Any = settings
        for key in path:
            name = name.get(key, "")
        if not name:
            raise ActionError(f"its {kind} has no {path[-1]}")
        yield _named(_arn(here, service, f"{before}{name}"), role, calls, starts)
    elif kind in BY_ARN:
        key, calls = BY_ARN[kind]
        yield _named(settings[key], role, calls, starts)
    elif kind in BY_ADDRESS:
        yield Target(_address(settings[BY_ADDRESS[kind]]), starts=starts)
    elif kind == "cloudwatchMetric":
        measured = metric(here, settings["metricNamespace"], settings["metricName"])
        yield _named(measured, role, ("cloudwatch:PutMetricData",))
    elif kind == "iotSiteWise":  # by an id, or by an alias that only IoT SiteWise knows
        yield Target(_arn(here, "iotsitewise", "asset"))
    elif kind == "kafka":
        for server in filter(None, settings["clientProperties"]["bootstrap.servers"].split(",")):
            yield _named(f"kafka://{server.strip()}")
    elif kind == "republish":
        topic = settings["topic"]
        is_plain = _PLAIN_TOPIC.fullmatch(topic) is not None
        yield Target(_arn(here, "iot", "topic"), topic=topic if is_plain else "")
    elif kind == "s3":
        bucket = f"arn:{here.partition}:s3:::{settings['bucketName']}"
        yield _named(bucket, role, ("s3:PutObject", "s3:PutObjectAcl"))
    elif kind == "sqs":
        yield _queue(here, settings["queueUrl"], role)
    elif kind == "timestream":
        table = f"database/{settings['databaseName']}/table/{settings['tableName']}"
        yield _named(_arn(here, "timestream", table), role, ("timestream:WriteRecords",))
    else:
        raise ActionError(f"its type {kind} is not known")


def _named(end: str, role: str = "", calls: tuple[str, ...] = (), starts: bool = False) -> Target:
    """The target itself, or what the role may reach where a template stands in its name."""
    if TEMPLATE not in end:
        return Target(end, starts=starts)
    if not (role and calls):
        raise ActionError("a template names its target when the rule runs, and no role limits it")
    return Target("", role, calls)


def _queue(here: Here, url: str, role: str) -> Target:
    if TEMPLATE in url:
        return _named(url, role, ("sqs:SendMessage",))
    queue = arns.of_queue_url(url, here.partition)
    if queue is None:
        raise ActionError("its queue's URL is not understood")
    return Target(queue)


def _address(url: str) -> str:
    """Scheme and host: the rest of an address often carries a secret."""
    split = urlsplit(url)
    if not split.hostname or TEMPLATE in split.netloc:
        raise ActionError("its address names no host")
    return f"{split.scheme}://{split.hostname}"


def _arn(here: Here, service: str, resource: str) -> str:
    return f"arn:{here.partition}:{service}:{here.region}:{here.account}:{resource}"
