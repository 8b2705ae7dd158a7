"""Celery processes that a command starts, keeps alive, and never leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

from topology.lineage import inherited

GLANCE = 1.0  # seconds between two looks at a child
GRACE = 5.0  # seconds to end in before being killed


class Children:
    """A context: leaving it, however that comes about, ends every child."""

    def __init__(self, directory: Path) -> None:
        """``directory`` is where the ``config`` package lies."""
        self._environment = inherited(directory)
        self._kept: list[_Kept] = []

    def start(self, *arguments: str) -> None:
        """Run ``celery --app=config <arguments>`` now, and again whenever it dies of itself."""
        command = [sys.executable, "-m", "celery", "--quiet", "--app=config", *arguments]
        self._kept.append(_Kept(command, self._environment))

    def __enter__(self) -> Children:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for child in self._kept:
            child.ask_to_end()
        for child in self._kept:
            child.end()


class _Kept:
    """One child, in a process group of its own: Ctrl-C is for the parent, which ends it in turn."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, environment
        self._ending = Event()
        self._process = self._spawn()
        self._keeper = Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def ask_to_end(self) -> None:
        """No further start from now on; returns before the child has ended."""
        self._ending.set()
        self._keeper.join()
        self._signal(signal.SIGTERM)

    def end(self) -> None:
        """Return when neither the child nor anything it started is left."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _keep(self) -> None:
        while not self._ending.wait(GLANCE):
            if self._process.poll() is not None:
                self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own arguments)
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
