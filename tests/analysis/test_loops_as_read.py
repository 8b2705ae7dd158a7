"""Loops over logs, alarms, things and mail as their readers state them, and harmless twins."""

from __future__ import annotations

from tests.catalog.recorded import HERE, arn, items, read
from tests.world import World, allow
from topology.analysis import analyse
from topology.catalog import logs
from topology.graph import Edge, Meaning, Resource
from topology.verdict import LoopVerdict

RULES = read("iot/list_topic_rules.two")
MAIL = read("ses/list_identities.both_types")
RECEIVED = read("ses/describe_active_receipt_rule_set.every_action")


def verdicts(world, facts):
    """What is found in a world once recorded facts are added to it."""
    own = {resource.arn for resource in world.resources}
    for fact in facts:
        if isinstance(fact, Edge):
            world.edges.append(fact)
        elif isinstance(fact, Resource) and fact.arn not in own:
            world.resources.append(fact)
    return {loop.verdict for loop in analyse(world.graph()).loops}


def every_log(policy):
    """What an account's policy states of the recorded log groups."""
    for item in items("logs/describe_log_groups.classes"):
        yield from logs.group(HERE, item)
        yield from logs.account_subscription(HERE, item, policy)


def archiver():
    """A function behind the stream that every log goes to."""
    world = World()
    function = world.function("index")
    world.logs_of(function)
    world.listen(world.data_stream("logs"), function)
    return world


def test_every_log_goes_to_the_stream_whose_function_logs():
    [policy] = items("logs/describe_account_policies.every_group")
    assert verdicts(archiver(), every_log(policy)) == {LoopVerdict.POSSIBLE}
    left_out = {"selectionCriteria": 'LogGroupName NOT IN ["/aws/lambda/index"]'}
    assert not verdicts(archiver(), every_log({**policy, **left_out}))


def test_a_function_that_publishes_the_metric_whose_alarm_starts_it():
    alarms = read("cloudwatch/describe_alarms.actions")
    publishes, only_logs = World(), World()
    publishes.function("heal", allow("cloudwatch:PutMetricData", "*"))
    only_logs.function("heal", allow("logs:PutLogEvents", "*"))
    assert verdicts(publishes, alarms) == {LoopVerdict.POSSIBLE}
    assert not verdicts(only_logs, alarms)


def test_a_function_whose_own_errors_start_it_again():
    alarms = read("cloudwatch/describe_alarms.of_services")
    itself, another = World(), World()
    for world, name in ((itself, "work"), (another, "heal")):
        starts = arn("cloudwatch", "alarm:function")
        world.edge(starts, world.function(name), Meaning.TRIGGERS, "cw.alarm", "ALARM")
    for world, expected in ((itself, True), (another, False)):
        verdicts(world, alarms)
        through = [hop.edge.source for loop in analyse(world.graph()).loops for hop in loop.hops]
        assert (arn("cloudwatch", "alarm:function") in through) is expected


def shadowed(sql):
    """A function that updates shadows, and the topics it listens to."""
    world = World()
    function = world.function("alarm", allow("iot:UpdateThingShadow", arn("iot", "thing/*")))
    world.topic_rule("shadows", world.broker(), function, sql)
    return world


def test_a_function_that_updates_the_shadow_it_was_told_of():
    accepted = "SELECT * FROM '$aws/things/+/shadow/update/accepted'"
    assert verdicts(shadowed(accepted), RULES) == {LoopVerdict.POSSIBLE}
    assert verdicts(shadowed("SELECT * FROM 'plant/#'"), RULES) == {LoopVerdict.BLOCKED}


def answers(identity):
    """A function that may send mail from an identity."""
    world = World()
    world.function("answer", allow("ses:SendEmail", arn("ses", f"identity/{identity}")))
    return world


def test_a_function_that_answers_mail_from_an_address_or_a_domain():
    for identity in ("somebody@example.org", "example.com", "*"):
        found = verdicts(answers(identity), [*MAIL, *RECEIVED])
        assert LoopVerdict.POSSIBLE in found, identity
    files = World()
    files.function("answer", allow("s3:PutObject", "arn:aws:s3:::files/*"))
    assert not verdicts(files, [*MAIL, *RECEIVED])
    assert not verdicts(answers("example.com"), MAIL)
