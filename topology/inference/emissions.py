"""What services tell the default bus of what a role does: ``StartBuild`` raises a state change.

IAM compares such an action with the service's own resources, never with the bus. A grant on any
resource goes through one hub per bus and set of emissions, so that edges grow with the actors.

Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from topology import arn as arns
from topology.catalog.service import Emission
from topology.graph import Edge, Evidence, Meaning, Resource
from topology.iam.permits import Principal
from topology.inference.calls import names_any, ruling_of
from topology.inference.default_buses import DefaultBus, Ear
from topology.inference.hubs import KIND as HUB
from topology.inference.permitted import PermittedWrite, name_of
from topology.inference.rulings import Outcome, Ruling, is_empty
from topology.inference.sessions import Session
from topology.sets import strings
from topology.sets.events import EventSet

KIND = "eb.default_bus.aws_service"
KEPT = 1024  # sets of rules


@dataclass(frozen=True)
class EmissionHub:
    """Emissions that several actors raise by grants on any resource."""

    resource: Resource
    emissions: tuple[Emission, ...]
    bus: DefaultBus

    @property
    def channels(self) -> tuple[str, ...]:
        """The bus."""
        return (self.bus.resource.arn,)

    def events_of(self, arn: str) -> EventSet:
        """Every event of the emissions."""
        return self.bus.place & reduce(or_, (each.raises for each in self.emissions))


@dataclass(frozen=True, slots=True)
class _Grant:
    """What every actor of a role may raise on its bus; where ``hub`` is given, through it."""

    emissions: tuple[Emission, ...]
    ruling: Ruling
    principal: Principal
    bus: DefaultBus
    hub: EmissionHub | None = None

    def to(self, actor: Resource) -> PermittedWrite:
        told = ", ".join(_name(each) for each in self.emissions)
        titles, actions = self.ruling.titles, self.ruling.actions
        edge = Edge(
            source=actor.arn,
            target=self.hub.resource.arn if self.hub else self.bus.resource.arn,
            meaning=Meaning.WRITES,
            kind=KIND,
            evidence=Evidence.PERMITTED_ANY if names_any(self.ruling) else Evidence.PERMITTED,
            label="; ".join((told, *titles)),
            attributes={"actions": list(actions), "statements": list(titles)},
        )
        deed = f"call {' or '.join(actions)}, of which AWS tells the bus *default*"
        hop = self.ruling.hop(name_of(self.principal), deed)
        return PermittedWrite(edge, hop, EventSet.anything if self.hub else self._events)

    def _events(self) -> EventSet:
        """The events of one emission, about the resources that the role may name."""
        (emission,) = self.emissions
        place, service = self.bus.resource, emission.actions[0].partition(":")[0]
        partition = arns.parse(place.arn).partition
        head = f"arn:{partition}:{service}:{place.region}:{place.account}:"
        keys = self.ruling.keys
        known = {
            emission.name_at: strings.union(keys.after(head + of) for of in emission.of),
            emission.arn_at: keys & strings.union(strings.prefix(head + of) for of in emission.of),
        }
        fields = {path: names for path, names in known.items() if path and not is_empty(names)}
        return self.bus.place & emission.raises & EventSet.scalars(fields)


class Emissions:
    """The emissions that a rule may hear, joined with the actors that may cause them."""

    def __init__(
        self,
        buses: Iterable[DefaultBus],
        emissions: Sequence[Emission],
        principal: Callable[[Session], Principal],
    ) -> None:
        self.hubs: dict[str, EmissionHub] = {}
        self._buses = {bus.at: bus for bus in buses}
        self._emissions = tuple(emissions)
        self._principal = principal
        self._granted: dict[tuple[Session, str], tuple[_Grant, ...]] = {}

    def listening(self, account: str, region: str) -> tuple[str, ...]:
        """Where the actors of a place may be heard, whatever their permissions say."""
        bus = self._buses.get((account, region))
        return (bus.resource.arn,) if bus else ()

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """What an actor may raise on the default bus of its account and Region."""
        if (actor.account, actor.region) in self._buses:
            key = (session, actor.region)
            if key not in self._granted:
                self._granted[key] = self._grants(*key)
            for grant in self._granted[key]:
                yield grant.to(actor)

    def _grants(self, session: Session, region: str) -> tuple[_Grant, ...]:
        bus = self._buses[session.account, region]
        principal = self._principal(session.told)
        direct: list[_Grant] = []
        shared: dict[Outcome, list[_Grant]] = {}
        for emission in _heard(self._emissions, bus.ear, bus.declared):
            if ruling := ruling_of(principal, emission.actions, bus.resource):
                grant = _Grant((emission,), ruling, principal, bus)
                through_hub = names_any(ruling) and not ruling.denies
                (shared.setdefault(ruling.outcome, []) if through_hub else direct).append(grant)
        return (*direct, *map(self._joined, shared.values()))

    def _joined(self, grants: Sequence[_Grant]) -> _Grant:
        """Grants of one outcome as one grant on a hub."""
        emissions = tuple(emission for grant in grants for emission in grant.emissions)
        rulings = [grant.ruling for grant in grants]
        ruling = Ruling(
            rulings[0].outcome,
            tuple(sorted({action for each in rulings for action in each.actions})),
            reached=(),
            allows=tuple(dict.fromkeys(one for each in rulings for one in each.allows)),
            denies=(),
            doubts=tuple(dict.fromkeys(one for each in rulings for one in each.doubts)),
        )
        hub = self._hub(ruling.outcome, emissions, grants[0].bus)
        return _Grant(emissions, ruling, grants[0].principal, hub.bus, hub)

    def _hub(
        self, outcome: Outcome, emissions: tuple[Emission, ...], bus: DefaultBus
    ) -> EmissionHub:
        names = sorted(map(_name, emissions))
        identity = "\n".join((bus.resource.arn, outcome, *names))
        account, region = bus.resource.account, bus.resource.region
        resource = Resource(
            arn=f"hub:{account}:{hashlib.sha256(identity.encode()).hexdigest()[:16]}",
            kind=HUB,
            account=account,
            region=region,
            name=" or ".join(names),
        )
        return self.hubs.setdefault(resource.arn, EmissionHub(resource, emissions, bus))


@lru_cache(maxsize=KEPT)
def _heard(
    emissions: tuple[Emission, ...], ear: Ear, declared: frozenset[str]
) -> tuple[Emission, ...]:
    """What may be heard, of what is not declared to arrive there anyway."""
    return tuple(e for e in emissions if e.unless not in declared and ear.may_hear(e.raises))


def _name(emission: Emission) -> str:
    return f"{emission.source} {emission.name}"
