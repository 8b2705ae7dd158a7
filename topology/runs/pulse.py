"""The heartbeat of work that is being done."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic

from django.db import DatabaseError, connection

from accounts import row_security
from topology import store
from topology.models import Run, RunPart

BEAT = 3.0  # seconds between two renewals of a lease
SILENCE = 30 * 60  # seconds without progress after which work is taken for hung


class Pulse(Thread):
    """Renews a lease beside the work, as one throttled call may outlast it."""

    def __init__(self, work: Run | RunPart) -> None:
        super().__init__(daemon=True)
        self._work = work
        run = work if isinstance(work, Run) else work.run
        self._workspace = run.aws_account.workspace_id
        self._progress: dict[str, int | str] = {}
        self._noted = monotonic()
        self._done = Event()
        self._ended = False

    def note(self, call: str, done: int, planned: int) -> None:
        """Take a crawl's progress along with the next beat; stops a crawl that was taken over."""
        if self._ended:
            raise store.FencedOutError(f"{self._work} has been taken over")
        self._noted = monotonic()
        if isinstance(self._work, RunPart):
            self._progress = {"calls_done": done, "calls_planned": planned, "doing": call}

    def run(self) -> None:
        """Beat until stopped, fenced out, or plainly hung."""
        try:
            self._beat()
        finally:
            connection.close()

    def stop(self) -> None:
        """Return when no beat can follow any more."""
        self._done.set()
        self.join()

    def _beat(self) -> None:
        with row_security.within(self._workspace):
            while not self._done.wait(BEAT) and not self._ended and self._makes_progress():
                try:
                    self._ended = not self._work.beat(**self._progress)
                except DatabaseError:
                    connection.close()  # tried again at the next beat

    def _makes_progress(self) -> bool:
        return monotonic() - self._noted < SILENCE
