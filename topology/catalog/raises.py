"""The events of a declared write: what an IAM action raises at a channel, whoever calls it."""

from __future__ import annotations

from collections.abc import Iterable

from topology import catalog
from topology.graph import Resource
from topology.sets.events import EventSet


def raised(actions: Iterable[str], channel: Resource) -> EventSet:
    """Every event that one of these actions may raise; anything where one of them is not known."""
    found = EventSet()
    for action in actions:
        writes = [each for each in catalog.writes() if each.on == channel.kind]
        about = [each.raises for each in writes if action in each.actions]
        if not about:
            return EventSet.anything()
        for events in about:
            found |= events
    return found if found.boxes else EventSet.anything()
