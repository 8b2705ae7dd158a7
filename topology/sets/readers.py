"""Readers: what a set has read of a string so far, and what each next character makes of it.

A reader is a state of a deterministic automaton that exists only where somebody walks: its moves
are worked out when first asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from topology.sets.automaton import Automaton

Moves: TypeAlias = "tuple[Mapping[str, Reader], Reader]"


class Reader(ABC):
    """A state: what was read is accepted, or will be after at least ``distance`` characters."""

    __slots__ = ("_moves", "_negation", "distance")

    def __init__(self, distance: int = 0) -> None:
        self.distance = distance
        self._moves: Moves | None = None
        self._negation: Reader | None = None

    @property
    @abstractmethod
    def accepts(self) -> bool:
        """Whether the string may end here."""

    @property
    def width(self) -> int:
        """What a move costs: one for each pattern being read, more for a very long one."""
        return 1

    @property
    def moves(self) -> Moves:
        """The reader after each character that is told apart here, and after any other."""
        if self._moves is None:
            self._moves = self._worked_out()
        return self._moves

    def __invert__(self) -> Reader:
        """The reader of the complement."""
        if self._negation is None:
            self._negation = Negated(self)
        return self._negation

    @abstractmethod
    def _worked_out(self) -> Moves: ...


class Decided(Reader):
    """Accepts, or not, whatever is read from here on."""

    __slots__ = ()

    @property
    def accepts(self) -> bool:
        return self is ALWAYS

    def __invert__(self) -> Reader:
        return NEVER if self is ALWAYS else ALWAYS

    def _worked_out(self) -> Moves:
        return {}, self


ALWAYS = Decided()
NEVER = Decided()


class PatternReader(Reader):
    """Reads one wildcard pattern. ``family`` holds the pattern's readers by automaton state."""

    __slots__ = ("automaton", "family", "state")

    def __init__(self, automaton: Automaton, state: int, family: dict[int, Reader]) -> None:
        super().__init__(automaton.size - state.bit_length() + 1)
        self.automaton, self.state, self.family = automaton, state, family

    @property
    def width(self) -> int:
        return 1 + self.automaton.size // 256

    @property
    def accepts(self) -> bool:
        return bool(self.state & self.automaton.final)

    def _worked_out(self) -> Moves:
        named = self.automaton.on.items()
        steps = {c: self._after(places) for c, places in named if places & self.state}
        return steps, self._after(0)

    def _after(self, named: int) -> Reader:
        state = self.automaton.step(self.state, named)
        reader = self.family.get(state)
        if reader is None:
            reader = self.family[state] = PatternReader(self.automaton, state, self.family)
        return reader


class TextsReader(Reader):
    """Reads a finite set; ``left`` are the endings of those that still can be meant."""

    __slots__ = ("left",)

    def __init__(self, left: Sequence[str]) -> None:
        super().__init__(min(map(len, left)))
        self.left = left

    @property
    def accepts(self) -> bool:
        return not self.distance

    def _worked_out(self) -> Moves:
        endings: dict[str, list[str]] = defaultdict(list)
        for text in filter(None, self.left):
            endings[text[0]].append(text[1:])
        return {character: TextsReader(left) for character, left in endings.items()}, NEVER


class Negated(Reader):
    """Accepts whatever ``of`` does not."""

    __slots__ = ("of",)

    def __init__(self, of: Reader) -> None:
        super().__init__()
        self.of = of

    @property
    def accepts(self) -> bool:
        return not self.of.accepts

    def __invert__(self) -> Reader:
        return self.of

    def _worked_out(self) -> Moves:
        steps, other = self.of.moves
        return {character: ~reader for character, reader in steps.items()}, ~other


class Joined(Reader):
    """Accepts what ``every`` part accepts, or else what any part does."""

    __slots__ = ("every", "parts")

    def __init__(self, every: bool, parts: tuple[Reader, ...]) -> None:
        super().__init__((max if every else min)([part.distance for part in parts]))
        self.every, self.parts = every, parts

    @property
    def accepts(self) -> bool:
        return (all if self.every else any)(part.accepts for part in self.parts)

    @property
    def width(self) -> int:
        return sum(part.width for part in self.parts)

    def __invert__(self) -> Reader:
        return Joined(not self.every, tuple(~part for part in self.parts))

    def __hash__(self) -> int:
        return hash(self.parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and self.every == other.every and self.parts == other.parts

    def _worked_out(self) -> Moves:
        moves = [part.moves for part in self.parts]
        others = [other for _, other in moves]
        told_apart: dict[str, list[Reader]] = {}
        for place, (steps, _) in enumerate(moves):
            for character, reader in steps.items():
                if character not in told_apart:
                    told_apart[character] = others.copy()
                told_apart[character][place] = reader
        steps = {c: joined(self.every, parts) for c, parts in told_apart.items()}
        return steps, joined(self.every, others)


def joined(every: bool, parts: Iterable[Reader]) -> Reader:
    """What all of ``parts`` accept, or what any does, without those that no longer matter."""
    decisive, neutral = (NEVER, ALWAYS) if every else (ALWAYS, NEVER)
    kept: dict[Reader, None] = {}
    for part in parts:
        if part is decisive:
            return decisive
        if part is not neutral:
            kept[part] = None
    if len(kept) > 1:
        return Joined(every, tuple(kept))
    return next(iter(kept), neutral)


def of_pattern(automaton: Automaton) -> Reader:
    """The reader of a pattern before the first character."""
    family: dict[int, Reader] = {0: NEVER}
    if automaton.forever:
        family[automaton.forever] = ALWAYS
    return PatternReader(automaton, automaton.start, family)
