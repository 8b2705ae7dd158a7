"""The whole analysis of one moment: permitted writes ▸ components ▸ passage ▸ loops.

A component is the truth, listed loops are examples: the gravest, then shortest, loop through
every delivery that lies on a cycle, so every trigger in danger is in at least one of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace

from topology import garbage
from topology.analysis import cycles
from topology.analysis.elementary import EffortSpentError
from topology.analysis.loops import Loop, LoopHop, loop
from topology.analysis.ranking import fed_by, ranked
from topology.analysis.regions import MOST_BLOCKED, regions
from topology.analysis.stopped import stopped
from topology.graph import Edge, Evidence, Gap, Graph, Meaning
from topology.inference import passage
from topology.inference.logged import with_data_events
from topology.inference.passage import Step
from topology.inference.writes import Permissions, PermittedWrites, WritesOnDemand
from topology.verdict import Always, Cannot, Hop, Sometimes, Unknown

MAX_FURTHER = 1000  # loops counted beyond the listed ones
MAX_LENGTH = 12  # steps of a loop that is counted
EFFORT = 200_000  # steps looked at to count the loops of one component


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything derived from one graph. ``loops`` are ranked; ``more_loops`` were only counted.

    ``writes`` are all there are; loops needed only those inside components. Loops that go round
    in at most ``complete_to`` steps are all listed or counted. ``live`` are the components in which
    an event may come back, by the names of resources and hubs, and ``judged`` the writes there.
    """

    graph: Graph
    writes: PermittedWrites
    loops: tuple[Loop, ...]
    more_loops: int
    gaps: tuple[Gap, ...]
    complete_to: int = MAX_LENGTH
    live: tuple[frozenset[str], ...] = field(default=(), repr=False)
    judged: PermittedWrites = field(default=PermittedWrites((), (), {}), repr=False, compare=False)


def analyse(graph: Graph) -> Analysis:
    """Find and judge the loops of one moment's graph. Pure: the same graph, the same analysis."""
    with garbage.left_alone():
        return _analysed(graph)


def _analysed(graph: Graph) -> Analysis:
    graph = with_data_events(graph)
    permissions = Permissions(graph)
    found_regions, writes = regions(graph, permissions)
    found: dict[str, Loop] = {}
    further: list[Sequence[Step]] = []
    more = 0
    gaps: set[Gap] = {*writes.gaps}

    def judge(path: Sequence[Step]) -> None:
        judged = loop(hops_of(path), graph.resources)
        known = found.setdefault(judged.fingerprint, judged)
        if judged.rank < known.rank:  # the same edges, taken by other events
            found[judged.fingerprint] = judged

    fed: dict[str, int] = {}
    for region in found_regions:
        settled: set[str] = set()  # edges that need no blocked loop
        for inside in region.live:
            fed.update(dict.fromkeys(inside, fed_by(graph, inside)))
            travelled = passage.travel(graph, writes, inside, stopped=False)
            gaps.update(travelled.gaps)
            for steps in cycles.components(travelled.steps):
                settled.update(step.edge_id for step in steps)
                for path in cycles.gravest(steps, TRAITS):
                    judge(path)
                further.append(steps)
        left = MOST_BLOCKED
        for inside in dict.fromkeys((*region.live, *region.shown)):
            would_be = stopped(graph, writes, inside, settled, left)
            gaps.update(would_be.gaps)
            more += would_be.more
            left -= len(would_be.paths)
            for way in would_be.paths:
                judge(way)
                settled.update(step.edge_id for step in way)
        more += region.unshown
    listed = {frozenset(hop.edge.id for hop in each.hops) for each in found.values()}
    counted = _Further(further, listed)
    return Analysis(
        graph,
        WritesOnDemand(permissions),
        tuple(ranked(found.values(), graph.resources, fed)),
        min(len(counted.found) + more, MAX_FURTHER),
        tuple(sorted(gaps)),
        counted.complete_to,
        tuple(inside for region in found_regions for inside in region.live),
        writes,
    )


TRAITS = cycles.Traits[Step](
    # A trigger is what somebody configured, and a write that starts an actor by itself. An edge is
    # as many steps as there are sets of events that take it: the gravest one speaks.
    name=lambda step: (
        step.edge_id if step.edge.evidence is Evidence.DECLARED or step.starts_actor else None
    ),
    gravity=lambda step: _gravity(step),
    is_free=lambda step: step.leaves_hub,
)


def _gravity(step: Step) -> int:
    """What a cycle with this step is at best: certain, possible, a retry storm, or stopped."""
    if isinstance(step.hop, Cannot):
        return 3
    if step.edge.meaning is Meaning.ON_FAILURE:
        return 2
    return 0 if LoopHop(step.edge, step.hop).is_convincing else 1


def hops_of(path: Sequence[Step]) -> list[LoopHop]:
    """Steps as hops, with the two steps through a hub merged into the write they stand for."""
    hops: list[LoopHop] = []
    for step in _from_an_entry(path):
        if step.leaves_hub:
            into = hops.pop()
            edge = replace(into.edge, target=step.target.resource)
            hop = into.hop if isinstance(into.hop, Cannot) else _showing(into.hop, step.hop)
            hops.append(LoopHop(edge, hop))
        else:
            hops.append(LoopHop(step.edge, step.hop))
    return hops


def edges_of(path: Sequence[Step]) -> frozenset[str]:
    """The ids of the edges of ``hops_of`` these steps."""
    edges: list[tuple[Edge, str]] = []
    for step in _from_an_entry(path):
        if step.leaves_hub:
            edge = replace(edges.pop()[0], target=step.target.resource)
            edges.append((edge, edge.id))
        else:
            edges.append((step.edge, step.edge_id))
    return frozenset(edge_id for _, edge_id in edges)


def _from_an_entry(path: Sequence[Step]) -> Sequence[Step]:
    """The same way round, not begun within a write through a hub."""
    entry = next(i for i, step in enumerate(path) if not step.leaves_hub)
    return (*path[entry:], *path[:entry])


def _showing(hop: Always | Sometimes | Unknown, channel: Hop) -> Hop:
    """A hub's hop with the event that one of its channels takes."""
    return replace(hop, witness=channel.witness)


class _Further:
    """Loops beyond the listed ones, counted the shortest first and up to ``MAX_FURTHER``."""

    def __init__(self, components: Iterable[Sequence[Step]], listed: Set[frozenset[str]]) -> None:
        self.found: set[frozenset[str]] = set()
        self.complete_to = MAX_LENGTH
        for path in heapq.merge(*map(self._paths, components), key=len):
            if len(self.found) >= MAX_FURTHER:
                self._ends(len(path) - 1)
                return
            edges = edges_of(path)
            if edges not in listed:
                self.found.add(edges)

    def _paths(self, steps: Sequence[Step]) -> Iterator[list[Step]]:
        try:
            yield from cycles.elementary(steps, MAX_LENGTH, EFFORT)
        except EffortSpentError as spent:
            self._ends(spent.complete_to)

    def _ends(self, complete_to: int) -> None:
        self.complete_to = min(self.complete_to, complete_to)
