"""Work on all that a workspace knows: a process does one piece of it at a time.

Four threads at once would take four times the memory and, as it is Python's own work, no less time.
Who finds another at it comes back, as a thread that waits is one that reads no Region.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SOON = 2.0  # seconds after which it is worth coming back

_ONE = Lock()


@contextmanager
def whole_workspace() -> Iterator[bool]:
    """Whether this thread may do such work now, and for the block."""
    is_mine = _ONE.acquire(blocking=False)
    try:
        yield is_mine
    finally:
        if is_mine:
            _ONE.release()
