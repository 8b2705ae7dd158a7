"""The shortest string a boolean combination of automata accepts, found breadth first.

The product of the automata is explored lazily: a state is one state of each, complement costs
nothing, and only characters that some automaton tells apart in this state are tried, plus one
that stands for all others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeAlias

from topology.sets.automaton import DEAD, Automaton
from topology.sets.budget import Budget

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Maps one value per automaton and the value of "certainly" to a value of the whole: asked with
# 0/1 it says whether a state accepts; asked with 0/1/2 whether it never, maybe or always will.
Formula: TypeAlias = Callable[[Sequence[int], int], int]
State: TypeAlias = tuple[int, ...]


@cache
def preference(character: str) -> tuple[int, str]:
    """Sorts characters by how readable they are in an example: letters and digits first."""
    rank = READABLE.find(character)
    if rank >= 0:
        return rank, character
    if character.isprintable():
        return len(READABLE) + (not character.isascii()), character
    return len(READABLE) + 2, character


def shortest(automata: Sequence[Automaton], formula: Formula, budget: Budget) -> str | None:
    """The shortest accepted string, most readable characters first; None when there is none.

    Raises ``TooComplex`` when the budget is used up before that is known.
    """
    start = tuple(automaton.start for automaton in automata)
    cost = sum(1 + automaton.width // 512 for automaton in automata)
    if _accepts(automata, formula, start):
        return ""
    came_from: dict[State, tuple[State, str]] = {start: (start, "")}
    queue = deque([start])
    while queue:
        state = queue.popleft()
        moves = [automaton.moves(at) for automaton, at in zip(automata, state, strict=True)]
        for character in _alphabet(set().union(*(steps for steps, _ in moves))):
            budget.spend(cost)
            following = tuple(steps.get(character, other) for steps, other in moves)
            if following in came_from:
                continue
            came_from[following] = state, character
            fate = formula([_fate(a, at) for a, at in zip(automata, following, strict=True)], 2)
            if fate == 2 or (fate == 1 and _accepts(automata, formula, following)):
                return _spelled(came_from, start, following)
            if fate:
                queue.append(following)
    return None


def _alphabet(told_apart: set[str]) -> Iterable[str]:
    """The characters to try in a state, in order of preference, with one for all the rest."""
    code = 0
    other = next((c for c in READABLE if c not in told_apart), "")
    while not other:
        other = chr(code) if chr(code) not in told_apart else ""
        code += 1
    return sorted({*told_apart, other}, key=preference)


def _accepts(automata: Sequence[Automaton], formula: Formula, state: State) -> bool:
    now = [int(bool(a.finals & at)) for a, at in zip(automata, state, strict=True)]
    return bool(formula(now, 1))


def _fate(automaton: Automaton, at: int) -> int:
    if at == DEAD:
        return 0
    return 2 if at & automaton.forever else 1


def _spelled(came_from: dict[State, tuple[State, str]], start: State, state: State) -> str:
    characters: list[str] = []
    while state != start:
        state, character = came_from[state]
        characters.append(character)
    return "".join(reversed(characters))
