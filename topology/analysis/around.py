"""What goes round: the steps that lie on cycles which nothing stops, and the loops they make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TypeAlias

from topology.analysis import cycles
from topology.analysis.analyse import TRAITS, hops_of
from topology.analysis.loops import LoopHop
from topology.graph import Edge, Evidence
from topology.inference.passage import Step
from topology.verdict import Cannot

Hops: TypeAlias = tuple[LoopHop, ...]
Key: TypeAlias = tuple[str, ...]
Signature: TypeAlias = tuple[Key, ...]


def signature(hops: Sequence[LoopHop]) -> Signature:
    """What a loop is, whatever its permissions are called after a change."""
    return tuple(sorted(_key(hop.edge) for hop in hops))


def _key(edge: Edge) -> Key:
    label = edge.label if edge.evidence is Evidence.DECLARED else ""
    return (edge.source, edge.target, edge.kind, label)


class Around:
    """The cycles of some steps. ``is_empty`` where nothing goes round."""

    def __init__(self, steps: Iterable[Step]) -> None:
        passing = [step for step in steps if not isinstance(step.hop, Cannot)]
        self._components = cycles.components(passing)

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes round."""
        return not self._components

    @property
    def steps(self) -> list[Step]:
        """Every step that lies on a cycle."""
        return [step for component in self._components for step in component]

    @cached_property
    def loops(self) -> tuple[Hops, ...]:
        """Through every trigger that lies on a cycle, the gravest, then shortest, loop."""
        return tuple(
            tuple(hops_of(path))
            for component in self._components
            for path in cycles.gravest(component, TRAITS)
        )

    def takes(self, edge: Edge) -> bool:
        """Whether some cycle may take an edge, or a write through a hub that is told as one."""
        if _key(edge) in self._keys:
            return True
        through = self._into_hubs.get((edge.source, edge.kind), set())
        return not through.isdisjoint(self._out_of_hubs.get(edge.target, ()))

    @cached_property
    def _keys(self) -> frozenset[Key]:
        return frozenset(_key(step.edge) for step in self.steps)

    @cached_property
    def _into_hubs(self) -> dict[tuple[str, str], set[str]]:
        """By writer and kind of write the names it leads to, hubs among them."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for step in self.steps:
            found[step.edge.source, step.edge.kind].add(step.edge.target)
        return found

    @cached_property
    def _out_of_hubs(self) -> dict[str, set[str]]:
        """By channel the hubs that lead to it."""
        found: dict[str, set[str]] = defaultdict(set)
        for step in self.steps:
            if step.leaves_hub:
                found[step.edge.target].add(step.edge.source)
        return found
