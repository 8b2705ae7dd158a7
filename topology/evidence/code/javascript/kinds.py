"""The kinds of values that expressions are told to be, besides texts, which are recipes.

Source: https://tc39.es/ecma262/#sec-ecmascript-language-types
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from topology.evidence.code.javascript.syntax import Node
from topology.sets.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Environment:
    """``process.env``."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number, by the text that it makes."""

    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """An object, array or function as it is written."""

    node: Node


@dataclass(frozen=True, slots=True)
class Each:
    """A list of what a function makes of each element."""

    made: Node


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text split at a separator; ``cut`` pieces are left out at the ``start`` or ``end``."""

    of: Recipe
    separator: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class ParsedPath:
    """What ``path.parse`` makes of a text."""

    of: Recipe


Value: TypeAlias = Recipe | Environment | Count | Literal | Each | Pieces | ParsedPath | None
