"""What a role may do to the channels that its policies reach, judged grant by grant.

A grant on a named channel is told apart from one on any channel, which goes through a hub.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from topology import arn as arns
from topology.catalog.service import Write
from topology.graph import Edge, Evidence, Facts, Meaning, Resource
from topology.iam import permits
from topology.iam.choices import Filled
from topology.iam.documents import Statement
from topology.iam.permits import Principal
from topology.inference.channels import Channels, all_of
from topology.inference.hubs import Hubs, WildcardHub
from topology.inference.permitted import PermittedWrite, name_of
from topology.inference.raised import raised
from topology.inference.rulings import Ruling, rule
from topology.inference.sessions import Session
from topology.inference.writable import Writable
from topology.sets.events import EventSet
from topology.verdict import Hop

LONGEST = 200  # characters a sentence gives to what has to be chosen
KEPT = 4096  # of what edges say again and again, each


@dataclass(frozen=True, slots=True)
class _Grant:
    """What every actor of a role may do to one channel or hub."""

    write: Write
    target: str
    evidence: Evidence
    ruling: Ruling
    hop: Hop
    raised: Callable[[], EventSet]

    def to(self, actor: Resource, variable: str = "") -> PermittedWrite:
        keys = "" if self.write.keyed is None else str(self.ruling.keys)
        attributes = _said(self.ruling.actions, keys, self.ruling.titles)
        edge = Edge(
            source=actor.arn,
            target=self.target,
            meaning=Meaning.WRITES,
            kind=_kind(self.write),
            evidence=self.evidence,
            label=_label(self.ruling.titles),
            attributes={**attributes, "variable": variable} if variable else attributes,
        )
        return PermittedWrite(edge, self.hop, self.raised)


@dataclass(frozen=True)
class _Candidate:
    """A channel or hub that a role's policies name, judged when somebody asks."""

    target: str
    _judged: Callable[[], _Grant | None]

    @cached_property
    def grant(self) -> _Grant | None:
        """What the role may do there; None where nothing allows it."""
        return self._judged()


class Grants:
    """The grants of one graph's roles, each judged once.

    Judged is only what leads to some of the resources ``inside``; None: to any.
    """

    def __init__(
        self,
        writable: Writable,
        hubs: Hubs,
        principal: Callable[[Session], Principal],
        inside: Set[str] | None,
    ) -> None:
        self._writable, self._hubs, self._principal = writable, hubs, principal
        self._inside = inside
        self._asked = [
            number for number, each in enumerate(writable.channels) if self._is_asked(each.all)
        ]
        self._named: dict[Session, tuple[_Candidate, ...]] = {}
        self._configured: dict[tuple[Session, str], tuple[_Grant, ...]] = {}

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """Every write of one actor in one of its sessions."""
        if session.calls == ():
            return
        variables: dict[str, list[str]] = {}
        for mention in actor.attributes.get("environment", ()):
            if mention.get("direction") != "reads":  # it names where something comes from
                variables.setdefault(mention["names"], []).append(mention["variable"])
        for candidate in self._candidates(session):
            if candidate.target not in variables and (grant := candidate.grant):
                yield grant.to(actor)
        for arn, named in variables.items():
            for grant in self._on(session, arn):
                yield grant.to(actor, ", ".join(sorted(named)))

    def _candidates(self, session: Session) -> tuple[_Candidate, ...]:
        """Whatever the policies of a role name."""
        found = self._named.get(session)
        if found is None:
            found = self._named[session] = tuple(self._reached(self._principal(session)))
        return found

    def _on(self, session: Session, arn: str) -> tuple[_Grant, ...]:
        """What a role may do to a channel that an actor's environment names."""
        if not self._is_asked((arn,)):
            return ()
        found = self._configured.get((session, arn))
        if found is None:
            principal = self._principal(session)
            allowing, evidence = self._allowing(principal), Evidence.CONFIGURED
            judged = [
                _direct(principal, self._writable.writes[number], channels, arn, evidence)
                for number in self._asked
                if arn in (channels := self._writable.channels[number]).settings
                and (number in allowing or channels.policed)
            ]
            found = self._configured[session, arn] = tuple(filter(None, judged))
        return found

    def _is_asked(self, targets: Iterable[str]) -> bool:
        return self._inside is None or not self._inside.isdisjoint(targets)

    def _reached(self, principal: Principal) -> Iterator[_Candidate]:
        allowing = self._allowing(principal)
        for number in self._asked:
            if number in allowing or self._writable.channels[number].policed:
                yield from self._by_write(principal, number, allowing.get(number, ()))

    def _allowing(self, principal: Principal) -> Mapping[int, Sequence[Statement]]:
        """The Allows of a principal, by the number of each write they speak of."""
        found: dict[int, list[Statement]] = {}
        for allow in principal.allows:
            for number in self._writable.about(allow):
                found.setdefault(number, []).append(allow)
        return found

    def _by_write(
        self, principal: Principal, number: int, allows: Sequence[Statement]
    ) -> Iterator[_Candidate]:
        """What some Allows of a principal name, and policies of the channels."""
        write, channels = self._writable.writes[number], self._writable.channels[number]
        parts = [channels.split(each) for each in allows]
        narrow = principal.with_allows(narrow for narrow, _ in parts if narrow)
        wide = principal.with_allows(wide for _, wide in parts if wide)
        picked = self._touched(number, narrow)
        yield from self._one_by_one(narrow, number, picked, Evidence.PERMITTED)
        if channels.policed:
            reached = self._touched(number, wide)
            theirs = channels.policed & reached | channels.allowed_by_policy(principal)
            yield from self._one_by_one(principal, number, theirs - picked, Evidence.PERMITTED_ANY)
        if wide.allows:
            reach = self._hubs.reach(write, channels, wide)
            yield from self._one_by_one(wide, number, reach.denied - picked, Evidence.PERMITTED_ANY)
            for hub in reach.hubs:
                if self._is_asked(hub.channels):
                    yield _Candidate(hub.resource.arn, partial(_through, wide, write, hub))

    def _touched(self, number: int, principal: Principal) -> frozenset[str]:
        touched = self._writable.channels[number].touched
        return all_of(map(touched, map(permits.widest, principal.allows)))

    def _one_by_one(
        self, principal: Principal, number: int, arns: Iterable[str], evidence: Evidence
    ) -> Iterator[_Candidate]:
        write, channels = self._writable.writes[number], self._writable.channels[number]
        for arn in arns:
            if self._is_asked((arn,)):
                judged = partial(_direct, principal, write, channels, arn, evidence)
                yield _Candidate(arn, judged)


