"""A process of ours and those it starts: what they inherit, and that they go with it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Thread
from typing import Any

GLANCE = 1.0  # seconds between two looks of a child at its parent
PARENT = "LOOPSCOPE_PARENT"  # process id of whoever a child must not outlive


def inherited(directory: Path) -> dict[str, str]:
    """The environment of a child of this process; ``directory`` is where ``config`` lies."""
    paths = [str(directory), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        PARENT: str(os.getpid()),
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


def die_with_parent(**_: Any) -> None:
    """In a child: end as soon as the parent is gone, as one killed outright can end nobody."""
    if PARENT in os.environ:
        Thread(target=_watch, args=(int(os.environ[PARENT]),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(GLANCE)
    os._exit(1)  # work in hand is taken up again when its lease runs out
