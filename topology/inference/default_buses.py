"""Default buses, where AWS's services tell what happened, and what their rules hear of it.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-what-is-how-it-works-concepts.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from topology import arn as arns
from topology import filters
from topology.catalog.events import BUS
from topology.graph import Edge, Filter, Graph, Resource
from topology.sets import strings
from topology.sets.events import EventSet, Path, compare
from topology.verdict import Cannot

PLACE: frozenset[Path] = frozenset({("account",), ("region",)})
DEFAULT = "event-bus/default"
ARCHIVING = "eb.archive"


@dataclass(frozen=True, slots=True)
class Ear:
    """Filters of rules, and where they hear, if one of them asks that: the same of many buses."""

    filters: frozenset[Filter | None]
    at: tuple[str, str] | None

    def may_hear(self, events: EventSet) -> bool:
        """Whether a rule may hear one of the events; who cannot say, may."""
        told = place(*self.at) & events if self.at else events
        return any(not isinstance(compare(told, _heard(each)), Cannot) for each in self.filters)


@dataclass(frozen=True)
class DefaultBus:
    """The default bus of an account and Region, its rules, and what is declared to reach it."""

    resource: Resource
    rules: tuple[Edge, ...]
    declared: frozenset[str]  # kinds of edges

    @property
    def at(self) -> tuple[str, str]:
        """Its account and Region."""
        return self.resource.account, self.resource.region

    @cached_property
    def place(self) -> EventSet:
        """What every event of the account and Region carries."""
        return place(*self.at)

    @cached_property
    def asked(self) -> frozenset[Path]:
        """Every field that one of its rules asks for."""
        return frozenset(
            path for rule in self.rules for box in heard(rule).boxes for path in box.fields
        )

    @cached_property
    def ear(self) -> Ear:
        """What its rules hear."""
        asks_where = not self.asked.isdisjoint(PLACE)
        return Ear(frozenset(rule.filter for rule in self.rules), self.at if asks_where else None)


def default_buses(graph: Graph) -> tuple[DefaultBus, ...]:
    """The default buses that have a rule."""
    found = [each for each in graph.of_kind.get(BUS, ()) if _is_default(each)]
    arriving: dict[str, set[str]] = {each.arn: set() for each in found}
    for edge in graph.edges:
        if edge.target in arriving:
            arriving[edge.target].add(edge.kind)
    hearing = {each.arn: tuple(_hearing(graph.leaving.get(each.arn, ()))) for each in found}
    return tuple(
        DefaultBus(each, hearing[each.arn], frozenset(arriving[each.arn]))
        for each in found
        if hearing[each.arn]
    )


def heard(rule: Edge) -> EventSet:
    """What a rule hears; anything where that cannot be read."""
    return _heard(rule.filter)


def place(account: str, region: str) -> EventSet:
    """What every event of an account and Region carries."""
    known = {("account",): account, ("region",): region}
    return EventSet.scalars({path: strings.literal(text) for path, text in known.items()})


def _heard(filter_: Filter | None) -> EventSet:
    if filter_ is not None:
        with suppress(filters.FilterError):
            return filters.heard(filter_)
    return EventSet.anything()


def _hearing(leaving: Iterable[Edge]) -> Iterator[Edge]:
    """All but archives: what they keep comes back to the bus, where its rules hear it or not."""
    return (edge for edge in leaving if edge.kind != ARCHIVING)


def _is_default(resource: Resource) -> bool:
    return arns.is_arn(resource.arn) and arns.parse(resource.arn).resource == DEFAULT
