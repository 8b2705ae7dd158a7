"""Hubs: what stands between the actors that may write anywhere and all those channels.

One hub per account, kind of write, actions, resource patterns and what narrows them; roles whose
statements say the same share it, whatever their policies are called.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Protocol

from topology.catalog.service import Write
from topology.graph import Resource, canonical_json
from topology.iam import permits
from topology.iam.choices import choices
from topology.iam.documents import Effect, Statement
from topology.iam.permits import Principal
from topology.inference.channels import MANY, Channels, Setting, all_of
from topology.inference.raised import raised
from topology.inference.rulings import Outcome, Ruling, alike, rule, statements_about
from topology.sets.events import EventSet

KIND = "iam.hub"
_NONE: frozenset[str] = frozenset()


class Hub(Protocol):
    """Channels that the same wildcard grant reaches with the same certainty."""

    @property
    def resource(self) -> Resource:
        """What stands for the hub in a graph."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The ARNs it leads to."""

    def events_of(self, arn: str) -> EventSet:
        """The events it may put on one of its channels."""


@dataclass(frozen=True)
class WildcardHub:
    """The hub of one kind of write."""

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
            ruling = rule(self._all, self._principal, self.write, arn)
            if ruling and ruling.outcome is self.outcome:
                return arn
        return self.channels[0]

    def ruling(self, principal: Principal) -> Ruling | None:
        """What a principal that shares the hub may do there, by its own statements."""
        return rule(self._all, principal, self.write, self._typical)

    def events_of(self, arn: str) -> EventSet:
        """The events it may put on one of its channels."""
        ruling = rule(self._all, self._principal, self.write, arn)
        return raised(self._all, self.write, arn, ruling) if ruling else EventSet()


@dataclass(frozen=True, slots=True)
class Reach:
    """What a wildcard grant reaches: hubs, and the few channels a Deny takes out of it."""

    hubs: tuple[WildcardHub, ...]
    denied: frozenset[str]


class Hubs:
    """The hubs of one analysis, each made once."""

    def __init__(self) -> None:
        self._reaches: dict[str, Reach] = {}

    def by_id(self) -> dict[str, WildcardHub]:
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
    parts = _judged(channels, principal, write)
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
        hubs.append(WildcardHub(resource, write, outcome, members, channels, principal))
    return Reach(tuple(hubs), frozenset() if Outcome.DENIED in parts else denied)


def _patterns(allow: Statement) -> str:
    patterns = " or ".join(allow.resources)
    return f"anything but {patterns}" if allow.not_resources else patterns


def _judged(
    channels: Channels, principal: Principal, write: Write
) -> dict[Outcome, frozenset[str]]:
    """Channels by outcome: all of one setting at once, the contested ones by themselves."""
    reached = all_of(map(channels.touched, map(permits.widest, principal.allows)))
    contested = _contested(channels, principal, write.actions)
    parts: dict[Outcome, set[str]] = {outcome: set() for outcome in Outcome}
    for setting, members in channels.by_setting.items():
        if setting.owner.account != principal.account and setting.owner.policy == ():
            continue  # elsewhere a channel's own policy has to allow it too
        here = (members & reached) - channels.policed
        for arn in here & contested:
            if ruling := rule(channels, principal, write, arn):
                parts[ruling.outcome].add(arn)
        for together, alike_in_that in channels.by_chosen(write, here - contested):
            judged = _judged_at_once(channels, principal, write, setting, together, alike_in_that)
            for outcome, arns in judged.items():
                parts[outcome] |= arns
    return {outcome: frozenset(part) for outcome, part in parts.items()}


def _judged_at_once(
    channels: Channels,
    principal: Principal,
    write: Write,
    setting: Setting,
    chosen: Mapping[str, bool],
    arns: frozenset[str],
) -> dict[Outcome, frozenset[str]]:
    """Channels of one setting by outcome, for a principal that names all or nothing of each."""
    asked = permits.request(principal, setting.owner.account, setting.region)
    about = statements_about(write.actions, principal, ())
    measure, groups = channels.whole(arns), alike(write.actions, about)
    may, doubtful, granted = _NONE, _NONE, _NONE
    for choice in choices(chosen, about):
        known = {**asked, **choice.request}
        weighed = [
            permits.weigh(principal, group[0], known, setting.owner, measure) for group in groups
        ]
        here = _NONE.union(*(each.may for each in weighed))
        doubtful |= here.difference(*(each.surely if each.doubts else each.may for each in weighed))
        may |= here
        granted |= _NONE.union(*(each.granted for each in weighed))
    return {
        Outcome.SURE: may - doubtful,
        Outcome.DOUBTFUL: doubtful,
        Outcome.DENIED: granted - may,
    }


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
