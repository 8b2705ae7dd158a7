"""Whose a resource is, as far as its tags say; keys are read without regard to case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from topology.graph import Resource

OWNERS = ("owner", "team", "squad", "contact", "maintainer")  # who to call, by precedence
PARTS = ("service", "application", "app", "project")  # what it is a part of
STACK = "stack"


def tags(resource: Resource) -> Mapping[str, str]:
    """The tags that were read of a resource, sorted by key."""
    found = resource.attributes.get("tags")
    return dict(sorted(found.items())) if isinstance(found, dict) else {}


def owner(resource: Resource) -> str:
    """Who to call, empty where no tag says so."""
    lowered = _lowered(resource)
    return next((lowered[each] for each in OWNERS if each in lowered), "")


def named(resource: Resource) -> Iterator[tuple[str, str]]:
    """Every tag that names an owner or what the resource is a part of, and its stack."""
    lowered = _lowered(resource)
    for key in (*OWNERS, *PARTS):
        if lowered.get(key):
            yield key, lowered[key]
    if stack := str(resource.attributes.get("stack") or lowered.get(STACK) or ""):
        yield STACK, stack


def _lowered(resource: Resource) -> Mapping[str, str]:
    return {key.lower(): str(value) for key, value in tags(resource).items()}
