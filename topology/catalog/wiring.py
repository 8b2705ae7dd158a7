"""The facts every catalog file states: a resource that is here, and a delivery to an ARN.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from topology import arn as arns
from topology.catalog.service import Fact, Here, Unread
from topology.graph import Edge, Filter, Meaning, Resource


def resource(here: Here, arn: str, kind: str, **attributes: object) -> Resource:
    """A resource of the account and region being read."""
    return Resource(arn, kind, here.account, here.region, arns.name(arn), attributes)


def delivery(
    source: str,
    target: str,
    meaning: Meaning,
    kind: str,
    *,
    label: str = "",
    filter: Filter | None = None,  # noqa: A002 - the trade's word, and the edge's own
    dormant: str = "",
    **attributes: object,
) -> Edge:
    """A declared edge between the resources two texts name, usually ARNs.

    An alias, a version or a consumer names a part of its resource: the edge ends at the resource
    and keeps the target's part as ``attributes["qualifier"]``. ``label`` is a name that people
    gave; ids that AWS draws at random are attributes, so that a loop keeps its fingerprint.
    """
    start, _ = end(source)
    finish, qualifier = end(target)
    if qualifier:
        attributes["qualifier"] = qualifier
    return Edge(
        start,
        finish,
        meaning,
        kind,
        label=label,
        filter=filter,
        dormant=dormant,
        attributes=attributes,
    )


def end(text: str) -> tuple[str, str]:
    """The resource a text names, and the qualifier cut off; a text that is no ARN stays itself."""
    return arns.canonical(text) if arns.is_arn(text) else (text, "")


def redrive(
    source: str, document: str, kind: str, *, label: str = "", heard: Filter | None = None
) -> Iterator[Fact]:
    """The dead-letter queue of a redrive policy, ``{"deadLetterTargetArn": ARN}`` in JSON."""
    try:
        queue = json.loads(document)["deadLetterTargetArn"]
    except (ValueError, TypeError, KeyError) as error:
        reason = f"the redrive policy has no dead-letter queue that can be read: {error!r}"
        yield Unread(label or source, "MalformedRedrivePolicy", reason)
    else:
        yield delivery(source, queue, Meaning.ON_FAILURE, kind, label=label, filter=heard)
