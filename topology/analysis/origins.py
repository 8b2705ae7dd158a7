"""What arrives at a hop of a loop, and what would arrive there from somebody else.

Somebody else may do in the same place whatever the loop's own actor does, with any key, name or
session: a filter that keeps out the one and not the other still does its work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from operator import or_

from topology import arn as arns
from topology import catalog
from topology.analysis import narrowing
from topology.analysis.analyse import Analysis
from topology.analysis.loops import LoopHop
from topology.catalog.awslambda import FUNCTION
from topology.facts import may_have
from topology.filters import FilterError
from topology.filters import heard as heard_by
from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.inference.permitted import PermittedWrite
from topology.inference.writes import Permissions, PermittedWrites
from topology.sets.events import EventSet, compare
from topology.sets.strings import StringSet
from topology.verdict import Cannot

Ways = Sequence[tuple[Sequence[LoopHop], int]]
SOMEBODY = "somebody-else"
SMALL = 2_000  # edges of a graph of which it is asked who else writes to a bucket
ALLOWED = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ANYTHING = {"Version": "2012-10-17", "Statement": [ALLOWED]}
ACTING = ("role", "versions", "profile", "role_of_caller")


class Writers:
    """All writes of an analysis by their target; sorted out when somebody asks."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    @cached_property
    def to(self) -> Mapping[str, Sequence[PermittedWrite]]:
        """The writes that name a target, not those that reach it by a hub; none of a large graph.

        It takes judging every permission there is, for the sake of a better word for a folder.
        """
        if len(self._analysis.graph.edges) > SMALL:
            return {}
        found: dict[str, list[PermittedWrite]] = {}
        for write in self._analysis.writes.writes:
            found.setdefault(write.edge.target, []).append(write)
        return found


