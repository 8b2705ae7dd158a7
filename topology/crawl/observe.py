"""Observe: one account and region from a plan to an observation, the same bytes every time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from topology.catalog.service import Here, Labelled, Mention
from topology.crawl.again import look_again, settle_gone
from topology.crawl.ledger import Ledger, Planned, afterwards, at_first, plan
from topology.crawl.session import HOME, Connection, Identity, opened
from topology.crawl.walk import Progress, Stated, Task, Walk
from topology.evidence import environment
from topology.graph import GLOBAL, Edge, Observation, Read, Resource, with_attributes

# Seconds one account and region may be read for. A call that waits for an answer or for its turn
# by then still gets it, which takes minutes at the very most: all retries are bounded.
BUDGET = 3600.0


def planned(identity: Identity, region: str) -> tuple[Read, ...]:
    """The coverage ledger before reading: every call of a region, or of ``GLOBAL``, not read."""
    return Ledger(identity.account, region, plan(region)).rows()


def observe(
    connection: Connection,
    identity: Identity,
    region: str,
    progress: Progress | None = None,
    budget: float = BUDGET,
) -> Observation:
    """Read one region of an account, or with ``GLOBAL`` what has none.

    A call that is refused or fails becomes a gap and hides nothing else, and so does one that is
    not made within ``budget`` (seconds). Calls that are only made for what may lie on a loop are
    left to ``follow``. ``progress`` is told the call just answered, the calls answered, and the
    calls known so far; it is called in the caller's thread and may raise to stop the crawl.
    Raises ``CrawlError`` only where the connection itself cannot be used (an unknown profile).
    """
    started, began = datetime.now(UTC), time.monotonic()
    ledger = Ledger(identity.account, region, at_first(region))
    walk = _walk(connection, identity, ledger, began + budget)
    with walk.in_threads():
        walk.run((Task(*planned) for planned in _first(ledger)), progress)
        look_again(walk, began, progress)
    return _observation(walk, started)


def follow(
    connection: Connection,
    identity: Identity,
    region: str,
    resources: Iterable[Resource],
    progress: Progress | None = None,
    budget: float = BUDGET,
) -> Observation:
    """Make the calls that are only made for what may lie on a loop, here ``resources``.

    The ledger has their rows and no others; where there was nothing to ask they are complete.
    Otherwise as ``observe``.
    """
    started, began = datetime.now(UTC), time.monotonic()
    ledger = Ledger(identity.account, region, afterwards(region))
    walk = _walk(connection, identity, ledger, began + budget)
    for tally in ledger.tallies.values():
        tally.is_asked = True
    with walk.in_threads():
        walk.run(_followed(ledger, list(resources)), progress)
        settle_gone(walk)
    return _observation(walk, started)


def _first(ledger: Ledger) -> list[Planned]:
    """The calls that follow no other, those of services that must be asked slowly first.

    Clients are made one after the other: what takes longest must not wait for the rest.
    """
    lists = [(service, call) for service, call in ledger.plan if call.for_each is None]
    return sorted(lists, key=lambda planned: planned[0].rate or math.inf)


def _walk(connection: Connection, identity: Identity, ledger: Ledger, deadline: float) -> Walk:
    here = Here(identity.partition, identity.account, ledger.region)
    region = HOME[here.partition] if here.region == GLOBAL else here.region
    return Walk(opened(connection), here, region, ledger, deadline)


def _followed(ledger: Ledger, resources: Sequence[Resource]) -> Iterator[Task]:
    for service, call in ledger.plan:
        for resource in resources:
            if resource.kind == call.on_cycle:
                item = {"arn": resource.arn, "name": resource.name}
                subject = call.names(item) if call.names else resource.arn
                yield Task(service, call, (item,), subject)


def _observation(walk: Walk, started: datetime) -> Observation:
    """What a walk found, put together and in order."""
    stated = list(_in_order(walk.stated))
    resources = _resources(fact for fact in stated if isinstance(fact, Resource))
    mentions = (fact for fact in stated if isinstance(fact, Mention))
    addresses = {fact.source for fact in stated if isinstance(fact, Edge)}
    named = environment.named(mentions, resources, walk.here.partition, addresses)
    labels = {fact.arn: dict(fact.tags) for fact in stated if isinstance(fact, Labelled)}
    return Observation(
        walk.ledger.account,
        walk.ledger.region,
        started,
        datetime.now(UTC),
        tuple(with_attributes(each, _said(each.arn, named, labels)) for each in resources),
        # One row per identity: the last call in the plan knows an edge best.
        tuple(sorted({fact.id: fact for fact in stated if isinstance(fact, Edge)}.values())),
        tuple(sorted(walk.gaps)),
        walk.ledger.rows(),
    )


def _resources(stated: Iterable[Resource]) -> tuple[Resource, ...]:
    """One row per ARN: what several calls say of a resource is put together."""
    found: dict[str, Resource] = {}
    for fact in stated:
        known = found.get(fact.arn)
        found[fact.arn] = with_attributes(known, fact.attributes) if known else fact
    return tuple(sorted(found.values()))


def _in_order(stated: Iterable[Stated]) -> Iterator[object]:
    """By the plan and then by content, so that the order of the answers leaves no trace."""

    def key(one: Stated) -> tuple[int, str, str]:
        return one.place, getattr(one.fact, "subject", ""), repr(one.fact)

    return (one.fact for one in sorted(stated, key=key))


def _said(
    arn: str,
    named: Mapping[str, list[dict[str, str]]],
    labels: Mapping[str, dict[str, str]],
) -> dict[str, object]:
    """What is said of a resource by others than the calls that show it."""
    said = {"environment": named.get(arn), "tags": labels.get(arn)}
    return {key: value for key, value in said.items() if value}
