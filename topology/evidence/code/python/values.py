"""What expressions make of texts: recipes, and the few shapes on the way to them.

A value that is not understood is None, and a text that is not is ``Anything``: never wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from topology.evidence.code.texts import either, is_recipe, joined
from topology.sets.recipes import (
    Anything,
    Either,
    Known,
    Part,
    Recipe,
    Replaced,
    Trimmed,
)

NO_SLASH = Part(Anything(), "/", "after", "last")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The parts of a text between separators; ``most`` cuts at most, ``right``: from the end.

    ``without``: all but the first or the last of them.
    """

    of: Recipe
    separator: str
    most: int = -1
    right: bool = False
    without: str = ""


@dataclass(frozen=True, slots=True)
class Three:
    """What ``partition`` gives, or from the right ``rpartition``."""

    of: Recipe
    separator: str
    right: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """What ``os.path.splitext`` gives."""

    of: Recipe


@dataclass(frozen=True, slots=True)
class FilePath:
    """An object of ``pathlib``: ``text`` is what it is as a text."""

    text: Recipe


@dataclass(frozen=True, slots=True)
class Environment:
    """``os.environ``."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The arguments of one call, by parameter, while what its function returns is worked out."""

    function: ast.AST
    given: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A list, dict or tuple as it is written."""

    node: ast.expr
    frame: Frame | None


Value: TypeAlias = Recipe | Pieces | Three | Ending | FilePath | Environment | Literal | None


def text(value: Value) -> Recipe:
    """A value as a text."""
    return value if is_recipe(value) else Anything()


def any_of(options: Sequence[Value]) -> Value:
    """One of several values: themselves where they are one, else texts."""
    if options and all(option == options[0] for option in options):
        return options[0]
    return either(map(text, options)) if options else None


def piece(value: Value, index: int) -> Value:
    """An element by its number, from the end if below zero."""
    match value:
        case Pieces(of, separator, most, right, "") if most:
            if index == 0 and not right:
                return Part(of, separator, "before", "first")
            if index == -1 and (right or most == -1):
                return Part(of, separator, "after", "last")
            if most == 1 and right:
                side = {0: Part(of, separator, "before", "last")}
                return side.get(index, Part(of, separator, "after", "last"))
            if most == 1 and index == 1:
                return Part(of, separator, "after", "first", is_whole=False)
            if most == 1 and index == -1:
                return Part(of, separator, "after", "first")
            return Anything()
        case Pieces():
            return Anything()
        case Three(of, separator, right):
            which = "last" if right else "first"
            if index in (1, -2):
                return Either((Known(separator), Known("")))
            if index in (0, -3):
                return Part(of, separator, "before", which, is_whole=not right)  # type: ignore[arg-type]
            return Part(of, separator, "after", which, is_whole=right)  # type: ignore[arg-type]
        case Ending(of):
            if index in (0, -2):
                return either([Part(of, ".", "before", "last"), of])
            ending = Part(of, ".", "after", "last", is_whole=False)
            return Either((joined([Known("."), ending]), Known("")))
    return None


def cut(value: Value, start: int | None, end: int | None) -> Value:
    """A slice."""
    if isinstance(value, Pieces) and not value.without and value.most == -1:
        if (start, end) == (1, None):
            return Pieces(value.of, value.separator, without="first")
        if start in (None, 0) and end == -1:
            return Pieces(value.of, value.separator, without="last")
        return None
    if not is_recipe(value):
        return None
    is_front = (start is None or start >= 0) and (end is None or end < 0)
    return Trimmed(value, start or 0, -(end or 0)) if is_front else Anything()


def put_together(separator: Recipe, of: Value) -> Recipe:
    """What a separator's ``join`` makes of the pieces of a text."""
    if not isinstance(of, Pieces) or not isinstance(separator, Known):
        return Anything()
    if not of.without:
        if of.most != -1:
            return Anything()
        return Replaced(of.of, of.separator, separator.text, "every")
    if separator.text != of.separator:
        return Anything()
    if of.without == "last":
        return Part(of.of, of.separator, "before", "last", is_whole=False)
    return Part(of.of, of.separator, "after", "first", is_whole=False)
