"""IoT: every action of a rule, what a template may name, republishing, failures, shadows."""

from __future__ import annotations

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread
from topology.catalog import iot
from topology.graph import Edge, Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

BROKER = arn("iot", "topic")
ROLE = "arn:aws:iam::111122223333:role/plant"
[LISTED, _] = items("iot/list_topic_rules.two")
CASES = ("every_action", "republish", "disabled", "templates", "function_in_the_statement")


def definition(case):
    return read(f"iot/get_topic_rule.{case}", LISTED)


def test_every_action_of_a_rule_leads_from_the_broker_to_what_it_names():
    found = edges(definition("every_action"))
    assert {(each.source, each.kind) for each in found} == {(BROKER, "iot.rule")}
    assert [(each.label, each.target) for each in found] == [
        ("every/1", arn("lambda", "function:alarm")),
        ("every/2", arn("sqs", "alarms")),
        ("every/3", arn("sns", "alarms")),
        ("every/4", arn("kinesis", "stream/plant")),
        ("every/5", arn("firehose", "deliverystream/archive")),
        ("every/6", arn("dynamodb", "table/alarms")),
        ("every/7", arn("dynamodb", "table/states")),
        ("every/8", "arn:aws:s3:::plant"),
        ("every/9", arn("states", "stateMachine:repair")),
        ("every/10", arn("logs", "log-group:/plant/alarms")),
        ("every/11", arn("cloudwatch", "metric/Plant/Alarms")),
        ("every/12", arn("cloudwatch", "alarm:plant")),
        ("every/13", "https://search.example.com"),
        ("every/14", "https://open.example.com"),
        ("every/15", "https://ingestion.salesforce.com"),
        ("every/16", arn("iotanalytics", "channel/plant")),
        ("every/17", arn("iotevents", "input/plant")),
        ("every/18", arn("iotsitewise", "asset")),
        ("every/19", arn("timestream", "database/plant/table/alarms")),
        ("every/20", "https://hooks.example.com"),
        ("every/21", "kafka://b-1.example.com:9094"),
        ("every/21", "kafka://b-2.example.com:9094"),
        ("every/22", arn("geo", "tracker/vans")),
        ("every/23", arn("iot", "ruledestination/influxdb/1")),
    ]


def test_no_action_that_botocore_knows_is_missing():
    [answer] = items("iot/get_topic_rule.every_action")
    shown = {kind for action in answer["rule"]["actions"] for kind in action} | {"republish"}
    model = ServiceModel(create_loader().load_service_model("iot", "service-2"))
    assert shown == set(model.shape_for("Action").members)


def test_an_action_starts_functions_machines_and_hosts_and_hands_on_to_the_rest():
    found = {each.label: each for each in edges(definition("every_action"))}
    started = {label for label, each in found.items() if each.meaning is Meaning.TRIGGERS}
    assert started == {f"every/{number}" for number in (1, 9, 13, 14, 15, 20)}
    assert found["every/1"].attributes == {"qualifier": "live"}
    assert {each.filter for each in found.values()} == {
        Filter("iot.sql", "SELECT * FROM 'plant/+/alarm'")
    }


@pytest.mark.parametrize("case", CASES)
def test_neither_tokens_nor_keys_nor_values_of_an_action_are_kept(case):
    assert "canary" not in repr(definition(case))


def test_it_republishes_to_the_topic_that_an_action_names():
    found = edges(definition("republish"))
    assert [(each.kind, each.target) for each in found[:3]] == [("iot.republish", BROKER)] * 3
    assert [each.attributes.get("topic") for each in found[:3]] == [
        "plant/7/state",
        "$$aws/things/${topic(2)}/shadow/update",
        None,  # a brace in the template may close it early
    ]
    assert len({each.id for each in found}) == 4


def test_an_error_action_is_taken_where_another_fails():
    *_, failed = edges(definition("republish"))
    assert (failed.kind, failed.target, failed.meaning, failed.label, failed.attributes) == (
        "iot.error",
        BROKER,
        Meaning.ON_FAILURE,
        "echo/error",
        {},
    )


def test_it_keeps_every_action_of_a_disabled_rule_dormant():
    found = edges(definition("disabled"))
    assert [each.kind for each in found] == ["iot.rule", "iot.error"]
    assert {each.dormant for each in found} == {"the rule is disabled"}


def test_what_a_template_names_is_what_the_rules_role_may_reach():
    facts = definition("templates")
    assert [(each.arn, each.kind, each.attributes) for each in resources(facts)] == [
        (arn("iot", "rule/dynamic/1"), "iot.rule", {"role": ROLE, "calls": ["dynamodb:PutItem"]}),
        (arn("iot", "rule/dynamic/2"), "iot.rule", {"role": ROLE, "calls": ["sqs:SendMessage"]}),
        (
            arn("iot", "rule/dynamic/error"),
            "iot.rule",
            {"role": ROLE, "calls": ["s3:PutObject", "s3:PutObjectAcl"]},
        ),
    ]
    assert [(each.kind, each.target, each.meaning) for each in edges(facts)] == [
        ("iot.rule", arn("iot", "rule/dynamic/1"), Meaning.TRIGGERS),
        ("iot.rule", arn("iot", "rule/dynamic/2"), Meaning.TRIGGERS),
        ("iot.error", arn("iot", "rule/dynamic/error"), Meaning.ON_FAILURE),
    ]


def test_an_action_that_leads_nobody_knows_where_is_a_gap():
    said = [(each.resource, each.reason) for each in unread(definition("templates"))]
    assert {rule for rule, _ in said} == {arn("iot", "rule/dynamic")}
    assert [reason.split(" leads: ")[1] for _, reason in said] == [
        "a template names its target when the rule runs, and no role limits it",
        "its queue's URL is not understood",
        "its address names no host",
        "it is of a type that is not known",
    ]


def test_a_function_that_the_statement_calls_is_started():
    facts = definition("function_in_the_statement")
    [_, called] = edges(facts)
    assert (called.kind, called.target, called.meaning, called.label) == (
        "iot.rule",
        arn("lambda", "function:enrich"),
        Meaning.TRIGGERS,
        "asks/aws_lambda",
    )
    assert [each.code for each in unread(facts)] == ["UnknownFunction"]


def test_the_broker_tells_of_shadows_wherever_there_is_a_rule():
    facts = read("iot/list_topic_rules.two")
    assert {(each.arn, each.kind) for each in resources(facts)} == {
        (BROKER, "iot.topic"),
        (arn("iot", "thing"), "iot.thing"),
    }
    shadow, *_ = edges(facts)
    assert (shadow.kind, shadow.source, shadow.target) == (
        "iot.shadow",
        arn("iot", "thing"),
        BROKER,
    )


@pytest.mark.parametrize(
    ("topic", "is_told"),
    [("$aws/things/van/shadow/update/accepted", True), ("plant/7/alarm", False)],
)
def test_a_shadow_is_told_on_reserved_topics_of_its_thing(topic, is_told):
    edge = Edge(arn("iot", "thing"), BROKER, Meaning.FORWARDS, "iot.shadow")
    broker = Resource(BROKER, "iot.topic", HERE.account, HERE.region, "topic")
    told = iot.shadowed(EventSet.anything(), edge, broker)
    heard = EventSet.scalars({("topic",): strings.literal(topic)})
    assert ((told & heard).witness() is not None) is is_told
