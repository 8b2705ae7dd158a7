"""Trying changes on one component: what of it still goes round once they are made.

Whatever only takes deliveries away leaves the other steps as they were, so it is enough to look at
those. Anything else is inferred and travelled again, on the part of the graph that matters: what
is left out can neither lie on a loop of the component nor be asked when its writes are inferred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from topology.analysis import cycles
from topology.analysis.analyse import TRAITS, Analysis, hops_of
from topology.analysis.changes import Change, Refilter, Reserve, Retarget, SwitchOff, changed
from topology.analysis.loops import Loop, LoopHop
from topology.analysis.suspects import structure
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.inference import passage
from topology.inference.logged import with_data_events
from topology.inference.passage import Step
from topology.inference.sessions import Sessions
from topology.inference.writes import Permissions, PermittedWrites
from topology.verdict import HARMLESS, Cannot

# The kinds there are most of; all others stay, for one may be asked about another's writes.
LEFT_OUT = frozenset(
    {
        FUNCTION,
        "dynamodb.stream",
        "dynamodb.table",
        "ecs.taskdefinition",
        "firehose.stream",
        "iam.policy",
        "iam.role",
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

Hops: TypeAlias = tuple[LoopHop, ...]
Key: TypeAlias = tuple[str, ...]
Signature: TypeAlias = tuple[Key, ...]


def is_dangerous(loop: Loop) -> bool:
    """Whether nothing stops the loop and nobody accepted it."""
    return loop.verdict not in HARMLESS


def signature(hops: Sequence[LoopHop]) -> Signature:
    """What a loop is, whatever its permissions are called after a change."""
    return tuple(sorted(map(_key, hops)))


def _key(hop: LoopHop) -> Key:
    edge = hop.edge
    label = edge.label if edge.evidence is Evidence.DECLARED else ""
    return (edge.source, edge.target, edge.kind, label)


class Trial:
    """A component of an analysis and its dangerous loops, ranked.

    ``analyses`` counts how often it was analysed again; ``size`` is what that costs, in steps,
    edges and writes.
    """

    def __init__(
        self,
        whole: Analysis,
        part: Graph,
        writes: PermittedWrites,
        members: frozenset[str],
        loops: Sequence[Loop],
    ) -> None:
        self.whole, self.members, self.loops = whole, members, tuple(loops)
        self.writes = writes
        self.graph = part
        self.analyses = 0
        self._ids = {edge.id for edge in self.graph.edges}
        self._known: dict[str, tuple[Hops, ...]] = {}
        self._last: tuple[tuple[Hops, ...], frozenset[Key]] = ((), frozenset())
        travelled = passage.travel(whole.graph, writes, members, stopped=False)
        self._steps = [step for each in cycles.components(travelled.steps) for step in each]
        self.size = len(self.graph.edges) + len(travelled.steps) + len(self.graph.resources)

    def left(self, changes: Iterable[Change]) -> tuple[Hops, ...]:
        """Through every trigger that still lies on a dangerous loop, one that goes round."""
        within = sorted(map(self._within, changes), key=repr)
        key = repr(within)
        if key not in self._known:
            if all(isinstance(each, SwitchOff | Retarget | Reserve) for each in within):
                steps = [step for step in self._steps if not _is_ended(step, within)]
            else:
                steps = self._again(within)
            self._known[key] = tuple(_cycles(steps))
        return self._known[key]

    def without(self, is_ended: Callable[[Step], bool]) -> list[Hops]:
        """As ``left``, without some of the steps there are now."""
        return _cycles(step for step in self._steps if not is_ended(step))

    def proves(self, changes: Iterable[Change]) -> bool:
        """Whether a whole analysis of the part with the changes made finds nothing dangerous."""
        return not _cycles(self._again(sorted(map(self._within, changes), key=repr)))

    def is_known(self, changes: Iterable[Change]) -> bool:
        """Whether it costs nothing to ask what is left."""
        within = sorted(map(self._within, changes), key=repr)
        is_simple = all(isinstance(each, SwitchOff | Retarget | Reserve) for each in within)
        return is_simple or repr(within) in self._known

    def stops(self, loop: Loop, changes: Iterable[Change]) -> bool:
        """Whether a loop surely goes round no more after some changes.

        Through every trigger some loop is listed, if one is left. So a loop is gone if none is
        listed any more through one of the triggers it needs.
        """
        endangered = self._endangered(self.left(changes))
        return any(
            _key(hop) not in endangered
            for hop in loop.hops
            if hop.edge.evidence is Evidence.DECLARED or self._starts_actor(hop)
        )

    def _endangered(self, left: tuple[Hops, ...]) -> frozenset[Key]:
        """The hops of what is left; one answer is asked about for many loops."""
        if self._last[0] is not left:
            self._last = left, frozenset(_key(hop) for each in left for hop in each)
        return self._last[1]

    def _again(self, changes: Sequence[Change]) -> list[Step]:
        """The steps of the changed part: its permissions are judged and its ways travelled anew."""
        self.analyses += 1
        graph = with_data_events(changed(self.graph, changes))
        writes = Permissions(graph).judged(self.members)
        inside = self.members | writes.hubs.keys()  # a hub is called by what its roles may do
        return list(passage.travel(graph, writes, frozenset(inside), stopped=False).steps)

    def _starts_actor(self, hop: LoopHop) -> bool:
        target = self.whole.graph.resources.get(hop.edge.target)
        return target is not None and target.kind == FUNCTION

    def _within(self, change: Change) -> Change:
        """The change of what is in this part: a rule's other targets may be elsewhere."""
        if isinstance(change, SwitchOff | Refilter):
            return replace(change, edges=tuple(each for each in change.edges if each in self._ids))
        return change


