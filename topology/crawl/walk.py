"""The walk: every planned call, in threads, each answer to facts, each failure to a gap."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from queue import SimpleQueue

from topology.catalog.service import Call, Fact, Here, Item, Service, Unread
from topology.crawl.ask import Answer, ask
from topology.crawl.errors import UNEXPECTED, OutOfTimeError, code_of, reason_of
from topology.crawl.ledger import Ledger
from topology.crawl.session import CONNECTIONS, Session
from topology.crawl.things import Seen, Thing, add_prints, name_of
from topology.graph import Edge, Gap, Resource

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One call for one item of another; ``above`` are that item and its ancestors.

    ``thing`` is the item of the first list above, of which everything below it tells.
    """

    service: Service
    call: Call
    above: tuple[Item, ...] = ()
    subject: str = ""
    listed_by: Task | None = None
    thing: Thing | None = None

    @property
    def name(self) -> str:
        """How the ledger names the call."""
        return self.service.name_of(self.call)


Then = Callable[[Task, Answer], None]  # what becomes of an answer


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact, and its call's place in the plan: a later call refines what an earlier one said."""

    place: int
    fact: Fact
    thing: Thing | None


class Walk:
    """Reads one account and region once; run it ``in_threads``, then look at what it found.

    ``deadline`` is monotonic: what is not asked by then is a gap.
    """

    def __init__(
        self, session: Session, here: Here, region: str, ledger: Ledger, deadline: float
    ) -> None:
        self.session, self.here, self.region, self.ledger = session, here, region, ledger
        self.deadline = deadline
        self.stated: list[Stated] = []
        self.gaps: set[Gap] = set()
        self.gone: list[tuple[Task, Answer]] = []
        self.seen: dict[Task, Seen] = {}
        self._answers: SimpleQueue[tuple[Then, Task, Answer]] = SimpleQueue()
        self._places = {call: place for place, (_, call) in enumerate(ledger.plan)}
        self._readers = {call: tuple(service.readers_of(call)) for service, call in ledger.plan}
        self._children: dict[Call, list[Call]] = {call: [] for _, call in ledger.plan}
        for _, call in ledger.plan:
            if call.for_each is not None:
                self._children[call.for_each].append(call)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._asked = self._done = 0

    @contextmanager
    def in_threads(self) -> Iterator[None]:
        """Have the threads that ask."""
        with ExitStack() as stack:
            for service in {service for service, _ in self.ledger.plan if service.rate}:
                # A pool of its own, so that a service that must be asked slowly delays no other,
                # and no larger than its rate: a worker has these threads for every Region it reads.
                own = min(CONNECTIONS, math.ceil(service.rate or 0))
                self._pools[service.client] = _pool(own, service.client, stack)
            self._pool = _pool(CONNECTIONS, "asking", stack)
            yield

    def run(
        self, tasks: Iterable[Task], progress: Progress | None = None, then: Then | None = None
    ) -> None:
        """Make these calls and whatever follows from them.

        Answers are read here, in one thread, so readers need no locks.
        """
        for task in tasks:
            self._submit(task, then or self.receive)
        while self._done < self._asked:
            then, task, answer = self._answers.get()
            then(task, answer)
            self._done += 1
            if progress:
                progress(task.name, self._done, self._asked)

    def ask(self, task: Task) -> Answer:
        """Make one call, unless the time is over."""
        if time.monotonic() > self.deadline:
            return Answer((), 0, OutOfTimeError())
        place = self.session, self.region, task.service, task.call, self.here
        return ask(*place, *task.above, deadline=self.deadline)

    def receive(self, task: Task, answer: Answer) -> None:
        """Read an answer: state what it says, and ask what follows from it."""
        if answer.error is not None and code_of(answer.error) in task.call.gone:
            self.gone.append((task, answer))
            return
        self.count(task, answer)
        seen: Seen = {}
        for item in answer.items:
            facts, more = self.read(task, item)
            thing = task.thing
            if thing is None:
                thing = (task.call, name_of(task.call, facts, more))
                add_prints(seen, thing, self.here, facts, more)
            self.take(task, thing, facts, more)
        if task.thing is None and answer.error is None:
            self.seen[task] = seen

    def read(self, task: Task, item: Item) -> tuple[list[Fact], list[Task]]:
        """What our readers state of an item, and what else is to be asked for it."""
        facts: list[Fact] = []
        more: list[Task] = []
        for reader in self._readers[task.call]:
            with self._guarded(task):
                facts += list(reader(self.here, item, *task.above))
        for call in self._children[task.call]:
            with self._guarded(task):
                if call.where is None or call.where(item):
                    subject = call.names(item) if call.names else ""
                    more.append(Task(task.service, call, (item, *task.above), subject, task))
        return facts, more

    def take(self, task: Task, thing: Thing, facts: Iterable[Fact], more: Iterable[Task]) -> None:
        """Keep what was stated of a thing, and make the calls it calls for."""
        for fact in facts:
            if isinstance(fact, Unread):
                self.gap(task, fact.code, fact.reason, fact.resource or task.subject, fact.action)
                continue
            if isinstance(fact, Resource | Edge):
                fact = replace(fact, read=task.name, subject=task.subject)
            self.stated.append(Stated(self._places[task.call], fact, thing))
        for each in more:
            self._submit(replace(each, thing=thing), self.receive)

    def count(self, task: Task, answer: Answer) -> None:
        """Enter an answer into the ledger; a failed one is a gap."""
        self.ledger.tallies[task.call].add(answer)
        if answer.error is not None:
            self.failed(task, answer.error)

    def failed(self, task: Task, error: Exception) -> None:
        """Enter a gap for a call that failed."""
        is_one_of_many = isinstance(error, OutOfTimeError)  # one gap for all that was not asked
        resource = "" if is_one_of_many else task.subject
        self.gap(task, code_of(error), reason_of(error), resource)

    def gap(self, task: Task, code: str, reason: str, resource: str, action: str = "") -> None:
        """Enter a gap; its call is then not complete."""
        self.ledger.tallies[task.call].is_whole = False
        action = action or task.service.action_of(task.call)
        account, region = self.ledger.account, self.ledger.region
        self.gaps.add(Gap(account, region, task.name, action, resource, code, reason))

    def _submit(self, task: Task, then: Then) -> None:
        self._asked += 1
        pool = self._pools.get(task.service.client, self._pool)
        pool.submit(lambda: self._answers.put((then, task, self.ask(task))))

    @contextmanager
    def _guarded(self, task: Task) -> Iterator[None]:
        """An answer of a shape we do not know is a gap; what else it holds is still read."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - readers meet whatever AWS may send one day
            self.gap(task, UNEXPECTED, reason_of(error), task.subject)


def _pool(threads: int, name: str, stack: ExitStack) -> ThreadPoolExecutor:
    pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
    stack.callback(pool.shutdown, cancel_futures=True)
    return pool
