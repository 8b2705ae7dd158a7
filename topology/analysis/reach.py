"""From one resource: what an event there sets off, and whether anything of it comes back.

Both send an event the way it would take, so that a filter that stops it is told and not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from topology.analysis.analyse import hops_of
from topology.analysis.loops import Loop, loop
from topology.graph import Edge, Graph
from topology.inference import passage
from topology.inference.passage import Place, Step
from topology.inference.ways import Way, ways_from
from topology.inference.writes import PermittedWrites
from topology.verdict import Cannot, Hop

FEW = 12  # channels of a wildcard grant that are followed one by one
MOST = 60  # resources that are followed


@dataclass(frozen=True, slots=True)
class Onward:
    """One delivery, ``depth`` steps downstream (from 1), with what becomes of an event on it.

    What follows comes after it, unless nothing passes or it ``is_told`` of the same target nearby.
    """

    depth: int
    edge: Edge
    hop: Hop
    is_told: bool


@dataclass(frozen=True, slots=True)
class SetOff:
    """Deliveries downstream, each after the one it follows; ``beyond`` resources come after."""

    steps: tuple[Onward, ...]
    beyond: int


def sets_off(graph: Graph, writes: PermittedWrites, name: str, most_steps: int = 4) -> SetOff:
    """What any event at a resource may set off, at most ``most_steps`` further on.

    Linear in what is near. What is stopped is told with its reason and not followed.
    """
    near, beyond = _near(graph, writes, name, most_steps)
    travelled = passage.travel(graph, writes, frozenset(near))
    onward: dict[Place, list[Step]] = {}
    for step in travelled.steps:
        onward.setdefault(step.source, []).append(step)
    starts = [place for place in onward if place.resource == name]
    if not starts:
        return SetOff((), beyond)
    # The first place of a resource holds whatever somebody outside may put there.
    start = min(starts, key=lambda place: place.number)
    return SetOff(tuple(_told(start, onward, most_steps)), beyond)


def way_back(graph: Graph, writes: PermittedWrites, name: str) -> Loop | None:
    """A shortest way back to a resource by configuration alone, judged; None if there is none.

    One that nothing is known to stop before an event is sent goes before a shorter one that is
    stopped. Linear in the graph.
    """
    for with_off in (False, True):
        cycle = _cycle(graph, writes, name, with_off=with_off)
        if cycle:
            steps, _ = passage.follow(graph, writes, cycle)
            return loop(hops_of(steps), graph.resources)
    return None


def _near(
    graph: Graph, writes: PermittedWrites, name: str, most_steps: int
) -> tuple[Mapping[str, int], int]:
    """Steps to whatever is downstream and near enough to be told, and how many come after it."""
    found = {name: 0}
    front, beyond = [name], set[str]()
    while front:
        reached: dict[str, int] = {}
        for at in front:
            hub = writes.hubs.get(at)
            if hub is not None and len(hub.channels) > FEW and at != name:
                beyond.update(hub.channels)
                continue
            for way in ways_from(graph, writes, at):
                reached.setdefault(way.target, found[at] + 1)
        front = []
        for target, steps in sorted(reached.items(), key=lambda each: (each[1], each[0])):
            if target in found:
                continue
            if steps > most_steps or len(found) >= MOST:
                beyond.add(target)
            else:
                found[target] = steps
                front.append(target)
    return found, len(beyond - found.keys())


def _told(
    start: Place, onward: Mapping[Place, Sequence[Step]], most_steps: int
) -> Iterator[Onward]:
    """Steps depth first; each place is gone on from where it is nearest."""
    nearest = _nearest(start, onward)
    told: set[str] = {start.resource}

    def walk(place: Place, depth: int) -> Iterator[Onward]:
        for step in _each_edge_once(onward.get(place, ())):
            target = step.target
            is_told = target.resource in told or nearest[target.resource] < depth
            yield Onward(depth, step.edge, step.hop, is_told)
            if depth < most_steps and not is_told and not isinstance(step.hop, Cannot):
                told.add(target.resource)
                yield from walk(target, depth + 1)

    yield from walk(start, 1)


def _nearest(start: Place, onward: Mapping[Place, Sequence[Step]]) -> Mapping[str, int]:
    """Steps from the start to each resource, over whatever passes or not."""
    found = {start.resource: 0}
    seen, front, depth = {start}, [start], 0
    while front:
        depth += 1
        beyond: list[Place] = []
        for place in front:
            for step in onward.get(place, ()):
                found.setdefault(step.target.resource, depth)
                if step.target not in seen and not isinstance(step.hop, Cannot):
                    seen.add(step.target)
                    beyond.append(step.target)
        front = beyond
    return found


def _each_edge_once(steps: Sequence[Step]) -> list[Step]:
    """What passes goes first where several sets of events take one edge."""
    best: dict[str, Step] = {}
    for step in steps:
        known = best.get(step.edge_id)
        if known is None or (isinstance(known.hop, Cannot) and not isinstance(step.hop, Cannot)):
            best[step.edge_id] = step
    return sorted(best.values(), key=lambda step: step.edge.order)


def _cycle(
    graph: Graph, writes: PermittedWrites, name: str, *, with_off: bool
) -> Sequence[Way] | None:
    """A shortest way from a resource back to it, breadth first."""
    came: dict[str, Way] = {}
    front = [name]
    while front:
        beyond = []
        for at in front:
            for way in ways_from(graph, writes, at):
                if way.target in came or (way.is_off and not with_off):
                    continue
                came[way.target] = way
                if way.target == name:
                    return _back_along(came, name)
                beyond.append(way.target)
        front = beyond
    return None


def _back_along(came: Mapping[str, Way], name: str) -> Sequence[Way]:
    path = [came[name]]
    while path[-1].source != name:
        path.append(came[path[-1].source])
    return path[::-1]
