"""Cuts: the cheapest changes after which nothing of a component goes round any more.

Choosing is a minimum hitting set over the loops known so far; the chosen changes are applied, the
analysis is run again, and what still goes round asks for one more change. Where nothing is left,
that analysis is the proof, and up to 24 edges nothing cheaper exists among the options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from topology.analysis import hitting_set
from topology.analysis.analyse import Analysis
from topology.analysis.loops import Loop, LoopHop
from topology.analysis.options import Effort, Option, Options
from topology.analysis.origins import Origins, Writers
from topology.analysis.press_first import Press, press_first
from topology.analysis.trials import Signature, Trial, is_dangerous, signature, trials

COMPONENTS = 20  # gravest components that are worked on
LOOPS = 10  # gravest loops of each with alternatives of their own
ALTERNATIVES = 3  # single changes shown for a loop
TRIES = 6  # single changes tried for a loop
EXACT = 24  # edges to choose from; with more the minimum is no longer sought
KNOWN = 200  # loops that a component's first choice is made for
ANALYSES = 60  # of one component, for its cut
EFFORT = 200_000  # edges looked at again for the cut of one component
NOT_JOINED = 1_000_000  # the weight of a hop that cannot be changed


class Method(StrEnum):
    """How a cut was found."""

    EXACT = "exact"
    HEURISTIC = "heuristic"
    ALTERNATIVE = "alternative"  # another way, tried by itself


@dataclass(frozen=True, slots=True)
class Cut:
    """Changes that were tried and leave no loop of what ``stops`` names (fingerprints).

    ``analyses`` is how many graphs were analysed to find it. A cut that is ``whole`` leaves
    nothing dangerous in the component, listed or not.
    """

    options: tuple[Option, ...]
    stops: tuple[str, ...]
    method: Method
    whole: bool
    analyses: int = field(default=1, compare=False)

    @property
    def effort(self) -> int:
        """The sum of what the changes cost; an order of preference, no measure of time."""
        return sum(each.effort for each in self.options)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would stop a loop: its component's cut first; ``note`` says what was not tried."""

    cuts: tuple[Cut, ...] = ()
    press_first: Press | None = None
    note: str = ""


def remedies(analysis: Analysis) -> Mapping[str, Remedy]:
    """By fingerprint, what would stop each dangerous loop; bounded, and it says where it ends."""
    found: dict[str, Remedy] = {}
    writers = Writers(analysis.writes)
    for trial in trials(analysis, COMPONENTS):
        found.update(_of_component(Chooser(trial, writers), trial))
    note = f"Cuts are worked out for the {COMPONENTS} gravest components; this one comes after."
    for loop in analysis.loops:
        if is_dangerous(loop) and loop.fingerprint not in found:
            found[loop.fingerprint] = Remedy(note=note)
    return found


def _of_component(chooser: Chooser, trial: Trial) -> dict[str, Remedy]:
    cut = chooser.cut()
    note = "" if cut else "No set of changes could be proved to stop every loop of its component."
    found: dict[str, Remedy] = {}
    for place, loop in enumerate(trial.loops):
        cuts = [cut] if cut else []
        press = None
        own = note
        if place < LOOPS:
            singles = chooser.alone(loop)
            cuts += [single for single in singles if not cut or single.options != cut.options]
            press = press_first(loop, trial)
        else:
            own = (
                note or f"What stops a loop alone is tried for the {LOOPS} gravest of a component."
            )
        found[loop.fingerprint] = Remedy(tuple(cuts), press, own)
    return found


