"""Columns that hold JSON of any names, the same in every database."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any, NoReturn

from django.db import models

from topology.graph import canonical_json

LEVEL = 3  # of 9: what reports say over and over takes a twentieth of its text from here on


class CanonicalJSONField(models.TextField):  # type: ignore[type-arg]
    """JSON as canonical ASCII text: the same bytes in every database, and any name survives.

    PostgreSQL's own type refuses NUL and lone surrogates, which names from AWS may hold.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def get_prep_value(self, value: Any) -> str | None:
        """The value as a column takes it."""
        return None if value is None else canonical_json(value)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        """The value as it was given."""
        return None if value is None else json.loads(value)


class Fixed(dict[str, Any]):
    """An object of a kept document, at which many look at once: nobody may change it."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("what is kept is not changed: make another of it (`kept | {...}`)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


class Packed(bytes):
    """JSON as a ``PackedJSONField`` keeps it, packed before it gets there."""


class PackedJSONField(models.BinaryField):  # type: ignore[type-arg]
    """Canonical JSON, compressed: for documents of an organisation, of which nothing is sought.

    Their text passes through a statement in half a dozen copies, each of tens of megabytes.
    """

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def get_prep_value(self, value: Any) -> bytes:
        """The value as a column takes it."""
        return value if isinstance(value, Packed) else packed(value)

    def from_db_value(self, value: bytes | memoryview | None, *_: Any) -> Any:
        """The value as it was given, of ``Fixed`` objects."""
        if value is None:
            return None
        return json.loads(zlib.decompress(value), object_hook=Fixed)

    def value_to_string(self, obj: models.Model) -> str:
        """The value in a dump of the database: as text."""
        return canonical_json(self.value_from_object(obj))

    def to_python(self, value: Any) -> Any:
        """The value of a dump."""
        return json.loads(value) if isinstance(value, str) else value


def packed(value: Any) -> Packed:
    """JSON, compressed; an iterator in it, or in a member of it, is a list that is never whole."""
    press = zlib.compressobj(LEVEL)
    parts = [press.compress(text.encode("ascii")) for text in _texts(value, 2)]
    return Packed(b"".join((*parts, press.flush())))


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth and isinstance(value, dict):
        yield "{"
        for number, name in enumerate(sorted(value)):
            yield f"{',' if number else ''}{canonical_json(name)}:"
            yield from _texts(value[name], depth - 1)
        yield "}"
    elif isinstance(value, Iterator):
        yield "["
        for number, each in enumerate(value):
            yield f"{',' if number else ''}{canonical_json(each)}"
        yield "]"
    else:
        yield canonical_json(value)
