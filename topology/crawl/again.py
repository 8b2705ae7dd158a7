"""A second look: was it really deleted, and what changed while the rest was read?"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable

from topology.catalog.service import Fact, Item, Service
from topology.crawl.ask import Answer, parameters
from topology.crawl.errors import code_of
from topology.crawl.things import Seen, Thing, add_prints, name_of
from topology.crawl.walk import Progress, Task, Walk

Told = tuple[Thing, list[Fact], list[Task]]  # what an item says, and what else it makes us ask
CHANGED = "ChangedWhileRead"  # our code for what was not the same twice
GONE = Answer((), 1)  # "there is no such thing" is an answer, and a whole one
QUICK = 1.0  # seconds a service's second look may always take
SHARE = 0.5  # of the time the crawl took so far, which it may take where that is more


def settle_gone(walk: Walk) -> set[Thing]:
    """Believe that something is deleted only when its list no longer shows it either.

    Returns what is gone.
    """
    lists: dict[Task, Answer] = {}
    gone: set[Thing] = set()
    for task, answer in walk.gone:
        listed_by = task.listed_by
        if listed_by is None:
            walk.count(task, answer)
            continue
        if listed_by not in lists:
            lists[listed_by] = walk.ask(listed_by)
        is_listed = _is_listed(walk, task, listed_by, lists[listed_by])
        walk.count(task, answer if is_listed else GONE)
        if task.thing and not is_listed:
            gone.add(task.thing)
    walk.gone.clear()
    return gone


def _is_listed(walk: Walk, task: Task, listed_by: Task, again: Answer) -> bool:
    """Whether the list, read again, still has what the task asked for, or cannot say."""
    if again.error is not None:
        return code_of(again.error) not in listed_by.call.gone

    def asked(item: Item) -> object:
        try:
            return parameters(task.call, walk.here, item, *listed_by.above)
        except (LookupError, TypeError):
            return None  # an item of another shape is none that was asked for

    return any(asked(item) == asked(task.above[0]) for item in again.items)


def look_again(walk: Walk, began: float, progress: Progress | None = None) -> None:
    """Ask the lists once more that need no item of another, and read again what differs.

    What differs at a third look too, or is no longer there, is a gap. A list that was not read
    whole is one already. ``began`` is when the crawl did (monotonic).
    """
    gone = settle_gone(walk)
    look = _Look(walk, gone)
    walk.run(_affordable(walk, time.monotonic() - began), progress, look.read_what_differs)
    gone |= settle_gone(walk)
    walk.run(look.differing, progress, look.tell_what_differs)


def _affordable(walk: Walk, took: float) -> list[Task]:
    """The lists that were read whole, but of slow services none where it would take long."""
    pages: defaultdict[Service, int] = defaultdict(int)
    for task in walk.seen:
        pages[task.service] += walk.ledger.tallies[task.call].pages
    limit = max(QUICK, SHARE * took)
    return [
        task
        for task in walk.seen
        if not task.service.rate or pages[task.service] / task.service.rate <= limit
    ]


class _Look:
    """Compares what the lists show with what they showed before."""

    def __init__(self, walk: Walk, gone: set[Thing]) -> None:
        self.walk, self.gone = walk, gone
        self.differing: list[Task] = []

    def read_what_differs(self, task: Task, answer: Answer) -> None:
        """The second look: what is new or has changed is read again, in place of what was."""
        shown = self._shown(task, answer)
        if shown is None:
            return
        before, now = self.walk.seen[task], self._seen(shown)
        self._tell(task, before.keys() - now.keys())
        differing = {thing for thing in now if now[thing] != before.get(thing)}
        if not differing:
            return
        self.walk.stated = [one for one in self.walk.stated if one.thing not in differing]
        for thing, facts, more in shown:
            if thing in differing:
                self.walk.take(task, thing, facts, more)
        self.walk.seen[task] = now
        self.differing.append(task)

    def tell_what_differs(self, task: Task, answer: Answer) -> None:
        """The third look: what still differs will not be read by asking once more."""
        shown = self._shown(task, answer)
        if shown is not None:
            before, now = self.walk.seen[task], self._seen(shown)
            things = now.keys() | before.keys()
            self._tell(task, {thing for thing in things if now.get(thing) != before.get(thing)})

    def _shown(self, task: Task, answer: Answer) -> list[Told] | None:
        """What the list shows now, read but not yet stated; None where it was not read whole.

        That is a gap then, but takes nothing from how the list was read before.
        """
        if answer.error is not None:
            tally = self.walk.ledger.tallies[task.call]
            was_whole = tally.is_whole
            self.walk.failed(task, answer.error)
            tally.is_whole = was_whole
            return None
        told = (self.walk.read(task, item) for item in answer.items)
        return [((task.call, name_of(task.call, *each)), *each) for each in told]

    def _seen(self, shown: Iterable[Told]) -> Seen:
        seen: Seen = {}
        for thing, facts, more in shown:
            add_prints(seen, thing, self.walk.here, facts, more)
        return seen

    def _tell(self, task: Task, things: Iterable[Thing]) -> None:
        for thing in things:
            if thing not in self.gone:
                reason = "it was not the same at a second look, and may have been moved meanwhile"
                self.walk.gap(task, CHANGED, reason, thing[1])
