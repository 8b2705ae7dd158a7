"""What belongs together in one account: stacks where they are known, else what is connected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from topology.analysis.loops import Loop
from topology.graph import Edge, Graph, Resource
from topology.verdict import HARMLESS


@dataclass(frozen=True)
class Scene:
    """What of a graph concerns one account: edges, their ends, and the loops that matter."""

    resources: Mapping[str, Resource]
    edges: tuple[Edge, ...]
    loops: tuple[Loop, ...]


@dataclass(frozen=True)
class Cluster:
    """Resources that belong together, and the ranked loops among them, none of them divided."""

    title: str
    members: frozenset[str]
    loops: tuple[Loop, ...]


def scene(graph: Graph, writes: Iterable[Edge], loops: Iterable[Loop], account: str) -> Scene:
    """Every edge with an end in the account, and the whole way of every loop that passes it.

    Writes to hubs ("any queue") have no end in the graph and stay out.
    """
    mine = {arn for arn, resource in graph.resources.items() if resource.account == account}
    pressing = tuple(
        each for each in loops if each.verdict not in HARMLESS and not mine.isdisjoint(stops(each))
    )
    edges = {
        edge.id: edge
        for edge in (*graph.edges, *writes)
        if {edge.source, edge.target} <= graph.resources.keys()
        and (edge.source in mine or edge.target in mine)
    }
    edges |= {hop.edge.id: hop.edge for each in pressing for hop in each.hops}
    ends = {end for edge in edges.values() for end in (edge.source, edge.target)}
    return Scene(
        {arn: graph.resources[arn] for arn in sorted(ends)},
        tuple(sorted(edges.values())),
        pressing,
    )


def by_account(
    graph: Graph, writes: Iterable[Edge], loops: Iterable[Loop]
) -> Mapping[str, tuple[Graph, list[Edge], list[Loop]]]:
    """What of a graph, of its writes and of its ranked loops concerns each account. Linear."""
    edges: dict[str, list[Edge]] = {}
    written: dict[str, list[Edge]] = {}
    ranked: dict[str, list[Loop]] = {}
    near: dict[str, set[str]] = {}
    for arn, resource in graph.resources.items():
        near.setdefault(resource.account, set()).add(arn)
    for every, shares in ((graph.edges, edges), (writes, written)):
        for edge in every:
            ends = [end for end in (edge.source, edge.target) if end in graph.resources]
            for account in {graph.resources[end].account for end in ends}:
                shares.setdefault(account, []).append(edge)
                near[account].update(ends)
    for loop in loops:
        way = {end for hop in loop.hops for end in (hop.edge.source, hop.edge.target)}
        for account in {graph.resources[arn].account for arn in way}:
            ranked.setdefault(account, []).append(loop)
            near[account] |= way
    return {
        account: (
            Graph(
                {arn: graph.resources[arn] for arn in sorted(arns)}, tuple(edges.get(account, ()))
            ),
            written.get(account, []),
            ranked.get(account, []),
        )
        for account, arns in near.items()
    }


def stops(loop: Loop) -> dict[str, None]:
    """The resources of a loop in order of travel, each once."""
    return dict.fromkeys(hop.edge.source for hop in loop.hops)


def clusters(scene: Scene) -> list[Cluster]:
    """The cluster of the gravest loop first; those without a loop by size. Linear in the edges."""
    met = Counter(end for edge in scene.edges for end in (edge.source, edge.target))
    components = [frozenset(members) for members in nx.connected_components(_ties(scene))]
    home = {arn: place for place, members in enumerate(components) for arn in members}
    loops: list[list[Loop]] = [[] for _ in components]
    first = [len(scene.loops)] * len(components)
    for rank, loop in enumerate(scene.loops):
        place = home[loop.hops[0].edge.source]
        loops[place].append(loop)
        first[place] = min(first[place], rank)
    order = sorted(
        range(len(components)),
        key=lambda place: (first[place], -len(components[place]), min(components[place])),
    )
    return [
        Cluster(_title(components[place], scene, met), components[place], tuple(loops[place]))
        for place in order
    ]


def _ties(scene: Scene) -> nx.Graph[str]:
    """Who belongs to whom: an edge between two stacks is no tie, unless a loop takes it."""
    stack = _stacks(scene)
    ties: nx.Graph[str] = nx.Graph()
    ties.add_nodes_from(scene.resources)
    ties.add_edges_from(
        (edge.source, edge.target)
        for edge in scene.edges
        if stack[edge.source] == stack[edge.target]
    )
    first: dict[str, str] = {}
    for arn, name in stack.items():
        if name:
            ties.add_edge(arn, first.setdefault(name, arn))
    for loop in scene.loops:
        nx.add_path(ties, stops(loop))
    return ties


def _stacks(scene: Scene) -> Mapping[str, str]:
    """The stack of each resource: its own, or the only one among its neighbours; "" if none."""
    own = {arn: stack_of(each) for arn, each in scene.resources.items()}
    near: dict[str, set[str]] = {arn: set() for arn in own}
    for edge in scene.edges:
        near[edge.source].add(own[edge.target])
        near[edge.target].add(own[edge.source])
    near = {arn: names - {""} for arn, names in near.items()}
    return {arn: own[arn] or (min(near[arn]) if len(near[arn]) == 1 else "") for arn in own}


def stack_of(resource: Resource) -> str:
    """The CloudFormation stack a resource says it belongs to, "" if it does not say."""
    return str(resource.attributes.get("stack") or "")


def _title(members: frozenset[str], scene: Scene, met: Mapping[str, int]) -> str:
    """The stacks' names, or the name of the resource where most edges meet."""
    if names := sorted({stack_of(scene.resources[arn]) for arn in members} - {""}):
        return " and ".join(names[:2]) + (f" and {len(names) - 2} more" if names[2:] else "")
    return scene.resources[min(members, key=lambda arn: (-met[arn], arn))].name
