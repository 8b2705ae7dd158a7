"""Filter criteria of Lambda's event source mappings: up to ten event patterns, joined by OR.

An event is one record with its payload decoded: JSON as an object, other text as text. The
payload's key depends on the source: ``body`` (SQS), ``data`` (Kinesis, MQ), ``dynamodb``,
``key`` and ``value`` (Kafka). Metadata stands beside it, as in the record.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topology.filters.document import FilterError, Json, a_list, a_string, an_object, read, within
from topology.filters.pattern import Leaf, Pattern, parse_pattern
from topology.filters.payload import from_base64, from_text, same_format
from topology.sets.events import EventSet

MOST_FILTERS = 10  # five, and ten for whom AWS raised the quota


@dataclass(frozen=True, slots=True)
class Source:
    """How a kind of source carries the payload, and what a pattern of another format does.

    ``json_only`` sources take no pattern for plain text; ``lenient`` ones ignore a payload
    pattern that has not the message's format, where others drop the message.
    """

    payload: frozenset[str] = frozenset()
    decode: Callable[[Any], Any] = from_text
    json_only: bool = False
    lenient: bool = False


SOURCES: Mapping[str, Source] = {
    "sqs": Source(frozenset({"body"})),
    "kinesis": Source(frozenset({"data"}), from_base64, json_only=True),
    # The record is JSON; its numbers are strings, so that "numeric" never accepts them.
    "dynamodb": Source(frozenset({"dynamodb"}), json_only=True),
    "kafka": Source(frozenset({"key", "value"}), from_base64, lenient=True),
    "mq": Source(frozenset({"data"}), from_base64, lenient=True),
    "documentdb": Source(),
}
PREFIX = "lambda.criteria."
LANGUAGES = tuple(f"{PREFIX}{source}" for source in SOURCES)


@dataclass(frozen=True, slots=True)
class Criteria:
    """The filters of a mapping or a pipe, any of which lets a record through; none lets all."""

    filters: tuple[Pattern, ...]
    source: str

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event in a record as the poller hands it on: the payload is still encoded."""
        source = SOURCES[self.source]
        # Lambda nests what Kinesis sent in one key; patterns look for it beside the metadata.
        event = {**record, **record.get("kinesis", {})} if self.source == "kinesis" else {**record}
        return {
            key: source.decode(value) if key in source.payload else value
            for key, value in event.items()
        }

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the record is handed on."""
        return not self.filters or any(pattern.matches(event) for pattern in self.filters)

    def heard(self) -> EventSet:
        """Every record that is handed on."""
        return Pattern(choices=(self.filters,) if self.filters else ()).heard()


def parse(document: str, language: str) -> Criteria:
    """Parse a mapping's ``FilterCriteria``. Raises ``FilterError``."""
    source = language.removeprefix(PREFIX)
    return Criteria(tuple(_compared(found, source) for found in read_criteria(document)), source)


def read_criteria(document: str) -> Iterator[tuple[Pattern, str]]:
    """The patterns of a ``FilterCriteria`` document, each with its place in it."""
    filters = a_list(an_object(read(document), "").get("Filters", []), "Filters")
    if len(filters) > MOST_FILTERS:
        raise FilterError("Filters", f"{len(filters)} filters; AWS allows {MOST_FILTERS}")
    for index, item in enumerate(filters):
        at = within(within("Filters", index), "Pattern")
        pattern: Json = an_object(item, within("Filters", index)).get("Pattern", "{}")
        yield parse_pattern(read(a_string(pattern, at), at), at), at


def compared(pattern: Pattern, at: str, source: Source) -> Pattern:
    """A pattern as it is compared with events of the source. Raises ``FilterError``."""
    for key, node in pattern.fields:
        if source.json_only and key in source.payload and isinstance(node, Leaf):
            raise FilterError(within(at, key), "must be an object: this source's payload is JSON")
    return same_format(pattern, source.payload, source.lenient)


def _compared(found: tuple[Pattern, str], source: str) -> Pattern:
    pattern = compared(*found, SOURCES[source])
    if source == "documentdb" and "event" not in dict(pattern.fields):
        # AWS shows change events with and without the key "event" around them: hear both.
        return Pattern(choices=((pattern, Pattern((("event", pattern),))),))
    return pattern
