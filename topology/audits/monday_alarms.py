"""What would I look at on Monday morning? Alarms: what nobody is told of.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator

from topology.analysis import words
from topology.analysis.storms import STREAMS
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Rule, Severity, Unread, rule
from topology.catalog.awslambda import FUNCTION
from topology.catalog.cloudwatch import ALARM
from topology.catalog.sqs import QUEUE
from topology.graph import Meaning, Resource

ALARMS = "cloudwatch.describe_alarms"
METRICS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
DEPTH = "ApproximateNumberOfMessagesVisible"
AGE = "ApproximateAgeOfOldestMessage"
OF_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"

# Of a kind of resource: the namespace of its metrics and the dimension that names it.
MEASURED = {FUNCTION: ("AWS/Lambda", "FunctionName"), QUEUE: ("AWS/SQS", "QueueName")}


def unalarmed(resource: Resource, metric: str, known: Known) -> str | None:
    """Why it is not known whether some alarm watches a metric; "" if none does, None if one does.

    An alarm over a query, or in an account that was not read, may watch it without saying so.
    """
    if known.alarms(resource.arn, metric):
        return None
    if reason := known.unread(resource, ALARMS):
        return reason
    namespace, _ = MEASURED[resource.kind]
    if known.alarms_of_everyone(resource, f"{namespace} {metric}"):
        return None
    if known.alarms_by_query(resource):
        return "an alarm over a query may watch it"
    return ""


def _missing(
    name: str,
    metrics: tuple[str, ...],
    severity: Severity,
    title: str,
    why: str,
    of: Callable[[Known], Iterator[Resource]],
    page: str = METRICS,
    needs: tuple[str, ...] = ("lambda.list_functions",),
) -> Rule:
    """A rule that asks for an alarm on one of the metrics."""

    def ask(resource: Resource, known: Known) -> Answer:
        answers = [unalarmed(resource, metric, known) for metric in metrics]
        if None in answers:
            return None
        if reason := next(filter(None, answers), ""):
            return Unread(resource.arn, reason)
        endangered = resource.arn in known.in_danger
        told = " It lies on a loop that nothing stops." if endangered else ""
        return Found(
            resource.arn,
            f"No alarm watches {' or '.join(metrics)} of {words.named(resource)}: {why}.{told}",
            "Alarm on it, with an action that reaches somebody.",
            put_alarm(resource, metrics[0]),
            facts={"metrics": list(metrics)},
            severity=Severity.HIGH if endangered else None,
        )

    return rule(name, Question.MONDAY, severity, title, page=page, needs=needs, of=of)(ask)


def put_alarm(resource: Resource, metric: str) -> str:
    """The command that makes an alarm of one value above none in five minutes; TOPIC is yours."""
    namespace, dimension = MEASURED[resource.kind]
    is_level = metric in (DEPTH, AGE, "IteratorAge")
    above = {AGE: "600", "IteratorAge": "60000"}.get(metric, "0")
    line = ["aws", "cloudwatch", "put-metric-alarm", "--alarm-name", f"{resource.name}-{metric}"]
    line += ["--namespace", namespace, "--metric-name", metric]
    line += ["--dimensions", f"Name={dimension},Value={resource.name}"]
    line += ["--statistic", "Maximum" if is_level else "Sum", "--period", "300"]
    line += ["--evaluation-periods", "1", "--threshold", above]
    line += ["--comparison-operator", "GreaterThanThreshold", "--treat-missing-data"]
    return shlex.join(
        [*line, "notBreaching", "--alarm-actions", "TOPIC", "--region", resource.region]
    )


def _started(known: Known) -> Iterator[Resource]:
    return iter(known.started)


def _of_streams(known: Known) -> Iterator[Resource]:
    for function in known.started:
        if any(edge.kind in STREAMS for edge in known.starts(function.arn)):
            yield function


def _dead_letters(known: Known) -> Iterator[Resource]:
    for queue in known.of_kind(QUEUE):
        arriving = known.arriving.get(queue.arn, ())
        if any(edge.meaning is Meaning.ON_FAILURE for edge in arriving):
            yield queue


def _read_queues(known: Known) -> Iterator[Resource]:
    for queue in known.of_kind(QUEUE):
        leaving = known.leaving.get(queue.arn, ())
        if any(edge.kind in ("esm.sqs.lambda", "pipe.source.sqs") for edge in leaving):
            yield queue


def _in_danger(known: Known) -> Iterator[Resource]:
    return (each for each in known.of_kind(FUNCTION) if each.arn in known.in_danger)


errors = _missing(
    "no-error-alarm",
    ("Errors",),
    Severity.MEDIUM,
    "Nobody is told when a function fails",
    "when it fails, nobody is told",
    _started,
)
throttles = _missing(
    "no-throttle-alarm",
    ("Throttles",),
    Severity.LOW,
    "Nobody is told when a function is throttled",
    "a loop that takes all concurrency shows there first",
    _started,
)
iterator_age = _missing(
    "no-iterator-age-alarm",
    ("IteratorAge",),
    Severity.MEDIUM,
    "Nobody is told when a stream falls behind",
    "a record that blocks its shard shows nowhere else before records expire",
    _of_streams,
)
dead_letters = _missing(
    "no-dead-letter-alarm",
    (DEPTH, "NumberOfMessagesReceived", AGE),
    Severity.MEDIUM,
    "Nobody is told of dead letters",
    "what was given up waits there until it expires",
    _dead_letters,
    OF_QUEUES,
    ("sqs.list_queues",),
)
queue_age = _missing(
    "no-queue-age-alarm",
    (AGE, DEPTH),
    Severity.LOW,
    "Nobody is told when a queue falls behind",
    "that its reader is too slow, or a loop too fast, shows there first",
    _read_queues,
    OF_QUEUES,
    ("sqs.list_queues",),
)
recursion = _missing(
    "no-recursion-alarm",
    ("RecursiveInvocationsDropped",),
    Severity.MEDIUM,
    "Nobody is told when AWS cuts a loop",
    "AWS's recursion guard drops events there and tells nobody else",
    _in_danger,
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
)


@rule(
    "alarm-without-action",
    Question.MONDAY,
    Severity.MEDIUM,
    "An alarm goes off and nothing happens",
    page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html",
    needs=("cloudwatch.describe_alarms",),
    of=lambda known: known.of_kind(ALARM),
)
def without_action(alarm: Resource, known: Known) -> Answer:
    """An alarm that does nothing in the state ALARM, and that no other alarm looks at."""
    leaving = known.leaving.get(alarm.arn, ())
    if any(edge.kind == "cw.composite" for edge in leaving):
        return None
    if any(edge.kind == "cw.alarm" and edge.label.startswith("ALARM") for edge in leaving):
        return None
    if reason := known.unread(alarm, ALARMS):
        return Unread(alarm.arn, reason)
    if any(_may_be_heard(edge.target, known) for edge in leaving if edge.kind == "cw.alarm.event"):
        return Unread(alarm.arn, "a rule of the default bus may hear its changes of state")
    off = any(
        edge.kind == "cw.alarm" and edge.dormant for edge in known.graph.leaving.get(alarm.arn, ())
    )
    why = "its actions are switched off" if off else "it has no action for the state ALARM"
    return Found(
        alarm.arn,
        f"When {words.named(alarm)} goes off nobody is told: {why}, and no composite alarm looks "
        "at it.",
        "Give it an action that reaches somebody, or delete it.",
        facts={"actions": 0},
    )


def _may_be_heard(bus: str, known: Known) -> bool:
    """Whether some rule of a bus may take an alarm's change of state."""
    return any(
        edge.kind.startswith("eb.rule.")
        and edge.filter is not None
        and ("aws.cloudwatch" in edge.filter.document or '"source"' not in edge.filter.document)
        for edge in known.leaving.get(bus, ())
    )
