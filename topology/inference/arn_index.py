"""Known ARNs, ordered so that an IAM pattern finds its matches without trying every ARN.

What a pattern begins with, what its resource part begins with, and what it ends with each leave
a span of one ordering; only the ARNs of the shortest span are compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, chain
from operator import itemgetter
from typing import NamedTuple

from topology.iam import wildcards

FEW = 4  # candidates not worth another look-up
LAST = "\U0010ffff"  # the greatest code point
WILDCARD = re.compile(r"[*?]")


class ArnIndex:
    """Answers which of some ARNs match a pattern, as trying them one by one would."""

    def __init__(self, arns: Iterable[str]) -> None:
        self._known = frozenset(arns)

    # Most kinds are only ever asked for one ARN or for all: no ordering is made before its time.

    @cached_property
    def _forwards(self) -> _Ordered:
        return _Ordered(self._known)

    @cached_property
    def _backwards(self) -> _Ordered:
        return _Ordered(self._known, key=itemgetter(slice(None, None, -1)))

    @cached_property
    def _services(self) -> Mapping[str, Mapping[int, _Ordered]]:
        return _by_service(self._known)

    def matching(self, pattern: str) -> frozenset[str]:
        """The ARNs a pattern with ``*`` and ``?`` matches."""
        if pattern in self._known:
            return frozenset((pattern,))
        if pattern == "*":
            return self._known
        head, *pieces = WILDCARD.split(pattern)
        if not pieces:
            return frozenset()
        spans = [self._forwards.starting(head)]
        if pattern == f"{head}*":
            return frozenset(spans[0].arns)
        if spans[0].size > FEW:
            spans = min(
                spans,
                [self._backwards.starting(pieces[-1][::-1])],
                self._by_resource(pattern),
                key=_size,
            )
        longest = max(pieces, key=len)
        candidates = chain.from_iterable(span.containing(longest) for span in spans)
        return frozenset(filter(wildcards.matcher(pattern), candidates))

    def _by_resource(self, pattern: str) -> list[_Span]:
        """Candidates by their service and by what their resource part begins with.

        A text with as many colons as the pattern matches field by field: no wildcard can hold
        one. In a text with more colons a wildcard does, and its fields say nothing.
        """
        *fields, resource = pattern.split(":", 5)
        service = ":".join(fields[:3])
        if len(fields) < 5 or not wildcards.is_literal(service):
            return [self._forwards.starting("")]
        colons = pattern.count(":")
        head = wildcards.literal_prefix(resource)
        return [
            ordered.starting(head if count == colons else "")
            for count, ordered in self._services.get(service, {}).items()
            if count >= colons
        ]


class _Span(NamedTuple):
    """Neighbours in an ordering, not looked at before they are asked for."""

    ordered: _Ordered
    first: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.first

    @property
    def arns(self) -> list[str]:
        return self.ordered.arns[self.first : self.end]

    def containing(self, piece: str) -> Iterable[str]:
        """The ARNs with a piece in them, found as one search through the text of all."""
        if self.size <= FEW or not piece:
            return self.arns
        return self._search(piece)

    def _search(self, piece: str) -> Iterator[str]:
        text, ends = self.ordered.text
        at = ends[self.first - 1] if self.first else 0
        while (at := text.find(piece, at, ends[self.end - 1])) >= 0:
            row = bisect_right(ends, at)
            yield self.ordered.arns[row]
            at = ends[row]


def _size(spans: Iterable[_Span]) -> int:
    return sum(span.size for span in spans)


class _Ordered:
    """ARNs in the order of some key."""

    def __init__(self, arns: Iterable[str], key: Callable[[str], str] = str) -> None:
        self.arns = sorted(arns, key=key)
        self._keys = [key(arn) for arn in self.arns]

    @cached_property
    def text(self) -> tuple[str, list[int]]:
        """The ARNs one after the other, and where each ends."""
        return "\n".join([*self.arns, ""]), list(accumulate(len(arn) + 1 for arn in self.arns))

    def starting(self, prefix: str) -> _Span:
        """The ARNs whose key starts with a prefix."""
        first = bisect_left(self._keys, prefix)
        last = prefix.rstrip(LAST)
        if not last:
            return _Span(self, first, len(self.arns))
        beyond = f"{last[:-1]}{chr(ord(last[-1]) + 1)}"
        return _Span(self, first, bisect_left(self._keys, beyond, first))


def _by_service(arns: Iterable[str]) -> Mapping[str, Mapping[int, _Ordered]]:
    """ARNs by ``arn:partition:service`` and number of colons, ordered by their resource part."""
    groups: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for arn in arns:
        groups[":".join(arn.split(":", 3)[:3])][arn.count(":")].append(arn)
    return {
        service: {colons: _Ordered(found, key=_resource) for colons, found in by_colons.items()}
        for service, by_colons in groups.items()
    }


def _resource(arn: str) -> str:
    return arn.split(":", 5)[-1]
