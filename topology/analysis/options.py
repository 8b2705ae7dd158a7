"""What could be changed about a hop so that it delivers no more, as changes of a graph."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from topology import filters
from topology.analysis import narrowing
from topology.analysis.changes import Forbid, Refilter, Retarget, Separate, SwitchOff
from topology.analysis.levers import NATURE, OUTLETS, POLLED_BEFORE, SWITCHES, Effort
from topology.analysis.loops import LoopHop
from topology.analysis.origins import Origins, Ways
from topology.filters.s3 import KEY, NAME
from topology.graph import Edge, Evidence, Graph, Meaning, Resource
from topology.inference.sessions import Sessions
from topology.inference.trail import LISTED
from topology.sets import strings
from topology.sets.events import EventSet
from topology.verdict import Event

ROLE, BUCKET, PUT = "iam.role", "s3.bucket", "iam.s3.bucket.put"
APART = "-apart"  # what the name of a bucket or queue to be made ends in
LONGEST_BUCKET = 63


OWN_PLACE = (BUCKET, "sqs.queue")  # what an environment may be told another one of
# What of a channel a policy names; the channel's ARN where nothing else is said.
PARTS: Mapping[str, tuple[str, ...]] = {
    "iot.topic": ("{}/*",),
    "lambda.function": ("{}", "{}:*"),
    "logs.loggroup": ("{}", "{}:*"),
}

UPLOADS = EventSet.scalars({NAME: strings.prefix("ObjectCreated:"), KEY: strings.ANY})

Cut: TypeAlias = Refilter | SwitchOff | Retarget | Separate | Forbid


@dataclass(frozen=True, slots=True)
class Option:
    """One change of a hop. ``about`` is its edge as it is; ``keeps`` an event it still hears."""

    effort: Effort
    change: Cut
    about: Edge
    keeps: Event | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """What options are sorted by: the cheapest first."""
        return (self.effort, self.about.order, repr(self.change))

    @property
    def names(self) -> tuple[str, ...]:
        """The edges or roles it is about: it touches nothing else."""
        match self.change:
            case SwitchOff() | Refilter():
                return self.change.edges
            case Retarget():
                return (self.change.edge,)
            case Forbid():
                return self.change.roles
            case Separate():
                return self.change.forbid.roles

    def touches(self, hop: LoopHop, roles: Mapping[str, Set[str]]) -> bool:
        """Whether the change may have anything to do with a hop; never False when it has.

        ``roles`` are those that actors act in.
        """
        match self.change:
            case SwitchOff() | Refilter():
                return hop.edge.id in self.change.edges
            case Retarget():
                return hop.edge.id == self.change.edge
            case Forbid():
                return _is_forbidden(self.change, hop.edge, roles)
            case Separate():
                return _is_forbidden(self.change.forbid, hop.edge, roles)


class Options:
    """The options of a part of a graph; one piece of configuration may reach beyond it."""

    def __init__(self, graph: Graph, whole: Graph, origins: Origins) -> None:
        self._graph, self._whole, self._origins = graph, whole, origins
        self._sessions = Sessions(graph)
        self._roles: dict[str, frozenset[str]] = {}

    def roles_of(self, actor: str) -> frozenset[str]:
        """The roles an actor acts in."""
        if actor not in self._roles:
            resource = self._graph.resources.get(actor)
            sessions = self._sessions.of(resource) if resource else ()
            self._roles[actor] = frozenset(session.role for session in sessions)
        return self._roles[actor]

    def of(self, loops: Sequence[Sequence[LoopHop]]) -> list[Option]:
        """Every option of some loops' hops, each piece of configuration once, cheapest first."""
        passing: dict[tuple[str, ...], list[tuple[Sequence[LoopHop], int]]] = {}
        for hops in loops:
            for place, hop in enumerate(hops):
                key: tuple[str, ...] = (hop.edge.source, hop.edge.target, hop.edge.kind)
                if hop.edge.evidence is Evidence.DECLARED:
                    key = (hop.edge.id,)
                passing.setdefault(key, []).append((hops, place))
        found = (
            option
            for _, ways in sorted(passing.items(), key=lambda item: item[0])
            for option in self._of_hop(ways)
        )
        unique = {repr((each.effort, each.change)): each for each in found}
        return sorted(unique.values(), key=lambda each: each.order)

    def _of_hop(self, ways: Ways) -> Iterator[Option]:
        edge = ways[0][0][ways[0][1]].edge
        if edge.evidence is not Evidence.DECLARED:
            yield from self._of_write(edge, ways)
            return
        if edge.kind.startswith((*NATURE, *POLLED_BEFORE)):
            return
        if edge.meaning is not Meaning.ON_FAILURE:
            yield from self._narrow(edge, ways)
        if edge.kind.startswith(OUTLETS):
            yield Option(
                Effort.SEPARATE, Retarget(edge.id, apart(edge.target, self._whole.resources)), edge
            )
        elif edge.kind.startswith(SWITCHES):
            ids = tuple(sorted(each.id for each in together(edge, self._whole)))
            yield Option(Effort.SWITCH, SwitchOff(ids), edge)
        else:
            yield Option(Effort.CODE, SwitchOff((edge.id,)), edge)

    def _narrow(self, edge: Edge, ways: Ways) -> Iterator[Option]:
        language = narrowing.language_of(edge.kind, edge.filter)
        if not language or not edge.kind.startswith(SWITCHES) or edge.kind == "s3.replication":
            return
        if edge.filter is not None and not is_readable(edge):
            return
        written, others = self._origins.arriving(ways)
        if written is None:
            return

        def arrives(events: EventSet) -> bool:
            return self._origins.goes_on(ways, events)

        if language == narrowing.NOTIFICATION and edge.filter is not None:
            known = self._origins.known_keys(edge.source, ways)
            found = narrowing.affixed(edge.filter, written, others or UPLOADS, known, arrives)
            effort = Effort.AFFIX
        elif others is not None:
            found = narrowing.narrowed(edge.filter, language, written, others, arrives)
            effort = Effort.NARROW
        else:
            return
        if found is not None:
            heard, event = found
            ids = tuple(
                sorted(e.id for e in together(edge, self._whole) if e.filter == edge.filter)
            )
            yield Option(effort, Refilter(ids, heard), edge, event)

    def _of_write(self, edge: Edge, ways: Ways) -> Iterator[Option]:
        heard = sorted({_heard_keys(hops[(place + 1) % len(hops)].edge) for hops, place in ways})
        forbid = self._forbidding(edge, heard)
        if forbid is None:
            return
        target = self._graph.resources.get(edge.target)
        variables = edge.attributes.get("variable", "")
        if variables and target is not None and target.kind in OWN_PLACE:
            named = tuple(variables.split(", "))
            everything = self._forbidding(edge, ["*"]) or forbid
            own = Separate(
                edge.source,
                named,
                edge.target,
                apart(edge.target, self._whole.resources),
                everything,
            )
            yield Option(Effort.SEPARATE, own, edge)
        yield Option(Effort.PERMISSION, forbid, edge)

    def _forbidding(self, edge: Edge, keys: Sequence[str]) -> Forbid | None:
        """What takes a permission away from whoever has it; ``keys`` are patterns of a bucket's."""
        return forbidding(edge, self.roles_of(edge.source), self._graph.resources, keys)

    def own_folder(self, hops: Sequence[LoopHop]) -> Iterator[tuple[Option, ...]]:
        """For a trigger on a whole bucket: hear one folder only, and take that from the writer."""
        for place, hop in enumerate(hops):
            edge, write = hop.edge, hops[place - 1].edge
            is_notified = edge.kind.startswith("s3.notif.") and edge.filter is not None
            if not is_notified or write.kind != PUT or edge.filter is None:
                continue
            if not is_readable(edge) or narrowing.affixes(edge.filter) != ("", ""):
                continue
            ids = tuple(sorted(each.id for each in together(edge, self._whole)))
            for folder in narrowing.FOLDERS:
                forbid = self._forbidding(write, [f"{folder}*"])
                heard = narrowing.with_affixes(edge.filter, folder, "")
                events = UPLOADS & filters.heard(heard)
                if forbid is not None and self._origins.goes_on([(hops, place)], events):
                    yield (
                        Option(Effort.AFFIX, Refilter(ids, heard), edge, events.witness()),
                        Option(Effort.PERMISSION, forbid, write),
                    )


