"""What an edit means in one graph: the change it comes to, or why it no longer fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from topology.analysis.changes import (
    ROLE,
    Add,
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    Separate,
    SwitchOff,
    SwitchOn,
)
from topology.analysis.edits import EditError, parts
from topology.analysis.hearing import heard
from topology.analysis.joins import joined
from topology.analysis.options import together
from topology.analysis.words import named
from topology.catalog.awslambda import FUNCTION
from topology.graph import Edge, Evidence, Graph, Meaning, Resource


@dataclass(frozen=True, slots=True)
class Meant:
    """What an edit comes to in a graph; ``about`` is the edge it is told of, as it is before."""

    change: Change
    about: Edge


def meant(text: str, graph: Graph) -> Meant:
    """What an edit comes to in a graph. Raises ``EditError``, for a filter ``HearingError``."""
    word, given = parts(text)
    return _MEANINGS[word](graph, given)


def _edge(graph: Graph, name: str) -> Edge:
    found = graph.by_id.get(name)
    if found is None:
        raise EditError(f"This reading has no edge {name}: it is gone, or was never there.")
    return found


def _resource(graph: Graph, arn: str) -> Resource:
    if arn not in graph.resources:
        raise EditError(f"This reading has no resource {arn}.")
    return graph.resources[arn]


def _forbid(graph: Graph, given: tuple[Any, ...]) -> Forbid:
    forbid = Forbid(*given)
    for role in forbid.roles:
        if _resource(graph, role).kind != ROLE:
            raise EditError(f"{role} is no role.")
    return forbid


def _off(graph: Graph, given: tuple[Any, ...]) -> Meant:
    edge = _edge(graph, *given)
    if edge.dormant:
        raise EditError(f"It is switched off already: {edge.dormant}.")
    return Meant(SwitchOff(_ids(together(edge, graph))), edge)


def _on(graph: Graph, given: tuple[Any, ...]) -> Meant:
    edge = _edge(graph, *given)
    if not edge.dormant:
        raise EditError("It is not switched off.")
    return Meant(SwitchOn(_ids(together(edge, graph))), edge)


def _hear(graph: Graph, given: tuple[Any, ...]) -> Meant:
    name, document = given
    edge = _edge(graph, name)
    found = heard(edge, document)
    alike = [each for each in together(edge, graph) if each.filter == edge.filter]
    return Meant(Refilter(_ids(alike), found), edge)


def _apart(graph: Graph, given: tuple[Any, ...]) -> Meant:
    name, target = given
    return Meant(Retarget(name, target), _edge(graph, name))


def _deny(graph: Graph, given: tuple[Any, ...]) -> Meant:
    forbid = _forbid(graph, given)
    return Meant(forbid, _told_of(forbid.roles[0], forbid.resources[0]))


def _own(graph: Graph, given: tuple[Any, ...]) -> Meant:
    actor, variables, source, target, denied = given
    _resource(graph, actor)
    change = Separate(actor, variables, source, target, _forbid(graph, denied))
    return Meant(change, _told_of(actor, source))


def _stop(graph: Graph, given: tuple[Any, ...]) -> Meant:
    (function,) = given
    known = _resource(graph, function)
    if known.kind != FUNCTION:
        raise EditError("Only a function has a reserved concurrency.")
    if known.attributes.get("reserved_concurrency") == 0:
        raise EditError("Its reserved concurrency is 0 already.")
    return Meant(Reserve(function, 0), _told_of(function, function))


def _join(graph: Graph, given: tuple[Any, ...]) -> Meant:
    source, target, document = given
    start, end = _resource(graph, source), _resource(graph, target)
    edge = joined(start, end)
    if edge is None:
        raise EditError(f"Nothing is known that leads from {named(start)} to {named(end)}.")
    if document.strip():
        edge = replace(edge, filter=heard(edge, document))
    return Meant(Add(edge), edge)


_MEANINGS: Mapping[str, Callable[[Graph, tuple[Any, ...]], Meant]] = {
    "off": _off,
    "on": _on,
    "hear": _hear,
    "apart": _apart,
    "deny": _deny,
    "own": _own,
    "stop": _stop,
    "join": _join,
}


def _told_of(source: str, target: str) -> Edge:
    """An edge that stands for what is told of two names; it is in no graph."""
    return Edge(source, target, Meaning.WRITES, "", Evidence.PERMITTED)


def _ids(edges: Sequence[Edge]) -> tuple[str, ...]:
    return tuple(sorted(each.id for each in edges))
