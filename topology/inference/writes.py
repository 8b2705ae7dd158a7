"""Who may write where: every actor's role joined with every channel its policies reach.

A grant on a named channel is an edge. A grant on any channel goes through one hub per account
and set of statements, so that edges grow with the statements and not with actors × channels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

from topology import arn as arns
from topology import catalog
from topology.catalog.service import Emission, Write
from topology.graph import Gap, Graph, Resource
from topology.iam.permits import Principal
from topology.inference.coded import with_coded
from topology.inference.default_buses import default_buses
from topology.inference.emissions import Emissions
from topology.inference.grants import Grants
from topology.inference.hubs import Hub, Hubs
from topology.inference.logged import Log
from topology.inference.observed import seen_by, with_observed
from topology.inference.permitted import PermittedWrite
from topology.inference.reaches import Reached, Reaches
from topology.inference.recorded import Recorder
from topology.inference.requests import Requests
from topology.inference.roles import Roles
from topology.inference.sessions import Session, Sessions
from topology.inference.trail import Trail
from topology.inference.trails import Trails
from topology.inference.writable import Writable

KEPT = 4096  # principals


@dataclass(frozen=True)
class PermittedWrites:
    """Every permitted write, sorted by edge; the hubs by id; what could not be read."""

    writes: tuple[PermittedWrite, ...]
    gaps: tuple[Gap, ...]
    hubs: Mapping[str, Hub]

    @cached_property
    def by_source(self) -> Mapping[str, Sequence[PermittedWrite]]:
        """The writes of every actor, sorted."""
        found: dict[str, list[PermittedWrite]] = {}
        for write in self.writes:
            found.setdefault(write.edge.source, []).append(write)
        return found


class WritesOnDemand(PermittedWrites):
    """Every permitted write, judged when somebody asks for them all.

    The channels, hubs and policies that were looked at before are not looked at again.
    """

    def __init__(self, permissions: Permissions) -> None:
        self.__dict__["_permissions"] = permissions

    @cached_property
    def _all(self) -> PermittedWrites:
        return self.__dict__.pop("_permissions").judged()  # type: ignore[no-any-return]

    @property
    def writes(self) -> tuple[PermittedWrite, ...]:
        """Every permitted write, sorted by edge."""
        return self._all.writes

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read."""
        return self._all.gaps

    @property
    def hubs(self) -> Mapping[str, Hub]:
        """The hubs by id."""
        return self._all.hubs


def permitted_writes(
    graph: Graph,
    writes: Sequence[Write] | None = None,
    emissions: Sequence[Emission] | None = None,
) -> PermittedWrites:
    """Join the actors of a graph with the events they may raise: writes, emissions, API calls.

    A role or policy that cannot be read may write anything: ``Unknown``, and a gap.
    """
    return Permissions(graph, writes, emissions).judged()


class Permissions:
    """The permissions of one graph, judged as far as somebody asks."""

    def __init__(
        self,
        graph: Graph,
        writes: Sequence[Write] | None = None,
        emissions: Sequence[Emission] | None = None,
    ) -> None:
        self._graph = graph
        self._roles = Roles(graph)
        self._principal = lru_cache(maxsize=KEPT)(self._roles.principal)
        self._sessions = Sessions(graph)
        self._writable = Writable(catalog.writes() if writes is None else writes, graph)
        self._hubs = Hubs()
        buses = default_buses(graph)
        emissions = catalog.emissions() if emissions is None else emissions
        self._told = Emissions(buses, emissions, self._principal)
        trails = Trails(graph)
        self._trail, self._log = Trail(buses, self._principal, trails), Log(graph, trails)
        self._requests = Requests(graph)
        self._recorder = Recorder(graph, buses, self._principal)
        self._listening: dict[tuple[str, str], tuple[str, ...]] = {}

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read of the roles and policies that were looked at."""
        return tuple(sorted(self._roles.gaps | self._sessions.gaps | self._writable.gaps))

    def ways(self) -> Iterator[tuple[str, Iterable[str]]]:
        """At least every way that permissions give an event, without judging them.

        From whom, and where to. Between the two may be names of this generator's own: what many
        share goes through one of them. What is put on a bus may lead to a ``part_of`` it: events
        of one source. Looks at every role once, and keeps none.
        """
        reaches = Reaches(self._writable)
        shared: dict[str, frozenset[str]] = {}
        told: set[Session] = set()
        for actor in self._sessions.actors:
            for session in self._sessions.of(actor):
                name = f"session {session.role} {session.account} {session.calls}"
                if session not in told:
                    told.add(session)
                    direct, through = self._reached(reaches, session)
                    shared |= through
                    yield name, (*direct, *through)
                yield actor.arn, (name, *self._unpermitted(actor, session))
        yield from shared.items()
        for resource in self._graph.resources.values():
            if "observed" in resource.attributes:
                yield resource.arn, seen_by(self._graph, resource)

    def _reached(self, reaches: Reaches, session: Session) -> Reached:
        """At least every channel that a session may write to."""
        role, account = session.role, session.account
        given = self._roles.given(role, account)
        managed = [self._roles.managed(policy, account) for policy in given.managed]
        if session.calls == ():
            return Reached(set(), {})
        direct, through = reaches.of(given.own, account)
        for statements in managed:
            more = reaches.of_shared(statements, account)
            direct |= more.direct
            through |= more.through
        direct.update(reaches.by_policies_of_channels(Principal(role, account, ())))
        return Reached(direct, through)

    def _unpermitted(self, actor: Resource, session: Session) -> Iterator[str]:
        """Where an actor's events may arrive whatever its permissions say of the channel."""
        for apart in (self._log, self._requests):
            for write in apart.writes_of(actor, session):
                yield write.edge.target
        place = (actor.account, actor.region)
        if place not in self._listening:
            of_place = (
                told.listening(*place) for told in (self._told, self._trail, self._recorder)
            )
            self._listening[place] = tuple(chain.from_iterable(of_place))
        yield from self._listening[place]

    def judged(self, inside: Set[str] | None = None) -> PermittedWrites:
        """The writes from and to some resources, or all; the gaps of whatever was looked at."""
        resources = self._graph.resources
        actors = (
            self._sessions.actors
            if inside is None
            else [resources[name] for name in sorted(inside & resources.keys())]
        )
        each_of = (
            Grants(self._writable, self._hubs, self._principal, inside),
            self._told,
            self._trail,
            self._log,
            self._requests,
            self._recorder,
        )
        found = [
            _by(write, session, actor)
            for actor in actors
            for session in self._sessions.of(actor)
            for each in each_of
            for write in each.writes_of(actor, session)
        ]
        hubs: dict[str, Hub] = {**self._hubs.by_id(), **self._told.hubs}
        found = list(with_coded(found, self._graph, hubs))
        found = list(with_observed(found, self._graph, hubs, inside))
        return PermittedWrites(
            writes=tuple(sorted(found, key=lambda each: each.edge.order)),
            gaps=self.gaps,
            hubs={name: hubs[name] for name in sorted(hubs)},
        )


def _by(write: PermittedWrite, session: Session, actor: Resource) -> PermittedWrite:
    """The write under a name of its own where another version of the actor has another role."""
    if session.role == actor.attributes.get("role") or "profile" in actor.attributes:
        return write
    label = f"{arns.name(session.role)}: {write.edge.label}"
    return replace(write, edge=replace(write.edge, label=label))
