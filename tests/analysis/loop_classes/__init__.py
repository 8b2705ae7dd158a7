"""The classes of loops seen in the field, each with its harmless twins, as small accounts.

A case is a function that builds a world. Its class, what must be said of it and what its witness
must satisfy stand in front of it; `test_loop_classes.py` asks.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.world import World
from topology.inference.refuters import Delivery
from topology.verdict import Cannot, Event, LoopVerdict


@dataclass(frozen=True)
class Case:
    """One account. ``verdict`` is that of its gravest loop; None: it has no loop at all.

    ``says`` are parts of the explanation; ``shows`` asks something of the event that the first
    filter of the loop lets through; ``rule`` is the platform's own that stops it.
    """

    name: str
    build: Callable[[World], object] = field(repr=False)
    loop_class: str
    verdict: LoopVerdict | None
    guarded: bool
    says: tuple[str, ...]
    shows: Callable[[Event], object] | None
    rule: Callable[[Delivery], Cannot | None] | None

    @property
    def is_harmless(self) -> bool:
        return self.verdict in (None, LoopVerdict.BLOCKED)


def case(
    loop_class: str,
    verdict: LoopVerdict | None,
    *,
    guarded: bool = False,
    says: tuple[str, ...] = (),
    shows: Callable[[Event], object] | None = None,
    rule: Callable[[Delivery], Cannot | None] | None = None,
) -> Callable[[Callable[[World], object]], Case]:
    """Make a case of a function that builds a world."""

    def of(build: Callable[[World], object]) -> Case:
        name = build.__name__.replace("_", " ")
        return Case(name, build, loop_class, verdict, guarded, says, shows, rule)

    return of


def cases() -> tuple[Case, ...]:
    """Every case of this folder."""
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    )
    return tuple(each for module in modules for each in vars(module).values() if _is_case(each))


def _is_case(value: object) -> bool:
    return isinstance(value, Case)
