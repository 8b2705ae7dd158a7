"""Everything the map may show of one moment, and what changed since another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from topology.graph import Edge, Graph, Resource
from topology.reports.map_parts import parts
from topology.reports.svg import printable

Thing = TypeVar("Thing", "Box", "Arrow")
GROUPINGS = ("stack", "account", "region", "component")


@dataclass(frozen=True, slots=True)
class Box:
    """A resource, or a closed group of ``members`` (0: a resource).

    ``verdict`` is that of its gravest loop, ``change`` is "", "added", "removed" or
    "changed"; names are fit for a page.
    """

    id: str
    arn: str
    name: str
    kind: str
    account: str = ""
    region: str = ""
    stack: str = ""
    tags: tuple[str, ...] = ()
    component: str = ""
    verdict: str = ""
    change: str = ""
    members: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """One edge between boxes, named by their ids; ``count`` edges where a closed group has them."""

    id: str
    source: str
    target: str
    meaning: str
    evidence: str
    label: str = ""
    filter: str = ""
    dormant: str = ""
    verdict: str = ""
    change: str = ""
    count: int = 1


@dataclass(frozen=True)
class Scene:
    """Boxes by id and arrows, both sorted; the edges of each loop; resources that stand alone."""

    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]
    loops: Mapping[str, frozenset[str]]
    quiet: int = 0


def id_of(arn: str) -> str:
    """What an address calls a resource: short, and the same for ever."""
    return hashlib.sha256(arn.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def scene(
    graph: Graph,
    writes: Iterable[Edge],
    hubs: Iterable[Resource],
    loops: Sequence[Mapping[str, Any]],
) -> Scene:
    """The scene of a graph, of what its actors may write, and of a report's loops by rank.

    A wildcard grant stays one hub ("any queue"), never writers times channels. Equal input, equal
    value. Linear in boxes and arrows.
    """
    known = {**graph.resources, **{hub.arn: hub for hub in hubs}}
    edges = {edge.id: edge for edge in (*graph.edges, *writes)}
    verdicts: dict[str, str] = {}
    around: dict[str, str] = {}
    for loop in loops:
        for hop in loop["edges"]:
            verdicts.setdefault(hop["id"], loop["verdict"])
            around.setdefault(hop["source"], loop["verdict"])
    drawn = [each for each in edges.values() if each.source in known and each.target in known]
    ends = sorted({end for each in drawn for end in (each.source, each.target)})
    home = _components(ends, drawn)
    boxes = {id_of(arn): _box(known[arn], home[arn], around.get(arn, "")) for arn in ends}
    arrows = sorted(
        (_arrow(each, verdicts.get(each.id, "")) for each in drawn),
        key=lambda arrow: (arrow.source, arrow.target, arrow.id),
    )
    return Scene(
        dict(sorted(boxes.items())),
        tuple(arrows),
        {each["fingerprint"]: frozenset(hop["id"] for hop in each["edges"]) for each in loops},
        len(graph.resources) - len(graph.resources.keys() & set(ends)),
    )


def compared(now: Scene, before: Scene) -> Scene:
    """The scene of now with what was there before: each added, removed, changed, or as it was."""
    boxes = {
        key: _since(box, before.boxes.get(key), lambda each: (each.name, each.kind, each.tags))
        for key, box in now.boxes.items()
    }
    gone = {key: each for key, each in before.boxes.items() if key not in boxes}
    boxes |= {key: replace(each, change="removed", verdict="") for key, each in gone.items()}
    earlier = {arrow.id: arrow for arrow in before.arrows}
    arrows = [_since(each, earlier.pop(each.id, None), _says) for each in now.arrows]
    arrows += [replace(each, change="removed", verdict="") for each in earlier.values()]
    arrows.sort(key=lambda arrow: (arrow.source, arrow.target, arrow.id))
    return Scene(dict(sorted(boxes.items())), tuple(arrows), now.loops, now.quiet)


def _says(arrow: Arrow) -> tuple[str, str, str]:
    return (arrow.evidence, arrow.dormant, arrow.filter)


def _since(value: Thing, before: Thing | None, says: Callable[[Thing], object]) -> Thing:
    if before is None:
        return replace(value, change="added")
    return value if says(before) == says(value) else replace(value, change="changed")


def _components(ends: Sequence[str], edges: Iterable[Edge]) -> dict[str, str]:
    """The name of each resource's part, which is its first member's; hubs tie nothing."""
    number = {arn: place for place, arn in enumerate(ends)}
    ties = ((number[each.source], number[each.target]) for each in edges if not _is_hub(each))
    return {ends[one]: ends[part[0]] for part in parts(len(ends), ties) for one in part}


def _is_hub(edge: Edge) -> bool:
    return edge.target.startswith("hub:") or edge.source.startswith("hub:")


def _box(resource: Resource, component: str, verdict: str) -> Box:
    tags = resource.attributes.get("tags") or {}
    return Box(
        id_of(resource.arn),
        printable(resource.arn),
        printable(resource.name),
        printable(resource.kind),
        printable(resource.account),
        printable(resource.region),
        printable(str(resource.attributes.get("stack") or "")),
        tuple(sorted(printable(f"{key}={tags[key]}") for key in tags))
        if isinstance(tags, dict)
        else (),
        printable(component.rpartition(":")[2]),
        verdict,
    )


def _arrow(edge: Edge, verdict: str) -> Arrow:
    return Arrow(
        edge.id,
        id_of(edge.source),
        id_of(edge.target),
        edge.meaning.value,
        edge.evidence.value,
        printable(edge.label),
        printable(edge.filter.document) if edge.filter else "",
        printable(edge.dormant),
        verdict,
    )
