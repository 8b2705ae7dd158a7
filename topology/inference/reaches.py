"""Where roles may write at most, told before anything is judged.

What narrows a permission is not asked, but for the source of what is put on a bus. So this is
quick, leaves nothing out, and says where it is worth to judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from topology.catalog.service import Write
from topology.iam import permits
from topology.iam.choices import choices
from topology.iam.conditions import Truth, decide
from topology.iam.documents import Condition, Effect, Statement
from topology.iam.permits import Principal
from topology.inference.channels import Channels, all_of
from topology.inference.listeners import OTHERS, part_of
from topology.inference.writable import Actions, Writable
from topology.sets.expressions import Texts

FEW = 3  # channels a pattern names that are not worth a name of their own
SOURCE = ("source",)  # where an event says who sent it


class Reached(NamedTuple):
    """Channels that are reached directly, and those that many reach, by a name for them all."""

    direct: set[str]
    through: dict[str, frozenset[str]]


class Reaches:
    """The reach of the statements of one graph's roles."""

    def __init__(self, writable: Writable) -> None:
        self._writable = writable
        self._about: dict[Actions, tuple[tuple[int, Channels], ...]] = {}
        self._shared: dict[tuple[int, str], tuple[tuple[Statement, ...], Reached]] = {}
        self._narrowed: dict[tuple[int, tuple[Condition, ...]], frozenset[str] | None] = {}

    def of(self, statements: Iterable[Statement], account: str) -> Reached:
        """At least every channel that some statements allow a role of an account to write to."""
        direct: set[str] = set()
        through: dict[str, frozenset[str]] = {}
        for allow in statements:
            if allow.effect is not Effect.ALLOW:
                continue
            for number, channels in self._channels_about(allow):
                if allow.not_resources:
                    patterns = "\n".join(allow.resources)
                    name = f"reach {account} {number} not {patterns}"
                    through[name] = channels.beside(allow.resources, account)
                    continue
                sources = self._sources(number, allow.conditions) if allow.conditions else None
                for pattern in allow.resources:
                    found = channels.may_reach(pattern, account)
                    if len(found) <= FEW:
                        direct |= found if sources is None else _parts_of(found, sources)
                    else:
                        through[f"reach {account} {number} {pattern}"] = found
        return Reached(direct, through)

    def of_shared(self, statements: tuple[Statement, ...], account: str) -> Reached:
        """As ``of``, for the very same statements again and again."""
        key = (id(statements), account)
        if key not in self._shared:
            self._shared[key] = statements, self.of(statements, account)
        return self._shared[key][1]

    def by_policies_of_channels(self, principal: Principal) -> Iterable[str]:
        """Channels whose own policy may allow a principal something."""
        for channels in self._writable.policed:
            yield from channels.allowed_by_policy(principal)

    def _channels_about(self, allow: Statement) -> tuple[tuple[int, Channels], ...]:
        """The channels that a statement speaks of, each once and numbered."""
        actions = (allow.actions, allow.not_actions)
        found = self._about.get(actions)
        if found is None:
            spoken_of = [self._writable.channels[each] for each in self._writable.about(allow)]
            named = {self._writable.number_of(channels): channels for channels in spoken_of}
            found = self._about[actions] = tuple(sorted(named.items()))
        return found

    def _sources(self, number: int, conditions: tuple[Condition, ...]) -> frozenset[str] | None:
        """The few sources that conditions leave to events on a bus; None: any."""
        key = (number, conditions)
        if key not in self._narrowed:
            channels = self._writable.channels[number]
            every = zip(self._writable.writes, self._writable.channels, strict=True)
            named = [_sources_of(write, conditions) for write, on in every if on is channels]
            known = [each for each in named if each is not None]
            self._narrowed[key] = all_of(known) if len(known) == len(named) else None
        return self._narrowed[key]


def _sources_of(write: Write, conditions: tuple[Condition, ...]) -> frozenset[str] | None:
    """The texts that the source of an event may be, where conditions name them."""
    chosen = {each.key: each.together for each in write.chosen if each.at == SOURCE}
    statement = Statement(Effect.ALLOW, ("*",), ("*",), conditions=conditions)
    found: set[str] = set()
    for choice in choices(chosen, (statement,)):
        if decide(conditions, {**permits.OF_A_ROLE, **choice.request}).truth is Truth.FALSE:
            continue
        values = dict(choice.filled).get(*chosen) if choice.filled else None
        if not isinstance(values, Texts):
            return None
        found |= values.texts
    return frozenset(found)


def _parts_of(channels: Iterable[str], sources: Iterable[str]) -> set[str]:
    return {part_of(channel, source) for channel in channels for source in (*sources, OTHERS)}
