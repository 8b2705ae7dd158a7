"""What changed between two readings of a workspace, as its pages tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Workspace
from topology import arn as arns
from topology import store
from topology.graph import Edge
from topology.reports.loop_changes import LoopChange, Span, loop_changes, spans
from topology.reports.map_scene import id_of
from topology.reports.resource_view import differences
from topology.reports.svg import printable
from topology.web import readings

LISTED = 200  # resources and edges that a page names; it counts the others


@dataclass(frozen=True)
class LoopRow:
    """A loop's change with what people call it, from the reading that knew it last."""

    change: LoopChange
    title: str


@dataclass(frozen=True)
class Changed:
    """What differs at ``until`` from ``since``; ``loops`` is None where one was not analysed."""

    since: int
    until: int
    resources: store.Counts
    edges: store.Counts
    loops: list[LoopRow] | None
    is_complete: bool

    @property
    def is_nothing(self) -> bool:
        """Whether all that was compared is as it was."""
        return not self.loops and self.resources == self.edges == store.Counts()


def changed(space: Workspace, since: int, until: int) -> Changed:
    """Compare two moments: loops by their verdicts, resources and edges by their content."""
    resources, edges = store.counts(space, since, until)
    after = store.kept_analysis(space, until)  # whether it was complete then
    is_complete = after is not None and after.moment == until and _is_complete(after.report)
    were_judged = store.were_analysed(space, (since, until))
    loops = _loops(space, since, until, is_complete) if were_judged else None
    return Changed(since, until, resources, edges, loops, is_complete)


def since_last(space: Workspace, reading: readings.Reading) -> Changed | None:
    """What differs from the reading that was worked out before; None for the first."""
    before = store.analysed_before(space, reading.moment)
    return None if before is None else changed(space, before, reading.moment)


@dataclass(frozen=True)
class Told:
    """A span of a loop's history with the times of its readings, as far as a crawl made them."""

    span: Span
    since: datetime | None
    until: datetime | None


def history(space: Workspace, fingerprint: str) -> list[Told]:
    """What became of a loop over the readings that were worked out, newest first."""
    found = spans(store.loop_history(space, fingerprint))
    when = store.times(space, [moment for each in found for moment in (each.first, each.last)])
    return [Told(each, when.get(each.first), when.get(each.last)) for each in found]


@dataclass(frozen=True)
class EdgeChange:
    """An edge that was first seen, changed, went ("removed") or came back ("added") with a reading.

    ``what`` names what changed.
    """

    word: str
    moment: int
    when: datetime | None
    edge: Mapping[str, Any]
    what: list[str]


def edge_history(space: Workspace, seen: Sequence[store.Seen[Edge]]) -> list[EdgeChange]:
    """What became of edges, newest first, ``LISTED`` at most.

    Two accounts may show the same edge: it is gone when the last of them no longer does.
    """
    versions: dict[str, list[store.Seen[Edge]]] = {}
    for each in seen:
        versions.setdefault(each.thing.id, []).append(each)
    found = [change for some in versions.values() for change in _became(some)]
    found.sort(key=lambda change: (-change[0], change[2].order))
    when = store.times(space, sorted({moment for moment, *_ in found[:LISTED]}))
    return [
        EdgeChange(word, moment, when.get(moment), _edge(edge), what)
        for moment, word, edge, what in found[:LISTED]
    ]


def _became(seen: Sequence[store.Seen[Edge]]) -> Iterator[tuple[int, str, Edge, list[str]]]:
    def at(moment: int) -> Edge | None:
        held = (e for e in seen if e.first <= moment and (e.until is None or e.until > moment))
        return next((each.thing for each in held), None)

    bounds = sorted({end for each in seen for end in (each.first, each.until) if end})
    for moment in bounds:
        before, after = at(moment - 1), at(moment)
        if before is None or after is None:
            word = "removed" if before else "first seen" if moment == bounds[0] else "added"
            if edge := after or before:
                yield moment, word, edge, []
        elif what := _differences(before, after):
            yield moment, "changed", after, what


def listed(
    space: Workspace, since: int, until: int, most: int = LISTED
) -> dict[str, list[dict[str, Any]]]:
    """The resources and edges that differ, ``most`` of each at most, fit for a page."""
    resources, edges = store.changes(space, since, until, most)
    return {
        "resources": [
            {
                "word": each.word,
                "id": id_of(each.thing.arn),
                "name": printable(each.thing.name),
                "kind": printable(each.thing.kind),
                "what": differences(each.before, each.thing) if each.before else [],
            }
            for each in resources
        ],
        "edges": [
            {
                "word": each.word,
                **_edge(each.thing),
                "what": _differences(each.before, each.thing) if each.before else [],
            }
            for each in edges
        ],
    }


def _edge(edge: Edge) -> dict[str, str]:
    return {
        "source_id": id_of(edge.source),
        "source": _name(edge.source),
        "target_id": id_of(edge.target),
        "target": _name(edge.target),
        "meaning": edge.meaning.value,
        "evidence": edge.evidence.value,
        "dormant": printable(edge.dormant),
        "label": printable(edge.label),
    }


def _loops(space: Workspace, since: int, until: int, is_complete: bool) -> list[LoopRow]:
    """Titles come from the readings: only where something differs is a whole report looked at."""
    verdicts = [store.loops_at(space, each) for each in (since, until)]
    found = loop_changes(*verdicts, is_complete=is_complete)
    if not found:
        return []
    known = [readings.at(space, each) for each in (since, until)]
    titles = {
        each["fingerprint"]: each["title"]
        for reading in known
        if reading
        for each in reading.report["loops"]
    }
    return [LoopRow(each, titles.get(each.fingerprint, each.fingerprint)) for each in found]


def _is_complete(report: Mapping[str, Any]) -> bool:
    scope = report["scope"]
    is_all = scope["read"] == scope["planned"] and not report["more_loops"]
    return is_all and not scope["gaps"] and not scope["stale"]


def _differences(before: Edge, after: Edge) -> list[str]:
    parts = {"filter", "evidence", "dormant", "meaning"}
    found = sorted(name for name in parts if getattr(before, name) != getattr(after, name))
    names = sorted(before.attributes.keys() | after.attributes.keys())
    return found + [n for n in names if before.attributes.get(n) != after.attributes.get(n)]


def _name(end: str) -> str:
    return printable(arns.name(end) if arns.is_arn(end) else end)
