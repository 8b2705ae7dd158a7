"""The part of a graph that one component needs: what lies on it, and what says what it may.

What is left out can neither lie on a loop of the component nor be asked when its writes are
inferred.
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.awslambda import FUNCTION
from topology.graph import OUTSIDE, Edge, Graph, Resource
from topology.inference.sessions import Sessions

# The kinds there are most of; all others stay, for one may be asked about another's writes.
LEFT_OUT = frozenset(
    {
        FUNCTION,
        OUTSIDE,
        "dynamodb.stream",
        "dynamodb.table",
        "ecs.taskdefinition",
        "firehose.stream",
        "iam.policy",
        "iam.role",
        "kinesis.stream",
        "logs.loggroup",
        "pipes.pipe",
        "s3.bucket",
        "scheduler.schedule",
        "sns.topic",
        "sqs.queue",
        "states.stateMachine",
    }
)


class Parts:
    """A graph, of which each component needs a part: what lies on it, and what says what it may.

    Roles and policies are kept where a member acts in them.
    """

    def __init__(self, whole: Graph) -> None:
        self._whole = whole
        self._sessions = Sessions(whole)
        self._shared = {
            arn: resource
            for arn, resource in whole.resources.items()
            if resource.kind not in LEFT_OUT
        }
        self._entering: dict[str, list[Edge]] = {}
        self._between: list[Edge] = []
        for edge in whole.edges:
            if edge.source in self._shared and edge.target in self._shared:
                self._between.append(edge)
            else:
                self._entering.setdefault(edge.target, []).append(edge)

    def of(self, members: frozenset[str]) -> Graph:
        """A component with everything that is asked about it, and not much more."""
        known = self._whole.resources
        edges = [*self._between]
        kept = dict(self._shared)
        for member in sorted(members & known.keys()):
            kept[member] = known[member]
            for edge in self._entering.get(member, ()):
                kept[edge.source] = known[edge.source]
                edges.append(edge)
            kept.update(self._permissions(known[member]))
        return Graph(dict(sorted(kept.items())), tuple(sorted(edges, key=lambda edge: edge.order)))

    def roles_of(self, actor: Resource) -> frozenset[str]:
        """The roles an actor acts in."""
        return frozenset(session.role for session in self._sessions.of(actor))

    def _permissions(self, actor: Resource) -> Iterator[tuple[str, Resource]]:
        """The roles an actor acts in, and their policies, as far as they were read."""
        for name in sorted(self.roles_of(actor)):
            role = self._whole.resources.get(name)
            if role is not None:
                yield role.arn, role
                named = (*role.attributes.get("attached", ()), role.attributes.get("boundary"))
                for policy in filter(None, named):
                    if policy in self._whole.resources:
                        yield policy, self._whole.resources[policy]
