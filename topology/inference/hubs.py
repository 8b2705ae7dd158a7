"""Hubs: what stands between the actors that may write anywhere and all those channels.

One hub per account, kind of write, actions, resource patterns and what narrows them; roles whose
statements say the same share it, whatever their policies are called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from topology.catalog.service import Write
from topology.graph import Resource, canonical_json
from topology.iam import permits
from topology.iam.documents import Effect, Statement
from topology.iam.permits import Principal
from topology.inference.channels import MANY, Channels
from topology.inference.rulings import Outcome, Ruling, alike, rule
from topology.sets.strings import NOTHING, StringSet

KIND = "iam.hub"


@dataclass(frozen=True)
class Hub:
    """Channels that the same wildcard grant reaches with the same certainty."""

    resource: Resource
    write: Write
    outcome: Outcome
    channels: tuple[str, ...]
    _all: Channels = field(repr=False, compare=False)
    _principal: Principal = field(repr=False, compare=False)

    @cached_property
    def _typical(self) -> str:
        """A channel that is as certain as the hub says; the first where each is surer."""
        for arn in self.channels:
            ruling = rule(self._all, self._principal, self.write.actions, arn)
            if ruling and ruling.outcome is self.outcome:
                return arn
        return self.channels[0]

    def ruling(self, principal: Principal) -> Ruling | None:
        """What a principal that shares the hub may do there, by its own statements."""
        return rule(self._all, principal, self.write.actions, self._typical)

    def keys_of(self, arn: str) -> StringSet | None:
        """The keys of one of its channels that may be written; None where writes have no key."""
        if self.write.keyed is None:
            return None
        ruling = rule(self._all, self._principal, self.write.actions, arn)
        return ruling.keys if ruling else NOTHING


@dataclass(frozen=True, slots=True)
class Reach:
    """What a wildcard grant reaches: hubs, and the few channels a Deny takes out of it."""

    hubs: tuple[Hub, ...]
    denied: frozenset[str]


class Hubs:
    """The hubs of one analysis, each made once."""

    def __init__(self) -> None:
        self._reaches: dict[str, Reach] = {}

    def by_id(self) -> dict[str, Hub]:
        """Every hub, sorted by id."""
        hubs = (hub for reach in self._reaches.values() for hub in reach.hubs)
        return {hub.resource.arn: hub for hub in sorted(hubs, key=lambda hub: hub.resource)}

    def reach(self, write: Write, channels: Channels, principal: Principal) -> Reach:
        """What a principal reaches whose every Allow is a wildcard grant."""
        identity = _identity(write, principal)
        if identity not in self._reaches:
            self._reaches[identity] = _reach(identity, write, channels, principal)
        return self._reaches[identity]


def _reach(identity: str, write: Write, channels: Channels, principal: Principal) -> Reach:
    parts = _judged(channels, principal, write.actions)
    denied = parts[Outcome.DENIED]
    if len(denied) <= MANY:
        del parts[Outcome.DENIED]
    hubs = []
    for outcome, arns in parts.items():
        if not arns:
            continue
        digest = hashlib.sha256(f"{outcome} {identity}".encode()).hexdigest()[:16]
        resource = Resource(
            arn=f"hub:{principal.account}:{digest}",
            kind=KIND,
            account=principal.account,
            region="",
            name=" or ".join(sorted(set(map(_patterns, principal.allows)))),
            attributes={"actions": list(write.actions), "channels": len(arns)},
        )
        members = tuple(sorted(arns))
        hubs.append(Hub(resource, write, outcome, members, channels, principal))
    return Reach(tuple(hubs), frozenset() if Outcome.DENIED in parts else denied)


def _patterns(allow: Statement) -> str:
    patterns = " or ".join(allow.resources)
    return f"anything but {patterns}" if allow.not_resources else patterns


def _judged(
    channels: Channels, principal: Principal, actions: Sequence[str]
) -> dict[Outcome, frozenset[str]]:
    """Channels by outcome: all of one setting at once, the contested ones by themselves."""
    reached = frozenset().union(*map(channels.touched, map(permits.widest, principal.allows)))
    groups = alike(actions, principal, ())
    contested = _contested(channels, principal, actions)
    parts: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
    for setting, members in channels.by_setting.items():
        here = (members & reached) - channels.policed
        if not here:
            continue
        asked = permits.request(principal, setting.owner.account, setting.region)
        weighed = [
            permits.weigh(principal, group[0], asked, setting.owner, channels.whole(here))
            for group in groups
        ]
        alone = here & contested
        may = frozenset().union(*(each.may for each in weighed)) - alone
        surely = frozenset().union(*(each.surely if each.doubts else each.may for each in weighed))
        granted = frozenset().union(*(each.granted for each in weighed)) - alone
        parts[Outcome.SURE] |= may & surely
        parts[Outcome.DOUBTFUL] |= may - surely
        parts[Outcome.DENIED] |= granted - may
        for arn in alone:
            if ruling := rule(channels, principal, actions, arn):
                parts[ruling.outcome].add(arn)
    return {outcome: frozenset(part) for outcome, part in parts.items()}


def _contested(channels: Channels, principal: Principal, actions: Sequence[str]) -> frozenset[str]:
    """Channels of which a Deny or a ceiling may leave some keys, none, or all."""
    denies = [each for each in principal.identity if each.effect is Effect.DENY]
    return channels.contested(
        permits.widest(each)
        for each in chain(denies, *principal.ceilings)
        if any(map(each.is_about, actions))
    )


def _identity(write: Write, principal: Principal) -> str:
    """What the channels a principal reaches depend on, and nothing else."""
    groups = [_meaning(group, write.actions) for group in (principal.identity, *principal.ceilings)]
    asks_for_arn = "aws:principalarn" in canonical_json(groups).lower()
    who = principal.arn if asks_for_arn else principal.account
    return canonical_json([who, write.on, write.name, groups])


def _meaning(statements: Iterable[Statement], actions: Sequence[str]) -> list[object]:
    """Statements without their names and order, said of these actions only."""
    rows = [
        [
            each.effect,
            [action for action in actions if each.is_about(action)],
            sorted(each.resources),
            each.not_resources,
            sorted([one.operator, one.key.lower(), *one.values] for one in each.conditions),
            bool(each.doubt),
        ]
        for each in statements
        if any(map(each.is_about, actions))
    ]
    return sorted(rows, key=canonical_json)
