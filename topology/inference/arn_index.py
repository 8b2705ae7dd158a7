"""Known ARNs, ordered so that an IAM pattern finds its matches without trying every ARN.

What a pattern begins with, what its resource part begins with, and what it ends with each leave
a range of one ordering; only the shortest range is compared character by character.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from topology.iam import wildcards

FEW = 4  # candidates not worth another look-up
LAST = "\U0010ffff"  # the greatest code point


class ArnIndex:
    """Answers which of some ARNs match a pattern, as trying them one by one would."""

    def __init__(self, arns: Iterable[str]) -> None:
        self._known = frozenset(arns)
        self._forwards = _Ordered((arn, arn) for arn in self._known)
        self._backwards = _Ordered((arn[::-1], arn) for arn in self._known)
        self._services = _by_service(self._known)
        self._found: dict[str, frozenset[str]] = {}

    def matching(self, pattern: str) -> frozenset[str]:
        """The ARNs a pattern with ``*`` and ``?`` matches."""
        found = self._found.get(pattern)
        if found is None:
            found = self._found[pattern] = self._match(pattern)
        return found

    def _match(self, pattern: str) -> frozenset[str]:
        if wildcards.is_literal(pattern):
            return frozenset((pattern,)) & self._known
        head = wildcards.literal_prefix(pattern)
        candidates = self._forwards.starting(head)
        if pattern == f"{head}*":
            return frozenset(candidates)
        if len(candidates) > FEW:
            tail = wildcards.literal_prefix(pattern[::-1])
            others = (self._backwards.starting(tail), self._by_resource(pattern))
            candidates = min((candidates, *others), key=len)
        return frozenset(filter(wildcards.matcher(pattern), candidates))

    def _by_resource(self, pattern: str) -> Sequence[str]:
        """Candidates by their service and by what their resource part begins with.

        A text with as many colons as the pattern matches field by field: no wildcard can hold
        one. In a text with more colons a wildcard does, and its fields say nothing.
        """
        *fields, resource = pattern.split(":", 5)
        service = ":".join(fields[:3])
        if len(fields) < 5 or not wildcards.is_literal(service):
            return self._forwards.values
        colons = pattern.count(":")
        found: list[str] = []
        for count, ordered in self._services.get(service, {}).items():
            if count == colons:
                found += ordered.starting(wildcards.literal_prefix(resource))
            elif count > colons:
                found += ordered.values
        return found


class _Ordered:
    """ARNs in the order of some key."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        ordered = sorted(pairs)
        self._keys = [key for key, _ in ordered]
        self.values = [arn for _, arn in ordered]

    def starting(self, prefix: str) -> Sequence[str]:
        """The ARNs whose key starts with a prefix."""
        first = bisect_left(self._keys, prefix)
        beyond = prefix.rstrip(LAST)
        if not beyond:
            return self.values[first:]
        end = bisect_left(self._keys, f"{beyond[:-1]}{chr(ord(beyond[-1]) + 1)}", first)
        return self.values[first:end]


def _by_service(arns: Iterable[str]) -> Mapping[str, Mapping[int, _Ordered]]:
    """ARNs by ``arn:partition:service`` and number of colons, ordered by their resource part."""
    pairs: dict[str, dict[int, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for arn in arns:
        fields = arn.split(":", 5)
        pairs[":".join(fields[:3])][arn.count(":")].append((fields[-1], arn))
    return {
        service: {colons: _Ordered(found) for colons, found in groups.items()}
        for service, groups in pairs.items()
    }
