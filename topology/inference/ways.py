"""Every way that configuration and permissions give an event, before any filter is asked."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from topology.graph import Edge, Evidence, Graph, Meaning
from topology.inference.permitted import PermittedWrite
from topology.inference.writes import PermittedWrites
from topology.verdict import Cannot


@dataclass(frozen=True, slots=True)
class Way:
    """A way of events between two names, before any filter is asked.

    ``write`` is given where it is a permitted one; ``leaves_hub`` marks the second half of a
    write through a hub.
    """

    edge: Edge
    edge_id: str
    write: PermittedWrite | None = None
    leaves_hub: bool = False

    @property
    def source(self) -> str:
        """A resource or hub."""
        return self.edge.source

    @property
    def target(self) -> str:
        """A resource or hub."""
        return self.edge.target

    @property
    def order(self) -> str:
        """What the edge is."""
        return self.edge_id

    @property
    def is_off(self) -> bool:
        """Whether it is known to be stopped before anything is sent."""
        return bool(self.edge.dormant) or (
            self.write is not None and isinstance(self.write.hop, Cannot)
        )


def ways(graph: Graph, writes: PermittedWrites, inside: Set[str]) -> Iterator[Way]:
    """Every way inside a component."""
    for name in sorted(inside):
        yield from ways_from(graph, writes, name, inside)


def ways_from(
    graph: Graph, writes: PermittedWrites, name: str, to: Set[str] | None = None
) -> Iterator[Way]:
    """Every way that leaves a resource or hub, or those that lead ``to`` some others."""
    for edge in graph.leaving.get(name, ()) if to is None else graph.leading(name, to):
        yield Way(edge, edge.id)
    for write in writes.by_source.get(name, ()):
        if to is None or write.edge.target in to:
            yield Way(write.edge, write.edge.id, write)
    if name in writes.hubs:
        for channel in writes.hubs[name].channels:
            if to is None or channel in to:
                edge = hub_edge(name, channel)
                yield Way(edge, edge.id, leaves_hub=True)


def hub_edge(hub: str, channel: str) -> Edge:
    """The second half of a write through a hub."""
    return Edge(hub, channel, Meaning.WRITES, "iam.hub", Evidence.PERMITTED_ANY)
