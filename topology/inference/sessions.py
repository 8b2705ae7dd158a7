"""Whose permissions an actor uses: its role, or the roles of the versions that are triggered.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from topology.facts import may_have
from topology.graph import Gap, Graph, Resource

NOT_READ = "VersionNotRead"
NEWEST = ("", "$LATEST", "$DEFAULT", "*")  # what names no version in particular


# What an actor says of the roles it acts in; what says nothing is none.
ACTING = ("role", "profile", "role_of_caller", "versions")


class Session(NamedTuple):
    """A role in an account; ``calls`` are the actions it is ever used for (None: any).

    ``declared`` are further actions, whose targets configuration declares.
    """

    role: str
    account: str
    calls: tuple[str, ...] | None = None
    declared: tuple[str, ...] = ()

    @property
    def told(self) -> Session:
        """The same with the declared actions, of which AWS tells as it does of any others."""
        if self.calls is None:
            return self
        return self._replace(calls=tuple(sorted({*self.calls, *self.declared})), declared=())


class Sessions:
    """The sessions of a graph's actors, and the ``gaps`` where a version's role is not known.

    ``actors`` are all that may have one.
    """

    def __init__(self, graph: Graph) -> None:
        self.gaps: set[Gap] = set()
        self.actors = [
            each for each in graph.resources.values() if may_have(each.attributes, ACTING)
        ]
        self._graph = graph
        self._qualifiers: dict[str, set[str]] = defaultdict(set)
        for edge in graph.edges:
            if edge.attributes and (qualifier := edge.attributes.get("qualifier")):
                self._qualifiers[edge.target].add(qualifier)

    def of(self, actor: Resource) -> Iterator[Session]:
        """Every role an actor may act in, its own first, each once; a version may have none."""
        if actor.attributes.keys().isdisjoint(ACTING):
            return
        role = actor.attributes.get("role") or self._of_others(actor)
        calls = _every(actor.attributes["calls"]) if "calls" in actor.attributes else None
        declared = _every(actor.attributes.get("declared_calls", ())) or ()
        if calls == declared == ():
            return
        for each in dict.fromkeys((role, *self._of_versions(actor))):
            if each:
                yield Session(each, actor.account, calls, declared)

    def _of_others(self, actor: Resource) -> str | None:
        """The role of an actor's instance profile, or the one its caller gives it.

        What was not read stands for itself: no such role is known, which is a gap, and whoever
        has it may write anything. A caller that no edge shows acts under its own permissions.
        """
        profile: str = actor.attributes.get("profile", "")
        if profile in self._graph.resources:
            held: str | None = self._graph.resources[profile].attributes.get("role")
            return held
        is_called = actor.attributes.get("role_of_caller") and actor.arn in self._reached
        return actor.arn if is_called else profile or None

    @cached_property
    def _reached(self) -> frozenset[str]:
        return frozenset(edge.target for edge in self._graph.edges)

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


def _every(calls: object) -> tuple[str, ...] | None:
    """The actions of a definition, or of all its versions'; None where one may call anything."""
    if isinstance(calls, dict):
        each = [_every(one) for one in calls.values()]
        if None in each:
            return None
        calls = {action for actions in each for action in actions or ()}
    return tuple(sorted(calls)) if isinstance(calls, Iterable) else None


def _gap(actor: Resource, version: str) -> Gap:
    reason = (
        f"version {version} of {actor.name} is triggered and its role was not read: it may write "
        "where the newest version may not"
    )
    return Gap(actor.account, actor.region, actor.read, "", actor.arn, NOT_READ, reason)
