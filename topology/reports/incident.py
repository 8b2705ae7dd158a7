"""The incident sheet of a loop or function: metrics, logs and alarms to open, and whose it all is.

Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topology import arn as arns
from topology.analysis import Loop
from topology.audits import Asked, Known, Question
from topology.audits.monday_alarms import ALARMS, DEPTH, MEASURED
from topology.audits.monday_logs import GROUPS
from topology.catalog.awslambda import FUNCTION
from topology.catalog.cloudwatch import ALARM
from topology.catalog.logs import GROUP
from topology.evidence.metrics import Metric, metrics
from topology.graph import Edge, Resource
from topology.reports import owners
from topology.verdict import LoopVerdict

TAGS = "resourcegroupstaggingapi.get_resources"
MOST = 20  # rows of a list; what is left out is counted

# What to look at besides what is measured as evidence, by kind: namespace, dimension, and each
# metric with its statistic.
MORE: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    FUNCTION: (
        "AWS/Lambda",
        "FunctionName",
        (("Duration", "Maximum"), ("AsyncEventsDropped", "Sum")),
    ),
    "sqs.queue": ("AWS/SQS", "QueueName", ((DEPTH, "Maximum"),)),
    "sns.topic": ("AWS/SNS", "TopicName", (("NumberOfNotificationsFailed", "Sum"),)),
    "dynamodb.table": ("AWS/DynamoDB", "TableName", (("WriteThrottleEvents", "Sum"),)),
    "kinesis.stream": (
        "AWS/Kinesis",
        "StreamName",
        (("GetRecords.IteratorAgeMilliseconds", "Maximum"),),
    ),
    "states.stateMachine": ("AWS/States", "StateMachineArn", (("ExecutionsFailed", "Sum"),)),
    "firehose.stream": ("AWS/Firehose", "DeliveryStreamName", (("IncomingRecords", "Sum"),)),
    "pipes.pipe": (
        "AWS/EventBridge/Pipes",
        "PipeName",
        (("Invocations", "Sum"), ("ExecutionFailed", "Sum")),
    ),
    GROUP: ("AWS/Logs", "LogGroupName", (("IncomingLogEvents", "Sum"),)),
}

# Functions write their log as text or as JSON; each query reads both.
QUERIES: tuple[tuple[str, str], ...] = (
    (
        "errors",
        "fields @timestamp, @log, @requestId, @message\n"
        "| filter @message like /(?i)(error|exception|timed out)/\n"
        "| sort @timestamp desc\n"
        "| limit 50",
    ),
    (
        "runs per minute, and how long they took in ms",
        'filter @type = "REPORT" or type = "platform.report"\n'
        "| fields coalesce(@duration, record.metrics.durationMs) as ms\n"
        "| stats count(*) as runs, avg(ms), max(ms) by bin(1m), @log",
    ),
    (
        "requests that were started more than once",
        'filter @message like /^START RequestId/ or type = "platform.start"\n'
        "| fields coalesce(@requestId, record.requestId) as request\n"
        "| stats count(*) as starts by request, @log\n"
        "| filter starts > 1\n"
        "| sort starts desc\n"
        "| limit 50",
    ),
)


def incidents(known: Known, asked: Sequence[Asked]) -> dict[str, dict[str, Any]]:
    """The sheet of every loop that may go round, by fingerprint: JSON-ready.

    ``asked`` is what the four questions found: which alarms are missing is theirs to say.
    """
    missing = missing_alarms(asked)
    return {
        loop.fingerprint: _sheet(loop, known, missing, is_asked=bool(asked))
        for loop in known.analysis.loops
        if loop.verdict is not LoopVerdict.BLOCKED
    }


def _sheet(
    loop: Loop,
    known: Known,
    missing: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    is_asked: bool,
) -> dict[str, Any]:
    way = [known.resources[arn] for arn in dict.fromkeys(hop.edge.source for hop in loop.hops)]
    return sheet_of(way, [hop.edge for hop in loop.hops], known, missing, is_asked=is_asked)


def sheet_of(
    way: Sequence[Resource],
    edges: Sequence[Edge],
    known: Known,
    missing: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    is_asked: bool,
) -> dict[str, Any]:
    """What to open of some resources; ``edges`` tell which rules of a bus matter."""
    measured = [_measured(resource, edges) for resource in way]
    groups = [row for resource in way for row in _log_groups(resource, known)]
    lists: dict[str, Sequence[Any]] = {
        "metrics": [row for rows in measured for row in rows],
        "log_groups": groups,
        "alarms": [row for resource in way for row in _alarms(resource, known)],
        "missing_alarms": [row for resource in way for row in missing.get(resource.arn, ())],
        "owners": _owners(way),
        "unread": _unread(way, known, is_asked=is_asked),
        "unmeasured": [each.arn for each, rows in zip(way, measured, strict=True) if not rows],
    }
    return {
        **{name: list(rows[:MOST]) for name, rows in lists.items()},
        "more": {name: len(rows) - MOST for name, rows in lists.items() if len(rows) > MOST},
        "queries": [{"what": what, "query": text} for what, text in QUERIES] if groups else [],
    }


def measures(resource: Resource, edges: Iterable[Edge] = ()) -> tuple[Metric, ...]:
    """The metrics to open of a resource; ``edges`` tell which rules of a bus matter."""
    return (*metrics([resource], edges), *_more(resource))


def _more(resource: Resource) -> Iterator[Metric]:
    if resource.kind not in MORE:
        return
    namespace, dimension, named = MORE[resource.kind]
    name = resource.arn if dimension.endswith("Arn") else arns.name(resource.arn)
    for metric, statistic in named:
        yield Metric(resource.arn, metric, namespace, metric, ((dimension, name),), statistic)


def _measured(resource: Resource, edges: Iterable[Edge]) -> list[dict[str, Any]]:
    """A row for each set of dimensions: a function has one, a bus one for each rule."""
    found: dict[tuple[tuple[str, str], ...], list[Metric]] = {}
    for metric in measures(resource, edges):
        found.setdefault(metric.dimensions, []).append(metric)
    return [
        {
            "subject": resource.arn,
            "account": resource.account,
            "region": resource.region,
            "namespace": of_one[0].namespace,
            "dimensions": dict(dimensions),
            "statistics": {each.metric: each.statistic for each in of_one},
        }
        for dimensions, of_one in found.items()
    ]


def _groups(function: Resource, known: Known) -> Iterator[Resource]:
    """The log groups of a function, as far as they were read; a group on the way is its own."""
    if function.kind == GROUP:
        yield function
    for edge in known.leaving.get(function.arn, ()):
        if edge.kind == "lambda.loggroup" and known.resources[edge.target].kind == GROUP:
            yield known.resources[edge.target]


def _log_groups(resource: Resource, known: Known) -> Iterator[dict[str, Any]]:
    for group in _groups(resource, known):
        place = {"account": group.account, "region": group.region}
        yield {"subject": resource.arn, "name": group.name, **place}


def _alarms(resource: Resource, known: Known) -> Iterator[dict[str, Any]]:
    """What watches a metric of it, or of everything of its service, and whom that tells."""
    watching = {
        (edge.label, edge.target)
        for edge in known.leaving.get(resource.arn, ())
        if edge.kind == "cw.metric" and known.resources[edge.target].kind == ALARM
    }
    for metric in measures(resource):
        every = known.alarms_of_everyone(resource, f"{metric.namespace} {metric.metric}")
        watching |= {(metric.metric, alarm) for alarm in every}
    for metric_name, alarm in sorted(watching):
        told = [
            known.resources[edge.target].name
            for edge in known.leaving.get(alarm, ())
            if edge.kind == "cw.alarm" and edge.label.startswith("ALARM")
        ]
        yield {
            "subject": resource.arn,
            "metric": metric_name,
            "name": known.resources[alarm].name,
            "tells": told[:MOST],
        }


def missing_alarms(asked: Sequence[Asked]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The findings of the questions that ask for an alarm, by their subject."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in asked:
        for finding in each.findings:
            named = finding.found.facts.get("metrics")
            if finding.rule.question is Question.MONDAY and named:
                row = {"finding": finding.id, "subject": finding.found.subject}
                found.setdefault(finding.found.subject, []).append({**row, "metrics": list(named)})
    return found


def _owners(way: Sequence[Resource]) -> list[dict[str, Any]]:
    """Every owner, part and stack that a tag names, and of which resources on the way."""
    found: dict[tuple[str, str], list[str]] = {}
    for resource in way:
        for tag, value in owners.named(resource):
            found.setdefault((tag, value), []).append(resource.arn)
    order = (*owners.OWNERS, *owners.PARTS, owners.STACK)
    return [
        {"tag": tag, "owner": value, "resources": of}
        for (tag, value), of in sorted(
            found.items(), key=lambda each: (order.index(each[0][0]), each[0][1])
        )
    ]


def _unread(way: Sequence[Resource], known: Known, *, is_asked: bool) -> list[dict[str, Any]]:
    """What silence proves nothing of: alarms, logs and tags that nobody could read, and why."""
    found: dict[tuple[str, str], list[str]] = {}
    for resource in way:
        for what, because in _doubts(resource, known, is_asked=is_asked):
            found.setdefault((what, because), []).append(resource.arn)
    return [
        {"what": what, "because": because, "resources": of} for (what, because), of in found.items()
    ]


def _doubts(resource: Resource, known: Known, *, is_asked: bool) -> Iterator[tuple[str, str]]:
    if resource.kind in MEASURED:
        if reason := known.unread(resource, ALARMS):
            yield "alarms", reason
        elif known.alarms_by_query(resource):
            yield "alarms", "an alarm over a query may watch it"
        elif not is_asked:
            yield "alarms", "the four questions were not asked"
    if resource.kind == FUNCTION and not any(_groups(resource, known)):
        named = any(e.kind == "lambda.loggroup" for e in known.leaving.get(resource.arn, ()))
        absent = "it does not exist" if named else "nothing says which one it is"
        yield "log group", known.unread(resource, GROUPS) or absent
    if not owners.tags(resource) and (reason := known.unread(resource, TAGS)):
        yield "tags", reason
