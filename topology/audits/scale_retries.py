"""What happens at scale? How often one event is worked on at worst, over a whole path.

Attempts multiply: every try of a function that fails at its end wrote what starts the next one.
Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from topology.analysis import strong, words
from topology.analysis.assumptions import DEFAULTS
from topology.analysis.deliveries import delivery
from topology.audits.known import Known, is_asynchronous
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.audits.twice_functions import CONFIGS
from topology.graph import Edge, Meaning, Resource

MANY = 100  # runs for one event, from which on a failure is a storm
LEAST = 2  # hops that try again: of one alone other rules speak
TOLD = 6  # hops that a sentence spells out


@dataclass(frozen=True, slots=True)
class Path:
    """The worst way to a function: its hops, and how often one event then runs it."""

    hops: tuple[tuple[Edge, float], ...]
    runs: float


def _paths(known: Known) -> Iterator[tuple[Resource, Path | None]]:
    worst = _worst(known)
    for function in known.started:
        yield function, worst.get(function.arn)


@rule(
    "retries-multiply",
    Question.SCALE,
    Severity.MEDIUM,
    "One event may be worked on a hundred times",
    page="https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html",
    needs=("lambda.list_functions", "lambda.list_event_source_mappings"),
    of=_paths,
)
def multiply(subject: tuple[Resource, Path | None], known: Known) -> Answer:
    """The product of all attempts on the worst path to a function, where nothing goes round."""
    function, path = subject
    if path is None:
        return None
    if reason := next(filter(None, (_unread(edge, known) for edge, _ in path.hops)), ""):
        return Unread(function.arn, reason)
    retrying = [(edge, tries) for edge, tries in path.hops if tries > 1]
    told = " × ".join(
        f"{tries:,.0f} ({known.resources[edge.target].name})" for edge, tries in retrying[:TOLD]
    )
    more = " × …" if len(retrying) > TOLD else ""
    first = known.resources[path.hops[0][0].source]
    return Found(
        function.arn,
        f"One event at {words.named(first)} runs {words.named(function)} up to {path.runs:,.0f} "
        f"times if everything on the way writes and then fails: {told}{more}.",
        "Lower the attempts at the ends of the path, and make each write harmless to repeat; what "
        "fails for good belongs in a dead-letter queue early.",
        edges=tuple(edge.id for edge, _ in path.hops),
        facts={"runs": path.runs, "attempts": [tries for _, tries in retrying]},
    )


def _unread(edge: Edge, known: Known) -> str:
    """What of a hop's attempts is a guess; empty where it was read."""
    source, target = known.resources[edge.source], known.resources[edge.target]
    if edge.kind in ("esm.sqs.lambda", "pipe.source.sqs"):
        return "" if "fifo" in source.attributes else "a queue on the way was not read"
    if edge.kind.startswith("esm."):
        limits = ("max_retries", "max_age")
        is_read = any(limit in edge.attributes for limit in limits)
        return "" if is_read else "the retries of a mapping on the way were not read"
    if target.kind == "lambda.function" and is_asynchronous(edge):
        return known.unread(target, CONFIGS)
    return ""


def _worst(known: Known) -> Mapping[str, Path]:
    """The worst path to each function at the end of one, for many runs and hops that try again.

    What lies in one component goes round and is counted as a loop, not here. Linear in the edges.
    """
    edges = list(_followed(known))
    nodes = sorted({end for edge in edges for end in (edge.source, edge.target)})
    number = {arn: place for place, arn in enumerate(nodes)}
    leaving: list[list[Edge]] = [[] for _ in nodes]
    for edge in edges:
        leaving[number[edge.source]].append(edge)
    targets = [[number[edge.target] for edge in out] for out in leaving]
    labels = strong.labels(targets)
    rank = _sources_first(labels, targets)
    runs = dict.fromkeys(nodes, 1.0)
    before: dict[str, tuple[Edge, float]] = {}
    hops = dict.fromkeys(nodes, 0)
    for place in sorted(range(len(nodes)), key=lambda each: rank[labels[each]]):
        for edge in leaving[place]:
            if labels[number[edge.target]] == labels[place]:
                continue
            tries = _tries(edge, known)
            if runs[edge.source] * tries > runs[edge.target]:
                runs[edge.target] = runs[edge.source] * tries
                before[edge.target] = edge, tries
                hops[edge.target] = hops[edge.source] + (tries > 1)
    ends = sorted(range(len(nodes)), key=lambda each: (-rank[labels[each]], each))
    return _ends([nodes[each] for each in ends], runs, before, hops, known)


def _sources_first(labels: Sequence[int], targets: Sequence[Sequence[int]]) -> Mapping[int, int]:
    """The rank of every component: lower than that of all it leads to."""
    sorter: TopologicalSorter[int] = TopologicalSorter()
    for label, out in zip(labels, targets, strict=True):
        sorter.add(label)
        for target in out:
            if labels[target] != label:
                sorter.add(labels[target], label)
    return {label: rank for rank, label in enumerate(sorter.static_order())}


def _ends(
    nodes: Sequence[str],
    runs: Mapping[str, float],
    before: Mapping[str, tuple[Edge, float]],
    hops: Mapping[str, int],
    known: Known,
) -> Mapping[str, Path]:
    """One path per way: what lies on a longer one is told there."""
    told: set[str] = set()
    found: dict[str, Path] = {}
    for arn in nodes:
        is_function = known.resources[arn].kind == "lambda.function"
        if arn in told or not is_function or runs[arn] < MANY or hops[arn] < LEAST:
            continue
        way: list[tuple[Edge, float]] = []
        at = arn
        while at in before:
            way.append(before[at])
            at = before[at][0].source
            told.add(at)
        found[arn] = Path(tuple(reversed(way)), runs[arn])
    return found


def _followed(known: Known) -> Iterable[Edge]:
    """Declared deliveries, and writes that more than a permission speaks for."""
    on = (Meaning.TRIGGERS, Meaning.FORWARDS)
    for edge in known.edges(""):
        if edge.meaning in on and edge.kind != "lambda.resource_policy":
            yield edge
    for function in known.started:
        for edge in known.written(function.arn):
            if edge.target in known.resources:
                yield edge


def _tries(edge: Edge, known: Known) -> float:
    source, target = known.resources[edge.source], known.resources[edge.target]
    return max(delivery(edge, source, target, DEFAULTS).attempts, 1)
