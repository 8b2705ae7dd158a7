"""What becomes of the loops of a graph once some changes are made: gone, changed, or new.

Only what the changes can reach is analysed, before and after: whatever goes round or stops because
of them leads through something they touch, so it lies in one part with it by permissions and
configuration, whatever filters say. That part is small in most graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, product
from math import prod

from topology.analysis.analyse import Analysis, analyse, hops_of
from topology.analysis.around import Signature, signature
from topology.analysis.changes import (
    Add,
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
    SwitchOn,
    changed,
)
from topology.analysis.loops import Loop, LoopHop, loop
from topology.analysis.parts import Parts
from topology.analysis.regions import Names
from topology.analysis.trials import is_dangerous
from topology.graph import Evidence, Graph
from topology.inference import passage
from topology.inference.listeners import whole_of
from topology.inference.logged import with_data_events
from topology.inference.sessions import Sessions
from topology.inference.ways import Way, hub_edge
from topology.inference.writes import Permissions

MOST = 30_000  # resources and edges that are analysed while somebody waits
JUDGED = 300  # loops that are followed one by one, in each direction
TRIED = 16  # ways round one loop, where several permissions mean the same hop
GONE = "One of its hops is no longer there."


class TooMuchError(Exception):
    """The part that changes can reach is larger than what is analysed while somebody waits."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"What these changes can reach has {size} resources and edges; up to {MOST} are worked "
            "out while you wait. Nothing is said of what they would do."
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A loop that is another one after the changes; ``after`` says why.

    ``before`` is None of a loop that nobody could see, and ``after`` of one whose edges are gone.
    """

    before: Loop | None
    after: Loop | None
    because: str


@dataclass(frozen=True)
class Outcome:
    """What changes make of the loops that they can reach, gravest first.

    ``stopped`` went round before and go round no more, ``opened`` go round now and did not,
    ``altered`` go round with another verdict; ``same`` do so as before. ``members`` are the
    resources that were looked at, ``unjudged`` the loops beyond what is followed one by one.
    """

    before: Analysis
    after: Analysis
    stopped: tuple[Turn, ...]
    opened: tuple[Turn, ...]
    altered: tuple[Turn, ...]
    same: tuple[Loop, ...]
    members: frozenset[str]
    unjudged: int = 0


class Ground:
    """A graph, prepared for questions about changes of it; nothing in it is judged before."""

    def __init__(self, graph: Graph) -> None:
        self.graph = with_data_events(graph)

    @cached_property
    def _sessions(self) -> Sessions:
        return Sessions(self.graph)

    @cached_property
    def _parts(self) -> Parts:
        return Parts(self.graph)

    @cached_property
    def _links(self) -> tuple[tuple[str, str], ...]:
        """Every way that configuration and permissions mean at most."""
        found = [(edge.source, edge.target) for edge in self.graph.edges]
        for source, targets in Permissions(self.graph).ways():
            found += [(source, whole_of(target)) for target in targets]
        return tuple(found)

    @cached_property
    def _home(self) -> Mapping[str, frozenset[str]]:
        return _homes(self._links)

    def outcome(self, changes: Sequence[Change]) -> Outcome:
        """What becomes of the loops. Raises ``ChangeError``, and ``TooMuchError``."""
        members = self._reached(changes)
        part = self._parts.of(members)
        size = len(part.edges) + len(part.resources)
        if size > MOST:
            raise TooMuchError(size)
        within = [each for change in changes for each in _within(change, part)]
        return _Comparison(part, changed(part, within), members).outcome()

    def _reached(self, changes: Sequence[Change]) -> frozenset[str]:
        """The resources of every component that a change touches, by the graph after it."""
        added = [pair for change in changes for pair in _added(change, self.graph)]
        home = _homes((*self._links, *added)) if added else self._home
        touched = {name for change in changes for name in self._touched(change)}
        found = frozenset[str]().union(*(home.get(name, frozenset()) for name in touched))
        return found & self.graph.resources.keys()

    def _touched(self, change: Change) -> Iterator[str]:
        edges = self.graph.by_id
        match change:
            case SwitchOff() | SwitchOn() | Refilter():
                yield from (edges[each].source for each in change.edges if each in edges)
            case Retarget():
                yield edges[change.edge].source
            case Add():
                yield change.edge.source
            case Forbid():
                yield from self._acting(change)
            case Separate():
                yield change.actor
                yield from self._acting(change.forbid)
            case Reserve():
                yield change.function

    def _acting(self, forbid: Forbid) -> Iterator[str]:
        """Every actor in one of the roles that lose a permission."""
        roles = set(forbid.roles)
        for resource in self.graph.resources.values():
            if any(session.role in roles for session in self._sessions.of(resource)):
                yield resource.arn


def _homes(links: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """The component of each name that lies on a cycle."""
    names = Names()
    for source, target in links:
        names.link(source, (target,))
    return {name: component for component in names.components() for name in component}


def _added(change: Change, graph: Graph) -> Iterator[tuple[str, str]]:
    """The ways that a change makes where there was none."""
    if isinstance(change, Add):
        yield change.edge.source, change.edge.target
    elif isinstance(change, Retarget):
        yield graph.by_id[change.edge].source, change.target


def _within(change: Change, part: Graph) -> Iterator[Change]:
    """A change of what is in a part; what it does elsewhere touches no loop."""
    match change:
        case SwitchOff() | SwitchOn() | Refilter():
            edges = tuple(each for each in change.edges if each in part.by_id)
            if edges:
                yield replace(change, edges=edges)
        case Retarget() if change.edge in part.by_id:
            yield change
        case Add() if change.edge.source in part.resources:
            yield change
        case Forbid():
            roles = tuple(each for each in change.roles if each in part.resources)
            if roles:
                yield replace(change, roles=roles)
        case Separate() if change.actor in part.resources:
            yield change
        case Reserve() if change.function in part.resources:
            yield change


class _Comparison:
    """One part before and after; loops that only one of them lists are followed in the other."""

    def __init__(self, before: Graph, after: Graph, members: frozenset[str]) -> None:
        self._before, self._after = analyse(before), analyse(after)
        self._members = members

    def outcome(self) -> Outcome:
        was, now = _dangerous(self._before), _dangerous(self._after)
        earlier, later = _Round(self._before), _Round(self._after)
        stopped: list[Turn] = []
        opened: list[Turn] = []
        altered: list[Turn] = []
        same: list[Loop] = []
        for key, each in list(was.items())[:JUDGED]:
            found = now.get(key) or later.judged(each)
            if found is None:
                stopped.append(Turn(each, None, GONE))
            elif not is_dangerous(found):
                stopped.append(Turn(each, found, found.explanation))
            elif found.verdict is each.verdict:
                same.append(found)
            else:
                altered.append(Turn(each, found, found.explanation))
        fresh = [each for key, each in now.items() if key not in was]
        for each in fresh[:JUDGED]:
            known = earlier.judged(each)
            if known is None or not is_dangerous(known):
                opened.append(Turn(known, each, each.explanation))
            elif known.verdict is each.verdict:
                same.append(each)
            else:
                altered.append(Turn(known, each, each.explanation))
        return Outcome(
            self._before,
            self._after,
            tuple(stopped),
            tuple(opened),
            tuple(altered),
            tuple(same),
            self._members,
            len(was) - len(list(was)[:JUDGED]) + len(fresh[JUDGED:]),
        )


def _dangerous(analysis: Analysis) -> dict[Signature, Loop]:
    """The dangerous loops by what they are, ranked."""
    found: dict[Signature, Loop] = {}
    for each in analysis.loops:
        if is_dangerous(each):
            found.setdefault(signature(each.hops), each)
    return found


class _Round:
    """Sends an event round the loops of another graph, in this one."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        # Ranked, so that of several loops over the same names the gravest is kept.
        self._listed = {signature(each.hops): each for each in reversed(analysis.loops)}

    def judged(self, other: Loop) -> Loop | None:
        """The same loop in this graph; None where one of its edges is not there.

        Several permissions may mean one hop: the gravest way round speaks. Where there are more
        ways than are tried, and all of those are stopped, the loop is taken to go on as it did.
        """
        known = self._listed.get(signature(other.hops))
        if known is not None:
            return known
        options = [list(self._ways(hop)) for hop in other.hops]
        if not all(options):
            return None
        found = [
            self._sent([way for ways in each for way in ways])
            for each in islice(product(*options), TRIED)
        ]
        gravest = min(found, key=lambda each: each.rank)
        is_sure = prod(map(len, options)) <= TRIED or is_dangerous(gravest)
        return gravest if is_sure else other

    def _sent(self, cycle: Sequence[Way]) -> Loop:
        steps, _ = passage.follow(self._analysis.graph, self._analysis.writes, cycle)
        return loop(hops_of(steps), self._analysis.graph.resources)

    def _ways(self, hop: LoopHop) -> Iterator[tuple[Way, ...]]:
        """The ways that are a hop: its own edge, or a permission that means the same write.

        Through a hub it takes two.
        """
        graph, writes, edge = self._analysis.graph, self._analysis.writes, hop.edge
        if edge.evidence is Evidence.DECLARED:
            known = graph.by_id.get(edge.id)
            if known is not None and known.target == edge.target:
                yield (Way(known, known.id),)
            return
        for write in writes.by_source.get(edge.source, ()):
            if write.edge.kind != edge.kind:
                continue
            way = Way(write.edge, write.edge.id, write)
            hub = writes.hubs.get(write.edge.target)
            if write.edge.target == edge.target:
                yield (way,)
            elif hub is not None and edge.target in hub.channels:
                onward = hub_edge(way.target, edge.target)
                yield (way, Way(onward, onward.id, leaves_hub=True))
