"""Subscribers of Custom Event Buses: patterns over an event's data and metadata, joined by AND.

The event is its data: what was put, in the envelope of a rule's event, or raw. Metadata are no part
of it, so what is asked of them is not decided.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-filtering.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from topology.filters.document import FilterError, a_list, a_string, an_object, read, within
from topology.filters.pattern import Pattern, parse_pattern
from topology.sets.events import EventSet, Path

LANGUAGES = ("eventbridge.subscriber",)
DATA = "DATA"
NOT_FOLLOWED = "the filter asks for metadata of the event, which are not followed"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The filters of a subscriber; ``asks_more``: of metadata too."""

    patterns: tuple[Pattern, ...]
    asks_more: bool

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event's data: nothing in it is encoded."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the subscriber receives it, if its metadata are as asked."""
        return all(pattern.matches(event) for pattern in self.patterns)

    def heard(self) -> EventSet:
        """Every event whose data are as asked."""
        doubt: dict[Path, str] = {(): NOT_FOLLOWED} if self.asks_more else {}
        found = (pattern.heard() for pattern in self.patterns)
        return reduce(and_, found, EventSet.demands({}, doubt))


def parse(document: str, language: str = LANGUAGES[0]) -> Subscription:
    """Parse a subscriber's ``FilterConfiguration``. Raises ``FilterError``."""
    filters = a_list(an_object(read(document), "").get("Filters"), "Filters")
    if not filters:
        raise FilterError("Filters", "may not be empty")
    patterns: list[Pattern] = []
    asks_more = False
    for index, each in enumerate(filters):
        at = within("Filters", index)
        found = an_object(each, at)
        inside = within(at, "Pattern")
        pattern = parse_pattern(read(a_string(found.get("Pattern"), inside), inside), inside)
        if found.get("Scope") == DATA:
            patterns.append(pattern)
        else:
            asks_more = True
    return Subscription(tuple(patterns), asks_more)