class Origins:
    """The writes of a part of a graph, by what they put on a channel; ``elsewhere`` are all."""

    def __init__(
        self, graph: Graph, writes: PermittedWrites, members: frozenset[str], elsewhere: Writers
    ) -> None:
        self._graph, self._writes, self._elsewhere = graph, writes, elsewhere
        self._members = members
        self._somebody: dict[tuple[str, str], PermittedWrites] = {}
        self._written: dict[tuple[str, ...], tuple[EventSet | None, EventSet | None]] = {}

    def arriving(self, ways: Ways) -> tuple[EventSet | None, EventSet | None]:
        """What comes round to a hop by some loops, and what somebody else would send the same way.

        The first is None where one of the loops has no beginning that is known, the second where
        it is not known what others send.
        """
        written: list[EventSet] = []
        others: list[EventSet] = []
        for hops, place in ways:
            start = self._start(hops, place)
            if start is None:
                return None, None
            own, theirs = self._begun(hops[start].edge)
            if own is None:
                return None, None
            way = [hops[(start + step) % len(hops)].edge for step in range(len(hops))]
            way = way[1 : (place - start) % len(hops) or len(hops)]
            written.append(self._carried(own, way))
            if theirs is not None:
                others.append(self._carried(theirs, way))
        everything = reduce(or_, others) if len(others) == len(ways) else None
        return reduce(or_, written), everything

    def goes_on(self, ways: Ways, events: EventSet) -> bool:
        """Whether events that got past a hop pass every filter from there to the next actor."""
        for hops, place in ways:
            left = self._past(events, hops, place)
            if left is None:
                return False
        return True

    def _past(self, events: EventSet, hops: Sequence[LoopHop], place: int) -> EventSet | None:
        """What is left of events at the next actor, by one loop; None where nothing is."""
        events = self._carry(events, hops[place].edge)
        for step in range(1, len(hops)):
            edge = hops[(place + step) % len(hops)].edge
            if edge.evidence is not Evidence.DECLARED or edge.meaning is Meaning.WRITES:
                break
            if edge.filter is not None:
                try:
                    heard = heard_by(edge.filter)
                    if isinstance(compare(events, heard), Cannot):
                        return None
                    events &= heard
                except FilterError:
                    events = EventSet.anything()
            events = self._carry(events, edge)
        return events

    def known_keys(self, bucket: str, ways: Ways) -> tuple[StringSet, ...]:
        """The keys that actors which are not on these loops may write to a bucket."""
        going_round = {hop.edge.source for hops, _ in ways for hop in hops}
        found = {
            keys
            for write in self._elsewhere.to.get(bucket, ())
            if write.edge.source not in going_round
            and (keys := narrowing.keys_of(write.events)) is not None
        }
        return tuple(sorted(found))

    def _start(self, hops: Sequence[LoopHop], place: int) -> int | None:
        """The hop before ``place`` at which the event that arrives there is made."""
        for back in range(1, len(hops) + 1):
            here = (place - back) % len(hops)
            edge = hops[here].edge
            if edge.evidence is not Evidence.DECLARED or edge.meaning is Meaning.WRITES:
                return here
        return None

    def _begun(self, edge: Edge) -> tuple[EventSet | None, EventSet | None]:
        """What a hop puts on its target, and what somebody else may put there likewise."""
        if edge.evidence is Evidence.DECLARED:
            return self._across(EventSet.anything(), edge), None
        if edge.order not in self._written:
            self._written[edge.order] = self._put(edge)
        return self._written[edge.order]

    def _put(self, edge: Edge) -> tuple[EventSet | None, EventSet | None]:
        own = list(_events(self._writes.by_source.get(edge.source, ()), self._writes, edge))
        place = self._graph.resources[edge.source]
        somebody = self._somebody_in(place)
        theirs = list(_events(somebody.writes, somebody, edge))
        return (
            reduce(or_, own) if own else None,
            reduce(or_, theirs) if theirs else None,
        )

    def _carried(self, events: EventSet, way: Sequence[Edge]) -> EventSet:
        for edge in way:
            events = self._across(events, edge)
        return events

    def _across(self, events: EventSet, edge: Edge) -> EventSet:
        """The events on the other side of a delivery."""
        if edge.filter is not None:
            try:
                events &= heard_by(edge.filter)
            except FilterError:
                return EventSet.anything()
        return self._carry(events, edge)

    def _carry(self, events: EventSet, edge: Edge) -> EventSet:
        carrier = catalog.carriers().get(edge.kind)
        if carrier is None:
            return EventSet.anything()
        return carrier(events, edge, self._graph.resources[edge.target])

    def _somebody_in(self, place: Resource) -> PermittedWrites:
        """Everything that a function of the same account and Region could do, were it allowed."""
        at = (place.account, place.region)
        if at not in self._somebody:
            partition = arns.parse(place.arn).partition if arns.is_arn(place.arn) else "aws"
            arn = f"arn:{partition}:lambda:{place.region}:{place.account}:function:{SOMEBODY}"
            role = f"arn:{partition}:iam::{place.account}:role/{SOMEBODY}"
            policies = [{"name": SOMEBODY, "document": ANYTHING}]
            added = {
                arn: Resource(arn, FUNCTION, *at, SOMEBODY, {"role": role}),
                role: Resource(role, "iam.role", *at, SOMEBODY, {"policies": policies}),
            }
            idle = {each.arn: _idle(each) for each in self._graph.resources.values()}
            graph = Graph(dict(sorted({**idle, **added}.items())), self._graph.edges)
            self._somebody[at] = Permissions(graph).judged(self._members | {arn})
        return self._somebody[at]


def _idle(resource: Resource) -> Resource:
    """A resource that acts in no role: only what somebody else does is asked."""
    if not may_have(resource.attributes, ACTING):
        return resource
    left = {name: fact for name, fact in resource.attributes.items() if name not in ACTING}
    return replace(resource, attributes=left)


def _events(
    writes: Sequence[PermittedWrite], all_of: PermittedWrites, edge: Edge
) -> Iterator[EventSet]:
    """What the writes of the edge's kind put on its target, directly or by way of a hub."""
    for write in writes:
        if write.edge.kind != edge.kind:
            continue
        hub = all_of.hubs.get(write.edge.target)
        if hub is not None and edge.target in hub.channels:
            yield hub.events_of(edge.target)
        elif write.edge.target == edge.target:
            yield write.events
