"""S3 event notifications: event names, and one prefix and one suffix of the object's key.

An event is S3's record with the key as S3 stores it:
``{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "in/a b.csv"}}}``. The record that
travels has the key URL-encoded; ``decoded`` turns it into the event.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
and https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from topology.filters.document import (
    FilterError,
    Json,
    a_list,
    a_string,
    an_object,
    read,
    within,
)
from topology.sets import strings
from topology.sets.events import EventSet, Path

LANGUAGES = ("s3.notification",)
SERVICE = "s3:"
NAME: Path = ("eventName",)
KEY: Path = ("s3", "object", "key")


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification's filter: event names without ``s3:``, and readings of prefix and suffix.

    Each of ``prefixes`` and ``suffixes`` are alternatives; empty means that any key will do.
    ``opaque`` names rules of the key that are not modelled.
    """

    names: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event in a record as S3 sends it: the key of the record is URL-encoded."""
        s3 = record["s3"]
        key = unquote_plus(s3["object"]["key"])
        return {**record, "s3": {**s3, "object": {**s3["object"], "key": key}}}

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether S3 sends the notification; a rule that is not modelled lets everything pass."""
        name, key = event.get("eventName"), event.get("s3", {}).get("object", {}).get("key")
        if not isinstance(name, str) or not isinstance(key, str):
            return False
        return (
            any(_names(pattern, name) for pattern in self.names)
            and (not self.prefixes or key.startswith(self.prefixes))
            and (not self.suffixes or key.endswith(self.suffixes))
        )

    def heard(self) -> EventSet:
        """Every event that S3 sends: names without ``s3:``, keys as S3 stores them."""
        keys = strings.ANY
        if self.prefixes:
            keys &= strings.union(map(strings.prefix, self.prefixes))
        if self.suffixes:
            keys &= strings.union(map(strings.suffix, self.suffixes))
        names = strings.union(
            strings.prefix(name[:-1]) if name.endswith("*") else strings.literal(name)
            for name in self.names
        )
        unknown = ", ".join(self.opaque)
        return EventSet.demands(
            {NAME: names, KEY: keys},
            {KEY: f"the filter rule {unknown} is not modelled"} if unknown else {},
        )


def parse(document: str, language: str = LANGUAGES[0]) -> Notification:
    """Parse ``{"Events": [...], "Filter": {"Key": {"FilterRules": [...]}}}``, as AWS names them.

    Raises ``FilterError`` for what S3 would not have stored.
    """
    found = an_object(read(document), "")
    names = tuple(
        _event_name(a_string(name, at := within("Events", index)), at)
        for index, name in enumerate(a_list(found.get("Events", []), "Events"))
    )
    if not names:
        raise FilterError("Events", "a notification names at least one event")
    rules, opaque = _rules(found.get("Filter", {}))
    return Notification(
        tuple(sorted(set(names))),
        _readings(rules.get("prefix", "")),
        _readings(rules.get("suffix", "")),
        opaque,
    )


def _event_name(name: str, at: str) -> str:
    if not name.startswith(SERVICE) or "*" in name[:-1]:
        raise FilterError(at, f"{name!r} is no S3 event name, such as s3:ObjectCreated:*")
    return name.removeprefix(SERVICE)


def _names(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def _rules(filters: Json) -> tuple[dict[str, str], tuple[str, ...]]:
    """The values of prefix and suffix, and the names of rules that S3 added since."""
    key = an_object(an_object(filters, "Filter").get("Key", {}), "Filter.Key")
    rules: dict[str, str] = {}
    opaque: list[str] = []
    where = "Filter.Key.FilterRules"
    for index, rule in enumerate(a_list(key.get("FilterRules", []), where)):
        at = within(where, index)
        rule = an_object(rule, at)
        # S3 answers "Prefix" or "prefix" for what was stored as either.
        name = a_string(rule.get("Name"), within(at, "Name")).lower()
        value = a_string(rule.get("Value", ""), within(at, "Value"))
        if name in rules:
            raise FilterError(at, f"S3 takes one {name} rule per notification")
        match name:
            case "prefix" | "suffix":
                rules[name] = value
            case _:
                opaque.append(name)
    return rules, tuple(opaque)


def _readings(value: str) -> tuple[str, ...]:
    """What a rule's value may stand for.

    AWS asks for spaces as ``+`` and other special characters URL-encoded, and stores what it
    was given. A value that reads differently when decoded is taken both ways: a notification
    that hears more than thought is a loop not found.
    """
    return tuple(sorted({value, unquote_plus(value)})) if value else ()
