"""Every edge from one resource to another, as somebody asks who points at an arrow of the map."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from topology.analysis import LoopHop
from topology.graph import Graph
from topology.inference.ways import hub_edge
from topology.inference.writes import PermittedWrites
from topology.reports.resource_view import Teller, as_declared
from topology.verdict import Always


def edges_between(
    source: str, target: str, graph: Graph, writes: PermittedWrites, read: datetime | None
) -> list[dict[str, Any]]:
    """A row for each edge, as ``resource_view`` tells it: declared ones, then writes.

    ``read`` is when the moment was read. Linear in the writes.
    """
    known = {**graph.resources, **{name: hub.resource for name, hub in writes.hubs.items()}}
    found = [as_declared(e) for e in graph.leaving.get(source, ()) if e.target == target]
    found += [
        LoopHop(write.edge, write.hop)
        for write in writes.writes
        if (write.edge.source, write.edge.target) == (source, target)
    ]
    if source in writes.hubs and target in writes.hubs[source].channels:
        found.append(LoopHop(hub_edge(source, target), Always("")))
    tell = Teller(known, read)
    return [tell.row(hop) for hop in found]
