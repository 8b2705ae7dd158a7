"""Where deliveries leave what was read: what happens beyond is not known, and no gap says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import cache

from topology import arn as arns
from topology import catalog
from topology.graph import OUTSIDE, Graph


@dataclass(frozen=True, order=True, slots=True)
class End:
    """Something that configuration delivers to and that no read showed; ``edges`` lead there."""

    target: str
    because: str
    edges: int


def ends(graph: Graph, accounts: Iterable[str], regions: Iterable[str]) -> tuple[End, ...]:
    """Every end of a graph, sorted by what it is; ``accounts`` and ``regions`` were read.

    What is not there in an account, Region and service that were read is no end: nothing happens.
    """
    found = Counter(
        edge.target
        for edge in graph.edges
        if graph.resources[edge.target].kind == OUTSIDE and edge.target not in graph.leaving
    )
    read_in, read_of = frozenset(regions), frozenset(accounts)
    return tuple(
        End(target, because, number)
        for target, number in sorted(found.items())
        if (because := _because(target, read_of, read_in))
    )


def _because(target: str, accounts: Set[str], regions: Set[str]) -> str:
    if not arns.is_arn(target):
        return "it is outside AWS"
    arn = arns.parse(target)
    if arn.account and arn.account not in accounts:
        return f"account {arn.account} is not connected"
    if arn.service not in _read():
        return f"Loopscope does not read {arn.service}"
    if arn.region and arn.region not in regions:
        return f"Region {arn.region} was not read"
    if not arn.account:
        return "it is AWS's own" if arn.region else "no connected account has it"
    return ""


@cache
def _read() -> frozenset[str]:
    return frozenset(
        kind.name.partition(".")[0]
        for service in catalog.services()
        if service.calls
        for kind in service.kinds
    )
