"""The vocabulary every part shares: resources, edges, gaps, and what was read to know them.

Values are frozen and sort by identity, so that the same account gives the same bytes.
``attributes`` holds only allow-listed JSON facts (docs/design.md §9): never a secret.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property, total_ordering
from itertools import chain
from typing import Any, Protocol, TypeVar

from topology import arn as arns
from topology.facts import LazyFacts

Facts = Mapping[str, Any]
GLOBAL = "global"  # the pseudo-region of services that have none (IAM)


class Meaning(StrEnum):
    """What an edge does with an event."""

    TRIGGERS = "triggers"
    WRITES = "writes"
    ON_FAILURE = "on-failure"
    FORWARDS = "forwards"


class Evidence(StrEnum):
    """Why an edge is believed, strongest first."""

    DECLARED = "declared"
    OBSERVED = "observed"
    CODED = "coded"
    CONFIGURED = "configured"
    PERMITTED = "permitted"
    PERMITTED_ANY = "permitted-any"

    @property
    def strength(self) -> int:
        """0 for the strongest; larger is weaker."""
        return _STRENGTHS[self]


_STRENGTHS = {each: strength for strength, each in enumerate(Evidence)}


@dataclass(frozen=True, order=True, slots=True)
class Filter:
    """A filter as AWS stores it, unparsed: ``language`` names the module of ``filters/``."""

    language: str
    document: str


@total_ordering
@dataclass(frozen=True, slots=True)
class Resource:
    """An AWS thing with an ARN. ``read`` is the call that showed it, ``subject`` whom it asked."""

    arn: str
    kind: str
    account: str
    region: str
    name: str
    attributes: Facts = field(default_factory=dict, hash=False)
    read: str = ""
    subject: str = ""

    def __lt__(self, other: Resource) -> bool:
        return self.arn < other.arn


@total_ordering
@dataclass(frozen=True, slots=True)
class Edge:
    """One piece of configuration that moves events from ``source`` to ``target`` (both ARNs).

    ``label`` is the configuration's own name (rule/target, notification id, policy statement):
    two rules on one function are two edges. ``dormant`` says why an edge is switched off.
    """

    source: str
    target: str
    meaning: Meaning
    kind: str
    evidence: Evidence = Evidence.DECLARED
    label: str = ""
    filter: Filter | None = None
    dormant: str = ""
    attributes: Facts = field(default_factory=dict, hash=False)
    read: str = ""
    subject: str = ""

    @property
    def id(self) -> str:
        """Stable over crawls, page sizes and order: what the edge is, not how it was read."""
        identity = "\x00".join((self.kind, self.source, self.target, self.label))
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def __lt__(self, other: Edge) -> bool:
        return self.order < other.order

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What edges are sorted by."""
        return (self.source, self.target, self.kind, self.label)


@dataclass(frozen=True, order=True, slots=True)
class Gap:
    """Something that could not be read, parsed or decided, and what would close it.

    ``call`` is ``service.operation``; ``resource`` the ARN or name asked for (empty: the whole
    call); ``action`` the IAM action that would allow it; ``code`` AWS's error code or ours.
    """

    account: str
    region: str
    call: str
    action: str
    resource: str
    code: str
    reason: str


class ReadStatus(StrEnum):
    """How a planned read ended. Only ``COMPLETE`` supports a clear verdict."""

    NOT_READ = "not_read"
    PARTIAL = "partial"
    COMPLETE = "complete"


