"""Writes that a function's code makes, as far as a reading of it tells.

A call in the code raises what permissions allow: it is an edge of its own, with the keys it makes.
Only a reading that understood everything lowers: what no call makes then cannot be, and says why.

The key that an event brings to a function is one of those its triggers let through. Whoever
starts it otherwise may bring another, but that is no turn of a loop: each of those comes in by an
edge, and a function that something invokes, or that has a trigger whose events are not followed
here, may be brought anything.

What was seen happening outranks a reading: one that does not explain it lowers nothing. Facts are
of one package, the newest or that of a ``version``; ``code_versions`` names only versions that also
have its handler, layers, runtime and environment, of which the package's hash tells nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from topology import arn as arns
from topology import catalog, filters
from topology.catalog.code_calls import (
    BY_OTHER_NAMES,
    CARRIED,
    CREATED,
    OTHER_NAMES,
    actions,
    also,
    is_plain,
)
from topology.catalog.lambda_code import LANGUAGES, NEWEST
from topology.catalog.service import Write
from topology.filters import FilterError
from topology.graph import Edge, Evidence, Graph, Resource, with_attributes
from topology.inference.hubs import Hub
from topology.inference.observed import seen_by
from topology.inference.permitted import PermittedWrite
from topology.sets import strings
from topology.sets.events import EventSet, Path
from topology.sets.expressions import Texts
from topology.sets.made import described, in_one_turn, is_derived, made, uses_up
from topology.sets.recipe_json import from_json
from topology.sets.recipes import Either, Recipe, Setting
from topology.sets.strings import ANY, StringSet, TooComplex
from topology.sets.url_encoding import url_encoded
from topology.verdict import Always, Cannot, Hop, Unknown

KEY: Path = ("s3", "object", "key")
S3_KEY = ("Records", "*", *KEY)
NOT_READ = "versions that were not read"
# Readers that miss no call without a doubt; the calls that others find are evidence all the same.
PROVING = ("javascript", "python", "typescript")
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


def _readers(writes: Iterable[PermittedWrite], graph: Graph) -> dict[str, _Code]:
    actors = {write.edge.source: graph.resources[write.edge.source] for write in writes}
    triggers: dict[str, list[Edge]] = {
        arn: [] for arn, actor in actors.items() if "code" in actor.attributes
    }
    if triggers:
        for edge in graph.edges:
            if edge.target in triggers:
                triggers[edge.target].append(edge)
    return {arn: _Code(actors[arn], edges, graph) for arn, edges in triggers.items()}


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the code, with the texts its target may be; ``also`` it may do more."""

    facts: Mapping[str, Any]
    actions: frozenset[str]
    also: frozenset[str]
    named: StringSet
    key: Recipe | None

    @property
    def place(self) -> str:
        return f"{self.facts['file']}:{self.facts['line']}"

    def may_write_to(self, kind: Write, target: str) -> bool:
        """Whether it may be a write of a kind to a channel."""
        is_about = not (self.actions | self.also).isdisjoint(kind.actions)
        return is_about and (kind.on in BY_OTHER_NAMES or _may_name(self.named, target))


class _Code:
    """What is known of one function's code."""

    def __init__(self, actor: Resource, triggers: Sequence[Edge], graph: Graph) -> None:
        self.actor = actor
        self._graph = graph
        self.is_invoked = False
        self._facts = actor.attributes["code"]
        self._triggers = triggers

    @cached_property
    def calls(self) -> tuple[_Call, ...]:
        """Every call, also in modules that the handler may not reach."""
        return tuple(
            _Call(
                each,
                frozenset(actions(each["service"], each["operation"])),
                frozenset(also(each["service"], each["operation"])),
                self._named_by(from_json(each["target"])),
                None if each["key"] is None else from_json(each["key"]),
            )
            for each in self._facts["calls"]
        )

    @cached_property
    def is_complete(self) -> bool:
        """Whether no version that is triggered can call anything else."""
        known = self.actor.attributes
        qualifiers = {edge.attributes.get("qualifier") or "" for edge in self._triggers}
        triggered = {
            version
            for qualifier in qualifiers
            for version in known.get("aliases", {}).get(qualifier, (qualifier,))
        }
        if self.is_invoked:  # at whichever version the caller likes
            triggered |= {*known.get("versions", (NOT_READ,))}
        return (
            bool(self._facts["complete"])
            and self._facts["language"] in PROVING
            and all(map(self._is_read, {self._facts.get("version", ""), *triggered}))
            and all(is_plain(each["service"], each["operation"]) for each in self._facts["calls"])
            and all(map(self._explains, seen_by(self._graph, self.actor).items()))
        )

    def _is_read(self, version: str) -> bool:
        """Whether a version runs the package that was read, in the same configuration."""
        known, sha = self.actor.attributes, self._facts["sha256"]
        version = version or NEWEST
        if version == NEWEST == self._facts.get("version", NEWEST):
            return bool(known.get("code_sha256") == sha)
        return bool(known.get("code_versions", {}).get(version) == sha)

    def _explains(self, seen: tuple[str, Sequence[Mapping[str, Any]]]) -> bool:
        """Whether a call may be what was seen happening to a resource."""
        target, rows = seen
        return all(
            any(
                row.get("action", "") in ("", *call.actions, *call.also)
                and _may_name(call.named, target)
                for call in self.calls
            )
            for row in rows
        )

    @property
    def words(self) -> str:
        """What was read, for a sentence."""
        count = self._facts["files"]
        files = "1 file" if count == 1 else f"{count:,} files"
        language = LANGUAGES.get(self._facts["language"], "another language")
        return f"The code of *{self.actor.name}* ({files} of {language})"

    def keys(self, call: _Call) -> StringSet | None:
        """The keys that a call may write; None where the call has none."""
        return None if call.key is None else made(call.key, self._brought, lambda _: ANY)

    def _named_by(self, recipe: Recipe) -> StringSet:
        """The texts of a target, ARNs for variables that name one and are used as they are.

        A value is not kept, only what it names: of what the code makes of it, nothing is known.
        """
        match recipe:
            case Setting(variable, default):
                named = self._names_in(variable)
                return named | self._named_by(default) if default else named
            case Either(options) if options:
                return strings.union(map(self._named_by, options))
        return made(recipe, lambda _: ANY, lambda _: ANY)

    def _names_in(self, variable: str) -> StringSet:
        named = [
            mention["names"]
            for mention in self.actor.attributes.get("environment", ())
            if mention["variable"] == variable
        ]
        # A bare name may have been resolved in this Region alone: elsewhere it names others.
        return strings.one_of({*named, *map(self._title, named)}) if named else ANY

    def _title(self, arn: str) -> str:
        """The name by which a value may mean a resource; the ARN where that ends with it."""
        known = self._graph.resources.get(arn)
        return arn if known is None or known.name == arns.name(arn) else known.name

    def _brought(self, path: tuple[str, ...]) -> StringSet:
        if self.is_invoked or path != S3_KEY:
            return ANY
        return strings.union(self._notified)

    @cached_property
    def _notified(self) -> list[StringSet]:
        """The keys of every trigger as its events hold them: URL-encoded."""
        return [_keys_of(edge) for edge in self._triggers]