def forbidding(
    edge: Edge, roles: Collection[str], resources: Mapping[str, Resource], keys: Sequence[str]
) -> Forbid | None:
    """What takes the permission of a write away from its actor's roles.

    ``keys`` are patterns of a bucket's keys. None where a role was not read, or no action is known.
    """
    actions = tuple(edge.attributes.get("actions", ()))
    known = [resources.get(role) for role in roles]
    if not roles or not actions or not all(each and each.kind == ROLE for each in known):
        return None
    target = resources.get(edge.target)
    kind = target.kind if target else ""
    named: tuple[str, ...]
    if not edge.kind.startswith("iam."):
        named = ("*",)  # a call that AWS tells of, wherever it was made
    elif kind == BUCKET:
        named = tuple(f"{edge.target}/{each}" for each in keys)
    else:
        parts = PARTS.get(kind, ("{}",))
        named = tuple(part.replace("{}", edge.target) for part in parts)
    return Forbid(tuple(sorted(roles)), actions, named)


def _heard_keys(edge: Edge) -> str:
    """The keys that a notification hears, as IAM writes patterns; any where that is not simple."""
    if edge.kind.startswith("s3.notif.") and edge.filter is not None and is_readable(edge):
        ends = narrowing.affixes(edge.filter)
        if ends is not None:
            return f"{ends[0]}*{ends[1]}" if any(ends) else "*"
    return "*"


