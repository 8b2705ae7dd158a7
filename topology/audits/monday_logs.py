"""What would I look at on Monday morning? Logs and traces: what is left to look at.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

from __future__ import annotations

import shlex

from topology.analysis import words
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.catalog.awslambda import FUNCTION
from topology.catalog.logs import GROUP
from topology.graph import Resource

GROUPS = "logs.describe_log_groups"
DAYS = "30"


@rule(
    "no-retention",
    Question.MONDAY,
    Severity.LOW,
    "A log is kept for ever",
    page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    needs=("logs.describe_log_groups",),
    of=lambda known: known.of_kind(GROUP),
)
def retention(group: Resource, known: Known) -> Answer:
    """A log group without days: it grows, and is paid for, until somebody deletes it."""
    if "retention_days" not in group.attributes:
        return Unread(group.arn, known.unread(group, GROUPS) or "its retention was not read")
    if group.attributes["retention_days"] is not None:
        return None
    line = ["aws", "logs", "put-retention-policy", "--log-group-name", group.name]
    return Found(
        group.arn,
        f"{words.named(group)} keeps every line for ever, and every month of a loop that once "
        "turned is paid again.",
        "Say how many days are wanted.",
        shlex.join([*line, "--retention-in-days", DAYS, "--region", group.region]),
        facts={"retention_days": None},
    )


@rule(
    "no-tracing",
    Question.MONDAY,
    Severity.LOW,
    "A function leaves no trace of where events come from",
    page="https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
    needs=("lambda.list_functions",),
    of=lambda known: iter(known.started),
)
def tracing(function: Resource, known: Known) -> Answer:
    """A function whose tracing is PassThrough: nobody sees the way round of a loop."""
    mode = function.attributes.get("tracing")
    if mode is None:
        return Unread(function.arn, "the tracing of the function was not read")
    if mode == "Active":
        return None
    line = ["aws", "lambda", "update-function-configuration", "--function-name", function.arn]
    return Found(
        function.arn,
        f"Tracing of {words.named(function)} is {mode}: it is traced only where its caller is, and "
        "what an event set off is not seen in one picture.",
        "Switch on active tracing; its role needs xray:PutTraceSegments.",
        shlex.join([*line, "--tracing-config", "Mode=Active", "--region", function.region]),
        facts={"tracing": mode},
    )


@rule(
    "no-log-group",
    Question.MONDAY,
    Severity.MEDIUM,
    "A function has no log group",
    page="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html",
    needs=("lambda.list_functions",),
    of=lambda known: known.of_kind(FUNCTION),
)
def log_group(function: Resource, known: Known) -> Answer:
    """A function whose log group is not there: it never ran, or its role may not make one."""
    named = [e for e in known.leaving.get(function.arn, ()) if e.kind == "lambda.loggroup"]
    if not named:
        return Unread(function.arn, "its log group was not read")
    if any(known.resources[edge.target].kind == GROUP for edge in named):
        return None
    if reason := known.unread(function, GROUPS):
        return Unread(function.arn, reason)
    group = named[0].target.partition(":log-group:")[2] or named[0].target
    line = ["aws", "logs", "create-log-group", "--log-group-name", group]
    return Found(
        function.arn,
        f"{words.named(function)} logs to {group}, which does not exist: it never ran, or its role "
        "may not create it and what it logs is lost.",
        "Create the log group with the days you want, and let the role write to it.",
        shlex.join([*line, "--region", function.region]),
        edges=(named[0].id,),
        facts={"log_group": group},
    )
