"""A position automaton of wildcard patterns, read bit-parallel and determinised only where walked.

A state is an int whose bit ``p`` says "the next character may be the one at position ``p``"
(Shift-And, https://doi.org/10.1145/135239.135243, with a self-loop where the pattern has a ``*``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from topology.sets.segments import ANY_ONE, Segments

DEAD = 0


class Automaton:
    """Accepts what any of ``patterns`` accepts. Only a lone pattern may hold a ``*``."""

    def __init__(self, patterns: Iterable[Segments]) -> None:
        self.start = self.finals = self.loops = self.on_any = 0
        self.on: dict[str, int] = {}
        self._moves: dict[int, tuple[Mapping[str, int], int]] = {}
        here = 1
        for segments in patterns:
            self.start |= here
            for number, segment in enumerate(segments):
                if number:
                    self.loops |= here
                for token in segment:
                    if token == ANY_ONE:
                        self.on_any |= here
                    for character in token:
                        self.on[character] = self.on.get(character, 0) | here
                    here <<= 1
            self.finals |= here
            here <<= 1
        self.width = here.bit_length()
        self.forever = self.finals & self.loops

    def moves(self, state: int) -> tuple[Mapping[str, int], int]:
        """Where each character leads that this state tells apart, and where any other leads."""
        found = self._moves.get(state)
        if found is None:
            stay = state & self.loops
            steps = {
                character: self._leading((state & (bits | self.on_any)) << 1 | stay)
                for character, bits in self.on.items()
                if bits & state
            }
            other = self._leading((state & self.on_any) << 1 | stay)
            found = self._moves[state] = steps, other
        return found

    def read(self, text: str, state: int | None = None) -> int:
        """The state after ``text``, from the start or from ``state``."""
        state = self.start if state is None else state
        for character in text:
            advance = state & (self.on.get(character, 0) | self.on_any)
            state = self._leading(advance << 1 | state & self.loops)
        return state

    def _leading(self, state: int) -> int:
        """Drop positions before the last reached ``*``: whatever they accept, it accepts too."""
        looping = state & self.loops
        return state & -1 << looping.bit_length() - 1 if looping else state
