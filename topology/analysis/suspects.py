"""Resources worth a closer look: what may lie on a loop, before any filter is asked.

Some calls are too dear to make for everything: they follow these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import chain

from topology import arn as arns
from topology.analysis.regions import Link, Names
from topology.catalog.awslambda import FUNCTION
from topology.graph import Graph
from topology.inference.listeners import whole_of
from topology.inference.logged import with_data_events
from topology.inference.roles import Roles
from topology.inference.sessions import Sessions
from topology.inference.writes import Permissions, PermittedWrites

# https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
FUNCTION_URL = re.compile(r"\.lambda-url\.(?P<region>[a-z0-9-]+)\.on\.aws")


def links(graph: Graph, writes: PermittedWrites, among: Set[str] | None = None) -> Iterator[Link]:
    """Every way that configuration and permissions give, one per edge and hub's channel.

    ``among`` are the resources that links may begin and end at; None: all.
    """
    for edge in graph.edges:
        if among is None or (edge.source in among and edge.target in among):
            yield Link(edge.source, edge.target, edge.id)
    for write in writes.writes:
        yield Link(write.edge.source, write.edge.target, write.edge.id)
    for name, hub in writes.hubs.items():
        for channel in hub.channels:
            if among is None or channel in among:
                yield Link(name, channel, f"{name} {channel}")


def suspects(graph: Graph) -> frozenset[str]:
    """ARNs on a cycle of links, of which a version is triggered, or that may write outside.

    Only a closer look tells the function behind an address, and in a function's own policy what
    may come back from an account that is not connected.
    """
    graph = with_data_events(graph)
    versioned = {edge.target for edge in graph.edges if edge.attributes.get("qualifier")}
    further = {*_writing_outside(graph), *_behind_addresses(graph)}
    return frozenset(_cyclic(graph) | versioned | further)


def candidates(graph: Graph) -> frozenset[str]:
    """ARNs on a cycle of links: whatever a loop may lead through, before any filter is asked."""
    return _cyclic(with_data_events(graph))


def structure(graph: Graph) -> tuple[list[frozenset[str]], PermittedWrites]:
    """The components of everything that may lie on a loop, and the writes between them.

    First of whatever permissions may mean at most, which is quickly told; then, of what is left,
    as they are judged. No filter is asked. A component has the names of its resources and hubs.
    """
    permissions = Permissions(graph)
    rough = Names()
    for source, edges in graph.leaving.items():
        rough.link(source, [edge.target for edge in edges])
    for source, targets in permissions.ways():
        rough.link(source, map(whole_of, targets))
    among = frozenset[str]().union(*rough.components())
    writes = permissions.judged(among)
    exact = Names()
    for link in links(graph, writes, among):
        exact.link(link.source, (link.target,))
    return exact.components(), writes


def _cyclic(graph: Graph) -> frozenset[str]:
    components, _ = structure(graph)
    return frozenset[str]().union(*components)


def _behind_addresses(graph: Graph) -> Iterator[str]:
    """Functions of a Region to which something sends over HTTP: one of them has that address."""
    ends = chain(
        (edge.target for edge in graph.edges),
        (
            mention["names"]
            for resource in graph.resources.values()
            for mention in resource.attributes.get("environment", ())
        ),
    )
    hosts = filter(None, map(FUNCTION_URL.search, ends))
    regions = {host["region"] for host in hosts}
    for resource in graph.resources.values():
        if resource.kind == FUNCTION and resource.region in regions:
            yield resource.arn


def _writing_outside(graph: Graph) -> Iterator[str]:
    """Actors whose permissions name a resource that was not read."""
    roles, sessions = Roles(graph), Sessions(graph)
    accounts = {resource.account for resource in graph.resources.values()}
    judged: dict[str, bool] = {}
    for actor in graph.resources.values():
        for session in sessions.of(actor):
            if session.role not in judged:
                allows = roles.principal(session).allows
                named = (pattern for allow in allows for pattern in allow.resources)
                judged[session.role] = any(_is_outside(each, graph, accounts) for each in named)
            if judged[session.role]:
                yield actor.arn


def _is_outside(pattern: str, graph: Graph, accounts: Set[str]) -> bool:
    """Whether a pattern names a bucket, or an account, that the graph does not hold."""
    if not arns.is_arn(pattern):
        return False
    arn = arns.parse(pattern)
    if arn.service == "s3" and not arn.account:
        bucket, _, _ = arn.resource.partition("/")
        is_named = not {"*", "?", "$"} & set(bucket)
        return is_named and f"arn:{arn.partition}:s3:::{bucket}" not in graph.resources
    return arn.account.isdigit() and arn.account not in accounts
