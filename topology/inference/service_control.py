"""What service control policies leave to the roles of an account, where they can be read.

They only take permissions away, so what of them is not known leaves the permissions as they are.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from topology import arn as arns
from topology.catalog.organizations import ACCOUNT
from topology.graph import Graph
from topology.iam import documents
from topology.iam.documents import Effect, PolicyError, Statement

Ceiling = tuple[Statement, ...]
SERVICE_LINKED = "role/aws-service-role/"  # roles that AWS's services made for themselves


class ServiceControl:
    """The service control policies of a graph's organisations."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._levels: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for resource in graph.of_kind.get(ACCOUNT, ()):
            number = resource.arn.rpartition("/")[2]
            self._levels[number].append(tuple(resource.attributes.get("levels", ())))
        self._over: dict[str, tuple[Ceiling, ...]] = {}

    def over(self, role: str, account: str) -> tuple[Ceiling, ...]:
        """What must allow a request of a role too: one ceiling per level that limits anything."""
        if not self._levels:
            return ()
        if arns.is_arn(role):
            arn = arns.parse(role)
            if arn.resource.startswith(SERVICE_LINKED):
                return ()
            account = arn.account
        if account not in self._over:
            levels = self._levels.get(account, [])
            # An account that two organisations show has moved: which one binds it is not known.
            found = levels[0] if len(levels) == 1 else ()
            self._over[account] = tuple(filter(_limits, map(self._ceiling, found)))
        return self._over[account]

    def _ceiling(self, level: str) -> Ceiling:
        """All that is attached to one level; nothing where that is not read."""
        known = self._graph.resources.get(level)
        attached = known.attributes.get("policies") if known else None
        if known is None or not attached:  # AWS keeps at least one policy on every level
            return ()
        found = [
            statement
            for arn, name in sorted(attached.items())
            for statement in self._statements(arn, name)
        ]
        if not known.attributes.get("is_whole"):
            found += _unread(f"not every service control policy of {arns.name(level)} was read")
        return tuple(found)

    def _statements(self, arn: str, name: str) -> Iterator[Statement]:
        policy = self._graph.resources.get(arn)
        try:
            yield from documents.parse(
                policy and policy.attributes.get("document"), f"{name} (SCP)"
            )
        except PolicyError as error:
            yield from _unread(f"service control policy *{name}* cannot be read ({error})")


def _unread(reason: str) -> Ceiling:
    """What stands for a policy that is not known: it allows everything, and may deny it."""
    allow = documents.supposed(reason)
    return (allow, replace(allow, effect=Effect.DENY))


def _limits(ceiling: Ceiling) -> bool:
    """Whether it does more than allow everything, as the policy ``FullAWSAccess`` does."""
    denies = any(each.effect is Effect.DENY for each in ceiling)
    return bool(ceiling) and (denies or not any(map(_is_everything, ceiling)))


def _is_everything(statement: Statement) -> bool:
    return (
        statement.effect is Effect.ALLOW
        and "*" in statement.actions
        and "*" in statement.resources
        and not statement.not_actions
        and not statement.not_resources
        and not statement.conditions
        and not statement.doubt
    )
