"""Loops over event buses: custom events, events of AWS itself, one bus to another, two accounts."""

from __future__ import annotations

from typing import Any, TypeAlias

from tests.analysis.loop_classes import case
from tests.world import World, allow, pattern
from topology.graph import Meaning
from topology.inference import refuters
from topology.verdict import LoopVerdict

Heard: TypeAlias = dict[str, Any]  # an event pattern, or a part of one

ANY_SOURCE = {"source": [{"prefix": ""}]}


def puts(world: World, name: str, bus: str, **condition: Any) -> str:
    """A function that may put events on a bus, and is told to."""
    return world.function(name, allow("events:PutEvents", bus, **condition), names=[bus])


@case("L11", LoopVerdict.LIVE, says=("does not follow events through event bus orders",))
def a_rule_on_everything_whose_function_puts_events(world):
    bus = world.bus("orders")
    world.rule(bus, puts(world, "price", bus), ANY_SOURCE)


@case("L11", LoopVerdict.POSSIBLE, shows=lambda event: event["source"] == "shop")
def a_rule_on_a_source_that_its_function_may_use(world):
    bus = world.bus("orders")
    world.rule(bus, puts(world, "price", bus), {"source": ["shop"]})


@case("L11", LoopVerdict.BLOCKED, says=('"aws.ec2"', "`source`"))
def a_rule_on_events_of_aws_which_nobody_else_can_put(world):
    bus = world.bus()
    world.rule(bus, puts(world, "tag", bus), {"source": ["aws.ec2"]})


@case("L11", LoopVerdict.BLOCKED, says=('"pricing"', '"shop"', "`source`"))
def a_rule_on_a_source_that_its_function_may_not_use(world):
    bus = world.bus("orders")
    only = {"StringEquals": {"events:source": "pricing"}}
    world.rule(bus, puts(world, "price", bus, Condition=only), {"source": ["shop"]})


@case("L11", LoopVerdict.BLOCKED, says=('"Priced"', '"Ordered"'))
def a_rule_on_a_detail_type_that_its_function_may_not_use(world):
    bus = world.bus("orders")
    only = {"StringEquals": {"events:detail-type": "Priced"}}
    heard = {"source": ["shop"], "detail-type": ["Ordered"]}
    world.rule(bus, puts(world, "price", bus, Condition=only), heard)


