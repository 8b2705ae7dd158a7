"""The vocabulary as text and back: what a row holds."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from sys import intern
from typing import Any, TypeAlias, TypeVar

from topology.graph import (
    Edge,
    Evidence,
    Facts,
    Filter,
    Gap,
    Meaning,
    Observation,
    Read,
    ReadStatus,
    Resource,
    canonical_json,
)

Contents: TypeAlias = Mapping[str, tuple[str, str]]  # by identity: digest and canonical JSON

F = TypeVar("F", Resource, Edge)

_NOTHING: Facts = {}
_ALIKE: dict[tuple[str, bool | None], Facts] = {}
_FIELDS = {kind: tuple(each.name for each in fields(kind)) for kind in (Resource, Edge, Filter)}
_MEANINGS = {each.value: each for each in Meaning}
_EVIDENCE = {each.value: each for each in Evidence}


@dataclass(frozen=True)
class Staged:
    """An observation ready to become rows: all that takes time is done when it is staged."""

    reads: tuple[Read, ...]
    gaps: tuple[Gap, ...]
    resources: Contents
    edges: Contents


def pack(observation: Observation) -> bytes:
    """An observation as compressed JSON, for the time between crawl and publication."""
    return zlib.compress(
        canonical_json(
            {
                "reads": [astuple(each) for each in observation.reads],
                "gaps": [gap_data(each) for each in observation.gaps],
                "resources": _contents(observation.resources),
                "edges": _contents(observation.edges),
            }
        ).encode()
    )


def unpack(packed: bytes) -> Staged:
    """What was packed."""
    data = json.loads(zlib.decompress(packed))
    return Staged(
        tuple(map(_read, data["reads"])),
        tuple(map(gap, data["gaps"])),
        data["resources"],
        data["edges"],
    )


def observation(
    packed: bytes, account: str, region: str, started: datetime, finished: datetime
) -> Observation:
    """What was packed, as the values it was made of."""
    staged = unpack(packed)
    return Observation(
        account,
        region,
        started,
        finished,
        tuple(sorted(resource(json.loads(text)) for _, text in staged.resources.values())),
        tuple(sorted(edge(json.loads(text)) for _, text in staged.edges.values())),
        staged.gaps,
        staged.reads,
    )


def subjects(data: Mapping[str, Any]) -> frozenset[str]:
    """Whom a stored resource or edge is about, as a gap would name it."""
    names = (data.get(key, "") for key in ("subject", "arn", "source", "target"))
    return frozenset(filter(None, names))


def resource(data: dict[str, Any]) -> Resource:
    """The resource of a row; what many rows say is kept once."""
    for name in ("arn", "kind", "account", "region", "read"):
        data[name] = intern(data[name])
    data["attributes"] = _shared(data["attributes"])
    return Resource(**data)


def edge(data: dict[str, Any]) -> Edge:
    """The edge of a row; what many rows say is kept once."""
    data["meaning"] = _MEANINGS[data["meaning"]]
    data["evidence"] = _EVIDENCE[data["evidence"]]
    data["filter"] = Filter(**data["filter"]) if data["filter"] else None
    for name in ("source", "target", "kind", "read", "subject"):
        data[name] = intern(data[name])
    data["attributes"] = _shared(data["attributes"])
    return Edge(**data)


def settled(facts: Iterable[F]) -> Iterable[F]:
    """Facts in any order, each once: of what two accounts or Regions show, the content decides."""
    found: dict[Hashable, F] = {}
    for fact in facts:
        identity = fact.order if isinstance(fact, Edge) else fact.arn
        known = found.setdefault(identity, fact)
        if known is not fact:
            found[identity] = max(known, fact, key=_digest)
    return found.values()


def _shared(attributes: Facts) -> Facts:
    """Attributes that say next to nothing, as those of most rows do: kept once for all."""
    if not isinstance(attributes, dict) or len(attributes) > 1:
        return attributes
    for name, value in attributes.items():
        if value is not None and not isinstance(value, bool):
            return attributes
        return _ALIKE.setdefault((name, value), attributes)
    return _NOTHING


def gap(data: Sequence[str]) -> Gap:
    """The gap of a row."""
    return Gap(*data)


def gap_data(fact: Gap) -> tuple[str, ...]:
    """A gap as a row holds it."""
    return astuple(fact)


def _contents(facts: Iterable[Resource | Edge]) -> Contents:
    texts = {_identity(fact): canonical_json(_data(fact)) for fact in facts}
    return {identity: (_digest_of(text), text) for identity, text in texts.items()}


def _digest(fact: Resource | Edge) -> str:
    """What a row of this fact says of its content."""
    return _digest_of(canonical_json(_data(fact)))


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _identity(fact: Resource | Edge) -> str:
    if isinstance(fact, Edge):
        return fact.id
    return identity_of(fact.arn)


def identity_of(arn: str) -> str:
    """Which resource a row is of."""
    return hashlib.sha256(arn.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _data(fact: Resource | Edge | Filter) -> dict[str, Any]:
    data = {name: getattr(fact, name) for name in _FIELDS[type(fact)]}
    if data.get("filter"):
        data["filter"] = _data(data["filter"])
    return data


def _read(row: list[Any]) -> Read:
    account, region, call, action, status, items, requests = row
    return Read(account, region, call, action, ReadStatus(status), items, requests)
