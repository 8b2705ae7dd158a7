"""All classes of loops seen in the field and their harmless twins: verdict, witness, reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from tests.analysis.loop_classes import Case, cases
from tests.world import World
from topology import filters
from topology.analysis import Analysis, Loop, analyse
from topology.filters import ParsedFilter
from topology.graph import Graph
from topology.inference.refuters import UNMARKED, Delivery, Mark
from topology.verdict import Cannot, Hop, LoopVerdict, Unknown

CASES = cases()
CLASSES = [f"L{number}" for number in range(1, 29)]
NO_CYCLE = "L7"  # poison retries: a bill like a loop's, but nothing comes back


def of(is_chosen: Callable[[Case], bool]) -> pytest.MarkDecorator:
    """A test of every case that is chosen."""
    rows = [pytest.param(c, id=f"{c.loop_class}: {c.name}") for c in CASES if is_chosen(c)]
    return pytest.mark.parametrize("case", rows)


@cache
def judged(case: Case) -> tuple[Graph, Analysis]:
    world = World()
    case.build(world)
    graph = world.graph()
    return graph, analyse(graph)


def gravest(case: Case) -> Loop:
    _, analysis = judged(case)
    assert analysis.loops, "no loop was found"
    return analysis.loops[0]


def filtered(loop: Loop) -> list[tuple[ParsedFilter, Hop]]:
    edges = ((hop.edge.filter, hop.hop) for hop in loop.hops)
    return [(filters.parse(heard), hop) for heard, hop in edges if heard is not None]


@of(lambda case: True)
def test_it_gives_the_account_its_verdict(case):
    _, analysis = judged(case)
    verdicts = [loop.verdict for loop in analysis.loops]
    assert (verdicts[0] if verdicts else None) is case.verdict, [
        loop.explanation for loop in analysis.loops
    ]


@of(lambda case: True)
def test_it_understands_everything_it_read(case):
    _, analysis = judged(case)
    assert analysis.gaps == ()


@of(lambda case: case.verdict is not None)
def test_it_says_why_and_whether_the_guard_covers_it(case):
    loop = gravest(case)
    for part in case.says:
        assert part in loop.explanation
    if not case.is_harmless:
        assert loop.guard.covered is case.guarded


@of(lambda case: not case.is_harmless)
def test_its_events_pass_every_filter_and_its_counterexamples_do_not(case):
    for heard, hop in filtered(gravest(case)):
        if hop.witness is None:  # a proof takes an event, a doubt need not
            assert isinstance(hop, Unknown)
        else:
            assert heard.matches(hop.witness)
        if hop.counterexample is not None:
            assert not heard.matches(hop.counterexample)


@of(lambda case: case.shows is not None)
def test_it_shows_an_event_that_a_person_would_recognise(case):
    (_, hop), *_ = filtered(gravest(case))
    assert case.shows(hop.witness)


@of(lambda case: case.verdict is LoopVerdict.BLOCKED)
def test_it_says_of_a_blocked_loop_what_would_open_it(case):
    _, analysis = judged(case)
    for loop in analysis.loops:
        reasons = [hop.hop.because for hop in loop.hops if isinstance(hop.hop, Cannot)]
        assert reasons
        assert all(reason in loop.explanation for reason in reasons)
        assert loop.explanation.endswith("Changing that would close the loop.")


@of(lambda case: case.rule is not None)
def test_it_names_the_rule_of_the_platform_that_stops_it(case):
    graph, _ = judged(case)
    hops = gravest(case).hops
    ends = [(graph.resources[hop.edge.source], graph.resources[hop.edge.target]) for hop in hops]
    spoken = [
        case.rule(Delivery(hop.edge, *end, marks))
        for hop, end in zip(hops, ends, strict=True)
        for marks in (UNMARKED, frozenset(Mark))
    ]
    stopped = [hop.hop for hop in hops if isinstance(hop.hop, Cannot)]
    assert any(hop in spoken for hop in stopped)


def test_every_class_is_here_with_a_harmless_twin():
    dangerous = {each.loop_class for each in CASES if not each.is_harmless}
    harmless = {each.loop_class for each in CASES if each.is_harmless}
    assert dangerous == set(CLASSES) - {NO_CYCLE}
    assert harmless == set(CLASSES)
