"""Sets of strings closed under and, or, not: what a pattern, a filter or a policy lets through.

A string is any sequence of code points, NUL and lone surrogates included. A set is a boolean
expression over wildcard patterns and finite sets, simplified as it is built; questions are
answered by a lazy search (``search.py``), never by building a whole automaton.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from topology.sets import segments
from topology.sets.automaton import compiled
from topology.sets.budget import STEPS, Budget, TooComplex
from topology.sets.readers import NEVER, Reader, TextsReader, joined, of_pattern
from topology.sets.search import Search, shortest, some
from topology.sets.segments import ANY_ONE, Segments

__all__ = [
    "ANY",
    "NOTHING",
    "STEPS",
    "Budget",
    "StringSet",
    "TooComplex",
    "ignore_case",
    "literal",
    "one_of",
    "prefix",
    "suffix",
    "union",
    "wildcard",
]

SHOWN = 5  # members of a finite set that are spelled out for people
KNOWN = 50_000  # answers kept


@total_ordering
class StringSet(ABC):
    """A set of strings: frozen, hashable, sortable. Build it with the functions of this module.

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
    def after(self, text: str) -> StringSet:
        """What may follow ``text``: every ``rest`` for which ``text + rest`` is a member."""

    @abstractmethod
    def describe(self) -> str:
        """The set in words that go after "is": ``"a"``, ``ending in ".csv"``, ``not ...``."""

    @abstractmethod
    def reader(self) -> Reader:
        """The set as it is before the first character is read."""

    def witness(self, budget: Budget | None = None) -> str | None:
        """The shortest member, most readable characters first; None proves the set empty.

        Where the shortest takes too many steps to find, another member; raises ``TooComplex``
        when the budget does not even suffice to say whether there is one.
        """
        return _answer(shortest, self, budget)

    def is_empty(self, budget: Budget | None = None) -> bool:
        """Whether there is no member; raises ``TooComplex``."""
        return _answer(some, self, budget) is None

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
        return (
            _listed([*map(segments.escaped, sorted(self.texts))], "|") if self.texts else "nothing"
        )

    def after(self, text: str) -> StringSet:
        return one_of(each[len(text) :] for each in self.texts if each.startswith(text))

    def describe(self) -> str:
        return (
            _listed([*map(segments.quoted, sorted(self.texts))], " or ")
            if self.texts
            else "nothing"
        )

    def reader(self) -> Reader:
        return TextsReader(sorted(self.texts)) if self.texts else NEVER


@dataclass(frozen=True)
class Pattern(StringSet):
    """A wildcard pattern: segments of single-character tokens, with any run between segments."""

    segments: Segments

    @property
    def key(self) -> tuple[Any, ...]:
        return 1, self.segments

    def __contains__(self, text: object) -> bool:
        automaton = compiled(self.segments)
        return isinstance(text, str) and bool(automaton.read(text) & automaton.final)

    def __str__(self) -> str:
        return segments.printed(self.segments) + self._cases()

    def after(self, text: str) -> StringSet:
        state = compiled(self.segments).read(text)
        rests = enumerate(segments.remainders(self.segments))
        return union(_pattern(rest) for place, rest in rests if state >> place & 1)

    def describe(self) -> str:
        first, last = self.segments[0], self.segments[-1]
        words = f"like {segments.printed(self.segments)}"
        if len(self.segments) == 2 and ANY_ONE not in first + last:
            head = f"starting with {segments.quoted(segments.text(first))}" if first else ""
            tail = f"ending in {segments.quoted(segments.text(last))}" if last else ""
            words = " and ".join(filter(None, (head, tail))) + self._cases()
        return words

    def reader(self) -> Reader:
        return of_pattern(compiled(self.segments))

    def _cases(self) -> str:
        cased = any(len(token) > 1 for segment in self.segments for token in segment)
        return " (in any case)" if cased else ""


@dataclass(frozen=True)
class Not(StringSet):
    """Every string that is not in ``of``."""

    of: StringSet

    @property
    def key(self) -> tuple[Any, ...]:
        return 2, self.of.key

    def __invert__(self) -> StringSet:
        return self.of

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and text not in self.of

    def __str__(self) -> str:
        if self == ANY:
            return "*"
        if isinstance(self.of, Union):
            return " and ".join(str(~part) for part in sorted(self.of.parts))
        return f"not {self.of}"

    def after(self, text: str) -> StringSet:
        return ~self.of.after(text)

    def describe(self) -> str:
        if self == ANY:
            return "anything"
        if isinstance(self.of, Union):
            return " and ".join((~part).describe() for part in sorted(self.of.parts, reverse=True))
        return f"not {self.of.describe()}"

    def reader(self) -> Reader:
        return ~self.of.reader()


