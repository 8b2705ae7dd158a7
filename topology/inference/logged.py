"""What feeds a trail: data events of the resources it selects, and the calls of actors.

A trail that logs its own bucket feeds itself; and what its files start is logged again. Whatever
services do in their own name to a resource reaches the trail, but not the default bus: that way
is not followed.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from topology import arn as arns
from topology.catalog.cloudtrail import BUCKET, OUT
from topology.filters.cloudtrail import ARN, values
from topology.graph import (
    OUTSIDE,
    Edge,
    Evidence,
    Filter,
    Graph,
    Meaning,
    Resource,
    canonical_json,
    graph,
)
from topology.inference.api_calls import READS
from topology.inference.data_events import KINDS
from topology.inference.permitted import PermittedWrite
from topology.inference.rulings import is_empty
from topology.inference.sessions import Session
from topology.inference.trails import Selector, Trails
from topology.sets import strings
from topology.sets.events import EventSet
from topology.verdict import Unknown

DATA = "cloudtrail.data"
CALLS = "cloudtrail.calls"
LANGUAGE = "cloudtrail.selector"
NOT_READ = Filter(LANGUAGE, "")  # stands where the selectors of a trail are not known


def with_data_events(known: Graph) -> Graph:
    """The graph and, for every trail, one edge from each resource whose data events it selects.

    Trails that lead nowhere within the graph are left out.
    """
    outputs = _outputs(known)
    if not outputs:
        return known
    trails = Trails(known)
    added = [
        edge
        for kind in KINDS.values()
        for resource in known.of_kind.get(kind, ())
        for trail in trails.at(resource.account, resource.region)
        if any(known.resources[each].kind != OUTSIDE for each in outputs[trail])
        and not trails.is_off(trail)
        for edge in _data_events(trails, trail, resource, resource.arn in outputs[trail])
    ]
    return graph(known.resources.values(), (*known.edges, *added)) if added else known


class Log:
    """What actors call, as the trails log it whose files or messages something waits for."""

    def __init__(self, known: Graph, trails: Trails) -> None:
        self._trails = trails
        self._heard = {
            trail
            for trail, targets in _outputs(known).items()
            if any(edge.kind != DATA for each in targets for edge in known.leaving.get(each, ()))
        }

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """An actor's calls as one edge to every trail that may log them."""
        if not self._heard:
            return
        own = actor.attributes.get("role")
        if own and session.role != own:
            return  # another version's, which is the same actor
        for trail in self._trails.at(actor.account, actor.region):
            if trail in self._heard and not self._trails.is_off(trail):
                edge = Edge(
                    actor.arn, trail, Meaning.WRITES, CALLS, evidence=Evidence.PERMITTED_ANY
                )
                because = (
                    f"The trail *{arns.name(trail)}* logs API calls where *{actor.name}* runs; "
                    "whether it makes one that is logged is told by its code alone."
                )
                yield PermittedWrite(edge, Unknown(because), EventSet.anything)


def _outputs(known: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for edge in known.edges:
        if edge.kind == OUT:
            found[edge.source].add(edge.target)
    return found


def _data_events(trails: Trails, trail: str, resource: Resource, is_own: bool) -> Iterator[Edge]:
    """The edges from a resource to a trail, one per selector; ``is_own``: its files go there."""
    selectors = trails.selectors(trail)
    suppresses = is_own and trails.suppresses(trail)
    attributes: dict[str, object] = {"suppresses": True} if suppresses else {}
    if selectors is None:
        if trails.was_read(trail):
            yield _edge(resource, trail, "", NOT_READ, attributes)
        return
    for number, selector in enumerate(selectors, start=1):
        if _is_about(selector, resource):
            yield _edge(
                resource, trail, f"selector {number}", _keys(selector, resource), attributes
            )


def _edge(
    resource: Resource,
    trail: str,
    label: str,
    heard: Filter | None,
    attributes: dict[str, object],
) -> Edge:
    return Edge(
        resource.arn,
        trail,
        Meaning.FORWARDS,
        DATA,
        label=label,
        filter=heard,
        attributes=attributes,
    )


def _is_about(selector: Selector, resource: Resource) -> bool:
    """Whether a selector takes some write to a resource; reads alone are calls of actors."""
    types = values(selector, "resources.type")
    wanted = [name for name, kind in KINDS.items() if kind == resource.kind and name in types]
    writes = values(selector, "eventName") & ~READS
    named = values(selector, ARN)
    if resource.kind == BUCKET:
        here = strings.prefix(f"{resource.arn}/")
    else:
        here = strings.literal(resource.arn) | strings.prefix(f"{resource.arn}:")
    return bool(
        wanted
        and "Data" in values(selector, "eventCategory")
        and "false" in values(selector, "readOnly")
        and not is_empty(writes)
        and not is_empty(named & here)
    )


def _keys(selector: Selector, resource: Resource) -> Filter | None:
    """The objects of a bucket that a selector takes; None where it takes all of any."""
    asked = [dict(condition) for condition in selector if condition["Field"] == ARN]
    if resource.kind != BUCKET or not asked:
        return None
    return Filter(LANGUAGE, canonical_json({"Bucket": resource.arn, "Conditions": asked}))
