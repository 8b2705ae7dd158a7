"""Cuts: the cheapest changes after which nothing of a component goes round any more.

Choosing is a minimum hitting set over the loops known so far; the chosen changes are applied, the
analysis is run again, and what still goes round asks for one more change. Where nothing is left,
that analysis is the proof, and up to 24 edges nothing cheaper exists among the options.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from topology import garbage
from topology.analysis import hitting_set
from topology.analysis.analyse import Analysis
from topology.analysis.around import Hops, signature
from topology.analysis.changes import Change
from topology.analysis.levers import Effort
from topology.analysis.loops import Loop, LoopHop
from topology.analysis.options import Option, Options
from topology.analysis.origins import Origins, Writers
from topology.analysis.press_first import Press, press_first
from topology.analysis.trials import Trial, is_dangerous, trials

COMPONENTS = 200  # gravest components that are worked on
LOOPS = 10  # gravest loops of each with alternatives of their own
ALTERNATIVES = 3  # single changes shown for a loop
TRIES = 6  # single changes tried for a loop
EXACT = 24  # edges to choose from; with more the minimum is no longer sought
KNOWN = 200  # loops that a component's first choice is made for
ROUNDS = 200  # choices made for one component
EFFORT = 10_000  # steps, edges and resources that one component is analysed again for
IN_ALL = 50_000  # and all of them together
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
    with garbage.left_alone():
        return _remedies(analysis)


def _remedies(analysis: Analysis) -> Mapping[str, Remedy]:
    found: dict[str, Remedy] = {}
    writers = Writers(analysis)
    left = IN_ALL
    for trial in trials(analysis, COMPONENTS):
        chooser = Chooser(trial, writers, min(left, EFFORT))
        found.update(_of_component(chooser, trial))
        left -= trial.analyses * trial.size
        if left <= 0:
            break
    note = (
        f"Cuts are worked out for the {COMPONENTS} gravest components, as far as a fixed effort "
        "goes; none was for this one."
    )
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

    def __init__(self, trial: Trial, writers: Writers | None = None, effort: int = EFFORT) -> None:
        self._trial = trial
        origins = Origins(trial.graph, trial.writes, trial.members, writers or Writers(trial.whole))
        self._options = Options(trial.graph, trial.whole.graph, origins)
        self._analyses = max(2, effort // trial.size)
        self._touched: dict[tuple[str, ...], frozenset[int]] = {}
        self._about: dict[str, list[int]] = defaultdict(list)  # options by edge or role
        self.options: list[Option] = []

    def cut(self) -> Cut | None:
        """The cheapest changes that leave nothing dangerous in the component, or None.

        While the choice would leave loops even if each change did all it could, those are added;
        then the changes are made, and what is left tells which of them do less.
        """
        known = {signature(loop.hops): loop.hops for loop in self._trial.loops[:KNOWN]}
        more: set[frozenset[int]] = set()
        self._consider(known.values())
        for _ in range(ROUNDS):
            groups = [self._touching(hops) for hops in known.values()]
            try:
                chosen, method = self._choose([*groups, *more], known.values())
            except ValueError:
                return None
            picked = tuple(self.options[each] for each in sorted(chosen))
            left = self._left_at_best(chosen)
            if not left:
                changes = [each.change for each in picked]
                if self._trial.proves(changes):
                    stopped = tuple(loop.fingerprint for loop in self._trial.loops)
                    return Cut(picked, stopped, method, True, self._trial.analyses)
                if self._trial.analyses >= self._analyses:
                    return None
                left = self._trial.left(changes)
                # Whatever stops these has to change something that was not changed this time.
                more |= {self._touching(hops) - chosen for hops in left}
            fresh = {signature(hops): hops for hops in left}
            if fresh.keys() - known.keys():
                known |= fresh
                before = self.options
                self._consider(known.values())
                if before != self.options:
                    more = set()
        return None

    def alone(self, loop: Loop) -> list[Cut]:
        """Single changes that surely stop one loop, the cheapest first."""
        found: list[Cut] = []
        for option in self._options.of([loop.hops])[:TRIES]:
            changes = (option.change,)
            if self._may_ask(changes) and self._trial.stops(loop, changes):
                found.append(self._alternative((option,)))
            if len(found) == ALTERNATIVES:
                break
        if all(option.effort > Effort.AFFIX for cut in found for option in cut.options):
            found += self._with_a_folder(loop)
        return found

    def _with_a_folder(self, loop: Loop) -> list[Cut]:
        """Two changes that leave the trigger working, where no single one does."""
        for pair in self._options.own_folder(loop.hops):
            changes = tuple(option.change for option in pair)
            if self._may_ask(changes) and self._trial.stops(loop, changes):
                return [self._alternative(pair)]
        return []

    def _alternative(self, options: tuple[Option, ...]) -> Cut:
        changes = [option.change for option in options]
        is_whole = self._trial.ends(changes)
        known = self._trial.loops[:KNOWN]
        stopped = known if is_whole else self._trial.stopped(known, changes)
        stops = tuple(each.fingerprint for each in stopped)
        return Cut(options, stops, Method.ALTERNATIVE, is_whole)

    def _may_ask(self, changes: Sequence[Change]) -> bool:
        """Whether there is effort left to find out what changes do."""
        return self._trial.is_known(changes) or self._trial.analyses < self._analyses

    def _consider(self, loops: Iterable[Sequence[LoopHop]]) -> None:
        self.options = self._options.of(list(loops))
        self._touched.clear()
        self._about.clear()
        for number, option in enumerate(self.options):
            for name in option.names:
                self._about[name].append(number)

    def _left_at_best(self, chosen: frozenset[int]) -> tuple[Hops, ...]:
        """Cycles that have nothing to do with the chosen options."""
        left = self._trial.without(
            lambda step: bool(self._touching_hop(LoopHop(step.edge, step.hop)) & chosen)
        )
        return tuple(hops for hops in left if not self._touching(hops) & chosen)

    def _touching(self, hops: Sequence[LoopHop]) -> frozenset[int]:
        """The numbers of the options that may have anything to do with a loop."""
        return frozenset[int]().union(*map(self._touching_hop, hops))

    def _touching_hop(self, hop: LoopHop) -> frozenset[int]:
        key = (hop.edge.id, hop.edge.target)
        if key not in self._touched:
            roles = self._options.roles_of(hop.edge.source)
            self._touched[key] = frozenset(
                number
                for name in (hop.edge.id, *roles)
                for number in self._about.get(name, ())
                if self.options[number].touches(hop, {hop.edge.source: roles})
            )
        return self._touched[key]

    def _choose(
        self, groups: Sequence[frozenset[int]], loops: Iterable[Sequence[LoopHop]]
    ) -> tuple[frozenset[int], Method]:
        weights = [int(option.effort) for option in self.options]
        if len({option.about.id for option in self.options}) <= EXACT:
            with suppress(hitting_set.TooManyBranchesError):
                return hitting_set.cheapest(groups, weights), Method.EXACT
        return self._nearly(groups, weights, loops), Method.HEURISTIC

    def _nearly(
        self,
        groups: Sequence[frozenset[int]],
        weights: Sequence[int],
        loops: Iterable[Sequence[LoopHop]],
    ) -> frozenset[int]:
        """The lighter of two choices, without what the others make superfluous."""
        cheapest: dict[tuple[str, str], int | None] = {}
        for hop in (hop for hops in loops for hop in hops):
            touching = self._touching_hop(hop)
            best = min(touching, key=lambda each: (weights[each], each), default=None)
            cheapest.setdefault((hop.edge.source, hop.edge.target), best)
        arcs = {
            ends: NOT_JOINED if best is None else weights[best] for ends, best in cheapest.items()
        }
        back = (cheapest[arc] for arc in hitting_set.backward(arcs))
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
