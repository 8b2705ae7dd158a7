"""Writes that were seen happening: traces and trails raise what permissions only allow.

What was seen never lowers anything, and what was not seen says nothing: a trace may be sampled and
a trail does not hold data events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.inference.hubs import Hub
from topology.inference.permitted import PermittedWrite
from topology.sets.events import EventSet
from topology.verdict import Unknown

Row = Mapping[str, Any]
UNEXPLAINED = "It was seen happening, but no permission that was read explains it."


def seen_by(graph: Graph, actor: Resource) -> dict[str, list[Row]]:
    """What an actor was seen writing to, by ARN: rows of its attribute ``observed``.

    Of a queue that hands its messages to the actor, a trace shows the same for a message that is
    deleted as for one that is sent: it proves nothing there.
    """
    found: dict[str, list[Row]] = {}
    for row in actor.attributes.get("observed", ()):
        target = graph.resources.get(row["target"])
        if target is not None and not (row["by"] == "X-Ray" and _takes_from(graph, actor, target)):
            found.setdefault(target.arn, []).append(row)
    return found


def with_observed(
    writes: Iterable[PermittedWrite],
    graph: Graph,
    hubs: Mapping[str, Hub],
    inside: Set[str] | None = None,
) -> Iterator[PermittedWrite]:
    """The writes, each that was seen as ``OBSERVED`` unless it is declared.

    One through a hub to a channel that it was seen writing to is an edge of its own besides. A
    target that no permission shows is an edge whose events are not known.
    """
    seen: dict[str, dict[str, list[Row]]] = {}
    for name in graph.resources if inside is None else sorted(inside & graph.resources.keys()):
        if targets := seen_by(graph, graph.resources[name]):
            seen[name] = targets
    explained: set[tuple[str, str]] = set()
    for write in writes:
        edge = write.edge
        of_actor = seen.get(edge.source, {})
        if hub := hubs.get(edge.target):
            for target in sorted(of_actor.keys() & {*hub.channels}):
                if rows := _fitting(of_actor[target], edge):
                    explained.add((edge.source, target))
                    raised = replace(_raised(edge, rows), target=target)
                    yield PermittedWrite(raised, write.hop, _events(hub, target))
        elif rows := _fitting(of_actor.get(edge.target, ()), edge):
            explained.add((edge.source, edge.target))
            write = replace(write, edge=_raised(edge, rows))
        yield write
    for source, of_actor in seen.items():
        for target, rows in of_actor.items():
            is_asked = inside is None or target in inside
            if is_asked and (source, target) not in explained:
                yield _unexplained(source, graph.resources[target], rows)


def _takes_from(graph: Graph, actor: Resource, queue: Resource) -> bool:
    if queue.kind != "sqs.queue":
        return False
    return any(edge.target == actor.arn for edge in graph.leaving.get(queue.arn, ()))


def _fitting(rows: Sequence[Row], edge: Edge) -> list[Row]:
    """The rows that are about this edge: a trail names the action, a trace does not."""
    if edge.meaning is not Meaning.WRITES:
        return []
    allowed = edge.attributes.get("actions") or ()
    return [row for row in rows if not row.get("action") or row["action"] in allowed]


def _raised(edge: Edge, rows: Sequence[Row]) -> Edge:
    is_weaker = edge.evidence.strength > Evidence.OBSERVED.strength
    return replace(
        edge,
        evidence=Evidence.OBSERVED if is_weaker else edge.evidence,
        attributes={**edge.attributes, "observed": [_proof(row) for row in rows]},
    )


def _proof(row: Row) -> dict[str, str]:
    """How a hop's page tells it: a text, where it was seen, and when last."""
    times = "once" if row["count"] == 1 else f"{row['count']:,} times"
    return {
        "text": f"{row['by']} saw it {times} since {row['from'] or 'an unknown time'}.",
        "where": " ".join(filter(None, (row["by"], row.get("action", "")))),
        "at": row["to"],
    }


def _events(hub: Hub, target: str) -> Any:
    return lambda: hub.events_of(target)


def _unexplained(source: str, target: Resource, rows: Sequence[Row]) -> PermittedWrite:
    actions = sorted({row["action"] for row in rows if row.get("action")})
    edge = Edge(
        source,
        target.arn,
        Meaning.WRITES,
        f"observed.{target.kind}",
        attributes={"actions": actions},
        label=" and ".join(sorted({row["by"] for row in rows})),
        evidence=Evidence.OBSERVED,
    )
    return PermittedWrite(_raised(edge, rows), Unknown(UNEXPLAINED), EventSet.anything)
