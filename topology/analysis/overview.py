"""One account at a glance: clusters of resources, folded until a person can read the drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from topology import catalog
from topology.analysis.clusters import Cluster, Scene, clusters, scene, stops
from topology.analysis.loops import Loop
from topology.catalog.service import Part
from topology.graph import Edge, Evidence, Graph, Resource

LIMIT = 200  # boxes a person can still read
HEARSAY = (Evidence.PERMITTED, Evidence.PERMITTED_ANY)


class Box(TypedDict):
    """A resource that is drawn."""

    arn: str
    name: str
    kind: str
    in_loop: bool


class Arrow(TypedDict):
    """All edges of one meaning between two boxes of a group, by their numbers."""

    source: int
    target: int
    meaning: str
    in_loop: bool
    dormant: bool
    hearsay: bool


class Elsewhere(TypedDict):
    """Edges that cross to another group, named instead of drawn."""

    group: str
    leaving: int
    arriving: int


class Group(TypedDict):
    """Resources that belong together. ``folded`` of its ``resources`` have no box of their own."""

    title: str
    resources: int
    folded: int
    loops: int
    boxes: list[Box]
    arrows: list[Arrow]
    elsewhere: list[Elsewhere]


class Overview(TypedDict):
    """A drawing's content; ``left_out`` says in sentences what it does not show."""

    account: str
    groups: list[Group]
    left_out: list[str]


def overview(
    graph: Graph,
    write_edges: Iterable[Edge],
    loops: Iterable[Loop],
    account: str,
    limit: int = LIMIT,
) -> Overview:
    """The clusters of an account, those with loops first, opened while ``limit`` boxes suffice.

    ``loops`` are ranked; harmless ones are not marked. ``write_edges`` may lead to hubs ("any
    queue"): those are counted and not drawn, the loops they close are. Equal input, equal value.
    """
    writes = tuple(write_edges)
    all_of_it = scene(graph, writes, loops, account)
    found = clusters(all_of_it)
    drawn = found[:limit]
    spare = limit - len(drawn)  # every drawn cluster has one box already
    groups: list[Group] = []
    for cluster in drawn:
        shown = _shown(cluster, spare)
        groups.append(_group(cluster, shown, all_of_it))
        spare -= len(shown) - (len(shown) == len(cluster.members))
    for group, crossings in zip(groups, _crossings(drawn, all_of_it), strict=True):
        group["elsewhere"] = crossings
    counts = {
        "{} more resources are folded into their groups": sum(each["folded"] for each in groups),
        "{} resources are in groups that come after these": sum(
            len(cluster.members) for cluster in found[limit:]
        ),
        "{} edges between groups are counted, not drawn": sum(
            other["leaving"] for each in groups for other in each["elsewhere"]
        ),
        "{} permissions to write to any resource of a kind are not drawn, only the loops they "
        "close": sum(edge.target not in graph.resources for edge in writes),
        "{} resources that no event reaches or leaves are not drawn": sum(
            _is_quiet(resource, account, all_of_it) for resource in graph.resources.values()
        ),
    }
    return {
        "account": account,
        "groups": groups,
        "left_out": [sentence.format(count) for sentence, count in counts.items() if count],
    }


def _shown(cluster: Cluster, spare: int) -> list[str]:
    """The members with a box of their own: all, or else whole loops, as far as they fit.

    Loops come first and in order of travel, so that a drawing can follow them.
    """
    ways = [stops(each) for each in cluster.loops]
    if len(cluster.members) - 1 <= spare:
        inner = dict.fromkeys(arn for way in ways for arn in way)
        return [*inner, *sorted(cluster.members - inner.keys())]
    shown: dict[str, None] = {}
    for way in ways:
        if len(shown | way) <= spare:
            shown |= way
    return list(shown)


def _group(cluster: Cluster, shown: Sequence[str], all_of_it: Scene) -> Group:
    inner = {arn for each in cluster.loops for arn in stops(each)}
    return {
        "title": cluster.title,
        "resources": len(cluster.members),
        "folded": len(cluster.members) - len(shown),
        "loops": len(cluster.loops),
        "boxes": [_box(all_of_it.resources[arn], arn in inner) for arn in shown],
        "arrows": _arrows(cluster, shown, all_of_it),
        "elsewhere": [],
    }


def _box(resource: Resource, in_loop: bool) -> Box:
    return {
        "arn": resource.arn,
        "name": resource.name,
        "kind": resource.kind,
        "in_loop": in_loop,
    }


def _arrows(cluster: Cluster, shown: Sequence[str], all_of_it: Scene) -> list[Arrow]:
    number = {arn: place for place, arn in enumerate(shown)}
    in_loop = {hop.edge.id for each in cluster.loops for hop in each.hops}
    alike: dict[tuple[int, int, str], list[Edge]] = {}
    for edge in all_of_it.edges:
        if edge.source in number and edge.target in number:
            ends = (number[edge.source], number[edge.target], edge.meaning.value)
            alike.setdefault(ends, []).append(edge)
    return [
        {
            "source": source,
            "target": target,
            "meaning": meaning,
            "in_loop": any(edge.id in in_loop for edge in edges),
            "dormant": all(edge.dormant for edge in edges),
            "hearsay": all(edge.evidence in HEARSAY for edge in edges),
        }
        for (source, target, meaning), edges in sorted(alike.items())
    ]


def _crossings(drawn: Sequence[Cluster], all_of_it: Scene) -> Iterator[list[Elsewhere]]:
    """For each cluster, how many edges lead to and from each other one."""
    home = {arn: place for place, cluster in enumerate(drawn) for arn in cluster.members}
    across = Counter(
        (home[edge.source], home[edge.target])
        for edge in all_of_it.edges
        if edge.source in home and edge.target in home
    )
    others: list[set[int]] = [set() for _ in drawn]
    for a, b in across:
        others[a].add(b)
        others[b].add(a)
    for here in range(len(drawn)):
        yield [
            {
                "group": drawn[there].title,
                "leaving": across[here, there],
                "arriving": across[there, here],
            }
            for there in sorted(others[here] - {here})
        ]


def _is_quiet(resource: Resource, account: str, all_of_it: Scene) -> bool:
    """Whether the account has a resource that could pass events on, and no edge touches it."""
    kind = catalog.kinds().get(resource.kind)
    is_role = kind is not None and kind.part is Part.OTHER
    return resource.account == account and resource.arn not in all_of_it.resources and not is_role
