"""Trying changes on one component: the analysis is run again on the part of the graph that matters.

What is left out can neither lie on a loop of the component nor be asked when its writes are
inferred; that the part shows the very loops the whole showed is looked at before it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from topology.analysis import cycles
from topology.analysis.analyse import Analysis, analyse
from topology.analysis.changes import Change, Refilter, SwitchOff, changed
from topology.analysis.loops import Loop, LoopHop
from topology.analysis.suspects import links
from topology.catalog.awslambda import FUNCTION
from topology.graph import Evidence, Graph
from topology.inference.writes import PermittedWrites
from topology.verdict import HARMLESS

# The kinds there are most of; all others stay, for one may be asked about another's writes.
LEFT_OUT = frozenset(
    {
        FUNCTION,
        "dynamodb.stream",
        "dynamodb.table",
        "ecs.taskdefinition",
        "firehose.stream",
        "kinesis.stream",
        "logs.loggroup",
        "pipes.pipe",
        "s3.bucket",
        "scheduler.schedule",
        "sns.topic",
        "sqs.queue",
        "states.stateMachine",
    }
)

Signature = tuple[tuple[str, ...], ...]


def is_dangerous(loop: Loop) -> bool:
    """Whether nothing stops the loop and nobody accepted it."""
    return loop.verdict not in HARMLESS


def signature(hops: Sequence[LoopHop]) -> Signature:
    """What a loop is, whatever its permissions are called after a change."""
    return tuple(sorted(map(_key, hops)))


def _key(hop: LoopHop) -> tuple[str, ...]:
    edge = hop.edge
    label = edge.label if edge.evidence is Evidence.DECLARED else ""
    return (edge.source, edge.target, edge.kind, label)


class Trial:
    """A component of a graph, its dangerous loops, and what is left of them after changes.

    ``whole`` is the analysis it was found in.
    """

    def __init__(self, whole: Analysis, members: frozenset[str], loops: Sequence[Loop]) -> None:
        self.whole, self.members, self.loops = whole, members, tuple(loops)
        self.analyses = 0
        self._known: dict[str, tuple[Loop, ...]] = {}
        self.graph = part(whole.graph, members)
        self._unchanged = analyse(self.graph)
        shown = {signature(loop.hops) for loop in self.left(())}
        if shown != {signature(loop.hops) for loop in loops}:
            self.graph = whole.graph
            self._unchanged = whole
            self._known.clear()
        self._ids = {edge.id for edge in self.graph.edges}

    @property
    def writes(self) -> PermittedWrites:
        """What the part's actors may write."""
        return self._unchanged.writes

    def left(self, changes: Iterable[Change]) -> tuple[Loop, ...]:
        """The dangerous loops of the component after some changes, gravest first."""
        within = [self._within(change) for change in changes]
        key = repr(sorted(map(repr, within)))
        if key not in self._known:
            self.analyses += bool(within)
            found = analyse(changed(self.graph, within)) if within else self._unchanged
            self._known[key] = tuple(loop for loop in found.loops if self._counts(loop))
        return self._known[key]

    def stops(self, loop: Loop, changes: Iterable[Change]) -> bool:
        """Whether a loop surely goes round no more after some changes.

        Of all the loops through a trigger the gravest is listed. So a loop is gone if nothing
        dangerous is listed any more through one of the triggers it needs.
        """
        endangered = {_key(hop) for each in self.left(changes) for hop in each.hops}
        return any(
            _key(hop) not in endangered
            for hop in loop.hops
            if hop.edge.evidence is Evidence.DECLARED or self._starts_actor(hop)
        )

    def _starts_actor(self, hop: LoopHop) -> bool:
        return hop.edge.target in self.graph.resources and (
            self.graph.resources[hop.edge.target].kind == FUNCTION
        )

    def _counts(self, loop: Loop) -> bool:
        inside = all(hop.edge.source in self.members for hop in loop.hops)
        return is_dangerous(loop) and inside

    def _within(self, change: Change) -> Change:
        """The change of what is in this part: a rule's other targets may be elsewhere."""
        if isinstance(change, SwitchOff | Refilter):
            return replace(change, edges=tuple(each for each in change.edges if each in self._ids))
        return change


def part(whole: Graph, members: frozenset[str]) -> Graph:
    """A component with everything that says what its actors may write, and not much more."""
    kept = {
        arn: resource
        for arn, resource in whole.resources.items()
        if arn in members or resource.kind not in LEFT_OUT
    }
    edges = []
    for edge in whole.edges:
        if edge.target in members or (edge.source in kept and edge.target in kept):
            kept.setdefault(edge.source, whole.resources[edge.source])
            edges.append(edge)
    return Graph(dict(sorted(kept.items())), tuple(edges))


def trials(analysis: Analysis, most: int) -> Iterator[Trial]:
    """A trial for each of the gravest components with a dangerous loop, ``most`` at most."""
    dangerous = [loop for loop in analysis.loops if is_dangerous(loop)]
    if not dangerous:
        return
    home: dict[str, frozenset[str]] = {}
    for component in cycles.components(links(analysis.graph, analysis.writes)):
        members = frozenset(link.source for link in component)
        home.update(dict.fromkeys(members, members))
    grouped: dict[frozenset[str], list[Loop]] = {}
    for loop in dangerous:  # ranked, so that the gravest component comes first
        grouped.setdefault(home[loop.hops[0].edge.source], []).append(loop)
    for members, loops in list(grouped.items())[:most]:
        yield Trial(analysis, members, loops)
