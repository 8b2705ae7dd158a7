"""What happens if this runs twice? Streams: a batch that fails is tried again, and blocks.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from topology.analysis import words
from topology.analysis.storms import STREAMS, Storm
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.graph import Edge

PAGE = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
BATCHES = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html"
MAPPINGS = ("lambda.list_event_source_mappings",)
LIMITS = ("max_retries", "max_age")


def _mappings(known: Known) -> Iterator[Edge]:
    return known.edges(*STREAMS)


def _is_limited(edge: Edge) -> bool:
    return any(
        (edge.attributes.get(limit) or 0) >= 0 for limit in LIMITS if limit in edge.attributes
    )


def _update(edge: Edge, known: Known, *options: str) -> str:
    """The command that changes a mapping; none where its id is not known."""
    if not (uuid := str(edge.attributes.get("uuid", ""))):
        return ""
    region = known.resources[edge.target].region
    line = ["aws", "lambda", "update-event-source-mapping", "--uuid", uuid, *options]
    return shlex.join([*line, "--region", region])


@rule(
    "blocked-shard",
    Question.TWICE,
    Severity.HIGH,
    "A record that cannot be processed blocks its shard",
    page=PAGE,
    needs=MAPPINGS,
    of=_mappings,
)
def blocked(edge: Edge, known: Known) -> Answer:
    """A mapping that limits neither attempts nor age."""
    if not any(limit in edge.attributes for limit in LIMITS):
        return Unread(edge.source, "the retries of the mapping were not read")
    if reason := known.doubted(edge):
        return Unread(edge.source, reason)
    storm = known.storms.get((Storm.BLOCKED, edge.source, edge.id))
    if storm is None:
        return None
    return Found(
        edge.source,
        storm.because,
        storm.fix,
        _update(edge, known, "--maximum-retry-attempts", "3", "--bisect-batch-on-function-error"),
        part=edge.id,
        edges=(edge.id,),
        facts={limit: edge.attributes.get(limit) for limit in LIMITS},
    )


@rule(
    "never-bisected",
    Question.TWICE,
    Severity.MEDIUM,
    "One bad record repeats its whole batch",
    page=BATCHES,
    needs=MAPPINGS,
    of=_mappings,
)
def never_bisected(edge: Edge, known: Known) -> Answer:
    """A batch of several records that is never split, and whose failures are not told apart."""
    size, bisects = edge.attributes.get("batch_size"), edge.attributes.get("bisects")
    if size is None or (bisects is None and not edge.attributes.get("partial_batch")):
        return Unread(edge.source, "how the mapping batches and bisects was not read")
    if size <= 1 or bisects or edge.attributes.get("partial_batch"):
        return None
    return Found(
        edge.source,
        f"{words.named(known.resources[edge.target])} takes up to {size:,} records at once; one "
        "that fails brings back the whole batch every time, for the mapping neither bisects it "
        "nor reports which record failed.",
        "Switch on BisectBatchOnFunctionError, or let the function report the record that failed.",
        _update(edge, known, "--bisect-batch-on-function-error"),
        part=edge.id,
        edges=(edge.id,),
        facts={"batch_size": size, "bisects": bisects},
    )


@rule(
    "discarded-records",
    Question.TWICE,
    Severity.MEDIUM,
    "Records that are given up are gone",
    page=PAGE,
    needs=MAPPINGS,
    of=_mappings,
)
def discarded(edge: Edge, known: Known) -> Answer:
    """A mapping that gives records up, and sends them nowhere."""
    if not any(limit in edge.attributes for limit in LIMITS):
        return Unread(edge.source, "the retries of the mapping were not read")
    if not _is_limited(edge):
        return None  # nothing is ever given up: that is another finding
    kept = known.leaving.get(edge.target, ())
    if any(each.kind == "esm.onfailure" and each.label == edge.label for each in kept):
        return None
    return Found(
        edge.source,
        f"The mapping of {words.named(known.resources[edge.source])} gives records up that "
        f"{words.named(known.resources[edge.target])} cannot process, and has no destination on "
        "failure: what and where they were is lost.",
        "Give the mapping a destination on failure; a queue keeps where the records are, a bucket "
        "the records themselves.",
        part=edge.id,
        edges=(edge.id,),
        facts={limit: edge.attributes.get(limit) for limit in LIMITS},
    )
