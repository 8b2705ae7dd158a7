"""A function whose code is read in tests, and what must be found in it."""

from __future__ import annotations

from dataclasses import dataclass

from topology.sets.recipes import Anything, Brought, Decoded, Known, Recipe, Setting

RAW = Brought(("Records", "*", "s3", "object", "key"))
KEY = Decoded(RAW, plus=True)
BUCKET = Setting("BUCKET")
ANYTHING = Anything()


@dataclass(frozen=True)
class Found:
    """A call: the service and operation, what it names, and the key of an object."""

    service: str
    operation: str
    target: Recipe
    key: Recipe | None = None
    fields: tuple[tuple[str, Recipe], ...] = ()


@dataclass(frozen=True)
class Case:
    """``calls`` are all that must be found; ``complete``: nothing is doubted."""

    name: str
    source: str
    calls: tuple[Found, ...]
    complete: bool = True


def put(key: Recipe, target: Recipe = BUCKET, operation: str = "PutObject") -> Found:
    """An object that is put."""
    return Found("s3", operation, target, key)


def known(text: str) -> Recipe:
    """A literal."""
    return Known(text)
