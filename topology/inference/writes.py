"""Who may write where: every actor's role joined with every channel its policies reach.

A grant on a named channel is an edge. A grant on any channel goes through one hub per account
and set of statements, so that edges grow with the statements and not with actors × channels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial

from topology import arn as arns
from topology import catalog
from topology.catalog.service import Emission, Write
from topology.graph import Edge, Evidence, Gap, Graph, Meaning, Resource
from topology.iam import permits
from topology.iam.choices import Filled, choices
from topology.iam.conditions import Truth, decide
from topology.iam.documents import Condition, Effect, Statement
from topology.iam.permits import Principal
from topology.inference.channels import Channels, all_of
from topology.inference.coded import with_coded
from topology.inference.default_buses import default_buses
from topology.inference.emissions import Emissions
from topology.inference.hubs import Hub, Hubs
from topology.inference.listeners import OTHERS, part_of
from topology.inference.logged import Log
from topology.inference.observed import seen_by, with_observed
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
from topology.sets.expressions import Texts
from topology.verdict import Hop

FEW = 3  # channels a pattern names that are not worth a name of their own
KEPT = 4096  # principals
SOURCE = ("source",)  # where an event says who sent it
LONGEST = 200  # characters a sentence gives to what has to be chosen


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
    """Every permitted write of a graph, worked out when somebody asks for them all."""

    def __init__(self, graph: Graph) -> None:
        self.__dict__["_graph"] = graph

    @cached_property
    def _all(self) -> PermittedWrites:
        return permitted_writes(self.__dict__["_graph"])

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
        principal = lru_cache(maxsize=KEPT)(self._roles.principal)
        self._sessions = Sessions(graph)
        writes = catalog.writes() if writes is None else writes
        self._join = _Join(graph, writes, principal)
        buses = default_buses(graph)
        emissions = catalog.emissions() if emissions is None else emissions
        self._told = Emissions(buses, emissions, principal)
        trails = Trails(graph)
        self._trail, self._log = Trail(buses, principal, trails), Log(graph, trails)
        self._requests = Requests(graph)
        self._recorder = Recorder(graph, buses, principal)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read of the roles and policies that were looked at."""
        return tuple(sorted(self._roles.gaps | self._sessions.gaps | self._join.gaps))

    def ways(self) -> Iterator[tuple[str, Iterable[str]]]:
        """At least every way that permissions give an event, without judging them.

        From whom, and where to. Between the two may be names of this generator's own: what many
        share goes through one of them. What is put on a bus may lead to a ``part_of`` it: events
        of one source. Looks at every role once, and keeps none.
        """
        seen: set[Session] = set()
        shared: set[str] = set()
        for actor in self._graph.resources.values():
            for session in self._sessions.of(actor):
                name = f"session {session.role} {session.account} {session.calls}"
                if session not in seen:
                    seen.add(session)
                    principal = self._roles.principal(session)
                    direct, through = self._join.reach(session, principal)
                    for each, targets in through.items():
                        if each not in shared:
                            shared.add(each)
                            yield each, targets
                    yield name, (*direct, *through)
                yield actor.arn, (name,)
                for apart in (self._log, self._requests):
                    yield actor.arn, (each.edge.target for each in apart.writes_of(actor, session))
                for told in (self._told, self._trail, self._recorder):
                    yield actor.arn, told.listening(actor)
            yield actor.arn, seen_by(self._graph, actor)

    def judged(self, inside: Set[str] | None = None) -> PermittedWrites:
        """The writes from and to some resources, or all; the gaps of whatever was looked at."""
        self._join.ask(inside)
        resources = self._graph.resources
        actors = (
            resources.values()
            if inside is None
            else [resources[name] for name in sorted(inside & resources.keys())]
        )
        each_of = (
            self._join,
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
        hubs: dict[str, Hub] = {**self._join.hubs.by_id(), **self._told.hubs}
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
        self._about_channels = cache(self._channels_about)
        self._narrowed: dict[tuple[int, tuple[Condition, ...]], frozenset[str] | None] = {}
        self.ask(None)

    def ask(self, inside: Set[str] | None) -> None:
        """Judge from now on only what leads to some of the resources; None: to any."""
        self._inside = inside
        self._asked = [
            (number, write)
            for number, write in enumerate(self._writes)
            if inside is None or not inside.isdisjoint(self._channels[write].all)
        ]
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
            if mention.get("direction") != "reads":  # it names where something comes from
                variables.setdefault(mention["names"], []).append(mention["variable"])
        for grant in self._granted(session):
            if grant.target not in variables:
                yield grant.to(actor)
        for arn, named in variables.items():
            for grant in self._configured(session, arn):
                yield grant.to(actor, ", ".join(sorted(named)))

    def reach(
        self, session: Session, principal: Principal
    ) -> tuple[set[str], dict[str, frozenset[str]]]:
        """At least every channel a principal may write to: some directly, others by a name.

        Who is allowed nothing by its own policies and those of the channels may not write; what
        narrows them is not asked, but for the source of what is put on a bus.
        """
        direct: set[str] = set()
        through: dict[str, frozenset[str]] = {}
        if session.calls == ():
            return direct, through
        account = principal.account
        for allow in principal.allows:
            for number, channels in self._about_channels(allow.actions, allow.not_actions):
                if allow.not_resources:
                    patterns = "\n".join(allow.resources)
                    name = f"reach {account} {number} not {patterns}"
                    through[name] = channels.beside(allow.resources, account)
                    continue
                sources = self._sources(channels, allow.conditions) if allow.conditions else None
                for pattern in allow.resources:
                    found = channels.may_reach(pattern, account)
                    if len(found) <= FEW:
                        direct |= found if sources is None else _parts_of(found, sources)
                    else:
                        through[f"reach {account} {number} {pattern}"] = found
        for channels in self._policed:
            direct |= channels.allowed_by_policy(principal)
        return direct, through

    def _channels_about(
        self, actions: tuple[str, ...], not_actions: bool
    ) -> tuple[tuple[int, Channels], ...]:
        """The channels that a statement with these actions speaks of, each once and numbered."""
        about = self._about(actions, not_actions)
        found = {id(each): each for each in (self._channels[self._writes[n]] for n in about)}
        return tuple(sorted(found.items()))

    def _sources(
        self, channels: Channels, conditions: tuple[Condition, ...]
    ) -> frozenset[str] | None:
        """The few sources that conditions leave to events on a bus; None: any."""
        key = (id(channels), conditions)
        if key not in self._narrowed:
            writes = [write for write in self._writes if self._channels[write] is channels]
            named = [_sources_of(write, conditions) for write in writes]
            known = [each for each in named if each is not None]
            self._narrowed[key] = all_of(known) if len(known) == len(named) else None
        return self._narrowed[key]

    @cached_property
    def _policed(self) -> list[Channels]:
        """The channels of which a policy of their own speaks of roles, each once."""
        each_once = {id(each): each for each in self._channels.values()}
        return [each for each in each_once.values() if each.policed]

    def _is_asked(self, targets: Iterable[str]) -> bool:
        return self._inside is None or not self._inside.isdisjoint(targets)

    def _grants(self, session: Session) -> tuple[_Grant, ...]:
        principal = self._principal(session)
        allows = [(each, self._about(each.actions, each.not_actions)) for each in principal.allows]
        named = frozenset[int]().union(*(writes for _, writes in allows))
        found = (
            (write, [allow for allow, writes in allows if number in writes])
            for number, write in self._asked
            if number in named or self._channels[write].policed
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
        if not self._is_asked((arn,)):
            return ()
        principal = self._principal(session)
        writes = [write for _, write in self._asked if arn in self._channels[write].settings]
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
        picked = self._touched(write, narrow)
        for arn in picked:
            yield from self._direct(narrow, write, arn, Evidence.PERMITTED)
        if channels.policed:
            reached = self._touched(write, wide)
            theirs = channels.policed & reached | channels.allowed_by_policy(principal)
            for arn in theirs - picked:
                yield from self._direct(principal, write, arn, Evidence.PERMITTED_ANY)
        if wide.allows:
            yield from self._through_hubs(wide, write, picked)

    def _touched(self, write: Write, principal: Principal) -> frozenset[str]:
        touched = self._channels[write].touched
        return all_of(map(touched, map(permits.widest, principal.allows)))

    def _direct(
        self, principal: Principal, write: Write, arn: str, evidence: Evidence
    ) -> Iterator[_Grant]:
        channels = self._channels[write]
        if not self._is_asked((arn,)):
            return
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
            if self._is_asked(hub.channels) and (ruling := hub.ruling(principal)):
                where = f"any of {len(hub.channels)} channels named by `{hub.resource.name}`"
                hop = ruling.hop(name_of(principal), _deed(write, ruling, where))
                target, anything = hub.resource.arn, EventSet.anything
                yield _Grant(write, target, Evidence.PERMITTED_ANY, ruling, hop, anything)


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


def _deed(write: Write, ruling: Ruling, where: str) -> str:
    what = f"write `{ruling.keys}` in" if write.keyed else "write to"
    filled = " or ".join(map(_filled, (filled for filled, _ in ruling.reached)))
    where = f"{where} where {filled}" if filled else where
    return f"{what} {where} with {' or '.join(ruling.actions)}"


def _filled(filled: Filled) -> str:
    """What a caller has to choose: ``"`events:source` is "shop""``."""
    words = [f"`{key}` is {values.describe()}" for key, values in filled]
    return " and ".join(word if len(word) <= LONGEST else f"{word[:LONGEST]}…" for word in words)
