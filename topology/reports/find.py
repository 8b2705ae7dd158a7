"""Resources and loops by a few words of their names, ARNs or tags, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topology.graph import Resource
from topology.reports.map_scene import id_of
from topology.reports.svg import printable

MOST = 20  # found of each kind, before the page only counts
LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Known:
    """A resource as it is searched for; every text is fit for a page, ``text`` has no case."""

    id: str
    name: str
    arn: str
    kind: str
    place: str
    tags: tuple[str, ...]
    is_on_loop: bool
    text: str


@dataclass(frozen=True, slots=True)
class KnownLoop:
    """A loop of the report as it is searched for."""

    fingerprint: str
    number: int
    verdict: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that can be found; loops by rank."""

    resources: tuple[Known, ...]
    loops: tuple[KnownLoop, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What matches, likeliest first, each resource with the tag that made it, and how much more."""

    resources: tuple[tuple[Known, str], ...]
    loops: tuple[KnownLoop, ...]
    more: int


def index(resources: Iterable[Resource], loops: Sequence[Mapping[str, Any]]) -> Index:
    """Resources and the loops of a report, made ready to be searched."""
    on_loops = {edge["source"] for loop in loops for edge in loop["edges"]}
    return Index(
        tuple(_known(each, each.arn in on_loops) for each in resources), tuple(map(_loop, loops))
    )


def found(among: Index, words: str, most: int = MOST) -> Found:
    """Whatever holds every word. Linear in what there is.

    A whole name goes before its beginning, that before any part of it, that before ARN and tags.
    """
    wanted = words[:LONGEST].casefold().split()
    if not wanted:
        return Found((), (), 0)
    matching = [each for each in among.resources if all(word in each.text for word in wanted)]
    matching.sort(key=lambda each: (_rank(each, wanted), not each.is_on_loop, each.name, each.arn))
    loops = [each for each in among.loops if all(word in each.text for word in wanted)]
    return Found(
        tuple((each, _tag(each, wanted)) for each in matching[:most]),
        tuple(loops[:most]),
        len(matching[most:]) + len(loops[most:]),
    )


def _known(resource: Resource, is_on_loop: bool) -> Known:
    tags = resource.attributes.get("tags")
    told = tuple(sorted(_tags(tags))) if isinstance(tags, dict) else ()
    name, arn = printable(resource.name), printable(resource.arn)
    place = " · ".join(filter(None, (resource.account, resource.region)))
    text = "\n".join((name, arn, *told)).casefold()
    kind = printable(resource.kind)
    return Known(id_of(resource.arn), name, arn, kind, place, told, is_on_loop, text)


def _tags(tags: Mapping[str, object]) -> Iterator[str]:
    return (printable(f"{key}={value}") for key, value in tags.items())


def _loop(loop: Mapping[str, Any]) -> KnownLoop:
    title, fingerprint, verdict = printable(loop["title"]), loop["fingerprint"], loop["verdict"]
    arns = [printable(edge["source"]) for edge in loop["edges"]]
    text = "\n".join((title, fingerprint, verdict, *arns)).casefold()
    return KnownLoop(fingerprint, loop["number"], verdict, title, text)


def _rank(each: Known, wanted: Sequence[str]) -> int:
    name, whole = each.name.casefold(), " ".join(wanted)
    if whole in (name, each.arn.casefold()):
        return 0
    if name.startswith(whole):
        return 1
    return 2 if all(word in name for word in wanted) else 3


def _tag(each: Known, wanted: Sequence[str]) -> str:
    """The tag without which it would not have been found."""
    if _rank(each, wanted) < 3:
        return ""
    return next((tag for tag in each.tags if any(word in tag.casefold() for word in wanted)), "")
