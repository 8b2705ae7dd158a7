"""Whether AWS's guard covers a function, by its Region, its runtime and the SDK it brings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, allow
from topology.analysis import Loop, analyse
from topology.analysis.guarded import Unguarded, cover, protection_gaps
from topology.evidence.code.kept import to_facts
from topology.evidence.code.reading import Doubt, Reading
from topology.graph import Graph, Resource
from topology.inference.coded import without_trust
from topology.verdict import LoopVerdict


def read_with(name: str, version: str) -> dict[str, Any]:
    """A reading that found an SDK in the package, and doubts everything else."""
    doubt = Doubt("", 0, "only the SDK was looked at")
    return to_facts(Reading("", 1, doubts=(doubt,), sdk=(name, version)), "sha")


def function(runtime: str, sdk: tuple[str, str] | None, region: str = "eu-west-1") -> Resource:
    facts: dict[str, Any] = {"runtime": runtime}
    if sdk is not None:
        facts["code"] = read_with(*sdk)
    arn = f"arn:aws:lambda:{region}:111122223333:function:work"
    return Resource(arn, "lambda.function", "111122223333", region, "work", facts)


@pytest.mark.parametrize(
    ("runtime", "sdk", "expected"),
    [
        ("python3.12", ("boto3", "1.24.45"), False),
        ("python3.12", ("boto3", "1.24.46"), True),
        ("python3.12", ("boto3", "1.34"), True),
        ("python3.12", ("boto3", "1.24"), None),  # 1.24.40 or 1.24.96?
        ("python3.12", ("boto3", "1"), None),
        ("python3.12", ("botocore", "1.27.45"), False),
        ("python3.12", ("boto3", ""), None),
        ("python3.12", ("boto3", "latest"), None),
        ("nodejs20.x", ("aws-sdk", "2.1146.9"), False),
        ("nodejs20.x", ("aws-sdk", "2.1147.0"), True),
        ("nodejs20.x", ("@aws-sdk/client-s3", "3.104.0"), False),
        ("nodejs20.x", ("@aws-sdk/client-s3", "3.888.0"), True),
        ("nodejs20.x", ("aws-sdk", "1.18.0"), None),
        ("java17", ("aws-java-sdk", "2.20.80"), False),
        ("java11", ("aws-java-sdk", "2.17.135"), True),
        ("dotnet8", ("AWSSDK.Core", "3.7.292.9"), False),
        ("ruby3.3", ("aws-sdk-core", "3.134.0"), True),
        ("provided.al2023", ("aws-sdk-go-v2", "1.56.0"), None),
        ("nodejs20.x", ("", ""), None),
        ("nodejs10.x", ("", ""), False),
        ("nodejs10.x", ("aws-sdk", "2.1300.0"), True),
        ("nodejs10.x", None, None),  # its package was not read, and may bring a newer one
        ("", None, None),
    ],
)
def test_what_an_sdk_means_for_the_guard(
    runtime: str, sdk: tuple[str, str] | None, expected: bool | None
) -> None:
    judged = cover(function(runtime, sdk))
    assert judged.covers is expected
    assert "work" in judged.because


def test_some_regions_have_no_guard() -> None:
    assert cover(function("python3.12", ("boto3", "1.40.0"), "mx-central-1")).covers is False


def round_trip(**facts: Any) -> tuple[World, str]:
    world = World()
    queue = world.queue("jobs")
    work = world.function("work", allow("sqs:SendMessage", queue), names=[queue], **facts)
    world.listen(queue, work)
    return world, work


def the_loop(world: World) -> Loop:
    (found,) = analyse(world.graph()).loops
    return found


def test_an_sdk_too_old_takes_the_guard_away() -> None:
    world, _ = round_trip(runtime="python3.8", code=read_with("boto3", "1.20.0"))
    found = the_loop(world)
    assert found.verdict is LoopVerdict.LIVE
    assert not found.guard.covered
    assert "boto3 1.20.0" in found.guard.because
    assert "1.24.46" in found.guard.because


def test_an_sdk_that_nobody_read_leaves_it_and_says_so() -> None:
    found = the_loop(round_trip()[0])
    assert found.verdict is LoopVerdict.GUARDED
    assert "The code of function work was not read" in found.guard.because


def test_what_aws_itself_hands_on_needs_no_sdk() -> None:
    world = World()
    work = world.function("work", code=read_with("boto3", "1.20.0"))
    queue = world.queue("jobs")
    world.on_success(work, queue)
    world.listen(queue, work)
    assert the_loop(world).guard.covered


def test_the_gaps_of_protection_are_listed_gravest_first() -> None:
    world, allowed = round_trip(recursive_loop="Allow")
    table, stream = world.table("orders")
    totals = world.function("totals", allow("dynamodb:PutItem", table), names=[table])
    world.listen(stream, totals)
    idle = world.function("idle", recursive_loop="Allow")
    analysed = analyse(world.graph())
    gaps = protection_gaps(analysed.loops, analysed.graph.resources)
    unseen = next(each for each in analysed.loops if "orders" in each.title)
    assert [(gap.kind, gap.subject) for gap in gaps] == [
        (Unguarded.ALLOWED_ON_LOOP, allowed),
        (Unguarded.UNSEEN, unseen.title),
        (Unguarded.ALLOWED, idle),
    ]
    assert gaps[1].loops == (unseen.fingerprint,)


def test_a_loop_that_the_guard_sees_is_no_gap() -> None:
    analysed = analyse(round_trip(recursive_loop="Terminate")[0].graph())
    assert protection_gaps(analysed.loops, analysed.graph.resources) == ()


@pytest.mark.parametrize("version", ["1.24.45", "1.34.0"])
def test_whose_code_is_not_trusted_still_brings_the_sdk_it_brings(version: str) -> None:
    """An old one takes the guard away, which no distrust may undo; a recent one lowers nothing."""
    brings = function("python3.12", ("boto3", version))
    distrusted = without_trust(Graph({brings.arn: brings}, ())).resources[brings.arn]
    assert cover(distrusted) == cover(brings)