@dataclass(frozen=True, order=True, slots=True)
class Read:
    """One row of the coverage ledger: a call planned for an account and region."""

    account: str
    region: str
    call: str
    action: str
    status: ReadStatus = ReadStatus.NOT_READ
    items: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything one crawl learned of one account and region at one time (UTC datetimes)."""

    account: str
    region: str
    started: datetime
    finished: datetime
    resources: tuple[Resource, ...]
    edges: tuple[Edge, ...]
    gaps: tuple[Gap, ...]
    reads: tuple[Read, ...]


F = TypeVar("F", Resource, Edge)


@dataclass(frozen=True)
class Graph:
    """One moment: resources by ARN and edges, sorted. Every edge end is a resource."""

    resources: Mapping[str, Resource]
    edges: tuple[Edge, ...]

    @cached_property
    def leaving(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by source ARN, sorted."""
        found: dict[str, list[Edge]] = {}
        for edge in self.edges:
            found.setdefault(edge.source, []).append(edge)
        return {source: tuple(edges) for source, edges in found.items()}

    def leading(self, source: str, among: Set[str]) -> Sequence[Edge]:
        """The edges from a resource to some others, sorted; quick where few of very many do."""
        edges = self.leaving.get(source, ())
        if len(edges) <= len(among):
            return [edge for edge in edges if edge.target in among]
        if source not in self._by_target:
            targets: dict[str, list[Edge]] = {}
            for edge in edges:
                targets.setdefault(edge.target, []).append(edge)
            self._by_target[source] = targets
        by_target = self._by_target[source]
        return [edge for target in sorted(among) for edge in by_target.get(target, ())]

    @cached_property
    def _by_target(self) -> dict[str, dict[str, list[Edge]]]:
        return {}

    @cached_property
    def of_kind(self) -> Mapping[str, tuple[Resource, ...]]:
        """Resources by kind, sorted."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources.values():
            found.setdefault(resource.kind, []).append(resource)
        return {kind: tuple(resources) for kind, resources in found.items()}

    @cached_property
    def outside_of(self) -> Mapping[str, tuple[Resource, ...]]:
        """What no connected account showed, by the service its ARN is of, sorted."""
        found: dict[str, list[Resource]] = {}
        for resource in self.of_kind.get(OUTSIDE, ()):
            if arns.is_arn(resource.arn):
                found.setdefault(resource.arn.split(":", 3)[2], []).append(resource)
        return {service: tuple(resources) for service, resources in found.items()}

    @cached_property
    def by_id(self) -> Mapping[str, Edge]:
        """Edges by id."""
        return {edge.id: edge for edge in self.edges}

    @property
    def digest(self) -> str:
        """The canonical hash of resources and edges: equal graphs have equal digests."""
        rows: list[object] = [
            [r.arn, r.kind, r.account, r.region, r.name, r.attributes]
            for r in self.resources.values()
        ]
        rows += [
            [e.id, e.meaning, e.evidence, e.dormant, e.attributes]
            + ([e.filter.language, e.filter.document] if e.filter else [])
            for e in self.edges
        ]
        return hashlib.sha256(canonical_json(rows).encode()).hexdigest()


def with_attributes(resource: Resource, attributes: Facts) -> Resource:
    """A resource that has more attributes; of a table in both, every row is kept."""
    merged = dict(resource.attributes)
    for key, value in attributes.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            value = {**known, **value}
        merged[key] = value
    return replace(resource, attributes=merged)


def with_facts(observation: Observation, facts: Mapping[str, Facts]) -> Observation:
    """An observation of whose resources more is said, by ARN."""
    resources = tuple(
        with_attributes(each, facts[each.arn]) if each.arn in facts else each
        for each in observation.resources
    )
    return replace(observation, resources=resources)


def without_facts(observation: Observation, names: Collection[str]) -> Observation:
    """An observation of whose resources some attributes are left out."""
    resources = tuple(
        replace(each, attributes={k: v for k, v in each.attributes.items() if k not in names})
        if not each.attributes.keys().isdisjoint(names)
        else each
        for each in observation.resources
    )
    return replace(observation, resources=resources)


def joined(first: Observation, more: Observation) -> Observation:
    """Two readings of one account and region as one; what the second says is added."""
    resources = {resource.arn: resource for resource in first.resources}
    for resource in more.resources:
        known = resources.get(resource.arn)
        resources[resource.arn] = with_attributes(known, resource.attributes) if known else resource
    reads = {read.call: read for read in first.reads}
    for read in more.reads:
        known_read = reads.get(read.call)
        reads[read.call] = _both(known_read, read) if known_read else read
    return Observation(
        first.account,
        first.region,
        min(first.started, more.started),
        max(first.finished, more.finished),
        tuple(sorted(resources.values())),
        tuple(sorted({edge.id: edge for edge in (*first.edges, *more.edges)}.values())),
        tuple(sorted({*first.gaps, *more.gaps})),
        tuple(sorted(reads.values())),
    )


def _both(first: Read, second: Read) -> Read:
    is_same = first.status is second.status
    return replace(
        first,
        status=first.status if is_same else ReadStatus.PARTIAL,
        items=first.items + second.items,
        requests=first.requests + second.requests,
    )


OUTSIDE = "outside"  # the kind of a resource an edge names but no connected account showed


class Settled(Protocol):
    """Which of two rows of one identity counts."""

    def __call__(self, one: F, other: F, /) -> F: ...


def _last(_: F, other: F) -> F:
    return other


def graph(
    resources: Iterable[Resource],
    edges: Iterable[Edge],
    settled: Settled = _last,
) -> Graph:
    """Build a graph: sorted, one row per identity, a placeholder for every end never read.

    Of two rows of one identity the last counts, unless ``settled`` says otherwise. What a
    permission says of deliveries from elsewhere (``evidence_only``) is left out where the source
    itself was read: its own configuration knows the filter.
    """
    by_arn: dict[str, Resource] = {}
    for resource in resources:
        known = by_arn.setdefault(resource.arn, resource)
        if known is not resource:
            by_arn[resource.arn] = settled(known, resource)
    by_source: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_source[edge.source].append(edge)
    kept: dict[str, tuple[Edge, ...]] = {}
    unread: set[str] = set()
    for source, found in by_source.items():
        if source in by_arn:
            found = [e for e in found if not (e.attributes and e.attributes.get("evidence_only"))]
        else:
            unread.add(source)
        once = _each_once(found, settled) if len(found) > 1 else found
        if once:
            kept[source] = tuple(once)
        for edge in once:
            if edge.target not in by_arn:
                unread.add(edge.target)
    by_arn.update((end, outside(end)) for end in unread)
    sorted_ = {arn: by_arn[arn] for arn in sorted(by_arn)}
    leaving = {arn: kept[arn] for arn in sorted_ if arn in kept}
    made = Graph(sorted_, tuple(chain.from_iterable(leaving.values())))
    made.__dict__["leaving"] = leaving  # as it would find them
    return made


def _each_once(edges: list[Edge], settled: Settled) -> list[Edge]:
    """The edges from one source, sorted, one per identity."""
    known: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        identity = edge.target, edge.kind, edge.label
        known[identity] = settled(known[identity], edge) if identity in known else edge
    return [known[identity] for identity in sorted(known)]


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value is the same bytes (always ASCII)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_parsed)


def _parsed(value: object) -> dict[str, Any]:
    if isinstance(value, LazyFacts):
        return value.parsed
    raise TypeError(f"{type(value).__name__} is no JSON")


def outside(end: str) -> Resource:
    """The placeholder of an end that nobody read."""
    try:
        arn = arns.parse(end)
    except arns.ArnError:
        return Resource(end, OUTSIDE, "", "", end)
    return Resource(end, OUTSIDE, arn.account, arn.region, arn.name)
