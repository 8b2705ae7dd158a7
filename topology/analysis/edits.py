"""Edits: changes of a graph as people write them down, to be read again on another day.

One edit is one short text (``off:1a2b…``), so that a few of them fit an address; edges and
resources are named by what stays the same over crawls. A graph says what an edit means there, or
why it no longer fits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from topology import filters
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
from topology.analysis.joins import joined
from topology.analysis.narrowing import language_of
from topology.analysis.options import together
from topology.analysis.words import named
from topology.catalog.awslambda import FUNCTION
from topology.filters.document import FilterError, read
from topology.filters.places import located
from topology.graph import (
    Edge,
    Evidence,
    Filter,
    Graph,
    Meaning,
    Resource,
    canonical_json,
)

MOST = 20  # edits taken together
LONGEST = 12_000  # characters of all of them

_EDGE = re.compile(r"[0-9a-f]{16}")
_SPACE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|\s+', re.DOTALL)
Read: TypeAlias = Callable[[str], "tuple[Any, ...]"]


class EditError(ValueError):
    """A text is no edit, or it does not fit the graph; says which and why, in a sentence."""


class HearingError(EditError):
    """A filter of somebody's own cannot be read; ``line`` and ``column`` count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"Line {line}, column {column}: {reason}")
        self.line, self.column = line, column


@dataclass(frozen=True, slots=True)
class Meant:
    """What an edit comes to in a graph; ``about`` is the edge it is told of, as it is before."""

    change: Change
    about: Edge


def check(texts: Sequence[str]) -> None:
    """Raise ``EditError`` where texts are too many, too long, given twice, or no edits."""
    if len(texts) > MOST:
        raise EditError(f"{len(texts)} changes; at most {MOST} are tried together.")
    if sum(map(len, texts)) > LONGEST:
        raise EditError(f"The changes are longer than {LONGEST} characters together.")
    if len(set(texts)) < len(texts):
        raise EditError("A change is given twice.")
    for text in texts:
        _parts(text)


def meant(text: str, graph: Graph) -> Meant:
    """What an edit comes to in a graph. Raises ``EditError``, for a filter ``HearingError``."""
    word, given = _parts(text)
    return _MEANINGS[word](graph, given)


def written(change: Change, about: Edge) -> str:
    """The edit that means a change of an edge again."""
    match change:
        case SwitchOff():
            return f"off:{about.id}"
        case SwitchOn():
            return f"on:{about.id}"
        case Refilter():
            return f"hear:{about.id}:{change.filter.document if change.filter else ''}"
        case Retarget():
            return _json("apart", edge=change.edge, to=change.target)
        case Forbid():
            return _json("deny", **_denied(change))
        case Separate():
            return _json(
                "own",
                actor=change.actor,
                variables=list(change.variables),
                source=change.source,
                to=change.target,
                deny=_denied(change.forbid),
            )
        case Reserve():
            return _json("stop", function=change.function)
        case Add():
            document = change.edge.filter.document if change.edge.filter else ""
            return _json("join", source=about.source, to=about.target, hears=document)


def heard(edge: Edge, document: str) -> Filter | None:
    """The filter that an edge would have; None hears everything.

    Raises ``EditError`` where the edge takes none, ``HearingError`` where its language's parser
    refuses the document.
    """
    language = language_of(edge.kind, edge.filter)
    if not language:
        raise EditError("No filter can be put on an edge of this kind.")
    found = understood(language, document)
    if (found and found.document) == (edge.filter and compact(edge.filter.document)):
        raise EditError("That is the filter it has now.")
    return found


def understood(language: str, document: str) -> Filter | None:
    """A filter in a language, or None for an empty document. Raises ``HearingError``."""
    if not document.strip():
        return None
    try:
        filters.parse(Filter(language, document))
    except FilterError as error:
        raise HearingError(*located(document, error)) from None
    return Filter(language, compact(document))


def compact(document: str) -> str:
    """JSON without the space between its values, nothing else of it changed; other text as is."""
    try:
        json.loads(document)
    except (ValueError, RecursionError):
        return document.strip()
    return _SPACE.sub(lambda found: found[1] or "", document)


def _parts(text: str) -> tuple[str, tuple[Any, ...]]:
    word, colon, rest = text.partition(":")
    if not colon or word not in _READERS:
        raise EditError(
            f"“{text[:40]}” is no change: it begins with none of {', '.join(_READERS)}."
        )
    return word, _READERS[word](rest)


def _an_edge(rest: str) -> tuple[str]:
    if not _EDGE.fullmatch(rest):
        raise EditError(f"“{rest[:40]}” is no edge: edges have 16 hexadecimal digits.")
    return (rest,)


def _an_edge_and_document(rest: str) -> tuple[str, str]:
    edge, _, document = rest.partition(":")
    return (*_an_edge(edge), document)


def _members(shape: Mapping[str, Any]) -> Read:
    """A reader of a JSON object with exactly these members, of these types."""

    def reading(rest: str) -> tuple[Any, ...]:
        try:
            read(rest)  # bounded, and no member twice
            found = json.loads(rest)
        except (FilterError, ValueError) as error:
            raise EditError(f"A change cannot be read: {error}.") from None
        return _of_shape(found, shape)

    return reading


def _of_shape(found: Any, shape: Mapping[str, Any]) -> tuple[Any, ...]:
    if not isinstance(found, dict) or found.keys() != shape.keys():
        raise EditError(f"A change has the members {', '.join(shape)}, and no others.")
    return tuple(_of_type(found[name], kind, name) for name, kind in shape.items())


def _of_type(value: Any, kind: Any, name: str) -> Any:
    if isinstance(kind, Mapping):
        return _of_shape(value, kind)
    if kind is list:
        if not isinstance(value, list) or not value or not all(isinstance(e, str) for e in value):
            raise EditError(f"The member {name} of a change is a list of texts.")
        return tuple(value)
    if not isinstance(value, str):
        raise EditError(f"The member {name} of a change is a text.")
    return value


DENY = {"roles": list, "actions": list, "on": list}
_READERS: Mapping[str, Read] = {
    "off": _an_edge,
    "on": _an_edge,
    "hear": _an_edge_and_document,
    "apart": _members({"edge": str, "to": str}),
    "deny": _members(DENY),
    "own": _members({"actor": str, "variables": list, "source": str, "to": str, "deny": DENY}),
    "stop": _members({"function": str}),
    "join": _members({"source": str, "to": str, "hears": str}),
}


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


def _denied(forbid: Forbid) -> dict[str, Any]:
    return {
        "roles": list(forbid.roles),
        "actions": list(forbid.actions),
        "on": list(forbid.resources),
    }


def _json(word: str, **members: Any) -> str:
    return f"{word}:{canonical_json(members)}"
