"""A worker that works off the real broker's queue, in the test's own process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty

import pytest
from celery import current_app
from django.utils import timezone

from accounts.row_security import within
from topology.models import Run, RunPart

NOBODYS = 0  # a workspace that does not exist
Message = tuple[str, tuple[int, ...]]


class Worker:
    """Takes messages as a worker would, and tells what it took."""

    def __init__(self) -> None:
        current_app.loader.import_default_modules()
        self._queue = current_app.connection().SimpleQueue(current_app.conf.task_default_queue)

    def take(self) -> list[Message]:
        """Every message that waits, without doing anything about it."""
        taken: list[Message] = []
        while True:
            try:
                message = self._queue.get_nowait()
            except Empty:
                return taken
            message.ack()
            taken.append((message.headers["task"], tuple(message.payload[0])))

    def do(self, *messages: Message) -> None:
        """What a worker does with these messages, which sees no rows before it names whose."""
        with within(NOBODYS):
            for task, arguments in messages:
                current_app.tasks[task](*arguments)

    def work_off(self, times: int = 1) -> list[Message]:
        """Do what waits, and what that sends, until nothing does; each message so many times."""
        done: list[Message] = []
        while messages := self.take():
            for message in messages:
                self.do(*[message] * times)
            done += messages
        return done

    def close(self) -> None:
        self.take()
        self._queue.close()


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    running = Worker()
    running.take()
    yield running
    running.close()


@pytest.fixture
def leases_run_out(transactional_db: None) -> Callable[[], None]:
    """What time does to the work of workers that died."""

    def run_out() -> None:
        for model in (Run, RunPart):
            model._default_manager.exclude(lease_until=None).update(lease_until=timezone.now())

    return run_out
