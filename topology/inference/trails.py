"""The trails of every place, and whether they log a call: yes, no, or that cannot be said.

Which trails there are is known only of a Region whose list was read as a whole; that a graph
shows no trail says nothing.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

from topology import arn as arns
from topology.catalog.cloudtrail import TRAIL, TRAILS
from topology.catalog.cloudtrail_selectors import KEPT
from topology.filters.cloudtrail import ARN, values
from topology.graph import Graph, Resource
from topology.inference.api_calls import DATED, DOMAIN, READS, WITHOUT_REGION, ApiCall
from topology.inference.data_events import DATA_EVENTS, type_of
from topology.sets import strings
from topology.sets.expressions import Texts
from topology.sets.strings import StringSet

Selector = Sequence[Mapping[str, Any]]  # conditions, as the catalog keeps them

# Beginnings of names that only calls have which change something.
CHANGES = strings.union(
    map(strings.prefix, ("Attach", "Create", "Delete", "Modify", "Put", "Tag", "Untag", "Update"))
)


class Logged(IntEnum):
    """Whether a call is logged; of several trails the largest speaks."""

    NO = 0
    PERHAPS = 1
    YES = 2


class Told(NamedTuple):
    """The calls that are logged, those that may be, and the trails it depends on."""

    surely: tuple[ApiCall, ...]
    perhaps: tuple[ApiCall, ...]
    trails: tuple[str, ...]


class Trails:
    """The trails of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._here: dict[tuple[str, str], tuple[str, ...]] = {}
        self.known: dict[str, Resource] = {}
        self._asked: dict[str, tuple[_Selector, ...]] = {}
        for resource in graph.of_kind.get(TRAILS, ()):
            if "trails" in resource.attributes:
                self._here[resource.account, resource.region] = tuple(resource.attributes["trails"])
        for resource in graph.of_kind.get(TRAIL, ()):
            self.known[resource.arn] = resource

    def read(self, account: str, region: str) -> bool:
        """Whether it is known which trails log what happens in a place."""
        return (account, region) in self._here

    def at(self, account: str, region: str) -> tuple[str, ...]:
        """The trails that log what happens in a place; where they were not read, those that may."""
        if (account, region) in self._here:
            return self._here[account, region]
        return tuple(arn for arn, each in self.known.items() if _may_log(each, account, region))

    def logged(self, account: str, region: str, calls: Iterable[ApiCall]) -> Told:
        """What the trails of a place that was read do with some calls."""
        by_answer: dict[Logged, list[ApiCall]] = {answer: [] for answer in Logged}
        names: set[str] = set()
        here = self.at(account, region)
        for call in calls:
            answers = {arn: self._logs(arn, call) for arn in here}
            by_answer[max(answers.values(), default=Logged.NO)].append(call)
            names.update(arns.name(arn) for arn, answer in answers.items() if answer)
        return Told(
            tuple(by_answer[Logged.YES]), tuple(by_answer[Logged.PERHAPS]), tuple(sorted(names))
        )

    def is_off(self, arn: str) -> bool:
        """Whether a trail is known to log nothing now."""
        return arn in self.known and self.known[arn].attributes.get("logging") is False

    def suppresses(self, arn: str) -> bool:
        """Whether a trail leaves out what it delivers itself."""
        return arn in self.known and self.known[arn].attributes.get("recursive") is False

    def was_read(self, arn: str) -> bool:
        """Whether some account that was read told of a trail; its own home may not have been."""
        is_listed = any(arn in trails for trails in self._here.values())
        return is_listed or "every_region" in self.known[arn].attributes

    def selectors(self, arn: str) -> Sequence[Selector] | None:
        """What a trail selects; None where that was not read."""
        return self.known[arn].attributes.get("selectors") or None if arn in self.known else None

    def _logs(self, arn: str, call: ApiCall) -> Logged:
        if self.is_off(arn):
            return Logged.NO
        selectors = self.selectors(arn)
        if selectors is None or "logging" not in self.known[arn].attributes:
            return Logged.PERHAPS
        if arn not in self._asked:
            self._asked[arn] = tuple(map(_Selector, selectors))
        found = max(selector.takes(call) for selector in self._asked[arn])
        is_certain = (
            call.host not in WITHOUT_REGION or self.known[arn].attributes["global_services"]
        )
        return found if is_certain else min(found, Logged.PERHAPS)


def _may_log(trail: Resource, account: str, region: str) -> bool:
    known = trail.attributes
    is_here = known.get("every_region", True) or trail.region == region
    return bool(is_here and (known.get("organization") or trail.account == account))


@dataclass(frozen=True)
class _Selector:
    """A selector, asked about many calls."""

    conditions: Selector

    def takes(self, call: ApiCall) -> Logged:
        """Whether a call is logged; perhaps at most where the selector asks for what is unknown."""
        limits = (self._of_category(call), self._by_name(call), self._by_access(call))
        return min(*limits, self._at_most)

    @cached_property
    def _at_most(self) -> Logged:
        asked = {condition["Field"] for condition in self.conditions}
        return Logged.PERHAPS if ARN in asked or not asked <= set(KEPT) else Logged.YES

    @cached_property
    def _categories(self) -> StringSet:
        return values(self.conditions, "eventCategory")

    @cached_property
    def _types(self) -> StringSet:
        return values(self.conditions, "resources.type")

    @cached_property
    def _names(self) -> tuple[StringSet, StringSet]:
        return values(self.conditions, "eventSource"), values(self.conditions, "eventName")

    @cached_property
    def _access(self) -> tuple[bool, bool]:
        """Whether it takes reads, and whether it takes anything else."""
        access = values(self.conditions, "readOnly")
        return "true" in access, "false" in access

    def _of_category(self, call: ApiCall) -> Logged:
        data_type = type_of(call.host, call.name)
        if "Management" in self._categories and data_type is None:
            return Logged.YES
        found = Logged.PERHAPS if "NetworkActivity" in self._categories else Logged.NO
        if "Data" in self._categories:
            found = max(found, *self._of_types(call, data_type))
        return found

    def _of_types(self, call: ApiCall, data_type: str | None) -> Iterator[Logged]:
        """Whether a call is a data event of each of the types that the selector asks for."""
        yield Logged.NO
        if not isinstance(self._types, Texts):
            yield Logged.PERHAPS
            return
        for each in self._types.texts:
            if each == data_type:
                yield Logged.YES
            elif data_type is not None:  # of an access point, say, instead of its bucket
                service = each.partition("::")[2].lower()
                yield Logged.PERHAPS if service.startswith(call.host) else Logged.NO
            else:
                of, _ = DATA_EVENTS.get(each, (call.host, frozenset()))
                yield Logged.PERHAPS if of == call.host else Logged.NO

    def _by_name(self, call: ApiCall) -> Logged:
        """The service and the name; a name with a date at its end is known only without."""
        sources, names = self._names
        if f"{call.host}{DOMAIN}" not in sources:
            return Logged.NO
        if call.name in names:
            return Logged.YES
        return Logged.PERHAPS if call.host in DATED else Logged.NO

    def _by_access(self, call: ApiCall) -> Logged:
        """Only CloudTrail knows whether a call reads; of some names it goes without saying."""
        reads, changes = self._access
        is_plain = (reads and call.name in READS) or (changes and call.name in CHANGES)
        return Logged.YES if is_plain or (reads and changes) else Logged.PERHAPS
