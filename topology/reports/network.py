"""Nodes and arrows: what every drawing and graph format writes down, of loops or of a whole graph.

Values are sorted and plain, and an arrow is one piece of configuration: parallel arrows stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from topology.graph import Edge, Resource, outside
from topology.reports.document import Document, Told, place
from topology.verdict import LoopVerdict


@dataclass(frozen=True, order=True, slots=True)
class Node:
    """A resource; ``verdict`` is that of the gravest loop through it, empty where there is none."""

    id: str
    name: str
    kind: str
    account: str = ""
    region: str = ""
    verdict: str = ""


@dataclass(frozen=True, order=True, slots=True)
class Arrow:
    """One piece of configuration; ``passes`` is the verdict of its hop where it is on a loop."""

    source: str
    target: str
    id: str
    meaning: str
    kind: str
    label: str = ""
    evidence: str = ""
    dormant: str = ""
    passes: str = ""
    verdict: str = ""

    @property
    def says(self) -> str:
        """What stands beside it: ``triggers, sometimes``; ``writes, switched off``."""
        passes = "switched off" if self.dormant else self.passes
        return ", ".join(filter(None, (self.meaning, passes)))


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn. Each call is a new pass, so that a large graph can be streamed.

    Every end of an arrow is a node, and no node or arrow comes twice in a pass.
    """

    nodes: Callable[[], Iterable[Node]]
    arrows: Callable[[], Iterable[Arrow]]


def of_loops(document: Document) -> Network:
    """The resources and hops of a document's loops, each once, with the gravest verdict."""
    nodes: dict[str, Node] = {}
    arrows: dict[str, Arrow] = {}
    for loop in sorted(document["loops"], key=_gravity):
        for edge in loop["edges"]:
            for end in ("source", "target"):
                nodes.setdefault(edge[end], _node(edge, end, loop["verdict"]))
            arrows.setdefault(edge["id"], _arrow(edge, loop["verdict"]))
    by_id, by_ends = sorted(nodes.values()), sorted(arrows.values())
    return Network(lambda: by_id, lambda: by_ends)


def of_graph(
    resources: Callable[[], Iterable[Resource]],
    edges: Callable[[], Iterable[Edge]],
    document: Document,
) -> Network:
    """A stored graph, with what the loops of its document add: their verdicts, implied writes.

    Memory grows with the resources and the loops, not with the edges.
    """
    loops = of_loops(document)
    on_loops = {node.id: node for node in loops.nodes()}
    hops = {arrow.id: arrow for arrow in loops.arrows()}
    read = {each.arn for each in resources()}

    def configured() -> Iterator[Edge]:
        """What a permission says of deliveries is left out where the source itself was read."""
        for edge in edges():
            if not (edge.source in read and edge.attributes.get("evidence_only")):
                yield edge

    def nodes() -> Iterator[Node]:
        seen = set(read)
        for each in resources():
            marked = on_loops.get(each.arn)
            yield _of_resource(each, marked.verdict if marked else "")
        for end in _ends(configured(), hops.values()):
            if end not in seen:
                seen.add(end)
                yield on_loops.get(end) or _of_resource(outside(end), "")

    def arrows() -> Iterator[Arrow]:
        stored = set()
        for edge in configured():
            if (hop := hops.get(edge.id)) is not None:
                stored.add(edge.id)
            yield _of_edge(edge, hop)
        yield from (hop for hop in hops.values() if hop.id not in stored)

    return Network(nodes, arrows)


def _ends(edges: Iterable[Edge], hops: Iterable[Arrow]) -> Iterator[str]:
    for each in chain[Edge | Arrow](edges, hops):
        yield each.source
        yield each.target


def _gravity(loop: Told) -> tuple[int, int]:
    return LoopVerdict(loop["verdict"]).gravity, loop.get("number", 0)


def _node(edge: Told, end: str, verdict: str) -> Node:
    account, region = place(edge, end)
    name, kind = edge[f"{end}_name"], edge[f"{end}_kind"]
    return Node(edge[end], name, kind, account, region, verdict)


def _arrow(edge: Told, verdict: str) -> Arrow:
    return Arrow(
        edge["source"],
        edge["target"],
        edge["id"],
        edge["meaning"],
        edge["kind"],
        edge["label"],
        edge["evidence"],
        edge["dormant"],
        edge["hop"]["verdict"],
        verdict,
    )


def _of_resource(resource: Resource, verdict: str) -> Node:
    return Node(
        resource.arn, resource.name, resource.kind, resource.account, resource.region, verdict
    )


def _of_edge(edge: Edge, hop: Arrow | None) -> Arrow:
    return Arrow(
        edge.source,
        edge.target,
        edge.id,
        edge.meaning.value,
        edge.kind,
        edge.label,
        edge.evidence.value,
        edge.dormant,
        hop.passes if hop else "",
        hop.verdict if hop else "",
    )
