"""A permitted write, wherever it was derived from: who, where to, how sure, and which events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from topology.graph import Edge
from topology.iam.permits import Principal
from topology.sets.events import EventSet
from topology.verdict import Hop


@dataclass(frozen=True)
class PermittedWrite:
    """An actor may write to a channel, or through a hub that tells the events by channel."""

    edge: Edge
    hop: Hop
    _raised: Callable[[], EventSet] = field(repr=False, compare=False)

    @cached_property
    def events(self) -> EventSet:
        """The events it may put there; worked out when somebody asks."""
        return self._raised()


def name_of(principal: Principal) -> str:
    """What sentences call a role."""
    return principal.arn.rpartition("/")[2]
