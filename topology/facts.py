"""Facts kept as the text they came in, and parsed when somebody asks.

What is known of a role or a function takes five times the memory of its text, and most of it is
asked for once: in an organisation that is half of what a moment weighs.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

DECODER = json.JSONDecoder()
KEPT = 2048  # that stay parsed: whoever asks for one fact asks for the next


class LazyFacts(Mapping[str, Any]):
    """The members of a JSON object, given as ASCII text. Equal to a dict that says the same."""

    __slots__ = ("_known", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, Any] | None = None

    @property
    def parsed(self) -> dict[str, Any]:
        """The same as a dict, to be read only."""
        known = self._known
        if known is None:
            known = self._known = DECODER.raw_decode(self._text)[0]
            _PARSED.append(self)
            if len(_PARSED) > KEPT:
                _PARSED.popleft()._known = None
        return known

    def __getitem__(self, name: str) -> Any:
        return self.parsed[name]

    def __contains__(self, name: object) -> bool:
        return self.may_have(name) and name in self.parsed

    def get(self, name: str, default: Any = None) -> Any:
        """The fact of a name; what the text does not even mention is told without parsing it."""
        known = self._known
        if known is None:
            if not self.may_have(name):
                return default
            known = self.parsed
        return known.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.parsed)

    def __len__(self) -> int:
        return len(self.parsed)

    def __repr__(self) -> str:
        return repr(self.parsed)

    def may_have(self, name: object) -> bool:
        """Whether a name is anywhere in the text; one that JSON may write otherwise may be."""
        known = self._known  # once: another thread may have it forgotten
        if known is not None:
            return name in known
        text = str(name)
        return f'"{text}"' in self._text or not (text.isascii() and text.isidentifier())


_PARSED: deque[LazyFacts] = deque()


def may_have(facts: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether facts have one of some names, or may have where that is not worth parsing them."""
    if isinstance(facts, LazyFacts):
        return any(map(facts.may_have, names))
    return not facts.keys().isdisjoint(names)
