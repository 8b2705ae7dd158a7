"""What may be written: every kind of write with its channels, and of which a statement speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from topology.catalog.service import Write
from topology.graph import Gap, Graph
from topology.iam.documents import Effect, Statement
from topology.inference.channels import Channels

Actions = tuple[tuple[str, ...], bool]  # of a statement, and whether they are what is not meant


class Writable:
    """The writes of the catalog by number; those to one kind of channel share its ``channels``."""

    def __init__(self, writes: Sequence[Write], graph: Graph) -> None:
        shared = {place: Channels(*place, graph) for place in {(w.on, w.keyed) for w in writes}}
        self.writes = writes
        self.channels = [shared[write.on, write.keyed] for write in writes]
        self._first = {id(each): n for n, each in reversed(list(enumerate(self.channels)))}
        self._about: dict[Actions, frozenset[int]] = {}

    def about(self, allow: Statement) -> frozenset[int]:
        """The numbers of the writes that a statement with these actions speaks of."""
        actions = (allow.actions, allow.not_actions)
        found = self._about.get(actions)
        if found is None:
            found = self._about[actions] = frozenset(self._spoken_of(*actions))
        return found

    def number_of(self, channels: Channels) -> int:
        """The number of the first write to some channels."""
        return self._first[id(channels)]

    @cached_property
    def policed(self) -> list[Channels]:
        """The channels of which a policy of their own speaks of roles, each once."""
        return [self.channels[n] for n in self._first.values() if self.channels[n].policed]

    @property
    def gaps(self) -> set[Gap]:
        """What could not be read of the channels' own policies."""
        return set().union(*(each.gaps for each in self.channels))

    def _spoken_of(self, actions: tuple[str, ...], not_actions: bool) -> Iterable[int]:
        statement = Statement(Effect.ALLOW, actions, (), not_actions)
        for number, write in enumerate(self.writes):
            if any(map(statement.is_about, write.actions)):
                yield number
