"""What if: a graph with some of its configuration changed, before anybody changes it.

A change is a value. ``changed`` gives another graph and leaves the first as it was, so that
``analyse(changed(graph, changes))`` answers what would be left of the loops.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from topology.analysis.analyse import Analysis, analyse
from topology.graph import OUTSIDE, Edge, Filter, Graph, Resource, canonical_json, graph

SWITCHED_OFF = "it would be switched off"
ROLE = "iam.role"


class ChangeError(ValueError):
    """A change names an edge or a resource that the graph does not have."""


@dataclass(frozen=True, slots=True)
class SwitchOff:
    """Edges that one piece of configuration makes deliver nothing any more (ids of edges)."""

    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SwitchOn:
    """Edges that are dormant deliver again."""

    edges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refilter:
    """The edges of one piece of configuration hear something else; None: everything."""

    edges: tuple[str, ...]
    filter: Filter | None


@dataclass(frozen=True, slots=True)
class Retarget:
    """An edge leads to another resource, perhaps one that is still to be made."""

    edge: str
    target: str


@dataclass(frozen=True, slots=True)
class Add:
    """One more edge."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class Forbid:
    """Roles lose the permission for some actions on some resources: an explicit Deny.

    Whatever else allows it, a Deny wins; and taking the policy away again undoes it.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    roles: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The policy that does it."""
        statement = {
            "Sid": "LoopscopeCut",
            "Effect": "Deny",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        return {"Version": "2012-10-17", "Statement": [statement]}

    @property
    def name(self) -> str:
        """A policy name that no other cut has: to put a policy replaces its namesake."""
        digest = hashlib.sha256(canonical_json(self.document).encode()).hexdigest()
        return f"loopscope-cut-{digest[:8]}"


@dataclass(frozen=True, slots=True)
class Separate:
    """An actor that its environment tells where to write is told another place of its own.

    It also loses the permission for the first one, or its code could still write there.
    """

    actor: str
    variables: tuple[str, ...]
    source: str
    target: str
    forbid: Forbid


@dataclass(frozen=True, slots=True)
class Reserve:
    """A function gets a reserved concurrency; with 0 it never runs."""

    function: str
    limit: int


Change: TypeAlias = SwitchOff | SwitchOn | Refilter | Retarget | Add | Forbid | Separate | Reserve


def what_if(graph: Graph, changes: Iterable[Change]) -> Analysis:
    """The analysis of a graph as it would be after the changes. Pure, as ``analyse`` is."""
    return analyse(changed(graph, changes))


def changed(before: Graph, changes: Iterable[Change]) -> Graph:
    """The graph after the changes, in the order given. Raises ``ChangeError``."""
    edges = {edge.id: edge for edge in before.edges}
    resources = dict(before.resources)
    for change in changes:
        match change:
            case SwitchOff():
                _each(edges, change.edges, dormant=SWITCHED_OFF)
            case SwitchOn():
                _each(edges, change.edges, dormant="")
            case Refilter():
                _each(edges, change.edges, filter=change.filter)
            case Retarget():
                _each(edges, (change.edge,), target=change.target)
            case Add():
                edges[change.edge.id] = change.edge
            case Forbid():
                _forbid(resources, change)
            case Separate():
                _forbid(resources, change.forbid)
                _rename(resources, change)
            case Reserve():
                _with(resources, change.function, reserved_concurrency=change.limit)
    # Placeholders are made again where an edge still needs one: a permission that stands in for a
    # source nobody read must not find that source in the graph.
    read = (each for each in resources.values() if each.kind != OUTSIDE)
    return graph(read, edges.values())


def _each(edges: dict[str, Edge], ids: Iterable[str], **facts: Any) -> None:
    """Change edges where they are; they keep the place by which later changes know them."""
    for each in ids:
        if each not in edges:
            raise ChangeError(f"The graph has no edge {each}.")
        edges[each] = replace(edges[each], **facts)


def _with(resources: dict[str, Resource], arn: str, **facts: Any) -> None:
    if arn not in resources:
        raise ChangeError(f"The graph has no resource {arn}.")
    known = resources[arn]
    resources[arn] = replace(known, attributes={**known.attributes, **facts})


def _forbid(resources: dict[str, Resource], change: Forbid) -> None:
    policy = {"name": change.name, "document": change.document}
    for role in change.roles:
        if role not in resources or resources[role].kind != ROLE:
            raise ChangeError(f"The graph has no role {role}.")
        _with(resources, role, policies=[*resources[role].attributes.get("policies", ()), policy])


def _rename(resources: dict[str, Resource], change: Separate) -> None:
    def told(mention: Mapping[str, Any]) -> Mapping[str, Any]:
        is_meant = mention["names"] == change.source and mention["variable"] in change.variables
        return {**mention, "names": change.target} if is_meant else mention

    if change.actor not in resources:
        raise ChangeError(f"The graph has no resource {change.actor}.")
    mentions = resources[change.actor].attributes.get("environment", ())
    _with(resources, change.actor, environment=[told(mention) for mention in mentions])
