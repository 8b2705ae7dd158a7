"""The demo's AWS: an emulator in a child process that cannot outlive its parent."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

HOST = "127.0.0.1"
LISTENING = "listening on "  # what the child says, before its URL
ROOT = Path(__file__).parents[2]  # from where the child finds this package
STOPPING = 5.0  # seconds a child may take to leave before it is killed


class DemoError(Exception):
    """The demo account could not be started or seeded; the message says what to do."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator. Leaving the ``with`` block, or the parent's death, stops it."""

    endpoint_url: str
    _child: subprocess.Popen[str]

    def stop(self) -> None:
        """Stop the child and wait for it; stopping twice is fine."""
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()
        try:
            self._child.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(port: int = 0) -> Emulator:
    """Start an empty AWS on a loopback port (0: any free one) and wait until it listens.

    Raises ``DemoError`` when the emulator is not installed or the port is taken.
    """
    child = subprocess.Popen(  # noqa: S603 - our own module, run by the Python that runs us
        [sys.executable, "-m", __package__, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C is for the parent, which stops this child last
    )
    said = child.stdout.readline().strip() if child.stdout else ""
    emulator = Emulator(said.removeprefix(LISTENING), child)
    if not said.startswith(LISTENING):
        emulator.stop()
        raise DemoError(f"The demo AWS account did not start: {said or 'it said nothing'}.")
    return emulator
