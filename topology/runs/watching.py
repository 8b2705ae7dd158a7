"""What runs: the resources on loops are watched, and what was seen is added to what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from topology import crawl
from topology.analysis import analyse
from topology.crawl.running import observe_running
from topology.graph import Edge, Observation, Resource, graph, with_facts
from topology.verdict import LoopVerdict

Progress = Callable[[str, int, int], None]
Facts = tuple[Iterable[Resource], Iterable[Edge]]


def watched(
    connection: crawl.Connection,
    identity: crawl.Identity,
    observed: Mapping[str, Observation],
    others: Facts = ((), ()),
    *,
    say: Callable[[str], None] = lambda _line: None,
    progress: Progress | None = None,
) -> dict[str, Observation]:
    """An account's observations by region, with what was seen of the resources on loops.

    Only loops that nothing stops are watched, and nothing is asked where there are none. What
    fails is a remark of the resources it was to be asked of (``unwatched``): gaps and ledger stay
    as they are, because what runs only ever raises evidence. ``say`` is told what was paid for.
    """
    found = graph(
        chain(others[0], *(each.resources for each in observed.values())),
        chain(others[1], *(each.edges for each in observed.values())),
    )
    loops = [each for each in analyse(found).loops if each.verdict is not LoopVerdict.BLOCKED]
    on_loops = {hop.edge.source for each in loops for hop in each.hops}
    edges = [hop.edge for each in loops for hop in each.hops]
    own = [
        resource
        for observation in observed.values()
        for resource in observation.resources
        if resource.arn in on_loops
    ]
    facts: dict[str, Mapping[str, object]] = {}
    for region in sorted({resource.region for resource in own}):
        running = observe_running(connection, identity, region, own, edges, progress)
        facts.update(running.facts)
        say(
            f"watched {region}: {running.metrics_asked} metrics (USD {running.dollars:.5f}), "
            f"{len(running.gaps)} calls failed"
        )
    return {region: with_facts(observation, facts) for region, observation in observed.items()}
