"""What becomes of loops: the part that changes can reach says the same as the whole account."""

from __future__ import annotations

import pytest

from tests.analysis.loop_classes import Case, cases
from tests.world import World, allow, criteria
from topology.analysis import analyse, outcomes
from topology.analysis.around import signature
from topology.analysis.changes import (
    Add,
    Change,
    Forbid,
    Refilter,
    Reserve,
    Retarget,
    SwitchOff,
    SwitchOn,
    changed,
)
from topology.analysis.outcomes import Ground, Outcome, TooMuchError
from topology.analysis.trials import is_dangerous
from topology.graph import Edge, Graph, Meaning
from topology.verdict import LoopVerdict


def one_of_each_class() -> list[Case]:
    return list({each.loop_class: each for each in reversed(cases())}.values())


def two_loops() -> tuple[World, dict[str, str]]:
    """A queue and a table, each fed by its own function; names by what they are."""
    world = World()
    queue = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    table, stream = world.table("people")
    score = world.function("score", allow("dynamodb:PutItem", table), names=[table])
    mapping, listen = world.listen(queue, work), world.listen(stream, score)
    return world, {"queue": queue, "work": work, "mapping": mapping, "listen": listen}


def of(graph: Graph, *changes: Change) -> Outcome:
    return Ground(graph).outcome(changes)


def words(outcome: Outcome) -> list[tuple[str, str, str]]:
    turns = (*outcome.stopped, *outcome.opened, *outcome.altered)
    return [
        (
            each.before.verdict.value if each.before else "-",
            each.after.verdict.value if each.after else "-",
            each.because,
        )
        for each in turns
    ]


def test_it_says_which_loop_stops_and_why_and_looks_at_no_other():
    world, name = two_loops()
    found = of(world.graph(), SwitchOff((name["mapping"],)))
    ((before, after, because),) = words(found)
    assert (before, after) == ("guarded", "blocked")
    assert "It would be switched off" in because
    assert {name["queue"], name["work"]} <= found.members
    assert not any("people" in each for each in found.members)


def test_a_change_that_touches_no_loop_changes_none():
    world, _ = two_loops()
    quiet = world.function("quiet")
    found = of(world.graph(), Reserve(quiet, 0))
    assert words(found) == []
    assert found.members == frozenset()


def test_a_loop_whose_edge_leads_elsewhere_is_gone():
    world = World()
    bucket = world.bucket("uploads")
    log = world.edge(bucket, bucket, Meaning.WRITES, "s3.logging")
    (turn,) = of(world.graph(), Retarget(log, "arn:aws:s3:::logs")).stopped
    assert turn.after is None
    assert turn.because == outcomes.GONE


def test_an_edge_that_closes_a_loop_opens_it():
    world, name = two_loops()
    graph = world.graph()
    without = Graph(graph.resources, tuple(e for e in graph.edges if e.id != name["mapping"]))
    added = Edge(name["queue"], name["work"], Meaning.TRIGGERS, "esm.sqs.lambda", label="what-if")
    found = of(without, Add(added))
    (turn,) = found.opened
    assert (turn.before, turn.after and turn.after.verdict) == (None, LoopVerdict.GUARDED)


def test_what_was_blocked_and_is_switched_on_opens_with_what_it_was_before():
    world = World()
    queue = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue])
    world.listen(queue, work, dormant="the mapping is Disabled")
    (edge,) = world.edges
    (turn,) = of(world.graph(), SwitchOn((edge.id,))).opened
    assert turn.before is not None
    assert turn.before.verdict is LoopVerdict.BLOCKED


def test_a_filter_that_lets_some_through_alters_the_verdict():
    world = World()
    table, stream = world.table("people")
    score = world.function("score", allow("dynamodb:*", table), names=[table])
    mapping = world.listen(stream, score)
    inserts = criteria("lambda.criteria.dynamodb", {"eventName": ["INSERT"]})
    (turn,) = of(world.graph(), Refilter((mapping,), inserts)).altered
    assert turn.after is not None
    assert turn.after.verdict is LoopVerdict.POSSIBLE
    assert "eventName" in turn.because


def test_a_role_that_loses_a_permission_is_followed_to_everybody_who_has_it():
    world, name = two_loops()
    role = "arn:aws:iam::111122223333:role/work"
    found = of(world.graph(), Forbid((role,), ("sqs:SendMessage",), (name["queue"],)))
    assert [turn.before and turn.before.verdict for turn in found.stopped] == [LoopVerdict.GUARDED]
    assert "denies it" in found.stopped[0].because


def test_more_than_anybody_waits_for_is_refused_in_words(monkeypatch: pytest.MonkeyPatch):
    world, name = two_loops()
    monkeypatch.setattr(outcomes, "MOST", 2)
    with pytest.raises(TooMuchError, match="Nothing is said of what they would do"):
        of(world.graph(), SwitchOff((name["mapping"],)))


@pytest.mark.parametrize("case", [pytest.param(c, id=c.loop_class) for c in one_of_each_class()])
def test_it_says_of_a_switch_what_the_whole_analysis_says(case: Case):
    world, _ = two_loops()
    case.build(world)
    graph = world.graph()
    ground, was = Ground(graph), dangerous(graph)
    for edge in graph.edges[:1]:
        change = SwitchOn((edge.id,)) if edge.dormant else SwitchOff((edge.id,))
        found = ground.outcome([change])
        now = dangerous(changed(graph, [change]))
        stopped = {signature(turn.before.hops) for turn in found.stopped if turn.before}
        going = {signature(turn.after.hops) for turn in found.opened if turn.after}
        assert stopped.isdisjoint(now), "it says that a loop stops that goes on"
        assert now - was <= going | {signature(each.hops) for each in found.same}
        assert going <= now


def dangerous(graph: Graph) -> set[object]:
    return {signature(each.hops) for each in analyse(graph).loops if is_dangerous(each)}
