"""IoT rules: the topic filter in the FROM clause of a rule's SQL statement.

An event is ``{"topic": "plant/7/alarm"}``. WHERE is not modelled: any payload may pass it.

Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html
and https://docs.aws.amazon.com/iot/latest/developerguide/topics.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from topology.filters.document import FilterError, check_text
from topology.sets import strings
from topology.sets.events import EventSet, Path
from topology.sets.strings import StringSet

LANGUAGES = ("iot.sql",)
MOST_LEVELS = 8  # of a topic; AWS IoT refuses deeper ones
BASIC_INGEST = "$aws/rules/"
TOPIC: Path = ("topic",)

_PIECE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\s+|.""", re.DOTALL)
_CLAUSES = ("SET", "SELECT", "FROM", "WHERE")


@dataclass(frozen=True, slots=True)
class TopicRule:
    """The levels of a rule's topic filter (None: no FROM), and whether WHERE narrows it.

    Basic Ingest reaches every rule by its name, whatever FROM says. The statement does not hold
    the name, so all of its topics are heard.
    """

    levels: tuple[str, ...] | None
    where: bool

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event itself: nothing in it is encoded."""
        return dict(record)

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether a message on the event's topic reaches the rule."""
        topic = event.get("topic")
        if not isinstance(topic, str):
            return False
        if topic.startswith(BASIC_INGEST):
            return True
        return self.levels is not None and _fits(self.levels, topic.split("/"))

    def heard(self) -> EventSet:
        """Every topic that reaches the rule."""
        ingest = EventSet.demands(
            {TOPIC: strings.prefix(BASIC_INGEST)},
            {TOPIC: "Basic Ingest goes by the rule's name, which its statement does not hold"},
        )
        if self.levels is None:
            return ingest
        where: dict[Path, str] = {(): "the WHERE clause is not modelled"} if self.where else {}
        return ingest | EventSet.demands({TOPIC: _topics(self.levels)}, where)


def parse(document: str, language: str = LANGUAGES[0]) -> TopicRule:
    """Parse a rule's SQL statement as far as FROM and WHERE. Raises ``FilterError``."""
    check_text(document)
    clauses = _clauses(document)
    if "SELECT" not in clauses:
        raise FilterError("", "is no SQL statement: it has no SELECT")
    if "FROM" not in clauses:
        return TopicRule(None, "WHERE" in clauses)
    quoted, *more = _PIECE.findall(clauses["FROM"].strip()) or [""]
    quote = quoted[:1]
    if more or quote not in ("'", '"'):
        raise FilterError("FROM", "must be one topic filter in quotes")
    return TopicRule(_levels(quoted[1:-1].replace(quote * 2, quote)), "WHERE" in clauses)


def published(template: str) -> StringSet:
    """The topics that a republish action's topic may become: ``${…}`` stands for any text.

    A reserved topic, which begins with ``$``, is written with ``$$``.
    Source: https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html
    """
    plain = template[1:] if template.startswith("$$") else template
    fixed = re.split(r"\$\{[^}]*\}", plain)
    return strings.wildcard("*".join(map(_escaped, fixed)))


def _clauses(statement: str) -> dict[str, str]:
    """The text after each keyword that stands outside quotes and brackets."""
    clauses: dict[str, str] = {}
    clause, depth = "", 0
    for piece in _PIECE.findall(statement):
        word = piece.upper()
        if piece in ("'", '"'):
            raise FilterError(clause, "a quote is not closed")
        depth += (piece in "([{") - (piece in ")]}")
        if depth == 0 and word in _CLAUSES:
            if word in clauses:
                raise FilterError(word, "is given twice")
            clause = word
            clauses[clause] = ""
        elif clause:
            clauses[clause] += piece
        elif piece.strip():
            raise FilterError("", "is no SQL statement: it begins with neither SELECT nor SET")
    return clauses


def _levels(topic_filter: str) -> tuple[str, ...]:
    levels = tuple(topic_filter.split("/"))
    if not topic_filter:
        raise FilterError("FROM", "may not be an empty topic filter")
    if "#" in topic_filter and ("#" in "/".join(levels[:-1]) or levels[-1] != "#"):
        raise FilterError("FROM", "# may only be the whole last level")
    if any("+" in level and level != "+" for level in levels):
        raise FilterError("FROM", "+ may only be a whole level")
    if len(levels) > MOST_LEVELS and not topic_filter.startswith(BASIC_INGEST):
        raise FilterError("FROM", f"has {len(levels)} levels; AWS IoT takes {MOST_LEVELS}")
    return levels


def _fits(levels: Sequence[str], topic: Sequence[str]) -> bool:
    """MQTT's rules: + is one level, # the rest or nothing, and neither is a topic of $."""
    if levels[0] in ("+", "#") and topic[0].startswith("$"):
        return False
    if levels[-1] == "#":
        if len(topic) < len(levels) - 1:
            return False
        levels = levels[:-1]
        topic = topic[: len(levels)]
    return len(levels) == len(topic) and all(
        level in ("+", actual) for level, actual in zip(levels, topic, strict=True)
    )


def _topics(levels: Sequence[str]) -> StringSet:
    """Every topic that fits. A ``+`` is a run of characters in which no slash is left over."""
    if levels[-1] != "#":
        found = _of_depth(levels)
    elif "+" in levels:
        found = strings.union(
            _of_depth((*levels[:-1], *"+" * more)) for more in range(MOST_LEVELS - len(levels) + 2)
        )
    elif len(levels) == 1:
        found = strings.ANY
    else:
        above = "/".join(levels[:-1])
        found = strings.literal(above) | strings.prefix(f"{above}/")
    return found - strings.prefix("$") if levels[0] in ("+", "#") else found


def _of_depth(levels: Sequence[str]) -> StringSet:
    pattern = "/".join("*" if level == "+" else _escaped(level) for level in levels)
    return strings.wildcard(pattern) - strings.wildcard("*/" * len(levels) + "*")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("*", r"\*")
