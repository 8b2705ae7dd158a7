"""EventBridge rules: an event pattern over the whole event.

The event is as EventBridge delivers it: ``{"source": …, "detail-type": …, "detail": {…}}``.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from topology.filters.document import read
from topology.filters.pattern import Pattern, parse_pattern
from topology.sets.events import EventSet

LANGUAGES = ("eventbridge.pattern",)


@dataclass(frozen=True, slots=True)
class EventPattern:
    """A rule's event pattern."""

    pattern: Pattern

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event itself: nothing in it is encoded."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the rule fires."""
        return self.pattern.matches(event)

    def heard(self) -> EventSet:
        """Every event for which the rule fires."""
        return self.pattern.heard()


def parse(document: str, language: str = LANGUAGES[0]) -> EventPattern:
    """Parse a rule's ``EventPattern``. Raises ``FilterError``."""
    return EventPattern(parse_pattern(read(document), ""))
