"""Texts as a program makes them: recipes over what an event brings, and what they may make.

A recipe says how a key or a name comes about, not what it is; ``made`` gives the set of texts,
or a larger one. What is not understood is ``Anything``, which is never wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Anything:
    """A text nobody knows before it runs."""


@dataclass(frozen=True, slots=True)
class Known:
    """A literal."""

    text: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What the event that started the program holds at a path; ``*`` is any element of a list.

    ``("Records", "*", "s3", "object", "key")``: as it is in the event, so URL-encoded there.
    """

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """The value of an environment variable, or what the program uses where there is none."""

    variable: str
    default: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """One text after the other."""

    parts: tuple[Recipe, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several, whichever way the program takes."""

    options: tuple[Recipe, ...]


@dataclass(frozen=True, slots=True)
class Replaced:
    """``old`` in ``of`` replaced by ``new``, both literals.

    ``where``: every occurrence from the left (Python's ``replace``), only the ``first``
    (JavaScript's, with a text), or only one at the ``start`` or ``end`` (``/\\.csv$/``); texts
    without it stay.
    """

    of: Recipe
    old: str
    new: str
    where: Literal["every", "first", "start", "end"] = "every"


@dataclass(frozen=True, slots=True)
class Part:
    """What is before or after the first or last ``separator``.

    Where there is no separator: the whole text (``is_whole``) or none of it.
    ``key.split("/")[-1]`` is after the last, whole; ``os.path.dirname`` before the last, not.
    """

    of: Recipe
    separator: str
    side: Literal["before", "after"]
    which: Literal["first", "last"]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Without so many characters at the start and at the end: ``key[:-4]``."""

    of: Recipe
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Stripped:
    """Without any of some ``characters`` at its start or at its end, however many there are."""

    of: Recipe
    characters: str
    side: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Cased:
    """In lower or upper case."""

    of: Recipe
    case: Literal["lower", "upper"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """URL-decoded; ``plus``: a plus sign is a space (``unquote_plus``)."""

    of: Recipe
    plus: bool = True


Recipe: TypeAlias = (
    Anything
    | Known
    | Brought
    | Setting
    | Joined
    | Either
    | Replaced
    | Part
    | Trimmed
    | Stripped
    | Cased
    | Decoded
)
