"""The folder of a stand-alone installation: database, secret key, broker messages."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

PRIVATE = 0o700  # the database holds the map of somebody's account


def prepare(directory: Path) -> None:
    """Create the folder and those of the file broker, unless they exist; ``OSError`` if not."""
    for folder in (directory, messages(directory), control(directory)):
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)


def messages(directory: Path) -> Path:
    """Where the file broker keeps messages that wait for a worker."""
    return directory / "messages"


def control(directory: Path) -> Path:
    """Where the file broker keeps its table of queues."""
    return directory / "queues"


def secret_key(directory: Path) -> str:
    """The key that signs sessions and links: made on first use, readable by its owner only.

    Linked into place whole, so two processes that start together agree on one key.
    """
    file = directory / "secret-key"
    if not file.exists():
        directory.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=directory)  # 0600
        try:
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_urlsafe(48))
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            Path(draft).unlink()
    return file.read_text()
