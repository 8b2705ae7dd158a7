"""One delivery of some events: whether its filter lets them pass, and what comes out beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from topology import catalog, filters
from topology.graph import Edge, Gap, Meaning, Resource
from topology.sets.events import EventSet, compare
from topology.verdict import Always, Cannot, Event, Hop, Sometimes, Unknown

UNREADABLE = "FilterNotUnderstood"
LISTS = frozenset({"Records", "resources"})  # fields that AWS sends as a list, here of one


class Crossing:
    """The deliveries of one graph's resources; ``gaps`` are the filters that nobody can read."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self.gaps: set[Gap] = set()
        self._resources = resources
        self._examples: dict[EventSet, Event | None] = {}

    def with_example(self, hop: Hop, events: EventSet) -> Hop:
        """A write's hop with one event that it raises."""
        if isinstance(hop, Cannot):
            return hop
        return replace(hop, witness=self._example(events))

    def _example(self, events: EventSet) -> Event | None:
        if events not in self._examples:
            self._examples[events] = events.witness()
        return self._examples[events]

    def decide(self, edge: Edge, events: EventSet) -> Hop:
        """Whether events pass the filter of an edge, with examples."""
        if edge.filter is None:
            hop: Hop = Always("There is no filter: every event passes.", self._example(events))
        else:
            try:
                hop = compare(events, filters.heard(edge.filter))
            except filters.FilterError as error:
                self.gaps.add(self._gap(edge, error))
                return Unknown(f"The filter could not be read ({error}).")
        if edge.meaning is Meaning.ON_FAILURE and not isinstance(hop, Cannot):
            because = "Only what could not be processed or delivered takes this way."
            return Sometimes(because, hop.witness)
        return hop

    def carried(self, edge: Edge, hop: Hop, events: EventSet) -> EventSet:
        """The events on the other side; beyond a hop that cannot pass, what would be there."""
        if edge.filter is not None and not isinstance(hop, Cannot):
            with suppress(filters.FilterError):  # a gap already, and everything passes
                events &= filters.heard(edge.filter)
        carrier = catalog.carriers().get(edge.kind)
        if carrier is None:
            return EventSet.anything()
        return carrier(events, edge, self._resources[edge.target])

    def _gap(self, edge: Edge, error: filters.FilterError) -> Gap:
        owner = self._resources[edge.source]
        reason = f"the filter of {edge.kind} {edge.label!r} cannot be read: {error}"
        return Gap(owner.account, owner.region, edge.read, "", edge.source, UNREADABLE, reason)


def as_sent(hop: Hop) -> Hop:
    """The hop with its events as AWS sends them."""
    if isinstance(hop, Cannot | Always):
        return hop if hop.witness is None else replace(hop, witness=_with_lists(hop.witness))
    return replace(
        hop, witness=_with_lists(hop.witness), counterexample=_with_lists(hop.counterexample)
    )


def _with_lists(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        key: [_with_lists(inner)] if key in LISTS else _with_lists(inner)
        for key, inner in value.items()
    }
