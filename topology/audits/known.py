"""What rules look things up in: one analysis by kind and by end, and what of it was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from topology import arn as arns
from topology.analysis import Analysis, Loop
from topology.analysis.deliveries import SYNCHRONOUS
from topology.analysis.guarded import ProtectionGap, protection_gaps
from topology.analysis.storms import QUEUES, Storm, storms
from topology.analysis.storms import Finding as StormFinding
from topology.catalog.awslambda import FUNCTION
from topology.catalog.cloudwatch import ALARM
from topology.graph import OUTSIDE, Edge, Evidence, Gap, Graph, Meaning, Read, ReadStatus, Resource
from topology.verdict import HARMLESS

# Kinds of edges that start a function without its caller waiting for it.
NO_EVENT_OF_ITS_OWN = ("lambda.resource_policy", "iam.")


@dataclass(frozen=True)
class Known:
    """An analysis and the coverage it rests on; everything is worked out once, when asked for."""

    analysis: Analysis
    reads: Sequence[Read] = ()
    gaps: Sequence[Gap] = ()

    @property
    def graph(self) -> Graph:
        """The moment that was analysed."""
        return self.analysis.graph

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Resources by ARN."""
        return self.graph.resources

    def of_kind(self, kind: str) -> Iterator[Resource]:
        """The resources of a kind that were read, sorted."""
        return iter(self.graph.of_kind.get(kind, ()))

    @cached_property
    def live(self) -> Mapping[str, Sequence[Edge]]:
        """Declared edges that are switched on, by kind."""
        found: dict[str, list[Edge]] = {}
        for edge in self.graph.edges:
            if not edge.dormant and edge.evidence is Evidence.DECLARED:
                found.setdefault(edge.kind, []).append(edge)
        return found

    def edges(self, *beginnings: str) -> Iterator[Edge]:
        """Live edges whose kind begins so, by kind and then sorted."""
        for kind in sorted(self.live):
            if kind.startswith(beginnings):
                yield from self.live[kind]

    @cached_property
    def arriving(self) -> Mapping[str, Sequence[Edge]]:
        """Live edges by target."""
        return self._by_end(lambda edge: edge.target)

    @cached_property
    def leaving(self) -> Mapping[str, Sequence[Edge]]:
        """Live edges by source."""
        return self._by_end(lambda edge: edge.source)

    def _by_end(self, end: Callable[[Edge], str]) -> Mapping[str, Sequence[Edge]]:
        found: dict[str, list[Edge]] = {}
        for edges in self.live.values():
            for edge in edges:
                found.setdefault(end(edge), []).append(edge)
        return found

    def starts(self, function: str) -> Iterator[Edge]:
        """What starts a function by an event: not its callers, of whom only a policy tells."""
        for edge in self.arriving.get(function, ()):
            is_event = edge.meaning in (Meaning.TRIGGERS, Meaning.ON_FAILURE)
            if is_event and not edge.kind.startswith(NO_EVENT_OF_ITS_OWN):
                yield edge

    @cached_property
    def started(self) -> Sequence[Resource]:
        """Functions that some event starts, sorted."""
        return [each for each in self.of_kind(FUNCTION) if any(self.starts(each.arn))]

    @cached_property
    def storms(self) -> Mapping[tuple[Storm, str, str], StormFinding]:
        """What the analysis of retries found, by kind, subject and edge."""
        found = storms(self.graph, self.gaps)
        return {(each.kind, each.subject, each.edge): each for each in found}

    @cached_property
    def _heard(self) -> dict[str, bool]:
        return {}

    def is_heard(self, target: str) -> bool:
        """Whether an event put there goes on: from a channel, or from any channel of a hub."""
        if target not in self._heard:
            hub = self.analysis.writes.hubs.get(target)
            channels = (target,) if hub is None else hub.channels
            self._heard[target] = any(map(self._goes_on, channels))
        return self._heard[target]

    def _goes_on(self, channel: str) -> bool:
        on = (Meaning.TRIGGERS, Meaning.FORWARDS)
        return any(edge.meaning in on for edge in self.leaving.get(channel, ()))

    @cached_property
    def _watched(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The alarms on each metric of each resource."""
        found: dict[tuple[str, str], list[str]] = {}
        for edge in self.live.get("cw.metric", ()):
            if self.resources[edge.target].kind == ALARM:
                found.setdefault((edge.source, edge.label), []).append(edge.target)
        return found

    def alarms(self, arn: str, metric: str) -> Sequence[str]:
        """The alarms on a metric that a service measures of a resource, sorted."""
        return self._watched.get((arn, metric), ())

    @cached_property
    def _everyones(self) -> Mapping[tuple[str, str, str], Sequence[str]]:
        found: dict[tuple[str, str, str], list[str]] = {}
        for alarm in self.of_kind(ALARM):
            for metric in alarm.attributes.get("of_everyone") or ():
                found.setdefault((alarm.account, alarm.region, metric), []).append(alarm.arn)
        return found

    def alarms_of_everyone(self, resource: Resource, metric: str) -> Sequence[str]:
        """The alarms on a metric of all resources of a service: ``AWS/Lambda Errors``."""
        return self._everyones.get((resource.account, resource.region, metric), ())

    @cached_property
    def _queried(self) -> Set[tuple[str, str]]:
        return {
            (alarm.account, alarm.region)
            for edge in self.live.get("cw.metric", ())
            if edge.source.endswith(":metric/any")
            and (alarm := self.resources[edge.target]).kind == ALARM
        }

    def alarms_by_query(self, resource: Resource) -> bool:
        """Whether an alarm of its account and region finds its metrics by a query."""
        return (resource.account, resource.region) in self._queried

    @cached_property
    def dangerous(self) -> Sequence[Loop]:
        """Loops that nothing stops and nobody accepted, by rank."""
        return [loop for loop in self.analysis.loops if loop.verdict not in HARMLESS]

    @cached_property
    def loops(self) -> Mapping[str, Loop]:
        """Every listed loop by fingerprint."""
        return {loop.fingerprint: loop for loop in self.analysis.loops}

    @cached_property
    def protection_gaps(self) -> Mapping[str, ProtectionGap]:
        """What AWS's guard would not stop, by the ARN of a function or a loop's fingerprint."""
        found = protection_gaps(self.analysis.loops, self.resources)
        return {
            each.subject if each.subject in self.resources else each.loops[0]: each
            for each in found
        }

    @cached_property
    def guarded(self) -> Sequence[str]:
        """Functions whose guard was read, and loops that nothing stops, sorted."""
        functions = {f.arn for f in self.of_kind(FUNCTION) if "recursive_loop" in f.attributes}
        return sorted(functions | {loop.fingerprint for loop in self.dangerous})

    def written(self, actor: str) -> Iterator[Edge]:
        """Where an actor writes, as far as its code or its environment says so, or it was seen."""
        for write in self.analysis.writes.by_source.get(actor, ()):
            if write.edge.evidence.strength <= Evidence.CONFIGURED.strength:
                yield write.edge

    @cached_property
    def in_danger(self) -> Set[str]:
        """The resources on loops that nothing stops."""
        return {hop.edge.source for loop in self.dangerous for hop in loop.hops}

    @cached_property
    def _status(self) -> Mapping[tuple[str, str, str], ReadStatus]:
        return {(read.account, read.region, read.call): read.status for read in self.reads}

    @cached_property
    def _missed(self) -> Mapping[tuple[str, str, str], Mapping[str, str]]:
        """The codes of gaps by place and call, by what was asked for; "" is the whole call."""
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for gap in self.gaps:
            found.setdefault((gap.account, gap.region, gap.call), {})[gap.resource] = gap.code
        return found

    @cached_property
    def _named(self) -> Mapping[str, Gap]:
        return {gap.resource: gap for gap in self.gaps if gap.resource}

    def doubted(self, edge: Edge) -> str:
        """Why nobody may judge an edge: a gap names one of its ends; empty where none does."""
        gap = self._named.get(edge.source) or self._named.get(edge.target)
        return f"`{gap.call}` failed with {gap.code}" if gap else ""

    def missed(self, call: str) -> Counter[str]:
        """What of a call was not read anywhere, by reason: each hides at least one subject."""
        failed = {place: by for place, by in self._missed.items() if place[2] == call}
        found = Counter(
            f"`{call}` failed with {code}" for by in failed.values() for code in by.values()
        )
        unread = sum(
            status is not ReadStatus.COMPLETE
            for place, status in self._status.items()
            if place[2] == call and place not in failed
        )
        return found + Counter({f"`{call}` was not read": unread})

    def unread(self, resource: Resource, call: str) -> str:
        """Why a call tells nothing of a resource, in words; empty where it was read."""
        if resource.kind == OUTSIDE:
            return "it is in no account that was read"
        return self.unread_at(
            resource.account, resource.region, call, (resource.arn, resource.name)
        )

    def unread_at(self, account: str, region: str, call: str, names: Iterable[str] = ()) -> str:
        """The same of an account and region; ``names`` are what a gap may call the subject."""
        place = (account, region, call)
        missed = self._missed.get(place, {})
        for name in ("", *names):
            if name in missed:
                return f"`{call}` failed with {missed[name]}"
        status = self._status.get(place, ReadStatus.NOT_READ)
        return f"`{call}` was not read" if status is ReadStatus.NOT_READ else ""


def named(arn: str) -> str:
    """What a sentence calls the resource of an ARN where nothing else is known."""
    return arns.name(arn) if arns.is_arn(arn) else arn


def is_synchronous(edge: Edge) -> bool:
    """Whether the caller waits for the function, and tries again only if it wants to."""
    return edge.kind.startswith(SYNCHRONOUS)


def is_asynchronous(edge: Edge) -> bool:
    """Whether Lambda itself keeps the event, and runs the function again when it fails."""
    return not edge.kind.startswith((*SYNCHRONOUS, "esm.", "lambda.", "firehose.", *QUEUES))
