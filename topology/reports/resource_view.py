"""One resource as somebody woken at two asks about it: JSON-ready, every text as it was read.

What starts it, what it sets off and whether that comes back, what becomes of failures, and what of
it was not read: an answer that rests on gaps says so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from topology import catalog
from topology.analysis import LoopHop
from topology.analysis.evidences import evidences
from topology.analysis.reach import sets_off, way_back
from topology.audits.writes_loops import loop as loop_rule
from topology.catalog.awslambda import FUNCTION
from topology.catalog.cloudwatch import ALARM
from topology.graph import OUTSIDE, Edge, Graph, Meaning, Read, Resource
from topology.inference.hubs import KIND as HUB
from topology.inference.ways import hub_edge
from topology.inference.writes import PermittedWrites
from topology.reports import owners
from topology.reports.function_incidents import function_incident
from topology.reports.json_report import hop_members
from topology.reports.map_scene import id_of
from topology.reports.settings import settings
from topology.verdict import Always, Cannot, LoopVerdict

MOST = 40  # rows of a list; the map has them all
LOOP = loop_rule.name  # whose findings have a list of their own

Report = Mapping[str, Any]


def resource_view(
    arn: str,
    graph: Graph,
    writes: PermittedWrites,
    report: Report,
    read: datetime | None,
    ledger: Sequence[Read] = (),
) -> dict[str, Any]:
    """Everything a page says of the resource or hub ``arn`` of a moment's wiring and report.

    ``report`` is the ``loopscope.report/1`` of that moment, ``read`` when it was read, ``ledger``
    what was read for it. Linear in
    the edges; deliveries downstream are judged, those upstream are told with their filters.
    """
    known = {**graph.resources, **{name: hub.resource for name, hub in writes.hubs.items()}}
    tell = Teller(known, read)
    me = known[arn]
    arriving = [*_declared_to(arn, graph), *_written_to(arn, writes)]
    role = str(me.attributes.get("role") or "")
    return {
        **about(me),
        "role": role,
        "role_id": id_of(role) if role in known else "",
        "settings": settings(me.attributes),
        "arriving": tell.rows(arriving),
        "more_arriving": len(arriving[MOST:]),
        **_downstream(arn, graph, writes, tell),
        "channels": _channels(arn, writes, known),
        "comes_back": _comes_back(arn, graph, writes, report, tell),
        "failures": tell.rows(_failures(arn, graph)),
        "alarms": _alarms(arn, graph),
        "loops": [
            {name: loop[name] for name in ("fingerprint", "number", "verdict", "title")}
            for loop in _loops(arn, report)
        ],
        "findings": [
            each
            for each in (report.get("audits") or {"findings": []})["findings"]
            if each["subject"] == arn and each["rule"] != LOOP
        ],
        "gaps": [each for each in report["scope"]["gaps"] if each["resource"] in (arn, me.name)],
        "sheet": function_incident(me, graph, writes, ledger, report)
        if me.kind == FUNCTION
        else None,
        "gaps_in_all": len(report["scope"]["gaps"]) + len(report["scope"]["stale"]),
    }


def about(me: Resource) -> dict[str, Any]:
    """What a resource is: as much as its own row tells, whether or not anything leads there."""
    kind = catalog.kinds().get(me.kind)
    return {
        "id": id_of(me.arn),
        "arn": me.arn,
        "name": me.name,
        "kind": me.kind,
        "title": kind.title if kind else "a grant" if me.kind == HUB else me.kind,
        "part": kind.part.value if kind else "",
        "is_outside": me.kind == OUTSIDE,
        "is_hub": me.kind == HUB,
        "account": me.account,
        "region": me.region,
        "stack": str(me.attributes.get("stack") or ""),
        "tags": owners.tags(me),
        "owner": owners.owner(me),
    }


def configuration(me: Resource) -> dict[str, Any]:
    """A resource as it was crawled; documents that are kept as text are unfolded to be read."""
    return {
        "arn": me.arn,
        "kind": me.kind,
        "name": me.name,
        "account": me.account,
        "region": me.region,
        "read by": me.read,
        "attributes": {name: _unfolded(me.attributes[name]) for name in sorted(me.attributes)},
    }


def differences(before: Resource, after: Resource) -> list[str]:
    """The names of the attributes that two versions do not share, sorted."""
    names = sorted(before.attributes.keys() | after.attributes.keys())
    found = [each for each in names if before.attributes.get(each) != after.attributes.get(each)]
    return [*(["name"] if before.name != after.name else []), *found]


class Teller:
    """Tells edges as rows; ends that nobody read are known by name alone."""

    def __init__(self, known: Mapping[str, Resource], read: datetime | None) -> None:
        self.known, self._read = known, read

    def row(self, hop: LoopHop, **more: object) -> dict[str, Any]:
        proofs = evidences(hop, self.known, self._read)
        edge = hop.edge
        return {
            **hop_members(hop, self.known, proofs),
            "source_id": id_of(edge.source),
            "target_id": id_of(edge.target),
            "settings": settings(edge.attributes),
            "through": "",
            **more,
        }

    def rows(self, hops: Iterable[tuple[LoopHop, str]]) -> list[dict[str, Any]]:
        some = list(hops)[:MOST]
        return [self.row(hop, through=through) for hop, through in some]


def _declared_to(arn: str, graph: Graph) -> Iterator[tuple[LoopHop, str]]:
    for edge in graph.edges:
        if edge.target == arn:
            yield as_declared(edge), ""


def as_declared(edge: Edge) -> LoopHop:
    """An edge of which no event was asked; a dormant one lets none pass."""
    return LoopHop(edge, Cannot(edge.dormant) if edge.dormant else Always(""))


def _written_to(arn: str, writes: PermittedWrites) -> Iterator[tuple[LoopHop, str]]:
    """Writes by name, and one row for everybody who shares a grant on anything of the kind."""
    through: Counter[str] = Counter(write.edge.target for write in writes.writes)
    for write in writes.writes:
        if write.edge.target == arn:
            yield LoopHop(write.edge, write.hop), ""
    for name, hub in writes.hubs.items():
        if arn in hub.channels:
            said = f"{through[name]} of them" if through[name] > 1 else ""
            yield LoopHop(hub_edge(name, arn), Always("")), said


def _downstream(arn: str, graph: Graph, writes: PermittedWrites, tell: Teller) -> dict[str, Any]:
    if arn in writes.hubs:
        return {"sets_off": [], "beyond": 0}
    told = sets_off(graph, writes, arn)
    rows = [
        tell.row(
            LoopHop(step.edge, step.hop),
            depth=step.depth,
            is_back=step.edge.target == arn and not isinstance(step.hop, Cannot),
            is_told=step.is_told,
        )
        for step in told.steps[:MOST]
    ]
    return {"sets_off": rows, "beyond": told.beyond + len(told.steps[MOST:])}


def _channels(
    arn: str, writes: PermittedWrites, known: Mapping[str, Resource]
) -> list[dict[str, str]]:
    """What a hub leads to."""
    hub = writes.hubs.get(arn)
    some = hub.channels[:MOST] if hub else ()
    return [
        {"id": id_of(each), "name": known[each].name, "kind": known[each].kind} for each in some
    ]


def _comes_back(
    arn: str, graph: Graph, writes: PermittedWrites, report: Report, tell: Teller
) -> dict[str, Any]:
    """Whether anything it sets off reaches it again, and what says so.

    ``answer`` is "yes" (a listed loop that nothing stops), "may" (a way that is not listed, of
    which no hop is known to stop), "stopped" (with the hops that do) or "no" (no way at all).
    """
    round_ = [loop for loop in _loops(arn, report) if loop["verdict"] != LoopVerdict.BLOCKED]
    if round_:
        return {"answer": "yes", "hops": len(round_[0]["edges"]), "stops": [], "way": []}
    way = way_back(graph, writes, arn)
    if way is None:
        return {"answer": "no", "hops": 0, "stops": [], "way": []}
    listed = {loop["fingerprint"] for loop in report["loops"]}
    return {
        "answer": "stopped" if way.verdict is LoopVerdict.BLOCKED else "may",
        "hops": len(way.hops),
        "stops": [tell.row(hop) for hop in way.hops if isinstance(hop.hop, Cannot)],
        "way": [tell.known[hop.edge.source].name for hop in way.hops],
        "loop": way.fingerprint if way.fingerprint in listed else "",
    }


def _loops(arn: str, report: Report) -> Sequence[Mapping[str, Any]]:
    return [
        loop for loop in report["loops"] if any(edge["source"] == arn for edge in loop["edges"])
    ]


def _failures(arn: str, graph: Graph) -> Iterator[tuple[LoopHop, str]]:
    """Where what fails goes: from the resource itself, and from what feeds it."""
    feeding = {
        edge.source
        for edge in graph.edges
        if edge.target == arn and edge.meaning is Meaning.TRIGGERS
    }
    for source in (arn, *sorted(feeding - {arn})):
        for edge in graph.leaving.get(source, ()):
            if edge.meaning is Meaning.ON_FAILURE:
                yield as_declared(edge), ""


def _alarms(arn: str, graph: Graph) -> list[dict[str, Any]]:
    """The alarms on its metrics, and what each of them tells."""
    found = []
    for edge in graph.leaving.get(arn, ()):
        alarm = graph.resources[edge.target]
        if alarm.kind == ALARM:
            tells = [graph.resources[each.target] for each in graph.leaving.get(alarm.arn, ())]
            found.append(
                {
                    "id": id_of(alarm.arn),
                    "name": alarm.name,
                    "metric": edge.label,
                    "tells": [{"id": id_of(each.arn), "name": each.name} for each in tells],
                }
            )
    return found


def _unfolded(value: object) -> object:
    """A document that is kept as text, as the value it says."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
