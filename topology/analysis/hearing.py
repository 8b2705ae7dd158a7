"""A filter as somebody types it for an edge: read by its language, or refused with the place."""

from __future__ import annotations

import json
import re

from topology import filters
from topology.analysis.edits import EditError
from topology.analysis.narrowing import language_of
from topology.filters.document import FilterError
from topology.filters.places import located
from topology.graph import Edge, Filter

_SPACE = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|\s+', re.DOTALL)


class HearingError(EditError):
    """A filter of somebody's own cannot be read; ``line`` and ``column`` count from 1."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"Line {line}, column {column}: {reason}")
        self.line, self.column = line, column


def heard(edge: Edge, document: str) -> Filter | None:
    """The filter that an edge would have; None hears everything.

    Raises ``EditError`` where the edge takes none, ``HearingError`` where its language's parser
    refuses the document.
    """
    language = language_of(edge.kind, edge.filter)
    if not language:
        raise EditError("No filter can be put on an edge of this kind.")
    found = understood(language, document)
    if (found and found.document) == (edge.filter and compact(edge.filter.document)):
        raise EditError("That is the filter it has now.")
    return found


def understood(language: str, document: str) -> Filter | None:
    """A filter in a language, or None for an empty document. Raises ``HearingError``."""
    if not document.strip():
        return None
    try:
        filters.parse(Filter(language, document))
    except FilterError as error:
        raise HearingError(*located(document, error)) from None
    return Filter(language, compact(document))


def compact(document: str) -> str:
    """JSON without the space between its values, nothing else of it changed; other text as is."""
    try:
        json.loads(document)
    except (ValueError, RecursionError):
        return document.strip()
    return _SPACE.sub(lambda found: found[1] or "", document)
