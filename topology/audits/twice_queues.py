"""What happens if this runs twice? Queues: how often, how soon again, and where it ends.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from topology.analysis import words
from topology.analysis.storms import QUEUES, Storm
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.catalog.sqs import QUEUE
from topology.graph import OUTSIDE, Edge, Resource

ATTRIBUTES = "sqs.get_queue_attributes"
MAPPINGS = ("lambda.list_event_source_mappings",)
FEWEST = 5  # receives before a message is given up, says AWS of queues that Lambda reads


def _readers(known: Known) -> Iterator[Edge]:
    return known.edges(*QUEUES)


def _functions(known: Known) -> Iterator[Edge]:
    return known.edges("esm.sqs.lambda")


def _unread(queue: Resource, edge: Edge, known: Known) -> Unread | None:
    """What keeps every rule about a queue from being asked."""
    if queue.kind == OUTSIDE:
        return Unread(queue.arn, "the queue is in no account that was read")
    if reason := known.doubted(edge):
        return Unread(queue.arn, reason)
    if "fifo" not in queue.attributes:
        reason = known.unread(queue, ATTRIBUTES) or "the queue's attributes were not read"
        return Unread(queue.arn, reason)
    return None


@rule(
    "poison-message",
    Question.TWICE,
    Severity.HIGH,
    "A message that cannot be processed is never given up",
    page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    needs=MAPPINGS,
    of=_readers,
)
def poison(edge: Edge, known: Known) -> Answer:
    """A queue without a redrive policy, or one of a hundred receives and more."""
    queue = known.resources[edge.source]
    if unread := _unread(queue, edge, known):
        return unread
    storm = known.storms.get((Storm.POISON, queue.arn, edge.id))
    if storm is None:
        return None
    facts = {"max_receives": queue.attributes.get("max_receives")}
    return Found(queue.arn, storm.because, storm.fix, edges=(edge.id,), facts=facts)


@rule(
    "overlapping-attempts",
    Question.TWICE,
    Severity.MEDIUM,
    "A message comes back while it is still worked on",
    page="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    needs=MAPPINGS,
    of=_functions,
)
def overlap(edge: Edge, known: Known) -> Answer:
    """A visibility timeout below six times the function's timeout."""
    queue, function = known.resources[edge.source], known.resources[edge.target]
    if unread := _unread(queue, edge, known):
        return unread
    if function.attributes.get("timeout") is None:
        return Unread(queue.arn, "the timeout of the function was not read")
    if queue.attributes.get("visibility_timeout") is None:
        return Unread(queue.arn, "the visibility timeout of the queue was not read")
    storm = known.storms.get((Storm.OVERLAP, queue.arn, edge.id))
    if storm is None:
        return None
    facts = {
        "visibility_timeout": queue.attributes["visibility_timeout"],
        "timeout": function.attributes["timeout"],
    }
    return Found(queue.arn, storm.because, storm.fix, part=edge.id, edges=(edge.id,), facts=facts)


@rule(
    "given-up-too-soon",
    Question.TWICE,
    Severity.LOW,
    "Throttling alone sends messages to the dead-letter queue",
    page="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    needs=MAPPINGS,
    of=_functions,
)
def given_up(edge: Edge, known: Known) -> Answer:
    """A maxReceiveCount below the five that AWS asks for."""
    queue = known.resources[edge.source]
    if unread := _unread(queue, edge, known):
        return unread
    most = queue.attributes.get("max_receives")
    if most is None or most >= FEWEST:
        return None
    return Found(
        queue.arn,
        f"{words.named(queue)} gives a message up after {most:,} receives. Each time that "
        f"{words.named(known.resources[edge.target])} is throttled counts as one, so messages are "
        f"given up that nobody ever looked at; AWS asks for at least {FEWEST}.",
        f"Set the maxReceiveCount of the redrive policy to {FEWEST} or more.",
        edges=(edge.id,),
        facts={"max_receives": most},
    )


