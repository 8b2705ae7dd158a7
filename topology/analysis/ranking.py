"""Which loop to look at first, and one sentence that says why a loop stands where it does.

By verdict, then by whether AWS's guard cuts it, by how fast events multiply, by how much else is
fed by them, by the weakest evidence, and by length.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from topology.analysis.gain import Gain, copies_of, gain, number
from topology.analysis.loops import Loop
from topology.graph import Evidence, Graph, Resource
from topology.verdict import HARMLESS, LoopVerdict

Fed = Mapping[str, int]  # by resource: how many the events of its component reach

FIRST = {
    LoopVerdict.LIVE: "It goes round",
    LoopVerdict.GUARDED: "AWS's guard cuts it, after about 16 passes",
    LoopVerdict.POSSIBLE: "It may go round",
    LoopVerdict.RETRY_STORM: "It goes round only while processing fails",
    LoopVerdict.BLOCKED: "Something stops it",
    LoopVerdict.ACCEPTED: "Somebody accepted it",
}
BELIEVED = {
    Evidence.DECLARED: "all of it is declared",
    Evidence.OBSERVED: "all of it was observed",
    Evidence.CODED: "the code says so",
    Evidence.CONFIGURED: "an environment names where it writes",
    Evidence.PERMITTED: "a permission names where it may write",
    Evidence.PERMITTED_ANY: "only a permission for anything closes it",
}


def ranked(loops: Collection[Loop], resources: Mapping[str, Resource], fed: Fed) -> list[Loop]:
    """The loops in order, each with its sentence. Linear but for the sorting."""
    copies = copies_of(loops, resources)
    order = []
    for loop in loops:
        factor = gain(loop, resources, copies)
        own = {hop.edge.source for hop in loop.hops}
        beyond = fed.get(loop.hops[0].edge.source, len(own)) - len(own)
        weakest = max((hop.edge.evidence for hop in loop.hops), key=lambda each: each.strength)
        place = (
            loop.verdict.gravity,
            loop.guard.covered,
            -factor.usual,
            -beyond,
            weakest.strength,
            len(loop.hops),
            loop.fingerprint,
        )
        order.append((place, replace(loop, ranking=_sentence(loop, factor, beyond, weakest))))
    return [loop for _, loop in sorted(order, key=lambda each: each[0])]


def fed_by(graph: Graph, members: Collection[str]) -> int:
    """How many resources a component has, with those that it hands events to by configuration."""
    inner = frozenset(members) & graph.resources.keys()
    return len(inner.union(edge.target for name in inner for edge in graph.leaving.get(name, ())))


def _sentence(loop: Loop, factor: Gain, beyond: int, weakest: Evidence) -> str:
    parts = [FIRST[loop.verdict]]
    if loop.verdict in (LoopVerdict.LIVE, LoopVerdict.POSSIBLE):
        parts[0] += ", and no guard of AWS's cuts it" if not loop.guard.covered else ""
    if loop.verdict not in HARMLESS:
        grows = f"becomes {number(factor.usual)}" if factor.usual != 1 else "stays one"
        parts.append(f"one event {grows} in a turn")
        gets = "resource gets" if beyond == 1 else "resources get"
        parts.append(f"{beyond} more {gets} what goes round")
    parts.append(BELIEVED[weakest])
    return "; ".join(parts) + "."
