"""Roles of a graph as principals: their policies parsed, and what of them is not known.

What cannot be read or parsed is supposed to allow everything, and is a gap (docs/design.md §6).
"""

from __future__ import annotations

from typing import NamedTuple

from topology import arn as arns
from topology.graph import GLOBAL, Gap, Graph, Resource
from topology.iam import documents
from topology.iam.documents import Effect, PolicyError, Statement
from topology.iam.permits import Principal
from topology.inference.service_control import ServiceControl
from topology.inference.sessions import Session

CALL = "iam.get_account_authorization_details"
ACTION = "iam:GetAccountAuthorizationDetails"
MALFORMED, NOT_READ = "MalformedPolicyDocument", "PolicyNotRead"


class Given(NamedTuple):
    """What a role was given: statements of its own, and managed policies by their ARNs."""

    own: tuple[Statement, ...]
    managed: tuple[str, ...] = ()
    boundary: str | None = None


class Roles:
    """The roles of one graph by ARN, and the ``gaps`` met while reading their policies."""

    def __init__(self, graph: Graph) -> None:
        self.gaps: set[Gap] = set()
        self._graph = graph
        self._managed: dict[tuple[str, str], tuple[Statement, ...]] = {}
        self._service_control = ServiceControl(graph)

    def principal(self, session: Session) -> Principal:
        """What a role of an account was given, or is supposed to have where that is not read."""
        arn, account = session.role, session.account
        limits = self._service_control.over(arn, account)
        if session.calls is not None:
            limits += (_only(session.calls),)
        given = self.given(arn, account)
        statements = list(given.own)
        for attached in given.managed:
            statements += self.managed(attached, account)
        ceilings = (self.managed(given.boundary, account),) if given.boundary else ()
        return Principal(arn, account, tuple(statements), ceilings + limits)

    def given(self, arn: str, account: str) -> Given:
        """The policies of a role; where it was not read, one that allows everything."""
        role = self._read(arn, "iam.role")
        if role is None:
            return Given(self._unread(arn, account, f"role {arn} was not read"))
        statements: list[Statement] = []
        for inline in role.attributes.get("policies", ()):
            statements += self._parsed(arn, account, inline.get("document"), inline["name"])
        attached = role.attributes.get("attached", ())
        return Given(tuple(statements), tuple(attached), role.attributes.get("boundary"))

    def managed(self, arn: str, account: str) -> tuple[Statement, ...]:
        """The statements of a managed policy; many roles share one, so they are kept."""
        found = self._managed.get((arn, account))
        if found is None:
            policy = self._read(arn, "iam.policy")
            if policy is None:
                found = self._unread(arn, account, f"policy {arn} was not read")
            else:
                document = policy.attributes.get("document")
                found = self._parsed(arn, account, document, arns.name(arn))
            self._managed[arn, account] = found
        return found

    def _read(self, arn: str, kind: str) -> Resource | None:
        resource = self._graph.resources.get(arn)
        return resource if resource is not None and resource.kind == kind else None

    def _parsed(self, arn: str, account: str, document: object, name: str) -> tuple[Statement, ...]:
        try:
            return documents.parse(document, name)
        except PolicyError as error:
            reason = f"policy *{name}* cannot be read as a policy ({error})"
            return self._unread(arn, account, reason, MALFORMED)

    def _unread(
        self, arn: str, account: str, reason: str, code: str = NOT_READ
    ) -> tuple[Statement, ...]:
        """A gap, and the statement that stands for whatever the unread part allows."""
        self.gaps.add(Gap(account, GLOBAL, CALL, ACTION, arn, code, reason))
        return (documents.supposed(reason),)


def _only(calls: tuple[str, ...]) -> tuple[Statement, ...]:
    """The ceiling of an actor whose definition says what it ever calls."""
    return (Statement(Effect.ALLOW, calls, ("*",), policy="its definition"),)
