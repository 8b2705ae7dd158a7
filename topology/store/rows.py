"""The vocabulary as text and back: what a row holds."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from topology.graph import (
    Edge,
    Evidence,
    Filter,
    Gap,
    Meaning,
    Observation,
    Read,
    ReadStatus,
    Resource,
    canonical_json,
)


def identity(fact: Resource | Edge) -> str:
    """Which resource or edge it is, in 16 hex digits."""
    if isinstance(fact, Edge):
        return fact.id
    return hashlib.sha256(fact.arn.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digest(text: str) -> str:
    """The sum of a row's content."""
    return hashlib.sha256(text.encode()).hexdigest()


def subjects(data: Mapping[str, Any]) -> frozenset[str]:
    """Whom a stored resource or edge is about, as a gap would name it."""
    names = (data.get(key, "") for key in ("subject", "arn", "source", "target"))
    return frozenset(filter(None, names))


def resource(data: Mapping[str, Any]) -> Resource:
    """The resource of a row."""
    return Resource(**data)


def edge(data: Mapping[str, Any]) -> Edge:
    """The edge of a row."""
    return Edge(
        **{
            **data,
            "meaning": Meaning(data["meaning"]),
            "evidence": Evidence(data["evidence"]),
            "filter": Filter(**data["filter"]) if data["filter"] else None,
        }
    )


def text(fact: Resource | Edge) -> str:
    """A resource or edge as canonical JSON: equal facts give equal text."""
    return canonical_json(_data(fact))


def gap(data: Sequence[str]) -> Gap:
    """The gap of a row."""
    return Gap(*data)


def gap_data(fact: Gap) -> tuple[str, ...]:
    """A gap as a row holds it."""
    return astuple(fact)


def pack(observation: Observation) -> bytes:
    """An observation as compressed JSON, for the time between crawl and publication."""
    return zlib.compress(
        canonical_json(
            {
                "account": observation.account,
                "region": observation.region,
                "started": observation.started.isoformat(),
                "finished": observation.finished.isoformat(),
                "resources": [_data(each) for each in observation.resources],
                "edges": [_data(each) for each in observation.edges],
                "gaps": [gap_data(each) for each in observation.gaps],
                "reads": [astuple(each) for each in observation.reads],
            }
        ).encode()
    )


def unpack(packed: bytes) -> Observation:
    """The observation that was packed."""
    data = json.loads(zlib.decompress(packed))
    return Observation(
        data["account"],
        data["region"],
        datetime.fromisoformat(data["started"]),
        datetime.fromisoformat(data["finished"]),
        tuple(map(resource, data["resources"])),
        tuple(map(edge, data["edges"])),
        tuple(map(gap, data["gaps"])),
        tuple(map(_read, data["reads"])),
    )


def _data(fact: Resource | Edge | Filter) -> dict[str, Any]:
    data = {each.name: getattr(fact, each.name) for each in fields(fact)}
    if data.get("filter"):
        data["filter"] = _data(data["filter"])
    return data


def _read(row: list[Any]) -> Read:
    account, region, call, action, status, items, requests = row
    return Read(account, region, call, action, ReadStatus(status), items, requests)