class Chooser:
    """Chooses cuts for one component. ``options`` are those of the last choice."""

    def __init__(self, trial: Trial, writers: Writers | None = None) -> None:
        self._trial = trial
        writers = writers or Writers(trial.whole.writes)
        origins = Origins(trial.graph, trial.writes, writers)
        self._options = Options(trial.graph, trial.whole.graph, origins)
        self._rounds = min(ANALYSES, max(3, EFFORT // max(len(trial.graph.edges), 1)))
        self.options: list[Option] = []

    def cut(self) -> Cut | None:
        """The cheapest changes that leave nothing dangerous in the component, or None."""
        known: dict[Signature, tuple[LoopHop, ...]] = {
            signature(loop.hops): loop.hops for loop in self._trial.loops[:KNOWN]
        }
        self.options = self._options.of(list(known.values()))
        more: set[frozenset[int]] = set()
        for _ in range(self._rounds):
            groups = [self._touching(hops) for hops in known.values()]
            try:
                chosen, method = self._choose([*groups, *more], list(known.values()))
            except ValueError:
                return None
            picked = tuple(self.options[each] for each in sorted(chosen))
            left = self._trial.left(each.change for each in picked)
            if not left:
                stopped = tuple(loop.fingerprint for loop in self._trial.loops)
                return Cut(picked, stopped, method, True, self._trial.analyses)
            fresh = {signature(loop.hops): loop.hops for loop in left}
            if fresh.keys() - known.keys():
                known |= fresh
                options = self._options.of(list(known.values()))
                if options != self.options:
                    self.options, more = options, set()
                    continue
            # Whatever stops these has to change something that was not changed this time.
            more |= {self._touching(loop.hops) - chosen for loop in left}
        return None

    def alone(self, loop: Loop) -> list[Cut]:
        """Single changes that surely stop one loop, the cheapest first."""
        found: list[Cut] = []
        for option in self._options.of([loop.hops])[:TRIES]:
            if self._trial.stops(loop, (option.change,)):
                whole = not self._trial.left((option.change,))
                stops = tuple(
                    each.fingerprint
                    for each in self._trial.loops[:KNOWN]
                    if whole or self._trial.stops(each, (option.change,))
                )
                found.append(Cut((option,), stops, Method.ALTERNATIVE, whole))
            if len(found) == ALTERNATIVES:
                break
        if all(option.effort > Effort.AFFIX for cut in found for option in cut.options):
            found += self._with_a_folder(loop)
        return found

    def _with_a_folder(self, loop: Loop) -> list[Cut]:
        """Two changes that leave the trigger working, where no single one does."""
        for pair in self._options.own_folder(loop.hops):
            changes = tuple(option.change for option in pair)
            if self._trial.stops(loop, changes):
                whole = not self._trial.left(changes)
                return [Cut(pair, (loop.fingerprint,), Method.ALTERNATIVE, whole)]
        return []

    def _touching(self, hops: Sequence[LoopHop]) -> frozenset[int]:
        """The numbers of the options that may have anything to do with a loop."""
        roles = {hop.edge.source: self._options.roles_of(hop.edge.source) for hop in hops}
        return frozenset(
            number
            for number, option in enumerate(self.options)
            if any(option.touches(hop, roles) for hop in hops)
        )

    def _choose(
        self, groups: Iterable[frozenset[int]], loops: Iterable[Sequence[LoopHop]]
    ) -> tuple[frozenset[int], Method]:
        weights = [int(option.effort) for option in self.options]
        groups = list(groups)
        if len({option.about.id for option in self.options}) <= EXACT:
            try:
                return hitting_set.cheapest(groups, weights), Method.EXACT
            except hitting_set.TooManyBranchesError:
                pass
        return self._nearly(groups, weights, loops), Method.HEURISTIC

    def _nearly(
        self,
        groups: Sequence[frozenset[int]],
        weights: Sequence[int],
        loops: Iterable[Sequence[LoopHop]],
    ) -> frozenset[int]:
        """The lighter of two choices, without what the others make superfluous."""
        cheapest: dict[tuple[str, str], int | None] = {}
        for hops in loops:
            for hop in hops:
                touching = self._touching((hop,))
                best = min(touching, key=lambda each: (weights[each], each), default=None)
                cheapest.setdefault((hop.edge.source, hop.edge.target), best)
        arcs = {
            ends: NOT_JOINED if best is None else weights[best] for ends, best in cheapest.items()
        }
        back = {cheapest[arc] for arc in hitting_set.backward(arcs)} - {None}
        by_order = frozenset(each for each in back if each is not None)
        unhit = [group for group in groups if group.isdisjoint(by_order)]
        choices = (
            by_order | hitting_set.greedy(unhit, weights),
            hitting_set.greedy(groups, weights),
        )
        pruned = (_pruned(choice, groups, weights) for choice in choices)
        return min(pruned, key=lambda choice: (sum(weights[e] for e in choice), sorted(choice)))


def _pruned(
    chosen: frozenset[int], groups: Sequence[frozenset[int]], weights: Sequence[int]
) -> frozenset[int]:
    """The choice without what no group needs, the dearest tried first."""
    for each in sorted(chosen, key=lambda one: (-weights[one], one)):
        if all(not group.isdisjoint(chosen - {each}) for group in groups):
            chosen -= {each}
    return chosen
