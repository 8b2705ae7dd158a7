"""The vocabulary: what two readings say together, and which edges only stand in for others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.world import ACCOUNT, REGION, World
from topology.graph import Meaning, Observation, Read, ReadStatus, Resource, graph, joined

AT = datetime(2026, 11, 23, tzinfo=UTC)
DONE, PART = ReadStatus.COMPLETE, ReadStatus.PARTIAL


def observation(*resources, reads=(), minutes=0):
    at = AT + timedelta(minutes=minutes)
    return Observation(ACCOUNT, REGION, at, at, tuple(resources), (), (), tuple(reads))


def function(**attributes):
    return Resource("arn:f", "lambda.function", ACCOUNT, REGION, "f", attributes)


def read(status=DONE):
    return Read(ACCOUNT, REGION, "lambda.get_policy", "lambda:GetPolicy", status, 1, 1)


def test_a_second_reading_adds_to_the_first():
    first = observation(function(role="r", versions={"1": "a"}), reads=[read()])
    more = observation(function(versions={"2": "b"}), reads=[read()], minutes=5)
    both = joined(first, more)
    [known] = both.resources
    assert known.attributes == {"role": "r", "versions": {"1": "a", "2": "b"}}
    assert [(each.status, each.requests) for each in both.reads] == [(DONE, 2)]
    assert (both.started, both.finished) == (first.started, more.finished)


def test_a_call_is_complete_only_if_it_was_so_both_times():
    both = joined(observation(reads=[read()]), observation(reads=[read(PART)]))
    assert [each.status for each in both.reads] == [PART]


def test_what_a_permission_tells_of_a_source_counts_only_where_the_source_was_not_read():
    world = World()
    bucket, target = "arn:aws:s3:::uploads", world.function("convert")
    kind = "lambda.resource_policy"
    world.edge(bucket, target, Meaning.TRIGGERS, kind, evidence_only=True)
    assert [edge.kind for edge in world.graph().edges] == [kind]
    world.bucket("uploads")
    assert graph(world.resources, world.edges).edges == ()
    read = replace(world.edges[-1], attributes={})
    assert graph(world.resources, [read, *world.edges]).edges == (read,)
