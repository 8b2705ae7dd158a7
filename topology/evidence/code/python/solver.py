"""Which values reach which places: the smallest sets that every flow between places allows.

L. O. Andersen, Program Analysis and Specialization for the C Programming Language, 1994, §4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable

from topology.evidence.code.python.objects import Value

Place = Hashable
Watcher = Callable[[Value], None]
MAX_WORK = 80_000  # a few seconds


class TooMuchError(Exception):
    """The program is too large or too entangled to follow."""


class Solver:
    """Places, what they hold, and what follows from it. Order does not matter."""

    def __init__(self) -> None:
        self.values: defaultdict[Place, dict[Value, None]] = defaultdict(dict)
        self._out: defaultdict[Place, dict[Place, None]] = defaultdict(dict)
        self._watchers: defaultdict[Place, list[Watcher]] = defaultdict(list)
        self._waiting: list[tuple[Place, Value]] = []
        self._called: list[tuple[Watcher, Value]] = []
        self._once: set[Hashable] = set()
        self._work = 0

    def add(self, place: Place, value: Value) -> None:
        """A place may hold a value."""
        held = self.values[place]
        if value not in held:
            self._count()
            held[value] = None
            self._waiting.append((place, value))

    def flow(self, source: Place, target: Place) -> None:
        """Whatever a place holds, another holds too."""
        out = self._out[source]
        if source != target and target not in out:
            self._count()
            out[target] = None
            for value in [*self.values[source]]:
                self.add(target, value)

    def on(self, place: Place, watcher: Watcher) -> None:
        """Call for every value that a place holds, now and later."""
        self._count()
        self._watchers[place].append(watcher)
        self._called += [(watcher, value) for value in self.values[place]]

    def once(self, what: Hashable) -> bool:
        """Whether this is asked for the first time."""
        if what in self._once:
            return False
        self._once.add(what)
        return True

    def run(self) -> None:
        """Until nothing changes any more."""
        while self._waiting or self._called:
            while self._called:
                watcher, each = self._called.pop()
                watcher(each)
            if self._waiting:
                place, value = self._waiting.pop()
                for target in [*self._out[place]]:
                    self.add(target, value)
                self._called += [(watcher, value) for watcher in self._watchers[place]]

    def _count(self) -> None:
        self._work += 1
        if self._work > MAX_WORK:
            raise TooMuchError
