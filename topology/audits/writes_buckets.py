"""What does it write to, and could that trigger something? Whoever listens to everything.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from topology.analysis import words
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.graph import Edge

WHERE_FROM = ("source", "detail-type", "detail", "resources")  # what narrows a pattern
EVERYWHERE = ("", "*")  # prefixes and wildcards that leave nothing out


def _document(edge: Edge) -> Any:
    """The filter of an edge as data; None where it has none, "" where nobody can read it."""
    if edge.filter is None:
        return None
    try:
        return json.loads(edge.filter.document)
    except ValueError:
        return ""


@rule(
    "whole-bucket",
    Question.WRITES,
    Severity.MEDIUM,
    "A notification hears every key of its bucket",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html",
    needs=("s3.list_buckets", "s3.get_bucket_notification_configuration"),
    of=lambda known: known.edges("s3.notif.lambda", "s3.notif.sqs", "s3.notif.sns"),
)
def whole_bucket(edge: Edge, known: Known) -> Answer:
    """A notification with neither prefix nor suffix: whatever is written there starts it."""
    document = _document(edge)
    if not isinstance(document, dict):
        return Unread(edge.source, "the configuration of the notification could not be read")
    rules = (document.get("Filter") or {}).get("Key", {}).get("FilterRules", ())
    if any(each.get("Value") for each in rules):
        return None
    bucket, target = known.resources[edge.source], known.resources[edge.target]
    events = ", ".join(document.get("Events", ()))
    return Found(
        bucket.arn,
        f"{words.named(target)} is told of {events or 'events'} on every key of "
        f"{words.named(bucket)}: as soon as anything behind it writes there, it starts itself.",
        "Ask for a prefix or suffix that nothing behind it ever writes, or write to a bucket of "
        "its own.",
        part=edge.id,
        edges=(edge.id,),
        facts={"events": list(document.get("Events", ())), "filter": list(rules)},
    )


@rule(
    "catch-all-pattern",
    Question.WRITES,
    Severity.MEDIUM,
    "A rule takes every event of its bus",
    page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-patterns-best-practices.html",
    needs=("events.list_rules", "events.list_targets_by_rule"),
    of=lambda known: (
        edge
        for edge in known.edges("eb.rule.")
        if edge.kind not in ("eb.rule.dlq", "eb.rule.schedule")
    ),
)
def catch_all(edge: Edge, known: Known) -> Answer:
    """A pattern that asks for nothing but an account, or for any source at all."""
    pattern = _document(edge)
    if not isinstance(pattern, dict):
        return Unread(edge.source, "the pattern of the rule could not be read")
    if not _takes_all(pattern):
        return None
    bus, target = known.resources[edge.source], known.resources[edge.target]
    return Found(
        bus.arn,
        f"The rule {edge.label.partition('/')[0]} hands every event of {words.named(bus)} to "
        f"{words.named(target)}, those included that come of its own work.",
        "Name the sources and detail types that the target is for.",
        part=edge.id,
        edges=(edge.id,),
        facts={"pattern": pattern},
    )


def _takes_all(pattern: dict[str, Any]) -> bool:
    """Whether every field that narrows a pattern takes whatever is there."""
    asked = [pattern[key] for key in WHERE_FROM if key in pattern]
    unknown = pattern.keys() - {*WHERE_FROM, "account", "region", "version", "id", "time"}
    return not unknown and all(_is_open(each) for each in asked)


def _is_open(asked: object) -> bool:
    if isinstance(asked, dict):
        return bool(not asked)
    return isinstance(asked, list) and any(map(_takes_any, asked))


def _takes_any(choice: object) -> bool:
    return isinstance(choice, dict) and (
        choice.get("prefix") == ""
        or choice.get("exists") is True
        or (isinstance(choice.get("wildcard"), str) and set(choice["wildcard"]) == {"*"})
    )


@rule(
    "logs-into-itself",
    Question.WRITES,
    Severity.HIGH,
    "A bucket writes into itself",
    page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
    needs=("s3.list_buckets", "s3.get_bucket_logging"),
    of=lambda known: known.edges("s3.logging", "s3.inventory"),
)
def into_itself(edge: Edge, known: Known) -> Answer:
    """Access logs of a bucket in the bucket itself: every log that is written is logged again."""
    if edge.source != edge.target:
        return None
    bucket = known.resources[edge.source]
    what = "its access logs" if edge.kind == "s3.logging" else "its inventory"
    grows = (
        "writing one is an access of its own, so logs beget logs"
        if edge.kind == "s3.logging"
        else "each list names the lists before it"
    )
    return Found(
        bucket.arn,
        f"{words.named(bucket)} keeps {what} in itself: {grows}.",
        "Name another bucket for them, one that is not logged itself.",
        part=edge.kind,
        edges=(edge.id,),
        severity=None if edge.kind == "s3.logging" else Severity.LOW,
    )


def _of_functions(known: Known) -> Iterator[Edge]:
    return known.edges("logs.subscription", "logs.account_subscription")


@rule(
    "reads-its-own-log",
    Question.WRITES,
    Severity.HIGH,
    "A function is subscribed to its own log",
    page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html",
    needs=("logs.describe_log_groups", "logs.describe_subscription_filters"),
    of=_of_functions,
)
def own_log(edge: Edge, known: Known) -> Answer:
    """A subscription that hands a log group to the function that writes it."""
    writes = known.leaving.get(edge.target, ())
    own = [each for each in writes if each.kind == "lambda.loggroup" and each.target == edge.source]
    if not own:
        return None
    function, group = known.resources[edge.target], known.resources[edge.source]
    narrowed = " that matches its pattern" if edge.filter else ""
    return Found(
        function.arn,
        f"Every run of {words.named(function)} writes to {words.named(group)}, and every line "
        f"there{narrowed} starts it again.",
        "Leave its own log group out of the subscription, or let it log to a group of its own.",
        part=edge.id,
        edges=(edge.id, own[0].id),
        severity=Severity.MEDIUM if edge.filter else None,
    )