@dataclass(frozen=True)
class Union(StringSet):
    """Every string that is in one of at least two parts. An intersection is Not(Union(...))."""

    parts: frozenset[StringSet]

    @property
    def key(self) -> tuple[Any, ...]:
        return 3, sorted(part.key for part in self.parts)

    def __contains__(self, text: object) -> bool:
        return any(text in part for part in self.parts)

    def __str__(self) -> str:
        return _listed([str(part) for part in sorted(self.parts)], "|")

    def after(self, text: str) -> StringSet:
        return union(part.after(text) for part in self.parts)

    def describe(self) -> str:
        return _listed([part.describe() for part in sorted(self.parts)], " or ")

    def reader(self) -> Reader:
        return joined(False, [part.reader() for part in sorted(self.parts)])


_known: dict[tuple[Search, StringSet], str | None] = {}

NOTHING: StringSet = Texts(frozenset())
ANY: StringSet = Not(NOTHING)


def literal(text: str) -> StringSet:
    """The one string ``text``."""
    return Texts(frozenset((text,)))


def one_of(texts: Iterable[str]) -> StringSet:
    """Exactly ``texts``."""
    return Texts(frozenset(texts))


def prefix(text: str) -> StringSet:
    """Every string that starts with ``text``."""
    return _pattern((tuple(text), ()))


def suffix(text: str) -> StringSet:
    """Every string that ends in ``text``."""
    return _pattern(((), tuple(text)))


def wildcard(pattern: str, single: bool = False) -> StringSet:
    r"""The strings a pattern with ``*`` (any run of characters) matches, all of it.

    ``single`` is IAM's dialect: ``?`` is any one character and nothing can be escaped. Otherwise
    it is EventBridge's: ``?`` is itself, ``\*`` a star, ``\\`` a backslash.
    """
    return _pattern(segments.parse(pattern, single))


def ignore_case(of: StringSet) -> StringSet:
    """``of`` (built of literals, prefixes, suffixes) with each character in either case.

    As EventBridge's matcher does, character by character: besides itself a character of ``of``
    matches its lower and its upper case by Unicode's full, locale-free mapping. So ``ß`` also
    matches ``SS`` and ``K`` (the Kelvin sign) also ``k``, but ``k`` only ``K``. Raises
    ``TooComplex`` where characters like ``ß`` allow more than 64 spellings.
    """
    if isinstance(of, Texts):
        return union(ignore_case(Pattern((tuple(text),))) for text in of.texts)
    if isinstance(of, Pattern):
        return union(map(_pattern, segments.in_any_case(of.segments)))
    if isinstance(of, Union):
        return union(map(ignore_case, of.parts))
    if of == ANY:
        return of
    raise ValueError(f"only literals, prefixes and suffixes can ignore case, not {of.describe()}")


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
        return ~one_of(text for text in missing - texts if not any(text in part for part in parts))
    parts = {part for part in parts if not _within_another(part, parts)}
    texts = {text for text in texts if not any(text in part for part in parts)}
    if texts:
        parts.add(one_of(texts))
    if len(parts) < 2:
        return next(iter(parts), NOTHING)
    return Union(frozenset(parts))


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


def _within_another(part: StringSet, parts: set[StringSet]) -> bool:
    """Absorption: ``a & b`` adds nothing to a union that holds ``a``."""
    intersected = part.of.parts if isinstance(part, Not) and isinstance(part.of, Union) else ()
    return any(~each in parts for each in intersected)


def _pattern(of: Segments) -> StringSet:
    """The simplest set that holds what the segments match."""
    of = segments.simplified(of)
    if len(of) == 1 and all(len(token) == 1 for token in of[0]):
        return literal("".join(of[0]))
    return ANY if of == ((), ()) else Pattern(of)


def _listed(items: list[str], separator: str) -> str:
    shown = items[:SHOWN]
    if len(items) > SHOWN:
        shown.append(f"{len(items) - SHOWN} more")
    return separator.join(shown)