def _cycles(steps: Iterable[Step]) -> list[Hops]:
    """The gravest cycle through every trigger, of steps that nothing stops."""
    passing = [step for step in steps if not isinstance(step.hop, Cannot)]
    return [
        tuple(hops_of(path))
        for component in cycles.components(passing)
        for path in cycles.gravest(component, TRAITS)
    ]


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


class Parts:
    """A graph, of which each component needs a part: what lies on it, and what says what it may.

    Roles and policies are kept where a member acts in them.
    """

    def __init__(self, whole: Graph) -> None:
        self._whole = whole
        self._sessions = Sessions(whole)
        self._shared = {
            arn: resource
            for arn, resource in whole.resources.items()
            if resource.kind not in LEFT_OUT
        }
        self._entering: dict[str, list[Edge]] = {}
        self._between: list[Edge] = []
        for edge in whole.edges:
            if edge.source in self._shared and edge.target in self._shared:
                self._between.append(edge)
            else:
                self._entering.setdefault(edge.target, []).append(edge)

    def of(self, members: frozenset[str]) -> Graph:
        """A component with everything that is asked about it, and not much more."""
        known = self._whole.resources
        edges = [*self._between]
        kept = dict(self._shared)
        for member in sorted(members & known.keys()):
            kept[member] = known[member]
            for edge in self._entering.get(member, ()):
                kept[edge.source] = known[edge.source]
                edges.append(edge)
            kept.update(self._permissions(known[member]))
        return Graph(dict(sorted(kept.items())), tuple(sorted(edges, key=lambda edge: edge.order)))

    def _permissions(self, actor: Resource) -> Iterator[tuple[str, Resource]]:
        """The roles an actor acts in, and their policies, as far as they were read."""
        for session in self._sessions.of(actor):
            role = self._whole.resources.get(session.role)
            if role is not None:
                yield role.arn, role
                named = (*role.attributes.get("attached", ()), role.attributes.get("boundary"))
                for policy in filter(None, named):
                    if policy in self._whole.resources:
                        yield policy, self._whole.resources[policy]


def trials(analysis: Analysis, most: int) -> Iterator[Trial]:
    """A trial for each of the gravest components with a dangerous loop, ``most`` at most."""
    dangerous = [loop for loop in analysis.loops if is_dangerous(loop)]
    if not dangerous:
        return
    components, writes = structure(analysis.graph)
    home = {name: members for members in components for name in members}
    grouped: dict[frozenset[str], list[Loop]] = {}
    for loop in dangerous:  # ranked, so that the gravest component comes first
        grouped.setdefault(home[loop.hops[0].edge.source], []).append(loop)
    parts = Parts(analysis.graph)
    for members, loops in list(grouped.items())[:most]:
        yield Trial(analysis, parts.of(members), writes, members, loops)
