"""What may be supposed of a resource's edges: switched off, heard otherwise, not permitted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from topology import catalog
from topology.analysis.changes import SwitchOff, SwitchOn
from topology.analysis.edits import written
from topology.analysis.narrowing import language_of
from topology.analysis.options import forbidding
from topology.catalog.service import Part
from topology.graph import Edge, Graph, Resource
from topology.inference.sessions import Sessions
from topology.inference.writes import PermittedWrites


@dataclass(frozen=True, slots=True)
class Offer:
    """An edge and the edits that may be made of it; each is empty where it makes no sense.

    ``language`` is that of the filter it has or may be given.
    """

    edge: Edge
    switch: str = ""
    deny: str = ""
    language: str = ""


def offers(graph: Graph, writes: PermittedWrites, arn: str) -> Iterator[Offer]:
    """What may be supposed of every edge from or to a resource, declared ones first."""
    for edge in graph.edges:
        if arn in (edge.source, edge.target):
            yield of_edge(edge)
    sessions = Sessions(graph)
    for write in writes.writes:
        for edge in _reaching(write.edge, writes, arn):
            actor = graph.resources[edge.source]
            roles = [session.role for session in sessions.of(actor)]
            denied = forbidding(edge, roles, graph.resources, ["*"])
            yield Offer(edge, deny=written(denied, edge) if denied else "")


def takes_part(resource: Resource) -> bool:
    """Whether events come to a resource or go out from it: it is no role, policy or placeholder."""
    kind = catalog.kinds().get(resource.kind)
    return kind is not None and kind.part is not Part.OTHER


def of_edge(edge: Edge) -> Offer:
    """What may be supposed of a declared edge."""
    ids = (edge.id,)
    switch = SwitchOn(ids) if edge.dormant else SwitchOff(ids)
    return Offer(edge, written(switch, edge), language=language_of(edge.kind, edge.filter))


def _reaching(edge: Edge, writes: PermittedWrites, arn: str) -> Iterator[Edge]:
    """A write from or to a resource; one through a hub, to the channel that is asked about."""
    hub = writes.hubs.get(edge.target)
    if hub is not None:
        if arn in hub.channels:
            yield replace(edge, target=arn)
    elif arn in (edge.source, edge.target):
        yield edge
