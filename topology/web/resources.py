"""One resource as it is now or was last: what its page and the API tell of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Workspace
from topology import runs, store
from topology.graph import Resource
from topology.reports.document import legible
from topology.reports.map_scene import id_of
from topology.reports.resource_view import configuration, differences, resource_view
from topology.store import Seen
from topology.web import readings
from topology.web.changes import EdgeChange, edge_history
from topology.web.readings import Reading

KEY = re.compile(r"[0-9a-f]{12}\Z")  # what map_scene.id_of makes of an ARN
NOTHING: dict[str, Any] = {
    "loops": [],
    "scope": {"gaps": [], "stale": []},
}


@dataclass(frozen=True)
class Version:
    """A row of a resource's history: from when until when it was so, and what was new in it."""

    first: int
    since: datetime | None
    last: int
    until: datetime | None
    ended: int | None
    changed: list[str]


@dataclass(frozen=True)
class Known:
    """A resource at ``moment``; ``ended`` is the moment since which it is gone, if it is."""

    id: str
    told: dict[str, Any]
    reading: Reading | None
    moment: int
    ended: int | None
    history: list[Version]
    edge_history: list[EdgeChange]
    configuration: dict[str, Any] | None


def known(space: Workspace, key: str) -> Known | None:
    """What is known of the resource or hub that an address calls ``key``; None for nothing."""
    is_key = bool(KEY.match(key)) and space.moment > 0
    arn = runs.wired(space, space.moment).arns.get(key, "") if is_key else ""
    seen = store.versions(space, id_of(arn) if arn else key) if is_key else []
    last = seen[-1] if seen else None
    if not arn and last is None:
        return None
    # What is gone may still be named by an edge: it is shown as it was last all the same.
    ended = last.until if last else None
    moment = space.moment if ended is None else ended - 1
    arn = last.thing.arn if last else arn
    wiring = runs.wired(space, moment)
    reading = readings.at(space, moment)
    report = reading.report if reading else NOTHING
    read = report["scope"].get("read_to")
    when = datetime.fromisoformat(read) if read else None
    told = resource_view(arn, wiring.graph, wiring.writes, report, when, wiring.ledger)
    return Known(
        id_of(arn),
        legible(told),
        reading,
        moment,
        ended,
        _history(space, seen),
        edge_history(space, store.changed_edges(space, arn, seen[0].first if seen else 1)),
        legible(configuration(last.thing)) if last else None,
    )


def _history(space: Workspace, seen: list[Seen[Resource]]) -> list[Version]:
    """Newest first; of each version what differs from the one before."""
    moments = {each.first for each in seen} | {each.last for each in seen}
    when = store.times(space, sorted(moments))
    rows: list[Version] = []
    earlier: Resource | None = None
    for each in seen:
        changed = differences(earlier, each.thing) if earlier else []
        since, until = when.get(each.first), when.get(each.last)
        rows.append(Version(each.first, since, each.last, until, each.until, changed))
        earlier = each.thing
    return rows[::-1]
