"""The coverage ledger of one account and region: planned first, then what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from topology import catalog
from topology.catalog.service import Call, Service
from topology.crawl.ask import Answer
from topology.graph import GLOBAL, Read, ReadStatus

Planned = tuple[Service, Call]


def plan(region: str) -> tuple[Planned, ...]:
    """Every call some reader needs in a region, or in ``GLOBAL``; parents before children."""
    return tuple(
        (service, call)
        for service in catalog.services()
        if service.is_global == (region == GLOBAL)
        for call in service.calls
        if any(call in (read, *read.ancestors) for read, _ in service.readers)
    )


def at_first(region: str) -> tuple[Planned, ...]:
    """Those of a region's calls that are made for everything."""
    return tuple(each for each in plan(region) if not _waits(each[1]))


def afterwards(region: str) -> tuple[Planned, ...]:
    """Those that are made only for what may lie on a loop, once that is known."""
    return tuple(each for each in plan(region) if _waits(each[1]))


def _waits(call: Call) -> bool:
    return any(each.on_cycle for each in (call, *call.ancestors))


@dataclass(slots=True)
class Tally:
    """What came of one call so far."""

    items: int = 0
    pages: int = 0
    requests: int = 0
    is_asked: bool = False
    is_whole: bool = True

    def add(self, answer: Answer) -> None:
        """Count an answer; one that failed leaves the call less than whole."""
        self.items += len(answer.items)
        self.pages += answer.pages
        self.requests += answer.requests
        self.is_asked = True
        self.is_whole &= answer.error is None


class Ledger:
    """One row per planned operation; operations repeated for several lists share theirs."""

    def __init__(self, account: str, region: str, planned: Sequence[Planned]) -> None:
        self.account, self.region, self.plan = account, region, planned
        self.tallies = {call: Tally() for _, call in self.plan}

    def rows(self) -> tuple[Read, ...]:
        """The ledger as it stands, sorted. Nothing is complete whose parent is not."""
        named: dict[tuple[str, str], list[Call]] = {}
        for service, call in self.plan:
            key = (service.name_of(call), service.action_of(call))
            named.setdefault(key, []).append(call)
        return tuple(
            sorted(self._row(name, action, calls) for (name, action), calls in named.items())
        )

    def _row(self, name: str, action: str, calls: Sequence[Call]) -> Read:
        tallies = [self.tallies[call] for call in calls]
        statuses = {self._status(call) for call in calls}
        return Read(
            self.account,
            self.region,
            name,
            action,
            statuses.pop() if len(statuses) == 1 else ReadStatus.PARTIAL,
            items=sum(tally.items for tally in tallies),
            requests=sum(tally.requests for tally in tallies),
        )

    def _status(self, call: Call) -> ReadStatus:
        tally = self.tallies[call]
        is_asked_for_all = (
            self._status(call.for_each) is ReadStatus.COMPLETE if call.for_each else tally.is_asked
        )
        if tally.is_whole and is_asked_for_all:
            return ReadStatus.COMPLETE
        return ReadStatus.PARTIAL if tally.pages else ReadStatus.NOT_READ
