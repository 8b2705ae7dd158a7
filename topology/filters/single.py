"""One concrete event and one filter: whether it passes, and by which clause it does not.

``matches`` is exact, with lists too; what of a filter is not modelled makes a match unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from topology import filters
from topology.sets.events import MISSING, EventSet, Path, TooComplex, Values, compare
from topology.sets.segments import readable
from topology.verdict import Always, Cannot, Event, Hop, Unknown

PASSES = "The event has all that the filter asks for."
NO_ONE = "No one element of a list in the event has all that the filter asks for."
SCALARS = (str, bool, int, float, Decimal)
SHOWN, LONGEST = 3, 200  # clauses of a sentence, and characters it gives to each value
MOST_FIELDS = 300  # of an event told as a set; the others are left open


def decide(parsed: filters.ParsedFilter, event: Event) -> Hop:
    """Whether one event, decoded, passes a filter: always, cannot, or unknown and why."""
    heard = parsed.heard()
    if not parsed.matches(event):
        return Cannot(_clauses(event, heard) or NO_ONE)
    doubts = sorted({reason for box in heard.boxes for _, reason in box.opaque})
    if not doubts or isinstance(compare(_told(event, heard), heard), Always):
        return Always(PASSES, event)
    return Unknown(f"It cannot be decided: {'; '.join(doubts[:SHOWN])}.", event)


def only(event: Event) -> EventSet:
    """The set of an event and of what differs from it in no field that is told.

    Lists, and what stands in them, are left open, as are fields beyond ``MOST_FIELDS``.
    """
    known: dict[Path, Values] = {}
    for path, value in _scalars(event, ()):
        if len(known) == MOST_FIELDS:
            break
        known[path] = Values.of(value)
    return EventSet.scalars(known)


def _told(event: Event, heard: EventSet) -> EventSet:
    """The event as a set, of the fields that a filter asks for."""
    asked = sorted({path for box in heard.boxes for path in box.fields})
    return EventSet.scalars({path: _values(event, path) for path in asked})


def _clauses(event: Event, heard: EventSet) -> str:
    """For every alternative of a filter, the first field that is not as it asks."""
    said: dict[str, None] = {}
    for box in heard.boxes:
        for path, asked in box.fields.items():
            told = _values(event, path)
            if _is_apart(told, asked):
                name, is_now, wanted = readable(".".join(path)), _words(told), _words(asked)
                said[f"`{name}` is {is_now}, and the filter asks for {wanted}"] = None
                break
    more = f"; and {len(said) - SHOWN} alternatives more" if len(said) > SHOWN else ""
    return f"{'; '.join(list(said)[:SHOWN])}{more}." if said else ""


def _is_apart(told: Values, asked: Values) -> bool:
    try:
        return (told & asked).is_empty()
    except TooComplex:
        return False


def _words(values: Values) -> str:
    words = values.describe()
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _values(event: Any, path: Path) -> Values:
    """Everything a path leads to, through lists as a filter looks into them."""
    found = list(_elements(event))
    for name in path:
        found = [
            inner
            for each in found
            if isinstance(each, Mapping)
            for inner in _elements(_member(each, name))
        ]
    leaves = [
        each
        for each in found
        if each is None or isinstance(each, str | bool | int | float | Decimal)
    ]
    return Values.of(*leaves) if leaves else MISSING


def _member(element: Mapping[str, Any], name: str) -> Any:
    """The value under a key, or under all keys that begin with it and a dot; [] for none."""
    dotted = {k[len(name) + 1 :]: v for k, v in element.items() if k.startswith(f"{name}.")}
    found = [element[name]] if name in element else []
    return [*found, dotted] if dotted else found


def _elements(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _elements(each)
    else:
        yield value


def _scalars(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for name in sorted(value):
            yield from _scalars(value[name], (*path, *name.split(".")))
    elif path and not isinstance(value, list | tuple):
        yield path, value
