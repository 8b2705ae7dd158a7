"""AWS's filter languages, one module each; found by walking this folder, never listed.

A module declares ``LANGUAGES`` and ``parse(document, language)``. What it gives answers for one
event (``matches``) and for sets of events (``heard``).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, Protocol, TypeAlias

from topology.filters.document import FilterError
from topology.graph import Filter
from topology.sets.events import EventSet

__all__ = ["FilterError", "ParsedFilter", "heard", "languages", "parse"]


class ParsedFilter(Protocol):
    """A filter that was understood: a frozen, hashable value.

    Events are given decoded, as each module's docstring says: a JSON body as an object, an
    object key as S3 stores it. ``heard`` never leaves out an event that ``matches`` accepts.
    """

    def decoded(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The event in a record as AWS delivers it, where its payload is encoded."""

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Whether AWS delivers this one event."""

    def heard(self) -> EventSet:
        """Every event that AWS delivers, as a set."""


Parser: TypeAlias = Callable[[str, str], ParsedFilter]


@cache
def languages() -> Mapping[str, Parser]:
    """The parser of every filter language, by the language's name."""
    found: dict[str, Parser] = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        for language in getattr(loaded, "LANGUAGES", ()):
            found[language] = loaded.parse
    return dict(sorted(found.items()))


def parse(filter: Filter) -> ParsedFilter:  # noqa: A002 - the vocabulary's own word
    """Parse a stored filter; raise ``FilterError`` where the document is malformed."""
    parser = languages().get(filter.language)
    if parser is None:
        raise FilterError("", f"no filter language is called {filter.language!r}")
    return parser(filter.document, filter.language)


@lru_cache(maxsize=16_384)
def heard(filter: Filter) -> EventSet:  # noqa: A002 - the vocabulary's own word
    """Every event that a stored filter lets through; raise ``FilterError`` as ``parse`` does."""
    return parse(filter).heard()
