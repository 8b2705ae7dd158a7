"""May a role make a call at all? Asked of calls whose resource is no channel of the graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from topology import arn as arns
from topology.graph import Resource
from topology.iam import permits
from topology.iam.documents import Effect, Statement
from topology.iam.permits import Measure, Owner, Principal
from topology.inference.channels import Setting
from topology.inference.rulings import Ruling, judge
from topology.sets.strings import StringSet


def ruling_of(principal: Principal, actions: Sequence[str], where: Resource) -> Ruling | None:
    """Judge calls in the account and Region of a resource; ``keys`` are the ARNs they may name."""
    setting = Setting(Owner(where.account), where.region)
    return judge(principal, actions, setting, Measure(_named, _named), {})


def names_any(ruling: Ruling) -> bool:
    """Whether one of the statements that allow it names no resource in particular."""
    return any(allow.not_resources or any(map(_is_any, allow.resources)) for allow in ruling.allows)


def _named(statements: Sequence[Statement]) -> StringSet:
    """The ARNs; whoever may name an alias or a version may act on the resource it belongs to."""
    return permits.arns([replace(each, resources=tuple(_with_whole(each))) for each in statements])


def _with_whole(statement: Statement) -> Iterator[str]:
    for pattern in statement.resources:
        yield pattern
        if statement.effect is Effect.ALLOW and arns.is_arn(pattern):
            yield arns.canonical(pattern)[0]


def _is_any(pattern: str) -> bool:
    """Whether nothing of a name is left beside the kind: ``…:project/*``, ``…:stateMachine:*``."""
    *fields, resource = permits.without_variables(pattern).split(":", 5)
    kind, *names = resource.replace("/", ":").split(":")
    return len(fields) < 5 or not any(name.strip("*?") for name in names or (kind,))
