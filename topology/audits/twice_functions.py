"""What happens if this runs twice? Functions: at least once means that they will.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.analysis import words
from topology.analysis.storms import Storm
from topology.audits.known import Known, is_asynchronous, is_synchronous
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.graph import Edge, Meaning, Resource

CONFIGS = "lambda.list_function_event_invoke_configs"
NAMED = 3  # ways in that a sentence names


def _accepted(known: Known) -> Iterator[Resource]:
    """Functions whose events Lambda itself keeps and tries again."""
    for function in known.started:
        starts = known.starts(function.arn)
        if any(each.meaning is Meaning.TRIGGERS and is_asynchronous(each) for each in starts):
            yield function


def _at_least_once(known: Known) -> Iterator[Resource]:
    for function in known.started:
        if any(not is_synchronous(edge) for edge in known.starts(function.arn)):
            yield function


@rule(
    "lost-events",
    Question.TWICE,
    Severity.MEDIUM,
    "An event that fails is tried again and then lost",
    page="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    needs=("lambda.list_functions",),
    of=_accepted,
)
def lost(function: Resource, known: Known) -> Answer:
    """An asynchronous function with neither a destination on failure nor a dead-letter queue."""
    ways = [edge for edge in known.starts(function.arn) if is_asynchronous(edge)]
    if reason := known.unread(function, CONFIGS):
        return Unread(function.arn, reason)
    if reason := next(filter(None, map(known.doubted, ways)), ""):
        return Unread(function.arn, reason)
    storm = known.storms.get((Storm.LOST, function.arn, ""))
    if storm is None:
        return None
    edges = tuple(edge.id for edge in ways[:NAMED])
    return Found(function.arn, storm.because, storm.fix, edges=edges)


@rule(
    "no-idempotency-read",
    Question.TWICE,
    Severity.LOW,
    "No evidence of idempotency was read",
    page="https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html#function-code",
    needs=("lambda.list_functions",),
    of=_at_least_once,
)
def idempotency(function: Resource, known: Known) -> Answer:
    """A function that is started at least once, whose code shows no sign that it minds."""
    code = function.attributes.get("code")
    if code is None:
        return Unread(function.arn, "the code of the function was not read")
    if not code.get("language"):
        return Unread(function.arn, "the code is in a language that is not read")
    if "idempotency" in code.get("uses", ()):
        return None
    ways = [edge for edge in known.starts(function.arn) if not is_synchronous(edge)]
    named = " and ".join(
        dict.fromkeys(words.named(known.resources[edge.source]) for edge in ways[:NAMED])
    )
    more = f" and {len(ways) - NAMED} more" if len(ways) > NAMED else ""
    return Found(
        function.arn,
        f"{named}{more} may start {words.named(function)} more than once for one event, and no "
        f"evidence of idempotency was read in its {code.get('files', 0):,} files.",
        "Remember what was done under a key of the event, for example with Powertools' "
        "idempotency, before anything is written that must not happen twice.",
        edges=tuple(edge.id for edge in ways[:NAMED]),
        facts={"uses": list(code.get("uses", ()))},
    )


@rule(
    "rule-drops-events",
    Question.TWICE,
    Severity.LOW,
    "A rule drops what it cannot deliver",
    page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html",
    needs=("events.list_rules", "events.list_targets_by_rule"),
    of=lambda known: (
        edge
        for edge in known.edges("eb.rule.")
        if edge.kind not in ("eb.rule.dlq", "eb.rule.schedule")
    ),
)
def rule_drops(edge: Edge, known: Known) -> Answer:
    """A target of a rule without a dead-letter queue."""
    if reason := known.unread(known.resources[edge.source], "events.list_targets_by_rule"):
        return Unread(edge.source, reason)
    kept = known.leaving.get(edge.source, ())
    if any(each.kind == "eb.rule.dlq" and each.label == edge.label for each in kept):
        return None
    target = known.resources[edge.target]
    return Found(
        edge.target,
        f"EventBridge tries for 24 hours to deliver to {words.named(target)} and then drops the "
        f"event: the target {edge.label} has no dead-letter queue.",
        "Give the target a dead-letter queue, and alarm on its depth.",
        part=edge.id,
        edges=(edge.id,),
    )


@rule(
    "subscription-drops-messages",
    Question.TWICE,
    Severity.LOW,
    "A subscription drops what it cannot deliver",
    page="https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html",
    needs=("sns.list_subscriptions",),
    of=lambda known: known.edges(
        "sns.sub.lambda", "sns.sub.sqs", "sns.sub.http", "sns.sub.firehose"
    ),
)
def subscription_drops(edge: Edge, known: Known) -> Answer:
    """A subscription without a dead-letter queue."""
    topic, kept = known.resources[edge.source], known.leaving.get(edge.source, ())
    if edge.filter is not None and edge.filter.document == "":
        return Unread(topic.arn, "the attributes of the subscription were not read")
    if reason := known.unread(topic, "sns.get_subscription_attributes"):
        return Unread(topic.arn, reason)
    if any(each.kind == "sns.sub.redrive" and each.label == edge.label for each in kept):
        return None
    return Found(
        edge.target,
        f"What {words.named(topic)} cannot deliver to {words.named(known.resources[edge.target])} "
        "is dropped when SNS has tried often enough: the subscription has no dead-letter queue.",
        "Give the subscription a redrive policy with a dead-letter queue.",
        part=edge.id,
        edges=(edge.id,),
    )
