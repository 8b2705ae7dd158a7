"""Writes that a function's code makes, as far as a reading of it tells.

A call in the code raises what permissions allow: it is an edge of its own, with the keys it makes.
Only a reading that understood everything lowers: what no call makes then cannot be, and says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from topology import catalog
from topology.catalog.code_calls import (
    BY_OTHER_NAMES,
    CARRIED,
    CREATED,
)
from topology.catalog.service import Write
from topology.graph import Edge, Evidence, Graph, with_attributes
from topology.inference.hubs import Hub
from topology.inference.permitted import PermittedWrite
from topology.inference.read_code import Call, ReadCode, surely_names
from topology.sets import strings
from topology.sets.events import EventSet, Path
from topology.sets.made import described, in_one_turn, is_derived, made, uses_up
from topology.sets.recipe_json import from_json
from topology.sets.strings import ANY, StringSet
from topology.verdict import Always, Cannot, Hop, Unknown

DISTRUSTED = {"file": "", "line": 0, "reason": "this workspace does not let code lower a verdict"}


def without_trust(graph: Graph) -> Graph:
    """The same graph, in which no reading of code may lower anything."""
    resources = {
        arn: with_attributes(each, {"code": _distrusted(each.attributes["code"])})
        if "code" in each.attributes
        else each
        for arn, each in graph.resources.items()
    }
    return Graph(resources, graph.edges)


def _distrusted(code: Mapping[str, Any]) -> dict[str, Any]:
    return {**code, "complete": False, "doubts": [*code["doubts"], DISTRUSTED]}


def with_coded(
    writes: Iterable[PermittedWrite], graph: Graph, hubs: Mapping[str, Hub]
) -> Iterator[PermittedWrite]:
    """The writes, with what functions' code tells of them; those of others as they are."""
    found = list(writes)
    readers = _readers(found, graph)
    for invoked in _invoked(found, graph, hubs) if readers else ():
        if invoked in readers:
            readers[invoked].is_invoked = True
    for write in found:
        kind = _writes().get(write.edge.kind)
        code = readers.get(write.edge.source)
        if kind is None or code is None:
            yield write
        else:
            yield from _settled(write, kind, code, hubs.get(write.edge.target))


def _readers(writes: Iterable[PermittedWrite], graph: Graph) -> dict[str, ReadCode]:
    actors = {write.edge.source: graph.resources[write.edge.source] for write in writes}
    triggers: dict[str, list[Edge]] = {
        arn: [] for arn, actor in actors.items() if "code" in actor.attributes
    }
    if triggers:
        for edge in graph.edges:
            if edge.target in triggers:
                triggers[edge.target].append(edge)
    return {arn: ReadCode(actors[arn], edges, graph) for arn, edges in triggers.items()}


def _settled(
    write: PermittedWrite, kind: Write, code: ReadCode, hub: Hub | None
) -> Iterator[PermittedWrite]:
    calls = [call for call in code.calls if not (call.actions | call.also).isdisjoint(kind.actions)]
    targets = hub.channels if hub else (write.edge.target,)
    is_resolved = kind.on not in BY_OTHER_NAMES and not any(call.named == ANY for call in calls)
    is_lowered = code.is_complete and (is_resolved or not calls)
    made_here = False
    for target in targets if calls else ():
        may = [call for call in calls if call.may_write_to(kind, target)]
        sure = [
            call
            for call in may
            if call.facts["reached"]
            and not call.actions.isdisjoint(kind.actions)
            and surely_names(call, target, code)
        ]
        told = may if is_lowered else sure
        if told and not isinstance(write.hop, Cannot):
            made_here = made_here or not hub
            for alike in _alike(told):
                is_sure = any(call in sure for call in alike)
                yield _coded(
                    write,
                    kind,
                    code,
                    alike,
                    target,
                    hub,
                    is_sure=is_sure,
                    is_trusted=is_lowered,
                )
    if not is_lowered:
        yield write
    elif not made_here:
        yield _never(write, code, hub)


def _coded(
    write: PermittedWrite,
    kind: Write,
    code: ReadCode,
    calls: Sequence[Call],
    target: str,
    hub: Hub | None,
    *,
    is_sure: bool,
    is_trusted: bool,
) -> PermittedWrite:
    before = write.edge
    events = _narrowed(kind, code, calls)
    keys = [code.keys(call) for call in calls]
    known = str(strings.union(each for each in keys if each is not None)) if all(keys) else ""
    edge = replace(
        before,
        target=target,
        label="; ".join(filter(None, (before.label, _made_by(calls[0])))),
        evidence=Evidence.CODED
        if is_sure and before.evidence.strength > Evidence.CODED.strength
        else before.evidence,
        attributes={
            **before.attributes,
            **({"keys": known} if kind.keyed is not None and known else {}),
            "code": [_proof(call) for call in calls],
            **({"trusted_code": code.words} if is_trusted else {}),
        },
    )

    def raised() -> EventSet:
        return (hub.events_of(target) if hub else write.events) & events

    return PermittedWrite(edge, _hop(write.hop, calls), raised)