def _keys_of(edge: Edge) -> StringSet:
    if edge.kind != "s3.notif.lambda" or edge.filter is None:
        return ANY
    try:
        boxes = filters.heard(edge.filter).boxes
    except FilterError:
        return ANY
    found: list[StringSet] = []
    for box in boxes:
        asked = [values for demand in box.demands for path, values in demand if path == KEY]
        texts = [values.strings for values in asked if not box.opaque]
        if len(texts) != 1:
            return ANY
        found.append(url_encoded(texts[0]))
    return strings.union(found) if found else ANY


def _settled(
    write: PermittedWrite, kind: Write, code: _Code, hub: Hub | None
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
            and _surely_names(call, target, code)
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
    code: _Code,
    calls: Sequence[_Call],
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


def _alike(calls: Iterable[_Call]) -> list[list[_Call]]:
    """The calls in groups that raise the same events."""
    groups: dict[str, list[_Call]] = {}
    for call in calls:
        groups.setdefault(_made_by(call), []).append(call)
    return list(groups.values())


def _made_by(call: _Call) -> str:
    """What tells a call from others, wherever in the code it stands: ``s3.PutObject of …``."""
    texts = [] if call.key is None else [described(call.key)]
    texts += [f"{name} {described(from_json(recipe))}" for name, recipe in call.facts["fields"]]
    name = f"{call.facts['service']}.{call.facts['operation']}"
    return f"{name} of {', '.join(texts)}" if texts else name


def _narrowed(kind: Write, code: _Code, calls: Iterable[_Call]) -> EventSet:
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


def _hop(hop: Hop, calls: Sequence[_Call]) -> Hop:
    because = f"{hop.because} {' '.join(map(_told, calls[:3]))}"
    if isinstance(hop, Always) and all(call.facts["guarded"] for call in calls):
        return Unknown(because)
    return replace(hop, because=because)


def _told(call: _Call) -> str:
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


def _proof(call: _Call) -> dict[str, Any]:
    note = uses_up(call.key) if call.key is not None else ""
    return {
        "file": call.facts["file"],
        "line": call.facts["line"],
        "call": f"{call.facts['service']}.{call.facts['operation']}",
        "guarded": call.facts["guarded"],
        "note": f"uses up one `{note}` every turn, so it ends by itself" if note else "",
    }


def _never(write: PermittedWrite, code: _Code, hub: Hub | None) -> PermittedWrite:
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


def _may_name(named: StringSet, target: str) -> bool:
    """Whether one of the texts may name a channel, wherever the client looks for it."""
    name = arns.name(target)
    spelled = strings.union(
        (
            strings.one_of((name, target)),
            strings.suffix(f":{name}"),
            strings.suffix(f"/{name}"),
            strings.prefix(f"{name}:"),
            strings.prefix(f"{target}:"),
            strings.wildcard(f"*:{_plain(name)}:*"),
            *map(strings.wildcard, OTHER_NAMES),
        )
    )
    try:
        return not (named & spelled).is_empty()
    except TooComplex:
        return True


def _surely_names(call: _Call, target: str, code: _Code) -> bool:
    """Whether the texts name a channel of the function's own account and Region, and no other."""
    if not isinstance(call.named, Texts) or len(call.named.texts) != 1:
        return False
    (text,) = call.named.texts
    if text == target or arns.of_queue_url(text, arns.parse(target).partition) == target:
        return True
    arn = arns.parse(target)
    home = code.actor.account, code.actor.region
    return text == arns.name(target) and (arn.account or home[0], arn.region or home[1]) == home


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


def _plain(name: str) -> str:
    return name.replace("\\", "\\\\").replace("*", "\\*")


@cache
def _writes() -> Mapping[str, Write]:
    """The catalog's writes by the kind of their edges."""
    return {f"iam.{each.on}.{each.name.replace(' ', '-')}": each for each in catalog.writes()}
