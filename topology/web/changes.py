"""What changed between two readings of a workspace, as its pages tell it."""

from __future__ import annotations

from collections.abc import Mapping
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


def listed(space: Workspace, since: int, until: int) -> dict[str, list[dict[str, Any]]]:
    """The resources and edges that differ, ``LISTED`` of each at most, fit for a page."""
    resources, edges = store.changes(space, since, until, LISTED)
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
                "source_id": id_of(each.thing.source),
                "source": _name(each.thing.source),
                "target_id": id_of(each.thing.target),
                "target": _name(each.thing.target),
                "meaning": each.thing.meaning.value,
                "evidence": each.thing.evidence.value,
                "dormant": printable(each.thing.dormant),
                "label": printable(each.thing.label),
                "what": _differences(each.before, each.thing) if each.before else [],
            }
            for each in edges
        ],
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
