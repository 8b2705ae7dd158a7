"""A small function whose code is read in tests, and what must be found in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Handler:
    """``calls`` are services and operations that must be found; ``complete``: no doubts."""

    name: str
    files: Mapping[str, bytes]
    handler: str
    calls: tuple[tuple[str, str], ...]
    complete: bool
