"""Texts put together, in whichever language a program is written.

It lies beside the readers, whose sources say whether what was read before still holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard, get_args

from topology.sets.recipes import Anything, Either, Joined, Known, Recipe

_KINDS: tuple[type, ...] = get_args(Recipe)
_MOST_OPTIONS = 32  # of one text; beyond it is as good as any


def is_recipe(value: object) -> TypeGuard[Recipe]:
    """Whether a value is a text."""
    return isinstance(value, _KINDS)


def joined(parts: Iterable[Recipe]) -> Recipe:
    """One text after the other, literals put together."""
    found: list[Recipe] = []
    for part in parts:
        for one in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(one, Known) and found and isinstance(found[-1], Known):
                found[-1] = Known(found[-1].text + one.text)
            elif one != Known(""):
                found.append(one)
    return found[0] if len(found) == 1 else Joined(tuple(found)) if found else Known("")


def either(options: Iterable[Recipe]) -> Recipe:
    """One of several texts, each once; none or very many are any text."""
    found: dict[Recipe, None] = {}
    for option in options:
        found.update(dict.fromkeys(option.options if isinstance(option, Either) else (option,)))
    if Anything() in found or len(found) > _MOST_OPTIONS or not found:
        return Anything()
    return next(iter(found)) if len(found) == 1 else Either(tuple(found))
