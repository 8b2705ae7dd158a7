"""Celery's file broker, with messages that appear whole.

Kombu creates a message's file and then writes it; a worker that looks in between takes an empty
message, and both the message and the worker's connection are lost.
https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.transport.filesystem.html
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes aside, then renames."""

    def _put(self, queue: Any, payload: Any, **_: Any) -> None:  # type: ignore[override]
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.data_folder_out, f"{name}.draft")
        draft.write_text(dumps(payload))  # type: ignore[no-untyped-call]
        draft.rename(draft.with_name(name))


class Transport(filesystem.Transport):
    """The transport that Celery is pointed at."""

    Channel = Channel
