"""The vocabulary as text and back: what a row holds."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any, TypeAlias

from topology.facts import LazyFacts
from topology.graph import (
    Edge,
    Evidence,
    F,
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

FEW = 64  # characters of attributes that are parsed at once
KEPT = 4096  # of those, and of filters, that many rows share

_NOTHING: Facts = {}
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


def resources(texts: Sequence[str]) -> Iterator[Resource]:
    """The resources of many rows, parsed together but for their attributes."""
    heads, attributes = [], []
    for text in texts:  # as canonical_json sorts the members; no name can hold a bare quote
        head, _, rest = text.partition(',"attributes":')
        facts, _, tail = rest.rpartition(',"kind":')
        heads.append(f'{head},"kind":{tail}')
        attributes.append(_facts(facts))
    for data, known in zip(json.loads(f"[{','.join(heads)}]"), attributes, strict=True):
        data["attributes"] = known
        yield resource(data)


def edges(texts: Sequence[str]) -> Iterator[Edge]:
    """The edges of many rows, parsed together, which shares their keys."""
    return map(edge, json.loads(f"[{','.join(texts)}]"))


def resource(data: Mapping[str, Any]) -> Resource:
    """The resource of a row; what many rows say is kept once."""
    return Resource(
        intern(data["arn"]),
        intern(data["kind"]),
        intern(data["account"]),
        intern(data["region"]),
        data["name"],
        data["attributes"],
        intern(data["read"]),
        data["subject"],
    )


def edge(data: Mapping[str, Any]) -> Edge:
    """The edge of a row; what many rows say is kept once."""
    heard = data["filter"]
    return Edge(
        intern(data["source"]),
        intern(data["target"]),
        _MEANINGS[data["meaning"]],
        intern(data["kind"]),
        _EVIDENCE[data["evidence"]],
        data["label"],
        _filter(heard["language"], heard["document"]) if heard else None,
        data["dormant"],
        data["attributes"] or _NOTHING,
        intern(data["read"]),
        intern(data["subject"]),
    )


def by_content(one: F, other: F) -> F:
    """Of what two accounts or Regions show of one thing, the content decides."""
    return max(one, other, key=_digest)


@lru_cache(maxsize=KEPT)
def _filter(language: str, document: str) -> Filter:
    return Filter(intern(language), document)


def _facts(text: str) -> Facts:
    """Attributes as a row has them: parsed, and kept once for all, if they say next to nothing."""
    return _few_facts(text) if len(text) <= FEW else LazyFacts(text)


@lru_cache(maxsize=KEPT)
def _few_facts(text: str) -> Facts:
    found: Facts = json.loads(text)
    return found


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