@rule(
    "whole-batch-again",
    Question.TWICE,
    Severity.MEDIUM,
    "One failure repeats its whole batch",
    page="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting",
    needs=MAPPINGS,
    of=_functions,
)
def whole_batch(edge: Edge, known: Known) -> Answer:
    """A batch of several messages, and a function that may not say which of them failed."""
    size = edge.attributes.get("batch_size")
    if size is None:
        return Unread(edge.source, "the batch size of the mapping was not read")
    if size <= 1 or edge.attributes.get("partial_batch"):
        return None
    queue, function = known.resources[edge.source], known.resources[edge.target]
    uuid = str(edge.attributes.get("uuid", ""))
    line = ["aws", "lambda", "update-event-source-mapping", "--uuid", uuid]
    line += ["--function-response-types", "ReportBatchItemFailures", "--region", function.region]
    return Found(
        queue.arn,
        f"{words.named(function)} takes up to {size:,} messages of {words.named(queue)} at once, "
        "and the mapping has no ReportBatchItemFailures: one that fails brings back all of them, "
        f"so up to {size - 1:,} that were done are done again.",
        "Let the function return the messages that failed, and switch on ReportBatchItemFailures.",
        shlex.join(line) if uuid else "",
        part=edge.id,
        edges=(edge.id,),
        facts={"batch_size": size},
    )


@rule(
    "order-lost",
    Question.TWICE,
    Severity.MEDIUM,
    "A FIFO topic delivers to a standard queue",
    page="https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-delivery.html",
    needs=("sns.list_subscriptions",),
    of=lambda known: (
        edge
        for edge in known.edges("sns.sub.sqs")
        if known.resources[edge.source].attributes.get("fifo") is not False
    ),
)
def order_lost(edge: Edge, known: Known) -> Answer:
    """What the topic puts in order and tells once, the queue may mix and repeat."""
    topic, queue = known.resources[edge.source], known.resources[edge.target]
    if "fifo" not in topic.attributes:
        return Unread(topic.arn, "whether the topic is FIFO was not read")
    if unread := _unread(queue, edge, known):
        return unread
    if queue.attributes["fifo"]:
        return None
    return Found(
        queue.arn,
        f"{words.named(topic)} keeps order and leaves out duplicates, but {words.named(queue)} is "
        "a standard queue: behind it messages may come twice and in any order.",
        "Subscribe a FIFO queue, or do not count on order and single delivery behind it.",
        part=edge.id,
        edges=(edge.id,),
        facts={"fifo": False},
    )


@rule(
    "dead-letters-come-back",
    Question.TWICE,
    Severity.HIGH,
    "What failed is sent to where it comes from",
    page="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    needs=(*MAPPINGS, "lambda.list_functions"),
    of=lambda known: known.edges(
        "lambda.dlq", "lambda.async.onfailure", "esm.onfailure", "sqs.redrive"
    ),
)
def comes_back(edge: Edge, known: Known) -> Answer:
    """A destination on failure that hands its events to the very function that failed."""
    if known.resources[edge.target].kind == OUTSIDE:
        return Unread(edge.source, "the destination on failure is in no account that was read")
    source = known.resources[edge.source]
    failing = (
        {each.target for each in known.leaving.get(edge.source, ()) if each.kind in QUEUES}
        if source.kind == QUEUE
        else {edge.source}
    )
    readers = [
        each
        for each in known.leaving.get(edge.target, ())
        if each.target in failing and each.kind.startswith(("esm.", "pipe.", "sns.sub."))
    ]
    if edge.target not in failing and not readers:
        return None
    again = edge.target if edge.target in failing else readers[0].target
    return Found(
        edge.source,
        f"What {words.named(known.resources[again])} cannot process goes to "
        f"{words.named(known.resources[edge.target])}, which hands it to "
        f"{words.named(known.resources[again])} again: a failure has no end.",
        "Send failures to a queue that no function reads by itself, and alarm on its depth.",
        part=edge.id,
        edges=(edge.id, *(each.id for each in readers)),
    )
