"""Position automata of wildcard patterns, read bit-parallel.

A state is an int whose bit ``p`` says "the next character may be the one at position ``p``"
(Shift-And, https://doi.org/10.1145/135239.135243, with a self-loop where the pattern has a ``*``).
"""

from __future__ import annotations

from functools import lru_cache

from topology.sets.segments import ANY_ONE, Segments


class Automaton:
    """The tables of one pattern: which positions each character leads on from."""

    __slots__ = ("final", "forever", "loops", "on", "on_any", "size")

    start = 1

    def __init__(self, segments: Segments) -> None:
        self.loops = self.on_any = 0
        self.on: dict[str, int] = {}
        here = self.start
        for number, segment in enumerate(segments):
            if number:
                self.loops |= here
            for token in segment:
                if token == ANY_ONE:
                    self.on_any |= here
                for character in token:
                    self.on[character] = self.on.get(character, 0) | here
                here <<= 1
        self.final = here
        self.forever = here & self.loops
        self.size = here.bit_length() - 1

    def step(self, state: int, named: int) -> int:
        """The state after one more character, which the positions ``named`` name."""
        reached = (state & (named | self.on_any)) << 1 | state & self.loops
        # What a position before the last reached `*` accepts, that star accepts too.
        starred = reached & self.loops
        return reached & -1 << starred.bit_length() - 1 if starred else reached

    def read(self, text: str) -> int:
        """The state after ``text``."""
        state = self.start
        for character in text:
            state = self.step(state, self.on.get(character, 0))
            if not state:
                break
        return state


@lru_cache(maxsize=2048)
def compiled(segments: Segments) -> Automaton:
    """The automaton of a pattern, kept while it is in use."""
    return Automaton(segments)
