"""Observe: one account and region from a plan to an observation, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from topology.catalog.service import Here
from topology.crawl.ledger import Ledger
from topology.crawl.session import HOME, Connection, Identity, opened
from topology.crawl.walk import Progress, Stated, Walk
from topology.evidence import environment
from topology.graph import GLOBAL, Edge, Observation, Read, Resource, with_attributes


def planned(identity: Identity, region: str) -> tuple[Read, ...]:
    """The coverage ledger before reading: every call of a region, or of ``GLOBAL``, not read."""
    return Ledger(identity.account, region).rows()


def observe(
    connection: Connection, identity: Identity, region: str, progress: Progress | None = None
) -> Observation:
    """Read one region of an account, or with ``GLOBAL`` what has none.

    A call that is refused or fails becomes a gap and hides nothing else. ``progress`` is told
    the call just answered, the calls answered, and the calls known so far; it is called in the
    caller's thread and may raise to stop the crawl. Raises ``CrawlError`` only where the
    connection itself cannot be used (an unknown profile).
    """
    started = datetime.now(UTC)
    session = opened(connection)
    ledger = Ledger(identity.account, region)
    here = Here(identity.partition, identity.account, region)
    walk = Walk(session, here, HOME[here.partition] if region == GLOBAL else region, ledger)
    walk.run(progress)
    resources = _resources(walk.stated)
    named = environment.named(walk.mentions, resources, here.partition)
    labels = {label.arn: dict(label.tags) for label in walk.labels}
    return Observation(
        identity.account,
        region,
        started,
        datetime.now(UTC),
        tuple(
            with_attributes(resource, _said(resource.arn, named, labels)) for resource in resources
        ),
        _edges(walk.stated),
        tuple(sorted(walk.gaps)),
        ledger.rows(),
    )


def _resources(stated: Iterable[Stated]) -> tuple[Resource, ...]:
    """One row per ARN: what several calls say of a resource is put together."""
    found: dict[str, Resource] = {}
    for fact in _in_order(stated):
        if isinstance(fact, Resource):
            known = found.setdefault(fact.arn, fact)
            found[fact.arn] = with_attributes(known, fact.attributes)
    return tuple(sorted(found.values()))


def _edges(stated: Iterable[Stated]) -> tuple[Edge, ...]:
    """One row per identity: the last call in the plan knows an edge best."""
    return tuple(
        sorted({fact.id: fact for fact in _in_order(stated) if isinstance(fact, Edge)}.values())
    )


def _in_order(stated: Iterable[Stated]) -> Iterable[Resource | Edge]:
    """By the plan and then by content, so that the order of the answers leaves no trace."""

    def key(one: Stated) -> tuple[int, str, str]:
        return one.place, one.fact.subject, repr(one.fact)

    return (one.fact for one in sorted(stated, key=key))


def _said(
    arn: str,
    named: Mapping[str, list[dict[str, str]]],
    labels: Mapping[str, dict[str, str]],
) -> dict[str, object]:
    """What is said of a resource by others than the calls that show it."""
    said = {"environment": named.get(arn), "tags": labels.get(arn)}
    return {key: value for key, value in said.items() if value}
