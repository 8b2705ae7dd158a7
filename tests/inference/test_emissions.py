"""Events that AWS's services send because of what a role does."""

import pytest

from tests.inference.estate import HOME, allow, deny, function, resource, role
from topology.catalog.service import Emission
from topology.graph import Edge, Evidence, Filter, Meaning, canonical_json, graph
from topology.inference.writes import permitted_writes
from topology.sets.events import EventSet, Path, compare
from topology.sets.strings import StringSet, literal
from topology.verdict import Always, Cannot, Sometimes, Unknown

BUS = f"arn:aws:events:eu-west-1:{HOME}:event-bus/default"
PROJECT = f"arn:aws:codebuild:eu-west-1:{HOME}:project/site"
MACHINE = f"arn:aws:states:eu-west-1:{HOME}:stateMachine:settle"
EVERYTHING = {"detail": {"eventName": [{"exists": False}]}}  # but API calls


def rule(pattern, bus=BUS):
    heard = Filter("eventbridge.pattern", canonical_json(pattern))
    return Edge(
        bus, function().arn, Meaning.TRIGGERS, "eb.rule.lambda", label="rule/1", filter=heard
    )


def told(*statements, pattern=EVERYTHING, edges=(), bus=BUS, count=1):
    """What functions with the statements in their roles tell the default bus."""
    actors = [function(f"f{n}", f"r{n}") for n in range(count)]
    roles = [role(*statements, name=f"r{n}") for n in range(count)]
    nodes = [resource(bus, "events.bus"), *actors, *roles]
    return permitted_writes(graph(nodes, [rule(pattern, bus), *edges]), writes=())


def only(found):
    (write,) = found.writes
    hub = found.hubs.get(write.edge.target)
    return write, hub.events_of(BUS) if hub else write.events


def about(events, **detail):
    """The verdict on a rule that asks for something in the event's detail."""
    demand: dict[Path, StringSet] = {
        ("detail", key.replace("_", "-")): literal(text) for key, text in detail.items()
    }
    return type(compare(events, EventSet.demands(demand)))


def test_a_grant_on_one_project_tells_of_its_builds_only():
    write, events = only(told(allow("codebuild:StartBuild", PROJECT)))
    assert (write.edge.target, write.edge.kind) == (BUS, "eb.default_bus.aws_service")
    assert write.edge.evidence is Evidence.PERMITTED
    assert write.hop == Always(
        "Role *r0* may call codebuild:StartBuild, of which AWS tells the bus *default* "
        "(policy *write-results*, statement 1)."
    )
    assert events.witness()["source"] == "aws.codebuild"
    assert events.witness()["account"] == HOME
    assert about(events, project_name="site") is Always
    assert about(events, project_name="shop") is Cannot


@pytest.mark.parametrize(
    "to", [MACHINE, f"{MACHINE}:prod", f"{MACHINE}:*", MACHINE.replace("settle", "s*")]
)
def test_an_alias_tells_of_its_machine(to):
    _, events = only(told(allow("states:StartExecution", to)))
    assert about(events, stateMachineArn=MACHINE) is not Cannot
    assert about(events, stateMachineArn=MACHINE.replace("settle", "charge")) is Cannot


@pytest.mark.parametrize("name", ["/shop/key", "key"])
def test_a_parameter_is_told_with_and_without_its_slash(name):
    parameter = f"arn:aws:ssm:eu-west-1:{HOME}:parameter/{name.lstrip('/')}"
    _, events = only(told(allow("ssm:PutParameter", parameter)))
    assert about(events, name=name) is not Cannot
    assert about(events, name="/shop/other") is Cannot


@pytest.mark.parametrize("to", ["*", f"arn:aws:codebuild:*:{HOME}:project/*"])
def test_grants_on_any_resource_share_one_hub_however_many_actors_there_are(to):
    found = told(allow(["codebuild:StartBuild", "codebuild:StopBuild"], to), count=5)
    assert (len(found.writes), len(found.hubs)) == (5, 1)
    (hub,) = found.hubs.values()
    assert hub.channels == (BUS,)
    assert {each.edge.evidence for each in found.writes} == {Evidence.PERMITTED_ANY}
    assert about(hub.events_of(BUS), project_name="shop") is not Cannot


def test_an_administrator_tells_everything_that_is_heard_through_one_hub():
    found = told(allow("*"), count=3)
    assert (len(found.writes), len(found.hubs)) == (3, 1)


def test_nothing_is_drawn_that_no_rule_hears():
    statement = allow(["ecs:RunTask", "codebuild:StartBuild"])
    (write,) = told(statement, pattern={**EVERYTHING, "source": ["aws.ecs"]}).writes
    assert write.edge.attributes["actions"] == ["ecs:RunTask"]
    assert told(statement, pattern={"source": ["shop"]}).writes == ()
    assert told(statement, pattern={"account": ["999999999999"]}).writes == ()


def test_a_pattern_that_cannot_be_read_may_hear_it():
    unread = Filter("eventbridge.pattern", "{")
    target, kind = function().arn, "eb.rule.lambda"
    broken = Edge(BUS, target, Meaning.TRIGGERS, kind, label="broken", filter=unread)
    statement = allow("ecs:RunTask")
    assert len(told(statement, pattern={"source": ["shop"]}, edges=[broken]).hubs) == 1


def test_an_archive_does_not_hear_what_no_rule_hears():
    archive = BUS.replace("event-bus/default", "archive/all")
    kept = Edge(BUS, archive, Meaning.FORWARDS, "eb.archive", label="all")
    assert told(allow("ecs:RunTask"), pattern={"source": ["shop"]}, edges=[kept]).writes == ()


def test_only_the_default_bus_of_the_actors_account_and_region_is_told():
    for bus in (BUS.replace("default", "shop"), BUS.replace("eu-west-1", "us-east-1")):
        assert told(allow("ecs:RunTask"), bus=bus).writes == ()


def test_a_deny_of_one_project_leaves_the_others():
    statements = allow("codebuild:StartBuild"), deny("codebuild:*", PROJECT)
    write, events = only(told(*statements))
    assert write.edge.evidence is Evidence.PERMITTED_ANY
    assert about(events, project_name="site") is Cannot
    assert about(events, project_name="shop") is Sometimes


def test_a_deny_of_all_is_kept_as_something_that_cannot_be():
    write, _ = only(told(allow("ecs:RunTask"), deny("ecs:*")))
    assert isinstance(write.hop, Cannot)


def test_an_undecided_condition_makes_it_uncertain():
    condition = {"Condition": {"ArnEquals": {"ecs:cluster": "x"}}}
    write, _ = only(told(allow("ecs:RunTask", **condition)))
    assert isinstance(write.hop, Unknown)


def test_a_declared_edge_speaks_for_the_emission():
    declared = Edge(MACHINE, BUS, Meaning.TRIGGERS, "sfn.status")
    assert told(allow("states:StartExecution")).writes
    assert told(allow("states:StartExecution"), edges=[declared]).writes == ()


def test_a_service_needs_no_more_than_a_declaration():
    emission = Emission("leak", ("shop:Leak",), "aws.shop", ("Shop Leak",))
    nodes = [resource(BUS, "events.bus"), function(), role(allow("shop:*"))]
    found = permitted_writes(graph(nodes, [rule(EVERYTHING)]), writes=(), emissions=(emission,))
    assert only(found)[1].witness()["detail-type"] == "Shop Leak"
