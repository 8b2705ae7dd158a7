"""Loops over a bus: events of one's own, of AWS's services, and of one's own API calls."""

from __future__ import annotations

import pytest

from tests.world import ACCOUNT, REGION, World, allow
from topology.analysis import Loop, analyse
from topology.graph import Facts
from topology.verdict import LoopVerdict


def only(world: World) -> Loop:
    loops = analyse(world.graph()).loops
    assert len(loops) == 1, [loop.title for loop in loops]
    return loops[0]


def publisher(pattern: Facts, named: bool = True, **condition: str | list[str]) -> World:
    """A function that a bus starts, and that may put events on it."""
    world = World()
    bus = world.bus("shop")
    conditions = {"StringEquals": {f"events:{key}": value for key, value in condition.items()}}
    statement = allow("events:PutEvents", bus, **({"Condition": conditions} if condition else {}))
    world.rule(bus, world.function("relay", statement, names=[bus] * named), pattern)
    return world


def test_a_function_that_may_publish_only_what_its_rule_does_not_hear_is_harmless():
    loop = only(publisher({"source": ["shop.orders"]}, source="shop.mail"))
    assert loop.verdict is LoopVerdict.BLOCKED
    assert "policy *relay-policy*, statement 1" in loop.explanation
    assert "shop.mail" in loop.explanation
    assert "shop.orders" in loop.explanation


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ({"source": ["shop.orders"]}, "always"),
        ({"source": [{"prefix": "shop."}]}, "always"),
        ({"source": ["shop.orders"], "detail-type": ["placed"]}, "sometimes"),
    ],
)
def test_a_function_that_may_publish_what_its_rule_hears_is_not(pattern, word):
    loop = only(publisher(pattern, source="shop.orders"))
    assert [hop.hop.word for hop in loop.hops] == [word, "always"]
    assert loop.verdict is (LoopVerdict.LIVE if word == "always" else LoopVerdict.POSSIBLE)


def account_watcher(name: str, statement: Facts, pattern: Facts) -> World:
    """A function that the default bus starts."""
    world = World()
    world.rule(world.bus(), world.function(name, statement), pattern)
    return world


FINDINGS = {"source": ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"]}
NEW = {"detail": {"findings": {"Workflow": {"Status": ["NEW"]}}}}
UPDATE = allow("securityhub:BatchUpdateFindings", "*")


@pytest.mark.parametrize(("pattern", "word"), [(FINDINGS, "always"), (FINDINGS | NEW, "sometimes")])
def test_a_function_that_updates_the_findings_it_is_told_of_may_go_round(pattern, word):
    loop = only(account_watcher("triage", UPDATE, pattern))
    assert loop.verdict is LoopVerdict.POSSIBLE
    assert loop.hops[0].hop.word == word
    assert "securityhub:BatchUpdateFindings" in loop.explanation


def test_a_function_that_updates_no_finding_does_not():
    reader = allow("securityhub:GetFindings", "*")
    assert analyse(account_watcher("triage", reader, FINDINGS).graph()).loops == ()


MACHINES = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:"


def starter(heard: str) -> World:
    """A function that starts one machine, and is told of the failures of another or the same."""
    detail = {"status": ["FAILED"], "stateMachineArn": [f"{MACHINES}{heard}"]}
    start = allow("states:StartExecution", f"{MACHINES}settle")
    return account_watcher("retry", start, {"source": ["aws.states"], "detail": detail})


def test_a_function_that_starts_the_machine_whose_end_it_is_told_of_may_go_round():
    assert only(starter("settle")).verdict is LoopVerdict.POSSIBLE


def test_a_function_that_starts_another_machine_does_not():
    loop = only(starter("charge"))
    assert loop.verdict is LoopVerdict.BLOCKED
    assert "policy *retry-policy*, statement 1" in loop.explanation
    assert "`detail.stateMachineArn`" in loop.explanation


def tagger(name: str = "tag", **identity: Facts) -> World:
    """A function that tags what somebody else has not, and is told of every tagging."""
    detail: dict[str, object] = {"eventSource": ["ec2.amazonaws.com"], "eventName": ["CreateTags"]}
    if identity:
        detail["userIdentity"] = identity
    pattern = {"source": ["aws.ec2"], "detail": detail}
    return account_watcher(name, allow("ec2:CreateTags", "*"), pattern)


def anything_but(text: str) -> list[Facts]:
    return [{"anything-but": [text]}]


ROLE = f"arn:aws:iam::{ACCOUNT}:role/tag"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/tag/tag"


def test_a_function_that_makes_the_call_it_is_told_of_may_go_round():
    loop = only(tagger())
    assert loop.verdict is LoopVerdict.POSSIBLE
    assert [hop.hop.word for hop in loop.hops] == ["always", "unknown"]
    assert "if a trail logs such calls" in loop.explanation


@pytest.mark.parametrize(
    "identity",
    [
        {"sessionContext": {"sessionIssuer": {"arn": anything_but(ROLE)}}},
        {"sessionContext": {"sessionIssuer": {"userName": anything_but("tag")}}},
        {"arn": anything_but(SESSION)},
        {"arn": [{"anything-but": {"wildcard": "*assumed-role/tag/*"}}]},
        {"principalId": [{"anything-but": {"suffix": ":tag"}}]},
        {"type": anything_but("AssumedRole")},
    ],
)
def test_a_rule_that_leaves_out_the_functions_own_role_session_stops_it(identity):
    loop = only(tagger(**identity))
    assert loop.verdict is LoopVerdict.BLOCKED
    assert "`detail.userIdentity." in loop.explanation


def test_a_rule_that_leaves_out_another_role_does_not():
    issuer = {"arn": anything_but(f"{ROLE}-other")}
    loop = only(tagger(sessionContext={"sessionIssuer": issuer}))
    assert loop.verdict is LoopVerdict.POSSIBLE
