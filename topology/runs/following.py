"""The second look: calls too dear to make for everything, made for what may lie on a loop.

What they show may close further loops, so whatever then comes into question is looked at too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain

from topology import catalog, crawl
from topology.analysis.suspects import suspects
from topology.graph import Edge, Observation, Resource, graph, joined

AT_ONCE = 4  # Regions, as when they were read

Progress = Callable[[str, int, int], None]
Facts = tuple[Iterable[Resource], Iterable[Edge]]


@dataclass(frozen=True, slots=True)
class Followed:
    """An account's observations by region, each joined with what was asked about its suspects.

    ``suspects`` are all that came into question, in other accounts and Regions too.
    """

    observed: Mapping[str, Observation]
    suspects: frozenset[str]

    def asked_about(self, region: str) -> list[str]:
        """The ARNs in a region that something was asked about, sorted."""
        seen = self.observed[region].resources
        return sorted(each.arn for each in seen if is_asked_about(each, self.suspects))


def is_asked_about(resource: Resource, among: Set[str]) -> bool:
    """Whether more is asked about a resource once it may lie on a loop, as those ``among`` do."""
    return resource.arn in among and resource.kind in catalog.looked_at_closely()


def followed(
    connection: crawl.Connection,
    identity: crawl.Identity,
    observed: Mapping[str, Observation],
    others: Facts = ((), ()),
    *,
    check: Callable[[], object] = lambda: None,
    progress: Progress | None = None,
) -> Followed:
    """Ask about an account's suspects what is asked about nothing else.

    ``others`` are the resources and edges of other accounts, through which a loop may lead.
    ``check`` is called before anything is asked of AWS and may raise, as may ``progress``, which
    is as for ``crawl.observe``.
    """
    known, asked = dict(observed), set[str]()
    while True:
        found = graph(
            chain(others[0], *(each.resources for each in known.values())),
            chain(others[1], *(each.edges for each in known.values())),
        )
        new = suspects(found) - asked
        if asked and not new:
            return Followed(known, frozenset(asked - {""}))
        about = {
            region: [each for each in observation.resources if each.arn in new]
            for region, observation in known.items()
        }
        if any(about.values()):
            check()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            more = pool.map(
                lambda region: crawl.follow(connection, identity, region, about[region], progress),  # noqa: B023
                known,
            )
            known = dict(zip(known, map(joined, known.values(), more), strict=True))
        asked |= new or {""}
