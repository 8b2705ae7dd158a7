"""Rest for Python's search for garbage while very much is built that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_alone() -> Iterator[None]:
    """Within, no cycles of garbage are sought: among millions of values that takes a third of the
    time, and what is built there has none.

    So they need no look afterwards either: they join the old ones, which freezing does unseen.
    Not in a worker, which has frozen what stays: the clients of crawls beside are garbage in
    cycles, 15 MB of it for every Region that is read meanwhile.
    """
    if gc.get_freeze_count():
        yield
        return
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
