"""What was seen raises what is only permitted, and lowers nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, allow, deny
from topology.analysis import analyse
from topology.graph import Evidence
from topology.inference.writes import permitted_writes
from topology.verdict import LoopVerdict, Unknown


def seen(target, by="X-Ray", **more):
    times = {"from": "2026-11-23T12:00:00+00:00", "to": "2026-11-23T13:00:00+00:00"}
    return {"target": target, "by": by, "count": 7, **times, **more}


def world(statement, observed=True, **more):
    """A topic that starts a function, which was seen publishing to it."""
    made = World()
    topic = made.topic("news")
    facts: dict[str, Any] = {"recursive_loop": "Allow"}
    facts |= {"observed": [seen(topic, **more)]} if observed else {}
    made.subscribe(topic, made.function("work", statement(topic), **facts))
    return made, topic


def writes_to(made, topic):
    return [each for each in permitted_writes(made.graph()).writes if each.edge.target == topic]


@pytest.mark.parametrize(
    "statement",
    [lambda topic: allow("sns:Publish", topic), lambda topic: allow("sns:Publish", "*")],
    ids=["named", "anywhere"],
)
def test_a_permitted_write_that_was_seen_makes_the_loop_live(statement):
    made, topic = world(statement)
    [write] = writes_to(made, topic)
    assert write.edge.evidence is Evidence.OBSERVED
    assert write.edge.attributes["observed"][0]["where"] == "X-Ray"
    assert analyse(made.graph()).loops[0].verdict is LoopVerdict.LIVE
    unseen, _ = world(statement, observed=False)
    assert analyse(unseen.graph()).loops[0].verdict is LoopVerdict.POSSIBLE


def test_a_write_that_no_permission_shows_is_drawn_and_closes_a_possible_loop():
    made, topic = world(lambda topic: deny("sns:Publish", topic))
    [write] = writes_to(made, topic)
    assert isinstance(write.hop, Unknown)
    assert analyse(made.graph()).loops[0].verdict is LoopVerdict.POSSIBLE
    unseen, _ = world(lambda topic: deny("sns:Publish", topic), observed=False)
    assert analyse(unseen.graph()).loops == ()


def test_what_a_trail_saw_raises_only_the_write_of_that_action():

    def statement(topic):
        return allow("sns:Publish", topic)

    made, topic = world(statement, by="CloudTrail", action="sns:Publish")
    assert [each.edge.evidence for each in writes_to(made, topic)] == [Evidence.OBSERVED]
    made, topic = world(statement, by="CloudTrail", action="sns:SetTopicAttributes")
    assert Evidence.PERMITTED in {each.edge.evidence for each in writes_to(made, topic)}


def test_a_trace_to_the_queue_a_function_takes_from_proves_no_message():
    made = World()
    jobs = made.queue("jobs")
    work = made.function("work", allow("sqs:SendMessage", jobs), observed=[seen(jobs)])
    made.listen(jobs, work)
    assert [each.edge.evidence for each in writes_to(made, jobs)] == [Evidence.PERMITTED]


def test_what_was_seen_of_something_never_read_says_nothing():
    made = World()
    made.function("work", observed=[seen("arn:aws:sns:eu-west-1:111122223333:gone")])
    assert permitted_writes(made.graph()).writes == ()
