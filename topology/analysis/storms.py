"""Retry storms and poison events where nothing goes round: the bill is a loop's, the cycle is not.

Only what was read is judged: a queue whose attributes are a gap is no finding, it is a gap.
Sources: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html,
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html,
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from topology.analysis import words
from topology.analysis.deliveries import (
    DAY,
    FUNCTION,
    SYNCHRONOUS,
    async_attempts,
    receives,
    retention,
    visibility,
)
from topology.graph import Edge, Evidence, Gap, Graph, Meaning, Resource

MANY = 100  # receives before a message is given up: more are a storm as good as endless
TIMES = 6  # a queue's visibility timeout should be so many times the function's, says AWS
STREAMS = ("esm.kinesis.lambda", "esm.dynamodb.lambda")
QUEUES = ("esm.sqs.lambda", "pipe.source.sqs")
GIVEN_UP_TO = ("lambda.dlq", "lambda.async.onfailure")


class Storm(StrEnum):
    """What can happen, gravest first."""

    POISON = "poison-message"
    BLOCKED = "blocked-shard"
    OVERLAP = "overlapping-attempts"
    LOST = "lost-events"

    @property
    def gravity(self) -> int:
        """0 for the gravest."""
        return list(Storm).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change: ``subject`` is the ARN of what, ``edge`` the id of what delivers."""

    kind: Storm
    subject: str
    edge: str
    because: str
    fix: str

    @property
    def id(self) -> str:
        """Stable over crawls: 16 hex digits."""
        identity = "\x00".join((self.kind, self.subject, self.edge))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def rank(self) -> tuple[object, ...]:
        """Gravest first, then by name."""
        return (self.kind.gravity, self.subject, self.edge)


def storms(graph: Graph, gaps: Iterable[Gap] = ()) -> tuple[Finding, ...]:
    """Every finding of a graph, ranked. Linear; what ``gaps`` name is not judged."""
    unread = {gap.resource for gap in gaps if gap.resource}
    known = _Known(graph.resources, graph.leaving, unread)
    found = (finding for edge in graph.edges for finding in _of(edge, known))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.rank))


@dataclass(frozen=True, slots=True)
class _Known:
    resources: Mapping[str, Resource]
    leaving: Mapping[str, tuple[Edge, ...]]
    unread: Set[str]

    def gives_up_to(self, arn: str, kinds: Iterable[str]) -> bool:
        return any(edge.kind in kinds for edge in self.leaving.get(arn, ()))


def _of(edge: Edge, known: _Known) -> Iterator[Finding]:
    if edge.dormant or edge.evidence is not Evidence.DECLARED:
        return
    ends = {edge.source, edge.target}
    if ends & known.unread:
        return
    rules: tuple[Callable[[Edge, Resource, Resource, _Known], Iterator[Finding]], ...] = ()
    if edge.kind in QUEUES:
        rules = (_poison, _overlap)
    elif edge.kind in STREAMS:
        rules = (_blocked,)
    elif edge.meaning is Meaning.TRIGGERS:
        rules = (_lost,)
    for rule in rules:
        yield from rule(edge, known.resources[edge.source], known.resources[edge.target], known)


def _poison(edge: Edge, queue: Resource, reader: Resource, known: _Known) -> Iterator[Finding]:
    if queue.kind != "sqs.queue" or "fifo" not in queue.attributes:  # attributes were not read
        return
    limit = queue.attributes.get("max_receives")
    if limit is None and known.gives_up_to(queue.arn, ("sqs.redrive",)):
        return
    if limit is not None and limit < MANY:
        return
    again = (
        f"What {words.named(reader)} cannot process is seen again {visibility(queue):,.0f} seconds "
        f"after it was taken, {receives(queue):,.0f} times"
    )
    until = (
        f"before it is given up after {limit:,} receives"
        if limit is not None
        else f"until its {retention(queue) / DAY:g} days are over: {words.named(queue)} has no "
        "redrive policy"
    )
    blocks = " Its whole message group waits meanwhile." if queue.attributes["fifo"] else ""
    yield Finding(
        Storm.POISON,
        queue.arn,
        edge.id,
        f"{again} {until}.{blocks}",
        f"Give {words.named(queue)} a redrive policy with a maxReceiveCount of 3 to 10 and a "
        "dead-letter queue that nothing sends back by itself.",
    )


def _overlap(edge: Edge, queue: Resource, reader: Resource, known: _Known) -> Iterator[Finding]:
    hidden, timeout = queue.attributes.get("visibility_timeout"), reader.attributes.get("timeout")
    if hidden is None or timeout is None or reader.kind != FUNCTION:
        return
    window = int(edge.attributes.get("batching_window") or 0)
    wanted = TIMES * int(timeout) + window
    if hidden >= wanted:
        return
    sooner = "while it is still worked on" if hidden < timeout else "before throttling is over"
    waits = f" and its batching window {window} s" if window else ""
    yield Finding(
        Storm.OVERLAP,
        queue.arn,
        edge.id,
        f"A message of {words.named(queue)} is hidden for {hidden:,} s, but "
        f"{words.named(reader)} may take {timeout:,} s{waits}: it may be handed out again "
        f"{sooner}, and is then worked on twice.",
        f"Set the visibility timeout of {words.named(queue)} to at least {wanted:,} s "
        f"({TIMES} × the function's timeout{' + the window' if window else ''}), or shorten the "
        "function's.",
    )


def _blocked(edge: Edge, stream: Resource, reader: Resource, known: _Known) -> Iterator[Finding]:
    retries, age = edge.attributes.get("max_retries"), edge.attributes.get("max_age")
    if (retries is not None and retries >= 0) or (age is not None and age >= 0):
        return
    whole = (
        ""
        if edge.attributes.get("bisects")
        else " The batch is never split, so good records are worked on again with the bad one."
    )
    yield Finding(
        Storm.BLOCKED,
        stream.arn,
        edge.id,
        f"A record that {words.named(reader)} cannot process is tried until it expires, and "
        f"everything behind it in its shard waits: the mapping of {words.named(stream)} limits "
        f"neither attempts nor age.{whole}",
        "Set MaximumRetryAttempts and MaximumRecordAgeInSeconds on the mapping, "
        "BisectBatchOnFunctionError, and a destination on failure.",
    )


def _lost(edge: Edge, source: Resource, function: Resource, known: _Known) -> Iterator[Finding]:
    if function.kind != FUNCTION or edge.kind.startswith(
        (*SYNCHRONOUS, "esm.", "lambda.", "firehose.")
    ):
        return
    if known.gives_up_to(function.arn, GIVEN_UP_TO):
        return
    attempts = async_attempts(function, str(edge.attributes.get("qualifier", "")))
    yield Finding(
        Storm.LOST,
        function.arn,
        "",  # once per function, whatever starts it
        f"An event that {words.named(function)} cannot process is worked on {attempts:.0f} times, "
        "with everything it writes before it fails, and is then gone: there is neither a "
        "destination on failure nor a dead-letter queue.",
        f"Give {words.named(function)} a destination on failure, and make what it writes before "
        "it fails harmless to repeat.",
    )
