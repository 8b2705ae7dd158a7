"""Trying changes on one component: what of it still goes round once they are made.

Whatever only takes deliveries or writes away leaves the other steps as they were, so it is enough
to look at those. Anything else is travelled again, and so is whatever is to be proved, over what
went round before: a change takes something away, so nothing else can go round after it. Permissions
are judged again of those whose roles lose some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from topology.analysis.analyse import Analysis
from topology.analysis.around import Around, Hops
from topology.analysis.changes import (
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
    changed,
)
from topology.analysis.loops import Loop, LoopHop
from topology.analysis.parts import Parts
from topology.catalog.awslambda import FUNCTION
from topology.graph import Evidence, Graph, Meaning
from topology.inference import passage
from topology.inference.logged import with_data_events
from topology.inference.passage import Step
from topology.inference.writes import Permissions, PermittedWrites
from topology.verdict import HARMLESS, Cannot


def is_dangerous(loop: Loop) -> bool:
    """Whether nothing stops the loop and nobody accepted it."""
    return loop.verdict not in HARMLESS


class Trial:
    """A component of an analysis and its dangerous loops, ranked.

    ``members`` are the resources and hubs that lie on cycles which nothing stops. ``analyses``
    counts how often it was analysed again; ``size`` is what that costs, in steps, edges and
    resources.
    """

    def __init__(
        self, whole: Analysis, parts: Parts, component: frozenset[str], loops: Sequence[Loop]
    ) -> None:
        self.whole = whole
        travelled = passage.travel(whole.graph, whole.judged, component, stopped=False)
        around = Around(travelled.steps)
        # Of a loop that is not seen here, nothing here could prove that it stops.
        self.loops = tuple(each for each in loops if all(around.takes(h.edge) for h in each.hops))
        self._steps = around.steps
        self.members = frozenset(
            name for step in self._steps for name in (step.edge.source, step.edge.target)
        )
        self.graph = parts.of(self.members)
        self.writes = _of(self.members, whole.judged)
        self.analyses = 0
        self.size = len(self.graph.edges) + len(travelled.steps) + len(self.graph.resources)
        self._ids = {edge.id for edge in self.graph.edges}
        self._known: dict[str, Around] = {}
        self._roles = {
            name: parts.roles_of(self.graph.resources[name])
            for name in self.members & self.graph.resources.keys()
        }

    def left(self, changes: Iterable[Change]) -> tuple[Hops, ...]:
        """Through every trigger that still lies on a dangerous loop, one that goes round."""
        return self._around(changes).loops

    def ends(self, changes: Iterable[Change]) -> bool:
        """Whether nothing is left."""
        return self._around(changes).is_empty

    def without(self, is_ended: Callable[[Step], bool]) -> tuple[Hops, ...]:
        """As ``left``, without some of the steps there are now."""
        return Around(step for step in self._steps if not is_ended(step)).loops

    def proves(self, changes: Iterable[Change]) -> bool:
        """Whether nothing goes round where the changes are made and everything sent again."""
        graph, writes = self._changed(sorted(map(self._within, changes), key=repr))
        return Around(self._travelled(graph, writes)).is_empty

    def is_known(self, changes: Iterable[Change]) -> bool:
        """Whether it costs nothing to ask what is left."""
        within = sorted(map(self._within, changes), key=repr)
        return _is_simple(within) or repr(within) in self._known

    def stops(self, loop: Loop, changes: Iterable[Change]) -> bool:
        """Whether a loop surely goes round no more: nothing does through a trigger it needs."""
        return bool(self.stopped([loop], changes))

    def stopped(self, loops: Iterable[Loop], changes: Iterable[Change]) -> list[Loop]:
        """The loops that surely go round no more."""
        around = self._around(changes)
        return [
            loop
            for loop in loops
            if not all(around.takes(hop.edge) for hop in loop.hops if self._is_needed(hop))
        ]

    def _around(self, changes: Iterable[Change]) -> Around:
        within = sorted(map(self._within, changes), key=repr)
        key = repr(within)
        if key not in self._known:
            self._known[key] = Around(self._after(within))
        return self._known[key]

    def _after(self, changes: Sequence[Change]) -> Iterable[Step]:
        """The steps after changes: travelled anew only where a write or filter becomes another."""
        gone: Set[str] = frozenset()
        if not _is_simple(changes):
            graph, writes = self._changed(changes)
            lost = self._gone(writes)
            if lost is None or any(isinstance(each, Refilter) for each in changes):
                return self._travelled(graph, writes)
            gone = lost
        return (s for s in self._steps if s.edge_id not in gone and not _is_ended(s, changes))

    def _gone(self, after: PermittedWrites) -> Set[str] | None:
        """The edges of the writes that are no more; None where others are not what they were."""
        before = {write.edge.order: write for write in self.writes.writes}
        for write in after.writes:
            if not isinstance(write.hop, Cannot) and before.pop(write.edge.order, None) != write:
                return None
        return {write.edge.id for write in before.values()}

    def _changed(self, changes: Sequence[Change]) -> tuple[Graph, PermittedWrites]:
        """The changed part, and what may be written in it."""
        self.analyses += 1
        graph = with_data_events(changed(self.graph, changes))
        return graph, self._judged(graph, changes)

    def _travelled(self, graph: Graph, writes: PermittedWrites) -> Sequence[Step]:
        inside = self.members | writes.hubs.keys()  # a hub is called by what its roles may do
        return passage.travel(graph, writes, inside, stopped=False).steps

    def _judged(self, graph: Graph, changes: Sequence[Change]) -> PermittedWrites:
        """The writes after changes: only those of whose roles lose a permission are other ones."""
        roles = {role for change in changes for role in _denied(change)}
        actors = {name for name, own in self._roles.items() if not own.isdisjoint(roles)}
        if not actors:
            return self.writes
        before = _of(actors, self.writes)
        reached = {write.edge.target for write in before.writes}
        reached.update(channel for hub in before.hubs.values() for channel in hub.channels)
        after = _of(actors, Permissions(graph).judged(actors | (reached & self.members)))
        others = [write for write in self.writes.writes if write.edge.source not in actors]
        return PermittedWrites(
            tuple(sorted([*others, *after.writes], key=lambda each: each.edge.order)),
            (),
            {**self.writes.hubs, **after.hubs},
        )

    def _is_needed(self, hop: LoopHop) -> bool:
        """Whether some loop is listed through a hop wherever one goes round: it is a trigger."""
        if hop.edge.evidence is Evidence.DECLARED:
            return True
        target = self.whole.graph.resources.get(hop.edge.target)
        return target is not None and target.kind == FUNCTION

    def _within(self, change: Change) -> Change:
        """The change of what is in this part: a rule's other targets may be elsewhere."""
        if isinstance(change, SwitchOff | Refilter):
            return replace(change, edges=tuple(each for each in change.edges if each in self._ids))
        return change


