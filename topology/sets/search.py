"""A string that a reader accepts: the shortest one, or any one fast.

A*, guided by the readers' lower bounds (https://doi.org/10.1109/TSSC.1968.300136), over states
that are worked out as they are reached; only characters that are told apart are tried, and one
that stands for all others. Characters that are easy to read go first.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TypeAlias

from topology.sets.budget import Budget, TooComplex
from topology.sets.readers import NEVER, Reader

Search: TypeAlias = Callable[[Reader, Budget], str | None]

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_./ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def shortest(start: Reader, budget: Budget) -> str | None:
    """The shortest accepted string, or any where half the budget does not find the shortest.

    None: nothing is accepted. Raises ``TooComplex`` when the budget does not tell.
    """
    try:
        return _search(start, budget.portion(2), weight=1)
    except TooComplex:
        return some(start, budget)


def some(start: Reader, budget: Budget) -> str | None:
    """An accepted string, in far fewer steps than the shortest; None: nothing is accepted.

    Raises ``TooComplex`` when the budget does not tell.
    """
    return _search(start, budget, weight=0)


def _search(start: Reader, budget: Budget, weight: int) -> str | None:
    """Best first, by ``weight`` times the length so far plus the least length still missing."""
    if start is NEVER:
        return None
    came_from: dict[Reader, tuple[int, Reader, str]] = {start: (0, start, "")}
    order = itertools.count()  # among equals, first come first served: readable ones come first
    queue = [(start.distance, start.distance, next(order), 0, start)]
    while queue:
        *_, length, reader = heapq.heappop(queue)
        if reader.accepts:
            return _spelled(came_from, reader)
        steps, other = reader.moves
        budget.spend((1 + len(steps)) * (1 + reader.width // 16) + reader.width // 8)
        length += 1
        for character in sorted((*steps, _another(steps)), key=_preference):
            following = steps.get(character, other)
            if following is NEVER:
                continue
            known = came_from.get(following)
            if known is None or length < known[0]:
                came_from[following] = length, reader, character
                missing = following.distance
                entry = weight * length + missing, missing, next(order), length, following
                heapq.heappush(queue, entry)
    return None


def _spelled(came_from: dict[Reader, tuple[int, Reader, str]], reader: Reader) -> str:
    characters: list[str] = []
    while True:
        length, reader, character = came_from[reader]
        if not length:
            return "".join(reversed(characters))
        characters.append(character)


def _another(told_apart: Collection[str]) -> str:
    """The most readable character that stands for all that are not told apart."""
    for character in READABLE:
        if character not in told_apart:
            return character
    return next(chr(code) for code in itertools.count(0xA1) if chr(code) not in told_apart)


@lru_cache(maxsize=4096)
def _preference(character: str) -> tuple[int, str]:
    """Sorts letters and digits first, then what prints, then the rest."""
    rank = READABLE.find(character)
    if rank < 0:
        rank = len(READABLE) + (not character.isascii()) + 2 * (not character.isprintable())
    return rank, character