CREATE_TAGS: Heard = {
    "source": ["aws.ec2"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {"eventSource": ["ec2.amazonaws.com"], "eventName": ["CreateTags"]},
}
ROLE = "arn:aws:iam::111122223333:role/tag"


@case("L12", LoopVerdict.POSSIBLE)
def a_function_that_makes_the_call_it_is_started_by(world):
    world.rule(world.bus(), world.function("tag", allow("ec2:CreateTags", "*")), CREATE_TAGS)


@case("L12", LoopVerdict.BLOCKED, says=(ROLE,))
def a_rule_on_anybody_but_the_functions_own_role(world):
    issuer = {"arn": [{"anything-but": [ROLE]}]}
    detail = {
        **CREATE_TAGS["detail"],
        "userIdentity": {"sessionContext": {"sessionIssuer": issuer}},
    }
    function = world.function("tag", allow("ec2:CreateTags", "*"))
    world.rule(world.bus(), function, {**CREATE_TAGS, "detail": detail})


FINDING = {"source": ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"]}


@case("L17", LoopVerdict.POSSIBLE)
def a_function_that_updates_the_finding_it_is_told_of(world):
    function = world.function("triage", allow("securityhub:BatchUpdateFindings", "*"))
    world.rule(world.bus(), function, FINDING)


@case("L17", None)
def a_function_that_only_reports_a_finding(world):
    topic = world.topic("operators")
    function = world.function("triage", allow("sns:Publish", topic), names=[topic])
    world.rule(world.bus(), function, FINDING)


def both_ways(world: World, there: Heard, back: Heard) -> None:
    one, other = world.bus("one"), world.bus("other")
    world.rule(one, other, there, "there/1")
    world.rule(other, one, back, "back/1")


@case(
    "L18",
    LoopVerdict.BLOCKED,
    says=("from bus to bus only once",),
    rule=refuters.second_bus,
)
def two_buses_that_hand_each_other_everything(world):
    both_ways(world, ANY_SOURCE, ANY_SOURCE)


@case("L18", LoopVerdict.LIVE)
def two_buses_with_a_function_that_publishes_again_in_between(world):
    one, other = world.bus("one"), world.bus("other")
    world.rule(one, other, ANY_SOURCE, "there/1")
    world.rule(other, puts(world, "republish", one), ANY_SOURCE, "back/1")


def restarted(world: World, detail: Heard | None = None) -> str:
    """A state machine that is started by a rule on how executions end."""
    bus, machine = world.bus(), world.machine("settle")
    heard = {"source": ["aws.states"], **({"detail": detail} if detail else {})}
    world.rule(bus, machine, heard, "settled/1")
    world.edge(machine, bus, Meaning.TRIGGERS, "sfn.status")
    return machine


@case(
    "L19",
    LoopVerdict.LIVE,
    shows=lambda event: event["detail-type"] == "Step Functions Execution Status Change",
)
def a_machine_that_is_started_whenever_any_machine_ends(world):
    restarted(world)


@case("L19", LoopVerdict.POSSIBLE, shows=lambda event: event["detail"]["status"] == "FAILED")
def a_machine_that_is_started_again_when_it_fails(world):
    restarted(world, {"status": ["FAILED"]})


@case("L19", LoopVerdict.BLOCKED, says=("`detail.stateMachineArn`", "stateMachine:charge"))
def a_machine_that_is_started_when_another_one_succeeds(world):
    charge = world.machine("charge")
    restarted(world, {"stateMachineArn": [charge], "status": ["SUCCEEDED"]})


def subscribed(world: World, heard: str, sent: str) -> None:
    """A custom bus, and a subscriber whose target is the API call that puts an event on it."""
    bus = world.custom_bus("orders")
    entry = {"source": sent, "detail-type": "Order"}
    kind = "eb2.subscriber"
    world.edge(bus, bus, Meaning.FORWARDS, kind, "again", pattern({"source": [heard]}), entry=entry)


@case("L27", LoopVerdict.POSSIBLE, says=("best effort only",))
def a_subscriber_that_puts_the_event_it_hears(world):
    subscribed(world, "shop", sent="shop")


@case("L27", LoopVerdict.BLOCKED, says=('"shop.done"', '"shop"', "`source`"))
def a_subscriber_that_puts_another_event_than_it_hears(world):
    subscribed(world, "shop", sent="shop.done")


@case("L27", LoopVerdict.LIVE)
def a_custom_bus_with_a_function_that_publishes_again(world):
    bus = world.custom_bus("orders")
    world.edge(bus, puts(world, "price", bus), Meaning.TRIGGERS, "eb2.subscriber")


B = "444455556666"


def two_teams(world: World, ours: Heard, theirs: Heard, may_send: bool = True) -> None:
    """Our rule → their bus → their function → our queue → our function → our bus."""
    their = world.elsewhere(B)
    role = f"arn:aws:iam::{B}:role/enrich"
    queue_arn = "arn:aws:sqs:eu-west-1:111122223333:enriched"
    statement = allow("sqs:SendMessage", queue_arn, Principal={"AWS": role})
    document = {"Version": "2012-10-17", "Statement": [statement] if may_send else []}
    queue = world.queue("enriched", policy=document)
    bus, their_bus = world.bus("orders"), their.bus("partners")
    enrich = their.function("enrich", allow("sqs:SendMessage", queue), names=[queue])
    world.rule(bus, their_bus, ours, "to-partner/1")
    their.rule(their_bus, enrich, theirs, "enrich/1")
    world.listen(queue, puts(world, "publish", bus))


@case("L28", LoopVerdict.LIVE)
def two_teams_that_do_not_know_of_each_other(world):
    two_teams(world, ANY_SOURCE, ANY_SOURCE)


@case("L28", LoopVerdict.BLOCKED, says=('"shop"', '"billing"', "`source`"))
def two_teams_whose_rules_exclude_each_other(world):
    two_teams(world, {"source": ["shop"]}, {"source": ["billing"]})


@case("L28", None)
def two_teams_of_which_one_lets_nobody_in(world):
    two_teams(world, ANY_SOURCE, ANY_SOURCE, may_send=False)
