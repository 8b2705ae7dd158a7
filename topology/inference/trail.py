"""API calls that come back: CloudTrail tells the default bus what a role has called.

The event carries who called, so a rule may leave out the very function it starts. Every actor
has one edge to the bus of its Region, and one for services without a Region. Of a Region whose
trails were read it is also decided whether one of them logs the calls.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from topology import arn as arns
from topology.catalog.awslambda import FUNCTION
from topology.catalog.events import EVERY_EVENT
from topology.graph import GLOBAL, Edge, Evidence, Meaning, Resource
from topology.iam.permits import Principal
from topology.inference.api_calls import (
    ANY_CALL,
    DOMAIN,
    EVENT_NAME,
    EVENT_SOURCE,
    SOURCE,
    WITHOUT_REGION,
    ApiCall,
    Calls,
    calls_heard,
    is_foreign,
)
from topology.inference.calls import names_any, ruling_of
from topology.inference.default_buses import DefaultBus, heard
from topology.inference.permitted import PermittedWrite, name_of
from topology.inference.rulings import Ruling
from topology.inference.sessions import Session
from topology.inference.trails import Told, Trails
from topology.sets import strings
from topology.sets.events import MISSING, EventSet, Path
from topology.sets.strings import StringSet
from topology.verdict import Cannot, Hop, Unknown

KIND = "eb.cloudtrail"
SHOWN, LISTED = 3, 20  # actions that a sentence names, and that an edge lists
MOST_SERVICES = 64  # told apart in one set of events
NOT_READ = (
    "CloudTrail tells the bus *default* of it if a trail logs such calls; which trails there are "
    "was not read."
)
NOT_LOGGED = (
    "CloudTrail does not tell the bus *default* of it: no trail that is switched on logs such "
    "calls in this account and Region."
)
PERHAPS_LOGGED = (
    "CloudTrail tells the bus *default* of it if a trail logs such calls, which cannot be said of"
)
LOGGED = "CloudTrail tells the bus *default* of it, because they are logged by"

# Where calls of services without a Region are logged.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


@dataclass(frozen=True, slots=True)
class _Told:
    """A bus, and the calls that its rules hear of."""

    bus: DefaultBus
    calls: Calls


@dataclass(frozen=True, slots=True)
class _Grant:
    """The calls every actor of a role may make, of those that are heard."""

    bus: DefaultBus
    principal: Principal
    ruling: Ruling
    calls: tuple[ApiCall, ...]
    told: Told | None

    @property
    def hop(self) -> Hop:
        """The ruling as a sentence; no more certain than that a trail logs the calls."""
        actions = self.actions
        more = f" and {len(actions) - SHOWN} more" if len(actions) > SHOWN else ""
        deed = f"call {', '.join(actions[:SHOWN])}{more}"
        hop = self.ruling.hop(name_of(self.principal), deed)
        if isinstance(hop, Cannot):
            return hop
        if self.told is None:
            return Unknown(f"{hop.because} {NOT_READ}")
        names = ", ".join(f"*{name}*" for name in self.told.trails)
        if self.told.perhaps:
            return Unknown(f"{hop.because} {PERHAPS_LOGGED} {names}.")
        if self.told.surely:
            return replace(hop, because=f"{hop.because} {LOGGED} {names}.")
        return Cannot(f"{hop.because} {NOT_LOGGED}")

    @property
    def actions(self) -> list[str]:
        return sorted({call.action for call in self.calls})

    def to(self, actor: Resource) -> PermittedWrite:
        titles = list(self.ruling.titles)
        edge = Edge(
            source=actor.arn,
            target=self.bus.resource.arn,
            meaning=Meaning.WRITES,
            kind=KIND,
            evidence=Evidence.PERMITTED_ANY if names_any(self.ruling) else Evidence.PERMITTED,
            label="; ".join(titles),
            attributes={"actions": self.actions[:LISTED], "statements": titles},
        )
        return PermittedWrite(edge, self.hop, partial(self._events, actor))

    def _events(self, actor: Resource) -> EventSet:
        """The calls as events of the actor's own session, one alternative per service."""
        foreign = dict.fromkeys(filter(is_foreign, self.bus.asked), MISSING)
        fields = EventSet.scalars({**_session(actor, self.principal.arn), **foreign})
        session = self.bus.place & fields & ANY_CALL
        names: dict[str, set[str]] = {}
        for call in self.calls:
            names.setdefault(call.host, set()).add(call.name)
        if len(names) > MOST_SERVICES:
            return session
        told = EventSet()
        for host, called in names.items():
            known: dict[Path, StringSet] = {
                SOURCE: strings.literal(f"aws.{host}"),
                EVENT_SOURCE: strings.literal(f"{host}{DOMAIN}"),
                EVENT_NAME: strings.one_of(called),
            }
            told |= EventSet.scalars(known)
        return session & told


