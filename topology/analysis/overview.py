"""One account at a glance: clusters of resources, folded until a person can read the drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypedDict

from topology import catalog
from topology.analysis.clusters import Cluster, Scene, by_account, clusters, scene, stops
from topology.analysis.loops import Loop
from topology.catalog.service import Part
from topology.graph import Edge, Evidence, Graph, Resource

LIMIT = 200  # boxes a person can still read
TANGLE = 3  # arrows per box beyond which a drawing is a hairball
HEARSAY = (Evidence.PERMITTED, Evidence.PERMITTED_ANY)

Crossings: TypeAlias = Counter[tuple[int, int]]  # edges by the places of two clusters


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
    """Resources that belong together.

    ``folded`` of its ``resources`` have no box, ``undrawn`` arrows between its boxes are missing.
    """

    title: str
    resources: int
    folded: int
    undrawn: int
    loops: list[str]  # fingerprints, by rank
    boxes: list[Box]
    arrows: list[Arrow]
    elsewhere: list[Elsewhere]


class Overview(TypedDict):
    """A drawing's content; ``left_out`` says in sentences what it does not show."""

    account: str
    groups: list[Group]
    left_out: list[str]


def overviews(
    graph: Graph, write_edges: Iterable[Edge], loops: Iterable[Loop], accounts: Iterable[str]
) -> dict[str, Overview]:
    """The overview of every account, each made of what concerns it. Linear in the edges."""
    shares = by_account(graph, write_edges, loops)
    drawn = {}
    for account in accounts:
        mine, writes, ranked = shares.get(account, (Graph({}, ()), [], []))
        drawn[account] = overview(mine, writes, ranked, account)
    return drawn


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
    view = scene(graph, writes, loops, account)
    found = clusters(view)
    drawn = found[: max(limit // 2, 1)]  # half the boxes at least are for opened clusters
    inside, across = _sorted_out(drawn, view)
    spare = limit - len(drawn)  # every drawn cluster has one box already
    groups: list[Group] = []
    for place, cluster in enumerate(drawn):
        shown = _shown(cluster, spare)
        spare -= len(shown) - (len(shown) == len(cluster.members))
        arrows = _arrows(cluster, shown, inside[place])
        groups.append(
            {
                "title": cluster.title,
                "resources": len(cluster.members),
                "folded": len(cluster.members) - len(shown),
                "undrawn": len(arrows[TANGLE * len(shown) :]),
                "loops": [each.fingerprint for each in cluster.loops],
                "boxes": _boxes(cluster, shown, view),
                "arrows": arrows[: TANGLE * len(shown)],
                "elsewhere": _elsewhere(place, drawn, across),
            }
        )
    counts = {
        "{n} more resource{s} {are} folded into groups": sum(each["folded"] for each in groups),
        "{n} resource{s} {are} in groups that come after these": sum(
            len(cluster.members) for cluster in found[len(drawn) :]
        ),
        "{n} arrow{s} of very tangled groups {are} counted, not drawn": sum(
            each["undrawn"] for each in groups
        ),
        "{n} edge{s} between groups {are} counted, not drawn": sum(across.values()),
        "{n} permission{s} to write to any resource of a kind {are} not drawn, only the loops "
        "they close": sum(_is_hubward(edge, graph, account) for edge in writes),
        "{n} resource{s} that no event reaches or leaves {are} not drawn": sum(
            _is_quiet(resource, account, view) for resource in graph.resources.values()
        ),
    }
    return {
        "account": account,
        "groups": groups,
        "left_out": [_counted(sentence, count) for sentence, count in counts.items() if count],
    }


def _counted(sentence: str, count: int) -> str:
    return sentence.format(n=count, s="" if count == 1 else "s", are="is" if count == 1 else "are")


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


def _boxes(cluster: Cluster, shown: Iterable[str], view: Scene) -> list[Box]:
    inner = {arn for each in cluster.loops for arn in stops(each)}
    return [
        {
            "arn": arn,
            "name": view.resources[arn].name,
            "kind": view.resources[arn].kind,
            "in_loop": arn in inner,
        }
        for arn in shown
    ]


def _arrows(cluster: Cluster, shown: Sequence[str], edges: Iterable[Edge]) -> list[Arrow]:
    """One arrow for all edges alike: those in a loop first, those only permitted last."""
    number = {arn: place for place, arn in enumerate(shown)}
    in_loop = {hop.edge.id for each in cluster.loops for hop in each.hops}
    alike: dict[tuple[int, int, str], list[Edge]] = {}
    for edge in edges:
        if edge.source in number and edge.target in number:
            ends = (number[edge.source], number[edge.target], edge.meaning.value)
            alike.setdefault(ends, []).append(edge)
    arrows: list[Arrow] = [
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
    return sorted(arrows, key=lambda arrow: (not arrow["in_loop"], arrow["hearsay"]))


def _sorted_out(drawn: Sequence[Cluster], view: Scene) -> tuple[list[list[Edge]], Crossings]:
    """The edges within each cluster, and how many lead from one to another, by their places."""
    home = {arn: place for place, cluster in enumerate(drawn) for arn in cluster.members}
    inside: list[list[Edge]] = [[] for _ in drawn]
    across: Crossings = Counter()
    for edge in view.edges:
        source, target = home.get(edge.source), home.get(edge.target)
        if source is None or target is None:
            continue
        if source == target:
            inside[source].append(edge)
        else:
            across[source, target] += 1
    return inside, across


def _elsewhere(place: int, drawn: Sequence[Cluster], across: Crossings) -> list[Elsewhere]:
    others = {there for pair in across if place in pair for there in pair} - {place}
    return [
        {
            "group": drawn[there].title,
            "leaving": across[place, there],
            "arriving": across[there, place],
        }
        for there in sorted(others)
    ]


def _is_hubward(edge: Edge, graph: Graph, account: str) -> bool:
    """Whether an edge is a permission of this account for anything of a kind."""
    return edge.target not in graph.resources and graph.resources[edge.source].account == account


def _is_quiet(resource: Resource, account: str, view: Scene) -> bool:
    """Whether the account has a resource that could pass events on, and no edge touches it."""
    kind = catalog.kinds().get(resource.kind)
    is_role = kind is not None and kind.part is Part.OTHER
    return resource.account == account and resource.arn not in view.resources and not is_role
