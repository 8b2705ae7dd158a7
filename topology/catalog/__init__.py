"""What we know of AWS, one file per service; found by walking this folder, never listed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from topology.catalog.service import Carrier, Emission, Kind, Service, Write


@cache
def services() -> tuple[Service, ...]:
    """Every declared service, by client name."""
    found: list[Service] = []
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if isinstance(service := getattr(loaded, "service", None), Service):
            found.append(service)
    return tuple(sorted(found, key=lambda service: service.client))


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of resource by name."""
    return {kind.name: kind for service in services() for kind in service.kinds}


@cache
def writes() -> tuple[Write, ...]:
    """Everything a role may do to a channel."""
    return tuple(write for service in services() for write in service.writes)


@cache
def emissions() -> tuple[Emission, ...]:
    """Everything services tell default buses of what roles do."""
    return tuple(emission for service in services() for emission in service.emissions)


@cache
def ancestors() -> Mapping[str, tuple[str, ...]]:
    """For every planned call, the calls it is repeated for: it cannot be read without them."""
    found: dict[str, tuple[str, ...]] = {}
    for service in services():
        for call in service.calls:
            above = tuple(service.name_of(ancestor) for ancestor in call.ancestors)
            name = service.name_of(call)  # one operation may be repeated for several lists
            found[name] = (*found.get(name, ()), *above)
    return found


@cache
def looked_at_closely() -> frozenset[str]:
    """Kinds of resources about which some calls are made only where they may lie on a loop."""
    calls = (call for service in services() for call in service.calls)
    return frozenset(each.on_cycle for call in calls for each in (call, *call.ancestors)) - {""}


@cache
def carriers() -> Mapping[str, Carrier]:
    """How the events that take an edge arrive at its other end, by the edge's kind."""
    return {kind: carrier for service in services() for kind, carrier in service.carriers.items()}
