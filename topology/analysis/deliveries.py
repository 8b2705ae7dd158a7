"""How an edge hands events on: how late, how many at once, how often again, how many in parallel.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html,
https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf

from topology.analysis.assumptions import Assumptions, Span
from topology.graph import Edge, Meaning, Resource

FUNCTION = "lambda.function"
DAY = 86_400

# Seconds on the way, by the beginning of the edge's kind; the longest beginning wins. Where AWS
# only says "seconds" or "minutes", the range is ours.
DELAYS: Mapping[str, Span] = {
    "": Span(0.1, 5),
    "esm.": Span(0.05, 1),
    "pipe.": Span(0.05, 1),
    "sns.": Span(0.05, 1),
    "eb.": Span(0.2, 2),
    "eb2.": Span(0.2, 2),
    "ddb.stream": Span(0.1, 1),
    "ddb.kinesis": Span(0.1, 1),
    "lambda.": Span(0.05, 1),
    "s3.notif": Span(0.5, 5),
    "s3.replication": Span(5, 900),
    "s3.logging": Span(300, 7200),
    "logs.": Span(1, 30),
    "firehose.": Span(60, 900),
    "cloudtrail": Span(60, 900),
    "scheduler.": Span(1, 60),
    "cw.": Span(10, 300),
    "iam.": Span(0.01, 0.1),
    "eb.cloudtrail": Span(60, 900),
}
# Kinds whose caller waits for the function, and tries again only if it wants to.
SYNCHRONOUS = (
    "apigw.",
    "elbv2.",
    "lambda.url",
    "lattice.",
    "cognito.",
    "pipe.enrichment",
    "pipe.target.",
    "lex.",
    "connect.",
    "cloudfront.",
    "sfn.",
    "s3.objectlambda",
)
STREAMS = ("kinesis", "dynamodb", "msk", "selfkafka", "docdb", "mq")
LOG_LINES = 3  # START, END and REPORT: every invocation writes them


@dataclass(frozen=True, slots=True)
class Delivery:
    """One edge's way with events. ``because`` says where attempts and ceiling come from."""

    delay: Span  # seconds
    batch: float = 1  # events handed over at once, at most
    attempts: float = 1  # at an event whose work fails, at most
    retry_after: float = 60  # seconds
    ceiling: float = inf  # executions at once
    at_first: float = inf  # executions at once in the first minute
    more_per_minute: float = 0
    retention: float = inf  # seconds that an event waits before it is lost
    because: str = ""


def delivery(edge: Edge, source: Resource, target: Resource, assumed: Assumptions) -> Delivery:
    """What one edge does with events, from what was read of it and its ends, else defaults."""
    delay = _delay(edge.kind)
    family, _, polled = edge.kind.partition(".")
    if edge.kind.startswith("pipe.source."):
        polled = polled.removeprefix("source.")
    if family == "esm" or edge.kind.startswith("pipe.source."):
        origin = polled.partition(".")[0]
        if origin == "sqs":
            return _from_a_queue(edge, source, delay)
        if origin in STREAMS:
            return _from_a_stream(edge, source, delay, assumed)
    if edge.kind == "sqs.redrive":
        most = float(source.attributes.get("max_receives", 10))  # the console's default
        wait = most * visibility(source)
        return Delivery(Span(wait, wait), because=f"after {most:,.0f} receives")
    if edge.kind == "firehose.transform":
        return Delivery(
            Span(0.1, 60), batch=1000, attempts=4, because="Firehose tries 3 times more"
        )
    if target.kind == FUNCTION and edge.meaning is not Meaning.ON_FAILURE:
        return _to_a_function(edge, target, delay)
    return Delivery(delay)


def concurrency(target: Resource, hop: Delivery, assumed: Assumptions) -> float:
    """How many executions of an actor may run at once, by what was read of it and the account."""
    if target.kind != FUNCTION:
        return hop.ceiling
    reserved = target.attributes.get("reserved_concurrency")
    own = float(reserved) if reserved is not None else assumed.account_concurrency
    return min(own, hop.ceiling)


