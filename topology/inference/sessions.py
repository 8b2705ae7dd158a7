"""Whose permissions an actor uses: its role, or the roles of the versions that are triggered.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from topology.graph import Gap, Graph, Resource

NOT_READ = "VersionNotRead"
NEWEST = ("", "$LATEST", "$DEFAULT", "*")  # what names no version in particular


@dataclass(frozen=True, order=True, slots=True)
class Session:
    """A role in an account; ``calls`` are all the actions it is ever used for (None: any)."""

    role: str
    account: str
    calls: tuple[str, ...] | None = None


class Sessions:
    """The sessions of a graph's actors, and the ``gaps`` where a version's role is not known."""

    def __init__(self, graph: Graph) -> None:
        self.gaps: set[Gap] = set()
        self._qualifiers: dict[str, set[str]] = defaultdict(set)
        for edge in graph.edges:
            if qualifier := edge.attributes.get("qualifier"):
                self._qualifiers[edge.target].add(qualifier)

    def of(self, actor: Resource) -> Iterator[Session]:
        """Every role that an actor may act in, its own first, each once."""
        role, calls = actor.attributes.get("role"), actor.attributes.get("calls")
        if not role or calls == []:
            return
        only = None if calls is None else tuple(sorted(calls))
        for each in dict.fromkeys((role, *self._of_versions(actor))):
            yield Session(each, actor.account, only)

    def _of_versions(self, actor: Resource) -> Iterator[str]:
        roles = actor.attributes.get("versions")
        if roles is None:
            return
        aliases = actor.attributes.get("aliases", {})
        for qualifier in sorted(self._qualifiers[actor.arn]):
            for version in aliases.get(qualifier, (qualifier,)):
                if version in roles:
                    yield roles[version]
                elif version not in NEWEST:
                    self.gaps.add(_gap(actor, version))


def _gap(actor: Resource, version: str) -> Gap:
    reason = (
        f"version {version} of {actor.name} is triggered and its role was not read: it may write "
        "where the newest version may not"
    )
    return Gap(actor.account, actor.region, actor.read, "", actor.arn, NOT_READ, reason)
