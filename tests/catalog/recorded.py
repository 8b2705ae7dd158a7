"""Reading recorded answers: the items of one, and the facts our readers state of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.rig.answers import recording
from topology import catalog
from topology.catalog.service import Call, Fact, Here, Service, Unread
from topology.graph import Edge, Resource

HERE = Here("aws", "111122223333", "eu-west-1")


def declared(name: str) -> tuple[Service, Call]:
    """The service and the first call a recording ``service/operation.case`` answers."""
    client, _, case = name.partition("/")
    [service] = [service for service in catalog.services() if service.client == client]
    return service, next(c for c in service.calls if c.operation == case.partition(".")[0])


def items(name: str) -> list[Any]:
    """What the recorded answer lists; the answer itself where it lists nothing."""
    _, call = declared(name)
    answer: Any = recording(name)
    for key in call.items.split(".") if call.items else ():
        answer = answer[key]
    return list(answer) if call.items else [answer]


def read(name: str, *above: Any) -> list[Fact]:
    """Every fact of a recording, given the items it was asked for."""
    service, call = declared(name)
    readers = list(service.readers_of(call))
    facts = [
        fact for item in items(name) for reader in readers for fact in reader(HERE, item, *above)
    ]
    stated = {fact.kind for fact in facts if isinstance(fact, Edge)}
    assert stated <= set(service.edges), f"{service.client} does not list {stated}"
    return facts


def wanted(call: Call, listed: list[Any]) -> list[Any]:
    """The items of a list that a call is repeated for."""
    return [item for item in listed if call.where is None or call.where(item)]


def edges(facts: Iterable[Fact]) -> list[Edge]:
    """The edges among facts."""
    return [fact for fact in facts if isinstance(fact, Edge)]


def resources(facts: Iterable[Fact]) -> list[Resource]:
    """The resources among facts."""
    return [fact for fact in facts if isinstance(fact, Resource)]


def filtered(edge: Edge) -> Any:
    """The document of an edge's filter, which has to be JSON."""
    assert edge.filter is not None
    return json.loads(edge.filter.document)


def unread(facts: Iterable[Fact]) -> list[Unread]:
    """What could not be read among facts."""
    return [fact for fact in facts if isinstance(fact, Unread)]


def arn(service: str, resource: str, account: str = HERE.account) -> str:
    """An ARN of the recorded account and region."""
    return f"arn:aws:{service}:{HERE.region}:{account}:{resource}"
