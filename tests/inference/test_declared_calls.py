"""A definition that declares its targets: no permission is joined, but AWS tells of its calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, allow
from topology.inference.writes import permitted_writes

ANYTHING = allow("*", "*")


def kinds(detail_type: str = "nothing", **facts: Any) -> set[str]:
    """What a machine that may do anything writes, beside a queue and a rule that hears it."""
    world = World()
    world.queue("jobs")
    machine = world.machine("order", ANYTHING, **facts)
    world.rule(world.bus(), machine, {"detail-type": [detail_type]})
    return {write.edge.kind for write in permitted_writes(world.graph()).writes}


def test_a_declared_build_still_tells_the_bus_of_itself():
    declared = {"": ["codebuild:StartBuild"]}
    told = kinds("CodeBuild Build State Change", calls=[], declared_calls=declared)
    assert told == {"eb.default_bus.aws_service"}


def test_a_declared_call_still_comes_back_through_cloudtrail():
    declared = {"": ["s3:PutObject"]}
    told = kinds("AWS API Call via CloudTrail", calls={"": []}, declared_calls=declared)
    assert told == {"eb.cloudtrail"}


def test_nothing_is_told_of_calls_that_a_definition_does_not_make():
    declared = {"": ["sqs:SendMessage"]}
    assert not kinds("CodeBuild Build State Change", calls=[], declared_calls=declared)


@pytest.mark.parametrize("calls", [{"": [], "3": ["sqs:SendMessage"]}, {"": [], "3": None}])
def test_the_calls_of_every_version_count(calls):
    assert "iam.sqs.queue.send" in kinds(calls=calls)


def test_versions_that_call_nothing_write_nothing():
    assert not kinds(calls={"": [], "3": []})
