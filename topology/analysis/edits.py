"""Edits: changes of a graph as people write them down, to be read again on another day.

One edit is one short text (``off:1a2b…``), so that a few of them fit an address; edges and
resources are named by what stays the same over crawls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

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
)
from topology.filters.document import FilterError, read
from topology.graph import (
    Edge,
    canonical_json,
)

MOST = 20  # edits taken together
LONGEST = 12_000  # characters of all of them

_EDGE = re.compile(r"[0-9a-f]{16}")
Read: TypeAlias = Callable[[str], "tuple[Any, ...]"]


class EditError(ValueError):
    """A text is no edit, or it does not fit the graph; says which and why, in a sentence."""


def check(texts: Sequence[str]) -> None:
    """Raise ``EditError`` where texts are too many, too long, given twice, or no edits."""
    if len(texts) > MOST:
        raise EditError(f"{len(texts)} changes; at most {MOST} are tried together.")
    if sum(map(len, texts)) > LONGEST:
        raise EditError(f"The changes are longer than {LONGEST} characters together.")
    if len(set(texts)) < len(texts):
        raise EditError("A change is given twice.")
    for text in texts:
        parts(text)


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


def parts(text: str) -> tuple[str, tuple[Any, ...]]:
    """The word of an edit and what is given with it. Raises ``EditError``."""
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


def _denied(forbid: Forbid) -> dict[str, Any]:
    return {
        "roles": list(forbid.roles),
        "actions": list(forbid.actions),
        "on": list(forbid.resources),
    }


def _json(word: str, **members: Any) -> str:
    return f"{word}:{canonical_json(members)}"
