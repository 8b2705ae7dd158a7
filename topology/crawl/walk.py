"""The walk: every planned call, in threads, each answer to facts, each failure to a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from queue import SimpleQueue

from topology.catalog.service import Call, Fact, Here, Item, Labelled, Mention, Service, Unread
from topology.crawl.ask import Answer, ask, parameters
from topology.crawl.errors import UNEXPECTED, code_of, reason_of
from topology.crawl.ledger import Ledger
from topology.crawl.session import CONNECTIONS, Session
from topology.graph import Edge, Gap, Resource

Progress = Callable[[str, int, int], None]
GONE = Answer((), 1)  # "there is no such thing" is an answer, and a whole one


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One call for one item of another; ``above`` are that item and its ancestors."""

    service: Service
    call: Call
    above: tuple[Item, ...] = ()
    subject: str = ""
    listed_by: Task | None = None

    @property
    def name(self) -> str:
        """How the ledger names the call."""
        return self.service.name_of(self.call)


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact, and its call's place in the plan: a later call refines what an earlier one said."""

    place: int
    fact: Resource | Edge


class Walk:
    """Reads one account and region once; ``run``, then look at what it found."""

    def __init__(self, session: Session, here: Here, region: str, ledger: Ledger) -> None:
        self.session, self.here, self.region, self.ledger = session, here, region, ledger
        self.stated: list[Stated] = []
        self.mentions: list[Mention] = []
        self.labels: list[Labelled] = []
        self.gaps: set[Gap] = set()
        self._gone: list[tuple[Task, Answer]] = []
        self._answers: SimpleQueue[tuple[Task, Answer]] = SimpleQueue()
        self._places = {call: place for place, (_, call) in enumerate(ledger.plan)}
        self._children: dict[Call, list[Call]] = {call: [] for _, call in ledger.plan}
        for _, call in ledger.plan:
            if call.for_each is not None:
                self._children[call.for_each].append(call)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._asked = 0

    def run(self, progress: Progress | None = None) -> None:
        """Ask everything. Answers are read here, in one thread, so readers need no locks."""
        with ExitStack() as stack:
            for service in {service for service, _ in self.ledger.plan}:
                # A pool of its own, so that a service that must be asked slowly delays no other.
                pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix=service.client)
                self._pools[service.client] = pool
                stack.callback(pool.shutdown, cancel_futures=True)
            for service, call in self.ledger.plan:
                if call.for_each is None:
                    self._submit(Task(service, call))
            done = 0
            while done < self._asked:
                task, answer = self._answers.get()
                self._receive(task, answer)
                done += 1
                if progress:
                    progress(task.name, done, self._asked)
        self._settle_gone()

    def _submit(self, task: Task) -> None:
        self._asked += 1
        self._pools[task.service.client].submit(lambda: self._answers.put((task, self._ask(task))))

    def _ask(self, task: Task) -> Answer:
        return ask(self.session, self.region, task.service, task.call, self.here, *task.above)

    def _receive(self, task: Task, answer: Answer) -> None:
        if answer.error is not None and code_of(answer.error) in task.call.gone:
            self._gone.append((task, answer))
            return
        self._count(task, answer)
        for item in answer.items:
            for reader in task.service.readers_of(task.call):
                with self._guarded(task):
                    for fact in list(reader(self.here, item, *task.above)):
                        self._state(task, fact)
            for call in self._children[task.call]:
                with self._guarded(task):
                    if call.where is None or call.where(item):
                        subject = call.names(item) if call.names else ""
                        above = (item, *task.above)
                        self._submit(Task(task.service, call, above, subject, task))

    def _state(self, task: Task, fact: Fact) -> None:
        if isinstance(fact, Mention):
            self.mentions.append(fact)
        elif isinstance(fact, Labelled):
            self.labels.append(fact)
        elif isinstance(fact, Unread):
            self._gap(task, fact.code, fact.reason, fact.resource, fact.action)
        else:
            stamped = replace(fact, read=task.name, subject=task.subject)
            self.stated.append(Stated(self._places[task.call], stamped))

    def _settle_gone(self) -> None:
        """Believe that something is deleted only when its list no longer shows it either."""
        lists: dict[Task, Answer] = {}
        for task, answer in self._gone:
            listed = task.listed_by
            if listed is None:
                self._count(task, answer)
                continue
            if listed not in lists:
                lists[listed] = self._ask(listed)
            with self._guarded(task):
                is_listed = self._is_listed(task, listed, lists[listed])
                self._count(task, answer if is_listed else GONE)

    def _is_listed(self, task: Task, listed_by: Task, again: Answer) -> bool:
        """Whether the list, read again, still has what the task asked for, or cannot say."""
        if again.error is not None:
            return code_of(again.error) not in listed_by.call.gone
        asked = parameters(task.call, self.here, *task.above)
        again_asked = (
            parameters(task.call, self.here, item, *listed_by.above) for item in again.items
        )
        return any(each == asked for each in again_asked)

    def _count(self, task: Task, answer: Answer) -> None:
        self.ledger.tallies[task.call].add(answer)
        if answer.error is not None:
            self._gap(task, code_of(answer.error), reason_of(answer.error))

    @contextmanager
    def _guarded(self, task: Task) -> Iterator[None]:
        """An answer of a shape we do not know is a gap; what else it holds is still read."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - readers meet whatever AWS may send one day
            self._gap(task, UNEXPECTED, reason_of(error))

    def _gap(
        self, task: Task, code: str, reason: str, resource: str = "", action: str = ""
    ) -> None:
        self.ledger.tallies[task.call].is_whole = False
        self.gaps.add(
            Gap(
                self.ledger.account,
                self.ledger.region,
                task.name,
                action or task.service.action_of(task.call),
                resource or task.subject,
                code,
                reason,
            )
        )
