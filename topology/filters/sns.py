"""SNS filter policies over a message's attributes or over its body.

An event is the notification with its values decoded:
``{"Message": …, "MessageAttributes": {"store": "north", "price": 9.5, "tags": ["a", "b"]}}``,
where ``Message`` is an object if the text is one in JSON.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from topology.filters.document import FilterError, Json, an_object, read, within
from topology.filters.pattern import Pattern, is_choice, parse_pattern
from topology.filters.payload import from_text, same_format
from topology.sets.events import EventSet

ATTRIBUTES, BODY = "sns.policy.attributes", "sns.policy.body"
LANGUAGES = (ATTRIBUTES, BODY)


@dataclass(frozen=True, slots=True)
class FilterPolicy:
    """A subscription's filter policy; ``pattern`` is over the whole notification."""

    pattern: Pattern

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event in a notification as SNS delivers it: attributes have ``Type`` and ``Value``.

        SNS compares strings, numbers and lists, and ignores what it cannot read as its type.
        """
        attributes = record.get("MessageAttributes") or {}
        read_values = {name: _values(attribute) for name, attribute in attributes.items()}
        return {
            **record,
            "Message": from_text(record.get("Message")),
            "MessageAttributes": {name: values for name, values in read_values.items() if values},
        }

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether SNS delivers the message to this subscription."""
        return self.pattern.matches(event)

    def heard(self) -> EventSet:
        """Every message that SNS delivers to this subscription."""
        return self.pattern.heard()


def parse(document: str, language: str = ATTRIBUTES) -> FilterPolicy:
    """Parse a subscription's ``FilterPolicy``. Raises ``FilterError``."""
    found = read(document)
    policy = parse_pattern(found, "")
    if not policy.fields and not policy.choices:
        return FilterPolicy(policy)
    if language == BODY:
        message = Pattern((("Message", policy),))
        return FilterPolicy(same_format(message, frozenset({"Message"}), lenient=False))
    _check_flat(found, "")
    return FilterPolicy(Pattern((("MessageAttributes", policy),)))


def _check_flat(policy: Json, at: str) -> None:
    for key, value in an_object(policy, at).items():
        if isinstance(value, dict):
            raise FilterError(within(at, key), "an attribute has no fields: it takes a list")
        if isinstance(value, list) and is_choice(key, value):
            for index, alternative in enumerate(value):
                _check_flat(alternative, within(within(at, key), index))


def _values(attribute: Mapping[str, Any]) -> list[Any]:
    """The values an attribute offers for comparison; none for a type that SNS ignores."""
    value = attribute.get("Value", "")
    match attribute.get("Type"):
        case "String":
            return [value]
        case "Number":
            try:
                return [Decimal(value)]
            except InvalidOperation:
                return []
        case "String.Array":
            values = from_text(value)
            return values if isinstance(values, list) else []
        case _:
            return []
