"""Loops that configuration would close and something stops: a filter, a denial, AWS itself.

They are sought over bare resources, where no filter is asked, and each that is listed is then sent
an event round, which says what stops it.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from topology import catalog
from topology.analysis import cycles
from topology.catalog.service import Part
from topology.graph import Evidence, Gap, Graph
from topology.inference import passage
from topology.inference.passage import Step
from topology.inference.ways import Way, ways
from topology.inference.writes import PermittedWrites


@dataclass(frozen=True, slots=True)
class Stopped:
    """The listed ones as steps, how many more triggers lie on others, and what was undecided."""

    paths: tuple[tuple[Step, ...], ...]
    more: int
    gaps: tuple[Gap, ...]


def stopped(
    graph: Graph, writes: PermittedWrites, inside: frozenset[str], without: Set[str], most: int
) -> Stopped:
    """The shortest way round through the triggers of a component, ``most`` of them at most.

    ``without`` are the ids of those that need none.
    """
    inner = list(ways(graph, writes, inside))
    triggers = {
        way.edge_id
        for way in inner
        if way.edge.evidence is Evidence.DECLARED or _starts_actor(graph, way)
    }
    free = sorted(triggers - without)
    listed = frozenset(free[:most])
    traits = cycles.Traits[Way](
        name=lambda way: way.edge_id if way.edge_id in listed else None,
        gravity=_gravity,
        is_free=lambda way: way.leaves_hub,
    )
    found = [
        each for component in cycles.components(inner) for each in cycles.gravest(component, traits)
    ]
    paths: list[tuple[Step, ...]] = []
    gaps: set[Gap] = set()
    for cycle in found:
        steps, undecided = passage.follow(graph, writes, cycle)
        paths.append(steps)
        gaps.update(undecided)
    return Stopped(tuple(paths), len(free[most:]), tuple(sorted(gaps)))


def _starts_actor(graph: Graph, way: Way) -> bool:
    target = graph.resources.get(way.target)
    kind = catalog.kinds().get(target.kind) if target else None
    return kind is not None and kind.part is Part.ACTOR


def _gravity(way: Way) -> int:
    """What is known to be stopped before anything is sent is gone through only if need be."""
    return 1 if way.is_off else 0
