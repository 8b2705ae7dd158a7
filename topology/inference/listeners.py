"""Deliveries out of a channel, sorted out by what their filters ask, so that few are tried.

A bus with hundreds of rules hears of most events only in a few of them: rules that ask for
another source or kind of detail need not be compared with what is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from topology import filters
from topology.graph import Edge
from topology.sets.events import EventSet, Path
from topology.sets.expressions import Texts
from topology.sets.values import Values

FEW = 8  # deliveries not worth sorting out
PART, OTHERS = "part ", ""  # the others ask for no source in particular
ASKED: tuple[Path, ...] = (("source",), ("detail-type",))  # what rules name most, never a list


def part_of(channel: str, source: str) -> str:
    """The name of what of a channel comes from one source; nothing else is called so."""
    return f"{PART}{len(channel)} {channel} {source}"


def whole_of(name: str) -> str:
    """The channel of a part; any other name as it is."""
    if not name.startswith(PART):
        return name
    size, _, rest = name.removeprefix(PART).partition(" ")
    return rest[: int(size)]


def parted(edges: Sequence[Edge]) -> Iterator[tuple[str, str]]:
    """Deliveries out of one channel as ways from the parts of it that they may hear, if any."""
    if len(edges) <= FEW:
        return
    for edge in edges:
        for source in _heard(edge, ASKED[0]) or (OTHERS,):
            yield part_of(edge.source, source), edge.target


class Listeners:
    """Deliveries out of one channel, in order; ``is_sorted_out`` leaves out the hopeless ones."""

    def __init__(self, edges: Sequence[Edge], is_sorted_out: bool) -> None:
        self._edges = edges
        self._is_sorted_out = is_sorted_out and len(edges) > FEW

    def of(self, events: EventSet | None) -> Sequence[Edge]:
        """At least every delivery that some of the events may take."""
        if not self._is_sorted_out or events is None:
            return self._edges
        for place, path in enumerate(ASKED):
            texts = _written(events, path)
            if texts is not None:
                return self._hearing(place, texts)
        return self._edges

    def _hearing(self, place: int, texts: frozenset[str]) -> Sequence[Edge]:
        by_text, others = self._indexes[place]
        numbers = set(others).union(*(by_text.get(text, ()) for text in texts))
        return [self._edges[number] for number in sorted(numbers)]

    @cached_property
    def _indexes(self) -> list[tuple[dict[str, list[int]], list[int]]]:
        """For every path: deliveries by the texts they hear there, and those that say no text."""
        return [self._index(path) for path in ASKED]

    def _index(self, path: Path) -> tuple[dict[str, list[int]], list[int]]:
        by_text: dict[str, list[int]] = {}
        others: list[int] = []
        for number, edge in enumerate(self._edges):
            texts = _heard(edge, path)
            if texts is None:
                others.append(number)
            for text in texts or ():
                by_text.setdefault(text, []).append(number)
        return by_text, others


def _written(events: EventSet, path: Path) -> frozenset[str] | None:
    """The few texts that a field certainly holds, as no list; None where that is not known."""
    found: set[str] = set()
    for box in events.boxes:
        values = dict(box.scalars).get(path)
        if values is None or not isinstance(values.strings, Texts):
            return None
        if values != Values(strings=values.strings):
            return None
        found |= values.strings.texts
    return frozenset(found)


def _heard(edge: Edge, path: Path) -> frozenset[str] | None:
    """The few texts of which a delivery demands one; None where it may take another."""
    if edge.filter is None:
        return None
    try:
        heard = filters.heard(edge.filter)
    except filters.FilterError:
        return None
    found: set[str] = set()
    for box in heard.boxes:
        values = box.fields.get(path)
        if values is None or not isinstance(values.strings, Texts) or values.absent:
            return None
        found |= values.strings.texts
    return frozenset(found)