class Trail:
    """The calls that rules hear of, joined with the actors that may make them."""

    def __init__(
        self,
        buses: Iterable[DefaultBus],
        principal: Callable[[Session], Principal],
        trails: Trails,
    ) -> None:
        self._told: dict[tuple[str, str], _Told] = {}
        self._principal, self._trails = principal, trails
        self._granted: dict[tuple[Session, str], _Grant | None] = {}
        for bus in buses:
            account, region = bus.at
            calls = _calls(bus)
            roaming = {call for call in calls if call.host in WITHOUT_REGION}
            is_home = region == HOME.get(arns.parse(bus.resource.arn).partition)
            self._told[account, region] = _Told(bus, Calls(calls if is_home else calls - roaming))
            if is_home:
                self._told[account, GLOBAL] = _Told(bus, Calls(roaming))

    def listening(self, account: str, region: str) -> tuple[str, ...]:
        """Where the actors of a place may be heard, whatever their permissions say."""
        told = (self._told.get((account, place)) for place in (region, GLOBAL))
        return tuple(each.bus.resource.arn for each in told if each and each.calls.by_action)

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """The calls an actor may make that come back as events."""
        grants = [self._granted_in(place, session) for place in (actor.region, GLOBAL)]
        by_bus = {grant.bus.resource.arn: grant for grant in reversed(grants) if grant}
        for grant in by_bus.values():
            yield grant.to(actor)

    def _granted_in(self, region: str, session: Session) -> _Grant | None:
        key = (session, region)
        if key not in self._granted:
            self._granted[key] = self._grant(session, region)
        return self._granted[key]

    def _grant(self, session: Session, region: str) -> _Grant | None:
        told = self._told.get((session.account, region))
        if told is None or not told.calls.by_action:
            return None
        principal = self._principal(session.told)
        ceilings = (each for ceiling in principal.ceilings for each in ceiling)
        groups = {
            min(group): group for group in told.calls.groups((*principal.identity, *ceilings))
        }
        ruling = ruling_of(principal, sorted(groups), told.bus.resource)
        if ruling is None:
            return None
        actions = {action for example in ruling.actions for action in groups[example]}
        calls = sorted(call for action in actions for call in told.calls.by_action[action])
        logged = (
            self._trails.logged(*told.bus.at, calls) if self._trails.read(*told.bus.at) else None
        )
        if logged and (logged.surely or logged.perhaps):
            calls = sorted((*logged.surely, *logged.perhaps))
        return _Grant(told.bus, principal, ruling, tuple(calls), logged)


def _calls(bus: DefaultBus) -> frozenset[ApiCall]:
    """The calls that one of its rules hears."""
    return frozenset[ApiCall]().union(
        *(
            calls_heard(bus.place & heard(rule), rule.attributes.get("state") == EVERY_EVENT)
            for rule in bus.rules
        )
    )


def _session(actor: Resource, role: str) -> dict[Path, StringSet]:
    """Who calls: a role's session, which for a function has the function's name.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    name = role.rpartition("/")[2]
    sessions = f"arn:{role.split(':')[1]}:sts::{actor.account}:assumed-role/{name}/"
    is_function = actor.kind == FUNCTION
    known = {
        "type": strings.literal("AssumedRole"),
        "accountId": strings.literal(actor.account),
        "arn": strings.literal(sessions + actor.name) if is_function else strings.prefix(sessions),
        "principalId": strings.suffix(f":{actor.name}" if is_function else ""),
        "sessionContext.sessionIssuer.type": strings.literal("Role"),
        "sessionContext.sessionIssuer.arn": strings.literal(role),
        "sessionContext.sessionIssuer.accountId": strings.literal(actor.account),
        "sessionContext.sessionIssuer.userName": strings.literal(name),
    }
    return {("detail", "userIdentity", *path.split(".")): text for path, text in known.items()}