def _alike(calls: Iterable[Call]) -> list[list[Call]]:
    """The calls in groups that raise the same events."""
    groups: dict[str, list[Call]] = {}
    for call in calls:
        groups.setdefault(_made_by(call), []).append(call)
    return list(groups.values())


def _made_by(call: Call) -> str:
    """What tells a call from others, wherever in the code it stands: ``s3.PutObject of …``."""
    texts = [] if call.key is None else [described(call.key)]
    texts += [f"{name} {described(from_json(recipe))}" for name, recipe in call.facts["fields"]]
    name = f"{call.facts['service']}.{call.facts['operation']}"
    return f"{name} of {', '.join(texts)}" if texts else name


def _narrowed(kind: Write, code: ReadCode, calls: Iterable[Call]) -> EventSet:
    found = EventSet()
    for call in calls:
        fields: dict[Path, StringSet] = {}
        keys = code.keys(call)
        if kind.keyed is not None:
            fields[kind.key_at] = ANY if keys is None else keys
            names = CREATED.get(call.facts["operation"])
            if names and not call.actions.isdisjoint(kind.actions):
                fields[("eventName",)] = strings.one_of(names)
        for name, recipe in call.facts["fields"] if "events:PutEvents" in kind.actions else ():
            if name in CARRIED:  # one call may put several events
                values = made(from_json(recipe), lambda _: ANY, lambda _: ANY)
                fields[CARRIED[name]] = fields.get(CARRIED[name], strings.NOTHING) | values
        fields = {path: values for path, values in fields.items() if values != ANY}
        found |= EventSet.scalars(fields) if fields else EventSet.anything()
    return found


def _hop(hop: Hop, calls: Sequence[Call]) -> Hop:
    because = f"{hop.because} {' '.join(map(_told, calls[:3]))}"
    if isinstance(hop, Always) and all(call.facts["guarded"] for call in calls):
        return Unknown(because)
    return replace(hop, because=because)


def _told(call: Call) -> str:
    text = f"`{call.place}` calls `{call.facts['operation']}`"
    if call.key is not None and is_derived(call.key):
        text += f" with the key {described(call.key)}"
    if call.facts["guarded"]:
        text += f", guarded in code ({call.facts['guarded']})"
    if call.key is not None and (left := uses_up(call.key)):
        text += f"; every turn uses up one occurrence of `{left}`, so it ends by itself"
        if turn := in_one_turn(call.key):
            text += " (`{}` becomes `{}`)".format(*turn)
    return f"{text}."


def _proof(call: Call) -> dict[str, Any]:
    note = uses_up(call.key) if call.key is not None else ""
    return {
        "file": call.facts["file"],
        "line": call.facts["line"],
        "call": f"{call.facts['service']}.{call.facts['operation']}",
        "guarded": call.facts["guarded"],
        "note": f"uses up one `{note}` every turn, so it ends by itself" if note else "",
    }


def _never(write: PermittedWrite, code: ReadCode, hub: Hub | None) -> PermittedWrite:
    if isinstance(write.hop, Cannot):
        return write
    where = "any of these channels otherwise" if hub else "this channel"
    because = (
        f"{write.hop.because} {code.words} was read and understood completely, and calls nothing "
        f"that writes to {where}."
    )
    attributes = {**write.edge.attributes, "trusted_code": code.words}
    edge = replace(write.edge, attributes=attributes)
    return replace(write, edge=edge, hop=Cannot(because))


def _invoked(
    writes: Collection[PermittedWrite], graph: Graph, hubs: Mapping[str, Hub]
) -> Iterator[str]:
    """Functions that something may invoke, or was seen invoking, with a payload of its own."""
    for actor in graph.resources.values():
        for row in actor.attributes.get("observed", ()):
            yield row["target"]
    reached = {
        write.edge.target
        for write in writes
        if write.edge.kind.startswith("iam.lambda.") and not isinstance(write.hop, Cannot)
    }
    for name in sorted(reached):
        yield from hubs[name].channels if name in hubs else (name,)


@cache
def _writes() -> Mapping[str, Write]:
    """The catalog's writes by the kind of their edges."""
    return {f"iam.{each.on}.{each.name.replace(' ', '-')}": each for each in catalog.writes()}
