"""What the reading of one function's code tells: its calls, what they name, and what it brings.

The key that an event brings to a function is one of those its triggers let through. Whoever
starts it otherwise may bring another, but that is no turn of a loop: each of those comes in by an
edge, and a function that something invokes, or that has a trigger whose events are not followed
here, may be brought anything.

What was seen happening outranks a reading: one that does not explain it lowers nothing. Facts are
of one package, the newest or that of a ``version``; ``code_versions`` names only versions that also
have its handler, layers, runtime and environment, of which the package's hash tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from topology import arn as arns
from topology import filters
from topology.catalog.code_calls import BY_OTHER_NAMES, OTHER_NAMES, actions, also, is_plain
from topology.catalog.lambda_code import LANGUAGES, NEWEST
from topology.catalog.service import Write
from topology.filters import FilterError
from topology.graph import Edge, Graph, Resource
from topology.inference.observed import seen_by
from topology.sets import strings
from topology.sets.events import Path
from topology.sets.expressions import Texts
from topology.sets.made import made
from topology.sets.recipe_json import from_json
from topology.sets.recipes import Either, Recipe, Setting
from topology.sets.strings import ANY, StringSet, TooComplex
from topology.sets.url_encoding import url_encoded

KEY: Path = ("s3", "object", "key")
S3_KEY = ("Records", "*", *KEY)
NOT_READ = "versions that were not read"
# Readers that miss no call without a doubt; the calls that others find are evidence all the same.
PROVING = ("javascript", "python", "typescript")


@dataclass(frozen=True, slots=True)
class Call:
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


class ReadCode:
    """What is known of one function's code."""

    def __init__(self, actor: Resource, triggers: Sequence[Edge], graph: Graph) -> None:
        self.actor = actor
        self._graph = graph
        self.is_invoked = False
        self._facts = actor.attributes["code"]
        self._triggers = triggers

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call, also in modules that the handler may not reach."""
        return tuple(
            Call(
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

    def keys(self, call: Call) -> StringSet | None:
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


def surely_names(call: Call, target: str, code: ReadCode) -> bool:
    """Whether the texts name a channel of the function's own account and Region, and no other."""
    if not isinstance(call.named, Texts) or len(call.named.texts) != 1:
        return False
    (text,) = call.named.texts
    if text == target or arns.of_queue_url(text, arns.parse(target).partition) == target:
        return True
    arn = arns.parse(target)
    home = code.actor.account, code.actor.region
    return text == arns.name(target) and (arn.account or home[0], arn.region or home[1]) == home


def _plain(name: str) -> str:
    return name.replace("\\", "\\\\").replace("*", "\\*")
