"""Recipes as JSON: the operation's name and its fields, ``["known", "a"]``."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_args, get_type_hints

from topology.sets import recipes
from topology.sets.recipes import Anything, Recipe

DEEPEST = 50
OPERATIONS = {each.__name__.lower(): each for each in get_args(Recipe)}
NAMES = {operation: name for name, operation in OPERATIONS.items()}
HINTS = {each: get_type_hints(each, vars(recipes)) for each in NAMES}


def to_json(recipe: Recipe) -> list[Any]:
    """A recipe as JSON values."""
    values = (getattr(recipe, each.name) for each in fields(recipe))
    return [NAMES[type(recipe)], *map(_plain, values)]


def from_json(value: object, depth: int = DEEPEST) -> Recipe:
    """The recipe that JSON values tell; whatever is malformed or too deep is ``Anything``."""
    if not isinstance(value, list) or not value or not depth or not isinstance(value[0], str):
        return Anything()
    operation = OPERATIONS.get(value[0])
    if operation is None or len(value) - 1 != len(fields(operation)):
        return Anything()
    given = [
        _read(HINTS[operation][each.name], item, depth)
        for each, item in zip(fields(operation), value[1:], strict=True)
    ]
    return Anything() if _WRONG in given else operation(*given)


_WRONG = object()


def _plain(value: object) -> object:
    if type(value) in NAMES:
        return to_json(value)  # type: ignore[arg-type]
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _read(hint: Any, value: Any, depth: int) -> Any:
    if hint == Recipe:
        return from_json(value, depth - 1)
    if hint == Recipe | None:
        return None if value is None else from_json(value, depth - 1)
    if hint == tuple[Recipe, ...]:
        is_list = isinstance(value, list)
        return tuple(from_json(each, depth - 1) for each in value) if is_list else _WRONG
    if hint == tuple[str, ...]:
        is_texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return tuple(value) if is_texts else _WRONG
    if hint in (str, int, bool):
        return value if type(value) is hint and (hint is not int or value >= 0) else _WRONG
    return value if value in get_args(hint) else _WRONG
