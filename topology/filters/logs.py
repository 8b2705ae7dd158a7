"""CloudWatch Logs filter patterns: terms, JSON selectors, and space-delimited columns.

An event is ``{"message": "…"}`` for terms and columns; a JSON pattern compares the message's
decoded object, ``{"message": {"level": "ERROR"}}``. Regular expressions are not modelled.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, TypeAlias

from topology.filters.document import FilterError, check_text
from topology.filters.log_conditions import (
    ANY_VALUE,
    REGEX,
    All,
    Comparison,
    Condition,
    comparisons,
    parse_condition,
    unquoted,
)
from topology.filters.pattern import Leaf
from topology.filters.payload import from_text
from topology.sets import strings
from topology.sets.events import ABSENT, ANYTHING, MISSING, EventSet, Path
from topology.sets.strings import StringSet

LANGUAGES = ("logs.pattern",)
MESSAGE: Path = ("message",)
LONGEST = 1024  # bytes
MOST_COMBINATIONS = 1000  # of && over ||; AWS's own patterns have a few dozen

_TERM = re.compile(r'([-?]?)\s*("[^"\\]*(?:\\.[^"\\]*)*"?|%[^%]*%|\S+)\s*', re.DOTALL)
_COLUMN = re.compile(r'\[[^\]]*\]|"[^"]*"|\S+')
_SEPARATED = re.compile(r'"[^"]*"|%[^%]*%|,|[^,"%]+|.', re.DOTALL)
_NAME = re.compile(r"[\w.$-]*")
_SELECTOR = re.compile(r"\$(?:\.[^.\[\]\s*]+|\[\d{1,9}\]|\['[^']*'\])+")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|\['([^']*)'\]")


@dataclass(frozen=True, slots=True)
class Terms:
    """Texts of which the message must hold all, none, and any, in any place and exact case.

    ``opaque``: a regular expression narrows it further.
    """

    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    opaque: bool = False

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The log event itself: its message is text."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the log event is sent on."""
        message = event.get("message")
        return (
            isinstance(message, str)
            and all(term in message for term in self.required)
            and not any(term in message for term in self.excluded)
            and (not self.optional or any(term in message for term in self.optional))
        )

    def heard(self) -> EventSet:
        """Every log event that is sent on."""
        held = strings.union(~_holding(term) for term in self.required)
        held = ~strings.union((held, *map(_holding, self.excluded)))
        if self.optional:
            held &= strings.union(map(_holding, self.optional))
        return EventSet.demands({MESSAGE: held}, {MESSAGE: REGEX} if self.opaque else {})


@dataclass(frozen=True, slots=True)
class Selectors:
    """A condition on the fields of a message in JSON."""

    condition: Condition

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The log event with the object that its message is in JSON; other text stays text."""
        return {**record, "message": from_text(record.get("message"))}

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the log event is sent on."""
        message = event.get("message", {})  # missing: an object of which no field is known
        return isinstance(message, Mapping) and self.condition.holds(
            lambda selector: _selected(message, steps(selector))
        )

    def heard(self) -> EventSet:
        """Every log event that is sent on."""
        return EventSet.demands({MESSAGE: MISSING}) & _heard(self.condition)


@dataclass(frozen=True, slots=True)
class Columns:
    """Conditions on a message's columns, None where any text will do.

    ``ellipsis`` is the place between them where any number of columns may stand.
    """

    conditions: tuple[Condition | None, ...]
    ellipsis: int | None = None

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The log event itself: its message is text."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether the log event is sent on."""
        message = event.get("message")
        if not isinstance(message, str):
            return False
        columns = [_unwrapped(column) for column in _COLUMN.findall(message)]
        missing = len(columns) - len(self.conditions)
        if missing < 0 or (missing > 0 and self.ellipsis is None):
            return False
        if self.ellipsis is not None:
            del columns[self.ellipsis : self.ellipsis + missing]
        return all(
            condition is None or condition.holds(lambda _, text=text: text)  # type: ignore[misc]
            for condition, text in zip(self.conditions, columns, strict=True)
        )

    def heard(self) -> EventSet:
        """Every log event that is sent on, and more: columns are not modelled."""
        return EventSet.demands({MESSAGE: strings.ANY}, {MESSAGE: "columns are not modelled"})


