"""Which metrics tell how many events a resource takes, and their values as rates.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from topology import arn as arns
from topology.graph import Edge, Resource

WINDOW = timedelta(hours=3)  # of one-minute values, which CloudWatch keeps for 15 days
PERIOD = 60  # seconds
POINT = timedelta(minutes=5)  # that one number of a kept series stands for
CURRENT = 3  # points that a rate is the mean of
AT_ONCE = 500  # queries one call may hold
DOLLARS = 0.01 / 1000  # per metric asked for, whatever comes back

SUMS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {  # by kind: namespace, dimension, metrics
    "lambda.function": (
        "AWS/Lambda",
        "FunctionName",
        ("Invocations", "Errors", "Throttles", "RecursiveInvocationsDropped"),
    ),
    "sqs.queue": ("AWS/SQS", "QueueName", ("NumberOfMessagesSent", "NumberOfMessagesReceived")),
    "sns.topic": (
        "AWS/SNS",
        "TopicName",
        ("NumberOfMessagesPublished", "NumberOfNotificationsDelivered"),
    ),
    "dynamodb.table": ("AWS/DynamoDB", "TableName", ("ConsumedWriteCapacityUnits",)),
    "kinesis.stream": ("AWS/Kinesis", "StreamName", ("IncomingRecords",)),
    "states.stateMachine": ("AWS/States", "StateMachineArn", ("ExecutionsStarted",)),
    "s3.bucket": ("AWS/S3", "BucketName", ("PutRequests",)),  # only where somebody switched it on
}
MAXIMA: Mapping[str, tuple[str, ...]] = {
    "lambda.function": ("IteratorAge", "ConcurrentExecutions"),
    "sqs.queue": ("ApproximateAgeOfOldestMessage",),
}
OF_RULES = ("TriggeredRules", "Invocations", "FailedInvocations")
WHOLE_BUCKET = ("FilterId", "EntireBucket")  # what the console names such a configuration


@dataclass(frozen=True, order=True, slots=True)
class Metric:
    """One metric of a resource; ``name`` is what it is kept as, with the rule it is of."""

    arn: str
    name: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str = "Sum"

    def query(self, place: int) -> dict[str, Any]:
        """The metric as a query of GetMetricData, whose id is its place in the call."""
        stat = {
            "Metric": {
                "Namespace": self.namespace,
                "MetricName": self.metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in self.dimensions],
            },
            "Period": PERIOD,
            "Stat": self.statistic,
        }
        return {"Id": f"m{place}", "MetricStat": stat, "ReturnData": True}


def metrics(resources: Sequence[Resource], edges: Iterable[Edge] = ()) -> tuple[Metric, ...]:
    """What to ask of these resources, sorted; ``edges`` tell the rules of those that are buses."""
    asked = {metric for resource in resources for metric in _of(resource)}
    buses = {each.arn: each for each in resources if each.kind == "events.bus"}
    for edge in edges:
        if edge.source in buses and edge.kind.startswith("eb.rule."):
            asked.update(_of_rule(buses[edge.source], rule_of(edge)))
    return tuple(sorted(asked))


def rule_of(edge: Edge) -> str:
    """The name of the rule that an edge is a target of."""
    return edge.label.partition("/")[0]


def calls(asked: Sequence[Metric], now: datetime) -> Iterator[tuple[Sequence[Metric], Any]]:
    """The parameters of each GetMetricData that it takes, beside the metrics it is for.

    Whole minutes only: the one that is not over yet would look like a fall.
    """
    end = now.astimezone(UTC).replace(second=0, microsecond=0)
    for first in range(0, len(asked), AT_ONCE):
        batch = asked[first : first + AT_ONCE]
        yield (
            batch,
            {
                "MetricDataQueries": [each.query(place) for place, each in enumerate(batch)],
                "StartTime": end - WINDOW,
                "EndTime": end,
                "ScanBy": "TimestampAscending",
            },
        )


def rates(
    batch: Sequence[Metric], pages: Iterable[Mapping[str, Any]], end: datetime
) -> dict[str, dict[str, Any]]:
    """The attribute ``rates`` of each resource of a batch that has values, by ARN.

    ``{"from", "to", "period", "point", "metrics": {name: {"per_minute", "last", "series"}}}``:
    times in UTC, periods in seconds, series in counts per minute, oldest first; of a maximum
    (``"statistic": "Maximum"``) the values themselves. A minute that CloudWatch says nothing of had
    no events. A value from outside of the window, where clocks differ, is left out.
    """
    start = end - WINDOW
    values: dict[str, dict[datetime, float]] = {}
    for page in pages:
        for row in page["MetricDataResults"]:
            known = values.setdefault(row["Id"], {})
            known.update(zip(row["Timestamps"], row["Values"], strict=True))
    found: dict[str, dict[str, Any]] = {}
    for place, metric in enumerate(batch):
        inside = {
            when: value
            for when, value in values.get(f"m{place}", {}).items()
            if start <= when < end
        }
        if inside:
            told = found.setdefault(metric.arn, _window(start, end))
            told["metrics"][metric.name] = _row(metric, inside, start)
    return found


def _window(start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "period": PERIOD,
        "point": int(POINT.total_seconds()),
        "metrics": {},
    }


def _row(metric: Metric, values: Mapping[datetime, float], start: datetime) -> dict[str, Any]:
    is_sum = metric.statistic == "Sum"
    points: list[list[float]] = [[] for _ in range(WINDOW // POINT)]
    for when, value in values.items():
        points[(when - start) // POINT].append(value)
    minutes = POINT.total_seconds() / PERIOD
    series = [
        round(sum(point) / minutes if is_sum else max(point, default=0), 3) for point in points
    ]
    current = series[-CURRENT:]
    return {
        "per_minute": round(sum(current) / CURRENT if is_sum else max(current), 3),
        "last": max(values).astimezone(UTC).isoformat(),
        "series": series,
    } | ({} if is_sum else {"statistic": metric.statistic})


def _of(resource: Resource) -> Iterator[Metric]:
    if resource.kind not in SUMS:
        return
    namespace, dimension, sums = SUMS[resource.kind]
    name = resource.arn if dimension.endswith("Arn") else arns.name(resource.arn)
    dimensions: tuple[tuple[str, str], ...] = ((dimension, name),)
    if resource.kind == "s3.bucket":
        dimensions += (WHOLE_BUCKET,)
    for each in sums:
        yield Metric(resource.arn, each, namespace, each, dimensions)
    for each in MAXIMA.get(resource.kind, ()):
        yield Metric(resource.arn, each, namespace, each, dimensions, "Maximum")


def _of_rule(bus: Resource, rule: str) -> Iterator[Metric]:
    own = () if bus.name == "default" else (("EventBusName", bus.name),)
    for each in OF_RULES:
        name = f"{each} {rule}"
        yield Metric(bus.arn, name, "AWS/Events", each, (*own, ("RuleName", rule)))