def shares_events(channel: Resource) -> bool:
    """Whether the readers of a channel compete for each event rather than all getting it."""
    return channel.kind in ("sqs.queue", "mq.broker")


def visibility(queue: Resource) -> float:
    """Seconds until a message that failed is seen again; SQS's default is 30."""
    return max(float(queue.attributes.get("visibility_timeout", 30)), 1)


def receives(queue: Resource) -> float:
    """How often a message is received before it is given up, or lost with age."""
    most = queue.attributes.get("max_receives")
    if most is not None:
        return float(most)
    return max(retention(queue) // visibility(queue), 1)


def retention(queue: Resource) -> float:
    """Seconds that a message stays; SQS's default is four days."""
    return float(queue.attributes.get("retention", 4 * DAY))


def async_attempts(function: Resource, qualifier: str = "") -> float:
    """How often Lambda runs a function for one event that it accepted; 3 unless said otherwise."""
    retries = function.attributes.get("async_retries") or {}
    for name in (qualifier, "$LATEST", ""):
        if retries.get(name) is not None:
            return 1 + float(retries[name])
    return 3


def stream_attempts(edge: Edge, source: Resource, every: float) -> float:
    """How often a batch of a stream is tried before it is given up, or gone with age."""
    retries, age = edge.attributes.get("max_retries"), edge.attributes.get("max_age")
    hours = source.attributes.get("retention_hours", 24)
    lasts = float(age) if age is not None and age >= 0 else float(hours) * 3600
    by_age = max(lasts // every, 1)
    return min(1 + float(retries), by_age) if retries is not None and retries >= 0 else by_age


def _from_a_queue(edge: Edge, queue: Resource, delay: Span) -> Delivery:
    window = float(edge.attributes.get("batching_window") or 0)
    most = receives(queue)
    why = (
        f"the queue gives a message up after {most:,.0f} receives"
        if queue.attributes.get("max_receives") is not None
        else "nothing gives a message up before its "
        f"{retention(queue) / DAY:g} days are over: {most:,.0f} receives"
    )
    return Delivery(
        Span(delay.low, delay.high + window),
        batch=float(edge.attributes.get("batch_size") or 10),
        attempts=most,
        retry_after=visibility(queue),
        ceiling=float(edge.attributes.get("max_concurrency") or 1250),
        at_first=5,
        more_per_minute=300,
        retention=retention(queue),
        because=why,
    )


def _from_a_stream(edge: Edge, source: Resource, delay: Span, assumed: Assumptions) -> Delivery:
    window = float(edge.attributes.get("batching_window") or 0)
    most = stream_attempts(edge, source, assumed.stream_retry)
    parallel = float(edge.attributes.get("parallelization") or 1)
    limited = (edge.attributes.get("max_retries") or -1) >= 0
    return Delivery(
        Span(delay.low, delay.high + window),
        batch=float(edge.attributes.get("batch_size") or 100),
        attempts=most,
        retry_after=assumed.stream_retry,
        ceiling=assumed.shards.high * parallel,
        because="the mapping tries a batch a limited number of times"
        if limited
        else "a batch that fails is tried until its records expire",
    )


def _to_a_function(edge: Edge, function: Resource, delay: Span) -> Delivery:
    if edge.kind.startswith(SYNCHRONOUS):
        return Delivery(delay)
    qualifier = str(edge.attributes.get("qualifier", ""))
    most = async_attempts(function, qualifier)
    why = f"Lambda runs it up to {most:.0f} times for an event it accepted"
    batch = (
        100.0 if edge.kind.startswith("logs.") else 1.0
    )  # lines of one delivery; AWS states none
    return Delivery(delay, batch=batch, attempts=most, retention=6 * 3600, because=why)


@cache
def _delay(kind: str) -> Span:
    return DELAYS[max(filter(kind.startswith, DELAYS), key=len)]