LogPattern: TypeAlias = Terms | Selectors | Columns


def parse(document: str, language: str = LANGUAGES[0]) -> LogPattern:
    """Parse a ``filterPattern``; an empty one hears everything. Raises ``FilterError``."""
    check_text(document, most=LONGEST)
    pattern = document.strip()
    for opening, closing, parser in (("{", "}", _selectors), ("[", "]", _columns)):
        if pattern.startswith(opening):
            if len(pattern) < 2 or not pattern.endswith(closing):
                raise FilterError("", f"begins with {opening} and does not end with {closing}")
            return parser(pattern[1:-1])
    return _terms(pattern)


def _terms(pattern: str) -> Terms:
    found: dict[str, list[str]] = {"": [], "-": [], "?": []}
    opaque = False
    for sign, term in _TERM.findall(pattern):
        if len(term) > 1 and term.startswith("%") and term.endswith("%"):
            opaque = True
        else:
            found[sign].append(unquoted(term, ""))
    # Beside terms that must or must not be there, AWS ignores those with a question mark.
    ignored = opaque or found[""] or found["-"]
    return Terms(tuple(found[""]), tuple(found["-"]), () if ignored else tuple(found["?"]), opaque)


def _selectors(pattern: str) -> Selectors:
    condition = parse_condition(pattern, "")
    if condition.combinations > MOST_COMBINATIONS:
        raise FilterError("", f"too complex: more than {MOST_COMBINATIONS} ways to match")
    for comparison in comparisons(condition):
        steps(comparison.field)
    return Selectors(condition)


def _columns(pattern: str) -> Columns:
    conditions: list[Condition | None] = []
    ellipsis = None
    for index, text in enumerate(_separated(pattern)):
        if text in ("...", "…"):
            if ellipsis is not None:
                raise FilterError(f"[{index}]", "there may be one ellipsis")
            ellipsis = len(conditions)
        elif _NAME.fullmatch(text):
            conditions.append(None)
        else:
            conditions.append(parse_condition(text, f"[{index}]", of_text=True))
    return Columns(tuple(conditions), ellipsis)


def _separated(pattern: str) -> Iterator[str]:
    """What stands between the commas that are not within quotes or a regular expression."""
    text = ""
    for piece in _SEPARATED.findall(pattern):
        if piece == ",":
            yield text.strip()
            text = ""
        else:
            text += piece
    yield text.strip()


def steps(selector: str) -> tuple[str | int, ...]:
    """``$.users[0].id`` as ``("users", 0, "id")``. Raises ``FilterError``."""
    if not _SELECTOR.fullmatch(selector):
        raise FilterError("", f"{selector!r} is no selector such as $.user.id or $.users[0]")
    return tuple(
        int(index) if index else name or quoted for name, index, quoted in _STEP.findall(selector)
    )


def _heard(condition: Condition) -> EventSet:
    if not isinstance(condition, Comparison):
        join = and_ if isinstance(condition, All) else or_
        return reduce(join, map(_heard, condition.parts))
    path = steps(condition.field)
    values, doubt = Leaf(condition.operators).heard()
    if len(path) > len(named := tuple(step for step in path if isinstance(step, str))):
        doubt = "places in a list are not modelled"
    elif condition.operators == ANY_VALUE:
        values, doubt = ANYTHING, "an object or a list exists too"
    at = (*MESSAGE, *named)
    return EventSet.demands({at: values}, {at: doubt} if doubt else {})


def _holding(term: str) -> StringSet:
    escaped = term.replace("\\", r"\\").replace("*", r"\*")
    return strings.wildcard(f"*{escaped}*")


def _selected(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return ABSENT
            value = value[step]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return ABSENT
    return value


def _unwrapped(column: str) -> str:
    wrapped = len(column) > 1 and column[0] + column[-1] in ("[]", '""')
    return column[1:-1] if wrapped else column
