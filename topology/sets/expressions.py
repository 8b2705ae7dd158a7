"""What a set of strings is made of: finite sets and wildcard patterns under complement and union.

An intersection is the complement of a union of complements, so there is one node to simplify,
one to search and one to print. Expressions are simplified as they are built.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, total_ordering
from typing import Any

from topology.sets import segments
from topology.sets.automaton import compiled
from topology.sets.budget import Budget
from topology.sets.readers import NEVER, Reader, TextsReader, joined, of_pattern
from topology.sets.search import Search, shortest, some
from topology.sets.segments import Segments

KNOWN = 50_000  # answers kept
FILLER, LONG = "a", 100  # what an example puts where a pattern has a star, if it is not long


@total_ordering
class StringSet(ABC):
    """A set of strings: frozen, hashable, sortable. ``strings.py`` builds them.

    ``==`` compares how sets are written: equal values are equal sets, but one set may be written
    in two ways. ``is_subset`` both ways compares what they hold.
    """

    def __or__(self, other: StringSet) -> StringSet:
        return union((self, other))

    def __and__(self, other: StringSet) -> StringSet:
        return ~union((~self, ~other))

    def __sub__(self, other: StringSet) -> StringSet:
        return ~union((~self, other))

    def __invert__(self) -> StringSet:
        return Not(self)

    def __lt__(self, other: StringSet) -> bool:
        return self.key < other.key

    @property
    @abstractmethod
    def key(self) -> tuple[Any, ...]:
        """What sets are sorted by."""

    @abstractmethod
    def __contains__(self, text: object) -> bool: ...

    @abstractmethod
    def __str__(self) -> str:
        """The set as a compact pattern: ``uploads/*.csv``."""

    @abstractmethod
    def describe(self) -> str:
        """The set in words: ``"a" or "b"``, ``"uploads/*" but not "*.csv"``, ``anything``."""

    @abstractmethod
    def after(self, text: str) -> StringSet:
        """What may follow ``text``: every ``rest`` for which ``text + rest`` is a member."""

    @abstractmethod
    def reader(self) -> Reader:
        """The set as it is before the first character is read."""

    def witness(self, budget: Budget | None = None) -> str | None:
        """The shortest member, most readable characters first; None proves the set empty.

        Where the shortest takes too many steps to find, another member; raises ``TooComplex``
        when the budget does not even suffice to say whether there is one.
        """
        return _answer(shortest, self, budget)

    def example(self, budget: Budget | None = None) -> str | None:
        """The member a person would name: of ``*.csv`` rather ``a.csv`` than ``.csv``.

        A part of a name that is there already gets nothing added: ``a.json.csv``.

        None proves the set empty; raises ``TooComplex``.
        """
        text = self.witness(budget)
        if not text:
            return (self - Texts(frozenset(("",)))).witness(budget) or text
        place = 0
        while place <= len(text) <= LONG:
            before, after = text[:place], text[place:]
            beside = before[-1:] or after[:1] or "a"
            if not beside.isalnum() and (longer := f"{before}{FILLER}{after}") in self:
                text, place = longer, place + 1
            place += 1
        return text

    @abstractmethod
    def is_empty(self, budget: Budget | None = None) -> bool:
        """Whether there is no member; raises ``TooComplex``. Only intersections need a search."""

    def is_subset(self, other: StringSet, budget: Budget | None = None) -> bool:
        """Whether every member is in ``other``; raises ``TooComplex``."""
        return (self - other).is_empty(budget)


@dataclass(frozen=True)
class Texts(StringSet):
    """Exactly these strings."""

    texts: frozenset[str]

    @property
    def key(self) -> tuple[Any, ...]:
        return 0, sorted(self.texts)

    def __contains__(self, text: object) -> bool:
        return text in self.texts

    def __str__(self) -> str:
        return segments.listed(map(segments.escaped, sorted(self.texts)), "|")

    def describe(self) -> str:
        return segments.listed(map(segments.quoted, sorted(self.texts)), " or ")

    def is_empty(self, budget: Budget | None = None) -> bool:
        return not self.texts

    def after(self, text: str) -> StringSet:
        rests = (each[len(text) :] for each in self.texts if each.startswith(text))
        return Texts(frozenset(rests))

    def reader(self) -> Reader:
        return TextsReader(sorted(self.texts)) if self.texts else NEVER


@dataclass(frozen=True)
class Pattern(StringSet):
    """What a wildcard pattern matches; ``pattern`` builds it."""

    segments: Segments

    @property
    def key(self) -> tuple[Any, ...]:
        return 1, self.segments

    def __contains__(self, text: object) -> bool:
        automaton = compiled(self.segments)
        return isinstance(text, str) and bool(automaton.read(text) & automaton.final)

    def __str__(self) -> str:
        return segments.printed(self.segments)

    def describe(self) -> str:
        cased = any(len(token) > 1 for segment in self.segments for token in segment)
        return f'"{self}"' + " in any case" * cased

    def is_empty(self, budget: Budget | None = None) -> bool:
        return False

    def after(self, text: str) -> StringSet:
        state = compiled(self.segments).read(text)
        rests = enumerate(segments.remainders(self.segments))
        return union(pattern(rest) for place, rest in rests if state >> place & 1)

    def reader(self) -> Reader:
        return of_pattern(compiled(self.segments))


@dataclass(frozen=True)
class Not(StringSet):
    """Every string that is not in ``of``."""

    of: StringSet

    @property
    def key(self) -> tuple[Any, ...]:
        return 2, self.of.key

    @property
    def intersected(self) -> list[StringSet]:
        """The sets this is the intersection of: several where ``of`` is a union."""
        parts = self.of.parts if isinstance(self.of, Union) else (self.of,)
        return sorted((~part for part in parts), key=lambda part: part.key)

    def __invert__(self) -> StringSet:
        return self.of

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and text not in self.of

    def __str__(self) -> str:
        if self == ANY:
            return "*"
        if isinstance(self.of, Union):
            return " and ".join(map(str, self.intersected))
        return f"not {self.of}"

    def describe(self) -> str:
        if self == ANY:
            return "anything"
        within = [part.describe() for part in self.intersected if not isinstance(part, Not)]
        without = [(~part).describe() for part in self.intersected if isinstance(part, Not)]
        if not within:
            return f"anything but {' and '.join(without)}"
        return " but not ".join((" and ".join(within), *without))

    def is_empty(self, budget: Budget | None = None) -> bool:
        return isinstance(self.of, Union) and _answer(some, self, budget) is None

    def after(self, text: str) -> StringSet:
        return ~self.of.after(text)

    def reader(self) -> Reader:
        return ~self.of.reader()


@dataclass(frozen=True)
class Union(StringSet):
    """Every string that is in one of at least two parts; ``union`` builds it."""

    parts: frozenset[StringSet]

    @cached_property
    def ordered(self) -> list[StringSet]:
        """The parts in an order that does not depend on hash seeds."""
        return sorted(self.parts, key=lambda part: part.key)

    @property
    def key(self) -> tuple[Any, ...]:
        return 3, [part.key for part in self.ordered]

    def __contains__(self, text: object) -> bool:
        return any(text in part for part in self.parts)

    def __str__(self) -> str:
        return segments.listed(map(str, self.ordered), "|")

    def describe(self) -> str:
        return segments.listed((part.describe() for part in self.ordered), " or ")

    def is_empty(self, budget: Budget | None = None) -> bool:
        return all(part.is_empty(budget) for part in self.parts)

    def after(self, text: str) -> StringSet:
        return union(part.after(text) for part in self.parts)

    def reader(self) -> Reader:
        return joined(False, [part.reader() for part in self.ordered])


NOTHING: StringSet = Texts(frozenset())
ANY: StringSet = Not(NOTHING)

_known: dict[tuple[Search, StringSet], str | None] = {}


def pattern(of: Segments) -> StringSet:
    """The simplest set that holds what the segments match."""
    of = segments.simplified(of)
    if len(of) == 1 and all(len(token) == 1 for token in of[0]):
        return Texts(frozenset(("".join(of[0]),)))
    return ANY if of == ((), ()) else Pattern(of)


def union(sets: Iterable[StringSet]) -> StringSet:
    """Every string that is in one of ``sets``, simplified: finite and cofinite sets stay so."""
    parts: set[StringSet] = set()
    texts: set[str] = set()
    missing: frozenset[str] | None = None
    for each in sets:
        for part in each.parts if isinstance(each, Union) else (each,):
            if isinstance(part, Texts):
                texts |= part.texts
            elif isinstance(part, Not) and isinstance(part.of, Texts):
                missing = part.of.texts if missing is None else missing & part.of.texts
            else:
                parts.add(part)
    if any(part.of in parts for part in parts if isinstance(part, Not)):
        return ANY
    if missing is not None:
        return Not(Texts(_in_none(missing - texts, parts)))
    parts = {part for part in parts if not _within_another(part, parts)}
    if left := _in_none(texts, parts):
        parts.add(Texts(left))
    if len(parts) < 2:
        return next(iter(parts), NOTHING)
    return Union(frozenset(parts))


def _in_none(texts: Iterable[str], parts: Iterable[StringSet]) -> frozenset[str]:
    return frozenset(text for text in texts if not any(text in part for part in parts))


def _within_another(part: StringSet, parts: set[StringSet]) -> bool:
    """Absorption: ``a & b`` adds nothing to a union that holds ``a``."""
    intersected = part.of.parts if isinstance(part, Not) and isinstance(part.of, Union) else ()
    return any(~each in parts for each in intersected)


def _answer(search: Search, of: StringSet, budget: Budget | None) -> str | None:
    """The answer of a search, kept: the same sets are asked about over and over."""
    try:
        return _known[search, of]
    except KeyError:
        found = search(of.reader(), budget or Budget())
    if len(_known) >= KNOWN:
        _known.clear()
    _known[search, of] = found
    return found
