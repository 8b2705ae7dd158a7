"""Where alerts go: one file per kind of channel, found by walking this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from topology.alerts.channel import ChannelError, ChannelKind, Field, RefusedError, Wire
from topology.alerts.message import Item, Message
from topology.alerts.own import part_of_a_loop
from topology.alerts.sealing import sealed, unsealed

__all__ = [
    "ChannelError",
    "ChannelKind",
    "Field",
    "Item",
    "Message",
    "RefusedError",
    "Wire",
    "kinds",
    "part_of_a_loop",
    "sealed",
    "unsealed",
]


@cache
def kinds() -> dict[str, ChannelKind]:
    """Every declared kind of channel by its name, in the order of their titles."""
    found = [
        value
        for module in pkgutil.iter_modules(__path__)
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        if isinstance(value, ChannelKind)
    ]
    return {each.name: each for each in sorted(found, key=lambda each: each.title)}
