"""Who may write where: every actor's role joined with every channel its policies reach.

A grant on a named channel is an edge. A grant on any channel goes through one hub per account
and set of statements, so that edges grow with the statements and not with actors × channels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from topology import arn as arns
from topology import catalog
from topology.catalog.service import Emission, Write
from topology.graph import Edge, Evidence, Gap, Graph, Meaning, Resource
from topology.iam import permits
from topology.iam.choices import Filled
from topology.iam.documents import Effect, Statement
from topology.iam.permits import Principal
from topology.inference.channels import Channels
from topology.inference.default_buses import default_buses
from topology.inference.emissions import Emissions
from topology.inference.hubs import Hub, Hubs
from topology.inference.logged import Log
from topology.inference.permitted import PermittedWrite, name_of
from topology.inference.raised import raised
from topology.inference.recorded import Recorder
from topology.inference.requests import Requests
from topology.inference.roles import Roles
from topology.inference.rulings import Ruling, rule
from topology.inference.sessions import Session, Sessions
from topology.inference.trail import Trail
from topology.inference.trails import Trails
from topology.sets.events import EventSet
from topology.verdict import Hop

LONGEST = 200  # characters a sentence gives to what has to be chosen


@dataclass(frozen=True, slots=True)
class PermittedWrites:
    """Every permitted write, sorted by edge; the hubs by id; what could not be read."""

    writes: tuple[PermittedWrite, ...]
    gaps: tuple[Gap, ...]
    hubs: Mapping[str, Hub]


def permitted_writes(
    graph: Graph,
    writes: Sequence[Write] | None = None,
    emissions: Sequence[Emission] | None = None,
) -> PermittedWrites:
    """Join the actors of a graph with the events they may raise: writes, emissions, API calls.

    A role or policy that cannot be read may write anything: ``Unknown``, and a gap.
    """
    roles = Roles(graph)
    principal = cache(roles.principal)
    sessions = Sessions(graph)
    join = _Join(graph, catalog.writes() if writes is None else writes, principal)
    buses = default_buses(graph)
    told = Emissions(buses, catalog.emissions() if emissions is None else emissions, principal)
    trails = Trails(graph)
    trail, log = Trail(buses, principal, trails), Log(graph, trails)
    requests = Requests(graph)
    recorder = Recorder(graph, buses, principal)
    found = [
        _by(write, session, actor)
        for actor in graph.resources.values()
        for session in sessions.of(actor)
        for each in (join, told, trail, log, requests, recorder)
        for write in each.writes_of(actor, session)
    ]
    hubs: dict[str, Hub] = {**join.hubs.by_id(), **told.hubs}
    return PermittedWrites(
        writes=tuple(sorted(found, key=lambda each: each.edge)),
        gaps=tuple(sorted(roles.gaps | sessions.gaps | join.gaps)),
        hubs={name: hubs[name] for name in sorted(hubs)},
    )


def _by(write: PermittedWrite, session: Session, actor: Resource) -> PermittedWrite:
    """The write under a name of its own where another version of the actor has another role."""
    if session.role == actor.attributes.get("role") or "profile" in actor.attributes:
        return write
    label = f"{arns.name(session.role)}: {write.edge.label}"
    return replace(write, edge=replace(write.edge, label=label))


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
        keys = None if self.write.keyed is None else self.ruling.keys
        titles = self.ruling.titles
        attributes: dict[str, object] = {
            "actions": list(self.ruling.actions),
            "keys": "" if keys is None else str(keys),
            "statements": list(titles),
        }
        if variable:
            attributes["variable"] = variable
        edge = Edge(
            source=actor.arn,
            target=self.target,
            meaning=Meaning.WRITES,
            kind=f"iam.{self.write.on}.{self.write.name.replace(' ', '-')}",
            evidence=self.evidence,
            label="; ".join(titles),
            attributes=attributes,
        )
        return PermittedWrite(edge, self.hop, self.raised)


class _Join:
    def __init__(
        self, graph: Graph, writes: Sequence[Write], principal: Callable[[Session], Principal]
    ) -> None:
        self.hubs = Hubs()
        self._writes = writes
        shared = {place: Channels(*place, graph) for place in {(w.on, w.keyed) for w in writes}}
        self._channels = {write: shared[write.on, write.keyed] for write in writes}
        self._principal = principal
        self._about = cache(self._writes_about)
        self._granted = cache(self._grants)
        self._configured = cache(self._configured_grants)

    @property
    def gaps(self) -> set[Gap]:
        """What could not be read of the channels' own policies."""
        return set().union(*(each.gaps for each in self._channels.values()))

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """Every write of one actor in one of its sessions."""
        if session.calls == ():
            return
        variables: dict[str, list[str]] = {}
        for mention in actor.attributes.get("environment", ()):
            variables.setdefault(mention["names"], []).append(mention["variable"])
        for grant in self._granted(session):
            if grant.target not in variables:
                yield grant.to(actor)
        for arn, named in variables.items():
            for grant in self._configured(session, arn):
                yield grant.to(actor, ", ".join(sorted(named)))

    def _grants(self, session: Session) -> tuple[_Grant, ...]:
        principal = self._principal(session)
        allows = [(each, self._about(each.actions, each.not_actions)) for each in principal.allows]
        found = (
            (write, [allow for allow, writes in allows if number in writes])
            for number, write in enumerate(self._writes)
        )
        return tuple(
            grant
            for write, about in found
            if about or self._channels[write].policed
            for grant in self._grants_of(principal, write, about)
        )

    def _writes_about(self, actions: tuple[str, ...], not_actions: bool) -> frozenset[int]:
        """The numbers of the writes that a statement with these actions speaks of."""
        statement = Statement(Effect.ALLOW, actions, (), not_actions)
        return frozenset(
            number
            for number, write in enumerate(self._writes)
            if any(map(statement.is_about, write.actions))
        )

    def _configured_grants(self, session: Session, arn: str) -> tuple[_Grant, ...]:
        """What a role may do to a channel that an actor's environment names."""
        principal = self._principal(session)
        writes = [write for write in self._writes if arn in self._channels[write].settings]
        return tuple(
            grant
            for write in writes
            for grant in self._direct(principal, write, arn, Evidence.CONFIGURED)
        )

    def _grants_of(
        self, principal: Principal, write: Write, allows: Sequence[Statement]
    ) -> Iterator[_Grant]:
        """What a principal may do by some Allows of its own, and by policies of the channels."""
        channels = self._channels[write]
        parts = [channels.split(each) for each in allows]
        narrow = principal.with_allows(narrow for narrow, _ in parts if narrow)
        wide = principal.with_allows(wide for _, wide in parts if wide)
        picked, reached = (self._touched(write, each) for each in (narrow, wide))
        for arn in picked:
            yield from self._direct(narrow, write, arn, Evidence.PERMITTED)
        theirs = channels.policed & reached | channels.allowed_by_policy(principal)
        for arn in theirs - picked:
            yield from self._direct(principal, write, arn, Evidence.PERMITTED_ANY)
        if wide.allows:
            yield from self._through_hubs(wide, write, picked)

    def _touched(self, write: Write, principal: Principal) -> frozenset[str]:
        touched = self._channels[write].touched
        return frozenset().union(*map(touched, map(permits.widest, principal.allows)))

    def _direct(
        self, principal: Principal, write: Write, arn: str, evidence: Evidence
    ) -> Iterator[_Grant]:
        channels = self._channels[write]
        if ruling := rule(channels, principal, write, arn):
            hop = ruling.hop(name_of(principal), _deed(write, ruling, f"*{arns.name(arn)}*"))
            events = partial(raised, channels, write, arn, ruling)
            yield _Grant(write, arn, evidence, ruling, hop, events)

    def _through_hubs(
        self, principal: Principal, write: Write, picked: frozenset[str]
    ) -> Iterator[_Grant]:
        reach = self.hubs.reach(write, self._channels[write], principal)
        for arn in reach.denied - picked:
            yield from self._direct(principal, write, arn, Evidence.PERMITTED_ANY)
        for hub in reach.hubs:
            if ruling := hub.ruling(principal):
                where = f"any of {len(hub.channels)} channels named by `{hub.resource.name}`"
                hop = ruling.hop(name_of(principal), _deed(write, ruling, where))
                target, anything = hub.resource.arn, EventSet.anything
                yield _Grant(write, target, Evidence.PERMITTED_ANY, ruling, hop, anything)


def _deed(write: Write, ruling: Ruling, where: str) -> str:
    what = f"write `{ruling.keys}` in" if write.keyed else "write to"
    filled = " or ".join(map(_filled, (filled for filled, _ in ruling.reached)))
    where = f"{where} where {filled}" if filled else where
    return f"{what} {where} with {' or '.join(ruling.actions)}"


def _filled(filled: Filled) -> str:
    """What a caller has to choose: ``"`events:source` is "shop""``."""
    words = [f"`{key}` is {values.describe()}" for key, values in filled]
    return " and ".join(word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words)