@lru_cache(maxsize=KEPT)
def _said(actions: tuple[str, ...], keys: str, statements: tuple[str, ...]) -> Facts:
    """The attributes of edges, which are tens of thousands and say little that is new."""
    return {"actions": list(actions), "keys": keys, "statements": list(statements)}


@lru_cache(maxsize=KEPT)
def _label(titles: tuple[str, ...]) -> str:
    return "; ".join(titles)


@lru_cache(maxsize=KEPT)
def _kind(write: Write) -> str:
    return f"iam.{write.on}.{write.name.replace(' ', '-')}"


def _direct(
    principal: Principal, write: Write, channels: Channels, arn: str, evidence: Evidence
) -> _Grant | None:
    """What a principal may do to one channel."""
    ruling = rule(channels, principal, write, arn)
    if ruling is None:
        return None
    hop = ruling.hop(name_of(principal), _deed(write, ruling, f"*{arns.name(arn)}*"))
    events = partial(raised, channels, write, arn, ruling)
    return _Grant(write, arn, evidence, ruling, hop, events)


def _through(principal: Principal, write: Write, hub: WildcardHub) -> _Grant | None:
    """What a principal may do by way of a hub that it shares."""
    ruling = hub.ruling(principal)
    if ruling is None:
        return None
    where = f"any of {len(hub.channels)} channels named by `{hub.resource.name}`"
    hop = ruling.hop(name_of(principal), _deed(write, ruling, where))
    arn, anything = hub.resource.arn, EventSet.anything
    return _Grant(write, arn, Evidence.PERMITTED_ANY, ruling, hop, anything)


def _deed(write: Write, ruling: Ruling, where: str) -> str:
    what = f"write `{ruling.keys}` in" if write.keyed else "write to"
    filled = " or ".join(map(_filled, (filled for filled, _ in ruling.reached)))
    where = f"{where} where {filled}" if filled else where
    return f"{what} {where} with {' or '.join(ruling.actions)}"


def _filled(filled: Filled) -> str:
    """What a caller has to choose: ``"`events:source` is "shop""``."""
    words = [f"`{key}` is {values.describe()}" for key, values in filled]
    return " and ".join(word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words)