def _is_forbidden(forbid: Forbid, edge: Edge, roles: Mapping[str, Set[str]]) -> bool:
    """Whether a Deny may take something from a write; it names one channel, or all there is."""
    if edge.evidence is Evidence.DECLARED or roles.get(edge.source, set()).isdisjoint(forbid.roles):
        return False
    actions = edge.attributes.get("actions", ())
    if len(actions) < LISTED and not set(actions) & set(forbid.actions):
        return False
    if not edge.kind.startswith("iam."):
        return True
    inside = (f"{edge.target}/", f"{edge.target}:")
    return any(each in ("*", edge.target) or each.startswith(inside) for each in forbid.resources)


def is_readable(edge: Edge) -> bool:
    """Whether the edge's filter was understood, so that it may be rewritten."""
    return edge.filter is None or narrowing.is_understood(edge.filter)


def apart(arn: str, known: Container[str]) -> str:
    """The ARN of a bucket or queue of its own beside another, of the same kind and place.

    It is none of those that are ``known``: what is there may lead back.
    """
    head, dot, ending = (arn, "", "") if ":s3:::" in arn else arn.partition(".fifo")
    prefix, _, name = head.rpartition(":")
    for number in count(1):
        added = APART if number == 1 else f"{APART}-{number}"
        kept = name[: LONGEST_BUCKET - len(added)] if ":s3:::" in arn else name
        if (found := f"{prefix}:{kept}{added}{dot}{ending}") not in known:
            break
    return found


def together(edge: Edge, graph: Graph) -> list[Edge]:
    """The edges that one piece of configuration makes: a rule's targets, a mapping's topics."""
    mine = _piece(edge)
    return [each for each in graph.leaving.get(edge.source, ()) if _piece(each) == mine] or [edge]


def _piece(edge: Edge) -> tuple[str, ...]:
    family = edge.kind.split(".")[0]
    if edge.kind.startswith("eb.rule."):
        return (family, edge.source, edge.label.partition("/")[0])
    if edge.kind.startswith("sns.sub."):
        return (family, edge.source, edge.label, "" if edge.label else edge.target)
    if edge.kind.startswith("esm.") and edge.attributes.get("uuid"):
        return (family, str(edge.attributes["uuid"]))
    if edge.kind.startswith("scheduler."):
        return (family, edge.source, edge.label)
    return (edge.id,)
