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
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():  # else thawing would thaw what is not ours
                gc.freeze()
                gc.unfreeze()
            gc.enable()
