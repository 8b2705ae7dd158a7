"""What is next to a resource or a loop, as a group that ``group_diagram`` draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from topology.graph import Evidence
from topology.reports.map_scene import Arrow, Box, Scene, id_of
from topology.verdict import HARMLESS

MOST = 24  # boxes of a picture that is read at a glance
HEARSAY = (Evidence.PERMITTED, Evidence.PERMITTED_ANY)

Href = Callable[[str], str]  # the address of a box's page, by its id


def around(scene: Scene, middle: str, href: Href) -> dict[str, Any] | None:
    """A box with what is one step upstream and two downstream; None where nothing is.

    What is nearest comes first; ``folded`` counts what had no room.
    """
    if middle not in scene.boxes:
        return None
    down = _next({middle}, scene.arrows, forward=True)
    up = _next({middle}, scene.arrows, forward=False)
    beyond = _next(set(down), scene.arrows, forward=True)
    order = dict.fromkeys([middle, *_mixed(up, down), *beyond])
    shown = list(order)[:MOST]
    looks = {middle: "here"}
    return _group(scene, scene.boxes[middle].name, shown, len(order) - len(shown), looks, href)


def around_loop(scene: Scene, loop: Mapping[str, Any], href: Href) -> dict[str, Any] | None:
    """The resources of a loop of a report, and what is next to them, faded.

    None where the scene has nothing next to it: then one turn says it all.
    """
    ring = list(dict.fromkeys(id_of(edge["source"]) for edge in loop["edges"]))
    if not scene.boxes.keys() >= set(ring):
        return None
    inside = set(ring)
    near = _mixed(
        _next(inside, scene.arrows, forward=True), _next(inside, scene.arrows, forward=False)
    )
    if not (beside := [each for each in near if each not in inside]):
        return None
    room = max(MOST - len(ring), 0)
    looks = dict.fromkeys(beside, "faded")
    shown = [*ring, *beside[:room]]
    group = _group(scene, loop["title"], shown, len(beside[room:]), looks, href)
    _mark(group, ring, loop, shown)
    return group


def _mark(
    group: dict[str, Any], ring: Sequence[str], loop: Mapping[str, Any], shown: Sequence[str]
) -> None:
    """The loop's own arrows stand out, whatever else is known of their ends; all others fade."""
    number = {key: place for place, key in enumerate(shown)}
    own = [_arrow_of(edge, number) for edge in loop["edges"]]
    ends = {(each["source"], each["target"], each["meaning"]) for each in own}
    others = [
        {**each, "in_loop": False, "look": "faded"}
        for each in group["arrows"]
        if (each["source"], each["target"], each["meaning"]) not in ends
    ]
    group["arrows"] = [*own, *others]
    for box, key in zip(group["boxes"], shown, strict=True):
        box["in_loop"] = key in ring


def _arrow_of(edge: Mapping[str, Any], number: Mapping[str, int]) -> dict[str, Any]:
    return {
        "source": number[id_of(edge["source"])],
        "target": number[id_of(edge["target"])],
        "meaning": edge["meaning"],
        "in_loop": True,
        "dormant": bool(edge["dormant"]),
        "hearsay": edge["evidence"] in HEARSAY,
    }


def _next(boxes: set[str], arrows: Iterable[Arrow], *, forward: bool) -> list[str]:
    """What one step leads to, or comes from, each once; loops and what is sure go first."""
    found: dict[str, tuple[bool, int]] = {}
    for each in arrows:
        here, there = (each.source, each.target) if forward else (each.target, each.source)
        if here in boxes and there not in boxes:
            order = (not each.verdict, Evidence(each.evidence).strength)
            found[there] = min(found.get(there, order), order)
    return sorted(found, key=lambda key: (found[key], key))


def _mixed(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Two orders as one, taking turns, so that neither crowds the other out."""
    longest = max(len(first), len(second))
    turns = (each[at] for at in range(longest) for each in (first, second) if at < len(each))
    return list(dict.fromkeys(turns))


def _group(
    scene: Scene,
    title: str,
    shown: Sequence[str],
    folded: int,
    looks: Mapping[str, str],
    href: Href,
) -> dict[str, Any]:
    number = {key: place for place, key in enumerate(shown)}
    alike: dict[tuple[int, int, str], list[Arrow]] = {}
    for each in scene.arrows:
        if each.source in number and each.target in number:
            ends = (number[each.source], number[each.target], each.meaning)
            alike.setdefault(ends, []).append(each)
    return {
        "title": title,
        "folded": folded,
        "boxes": [_box(scene.boxes[key], looks.get(key, ""), href(key)) for key in shown],
        "arrows": [
            {
                "source": source,
                "target": target,
                "meaning": meaning,
                "in_loop": any(_is_pressing(each.verdict) for each in some),
                "dormant": all(each.dormant for each in some),
                "hearsay": all(each.evidence in HEARSAY for each in some),
            }
            for (source, target, meaning), some in sorted(alike.items())
        ],
    }


def _box(box: Box, look: str, href: str) -> dict[str, Any]:
    return {
        "arn": box.arn,
        "name": box.name,
        "kind": box.kind,
        "in_loop": _is_pressing(box.verdict),
        "look": look,
        "href": href,
    }


def _is_pressing(verdict: str) -> bool:
    return bool(verdict) and verdict not in HARMLESS