def _of(actors: Set[str], writes: PermittedWrites) -> PermittedWrites:
    """What some actors write, and the hubs they write through."""
    own = [write for actor in sorted(actors) for write in writes.by_source.get(actor, ())]
    hubs = {write.edge.target for write in own} & writes.hubs.keys()
    return PermittedWrites(tuple(own), (), {name: writes.hubs[name] for name in sorted(hubs)})


def _denied(change: Change) -> tuple[str, ...]:
    """The roles that lose a permission."""
    match change:
        case Forbid():
            return change.roles
        case Separate():
            return change.forbid.roles
    return ()


def _is_simple(changes: Iterable[Change]) -> bool:
    """Whether changes only take deliveries away."""
    return all(isinstance(each, SwitchOff | Retarget | Reserve) for each in changes)


def _is_ended(step: Step, changes: Iterable[Change]) -> bool:
    """Whether changes that only take deliveries away take this one."""
    for change in changes:
        match change:
            case SwitchOff() if step.edge_id in change.edges:
                return True
            case Retarget() if step.edge_id == change.edge:
                return True
            case Reserve(limit=0) if step.edge.source == change.function:
                if step.edge.meaning is not Meaning.ON_FAILURE:
                    return True
    return False


def trials(analysis: Analysis, most: int) -> Iterator[Trial]:
    """A trial for each of the gravest components with a dangerous loop, ``most`` at most."""
    dangerous = [loop for loop in analysis.loops if is_dangerous(loop)]
    if not dangerous:
        return
    homes: dict[str, list[frozenset[str]]] = {}
    for members in analysis.live:
        for name in members:
            homes.setdefault(name, []).append(members)
    grouped: dict[frozenset[str], list[Loop]] = {}
    for loop in dangerous:  # ranked, so that the gravest component comes first
        grouped.setdefault(_home(loop, homes), []).append(loop)
    parts = Parts(analysis.graph)
    for members, loops in list(grouped.items())[:most]:
        yield Trial(analysis, parts, members, loops)


def _home(loop: Loop, homes: Mapping[str, Sequence[frozenset[str]]]) -> frozenset[str]:
    """The component of a loop; of a bus, whose events are told apart, there may be several."""
    first, *others = {hop.edge.source for hop in loop.hops}
    return frozenset[str]().union(*(each for each in homes[first] if each.issuperset(others)))
