"""Lambda: functions, mappings of every source, destinations by qualifier."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources, unread
from tests.rig.answers import recording
from topology import crawl
from topology.catalog.service import Mention
from topology.graph import Filter, Meaning

ORDERS = arn("lambda", "function:orders")


def test_it_reads_functions_with_their_role():
    orders, image = resources(read("lambda/list_functions.dead_letters"))
    assert (orders.arn, orders.kind, orders.name) == (ORDERS, "lambda.function", "orders")
    assert orders.attributes == {
        "role": "arn:aws:iam::111122223333:role/orders",
        "runtime": "python3.13",
        "timeout": 30,
    }
    assert image.attributes["runtime"] is None


def test_a_dead_letter_queue_is_a_failure_path():
    [edge] = edges(read("lambda/list_functions.dead_letters"))
    assert (edge.source, edge.target) == (ORDERS, arn("sqs", "orders-dead"))
    assert (edge.meaning, edge.kind) == (Meaning.ON_FAILURE, "lambda.dlq")


def test_a_variable_is_mentioned_and_its_value_is_in_no_repr():
    mentions = [f for f in read("lambda/list_functions.dead_letters") if isinstance(f, Mention)]
    assert [(m.actor, m.variable) for m in mentions] == [(ORDERS, "BUCKET"), (ORDERS, "PASSWORD")]
    assert "canary" not in repr(mentions)


def test_an_environment_that_cannot_be_decrypted_is_unread():
    [gap] = unread(read("lambda/list_functions.dead_letters"))
    assert gap.resource == arn("lambda", "function:image")
    assert (gap.code, gap.action) == ("KMSAccessDeniedException", "kms:Decrypt")


def test_it_reads_a_mapping_of_every_source():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    assert [(e.kind, e.source) for e in found if e.meaning is Meaning.TRIGGERS] == [
        ("esm.sqs.lambda", arn("sqs", "jobs")),
        ("esm.kinesis.lambda", arn("kinesis", "stream/clicks")),
        ("esm.dynamodb.lambda", arn("dynamodb", "table/orders/stream/2026-01-01T00:00:00.000")),
        ("esm.msk.lambda", arn("kafka", "cluster/events/0a1b2c3d-0000-0000-0000-000000000000-1")),
        ("esm.selfkafka.lambda", "kafka://b1.example.com:9092/clicks"),
        ("esm.mq.lambda", arn("mq", "broker:events:b-0000")),
        ("esm.docdb.lambda", arn("rds", "cluster:documents")),
        ("esm.sqs.lambda", arn("sqs", "sealed")),
    ]
    assert {edge.target for edge in found if edge.meaning is Meaning.TRIGGERS} == {ORDERS}
    assert found[0].attributes["qualifier"] == "live"


def test_it_keeps_a_disabled_mapping_dormant_and_one_being_updated_awake():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    assert [edge.dormant for edge in found if edge.dormant] == [
        "the event source mapping is Disabled"
    ]


def test_discarded_batches_go_to_the_destination_of_their_mapping():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    failing = [edge for edge in found if edge.kind == "esm.onfailure"]
    assert [(e.source, e.target) for e in failing] == [
        (ORDERS, "arn:aws:s3:::discarded"),
        (ORDERS, "kafka://failures"),
    ]


def test_criteria_are_kept_as_aws_stores_them():
    clicks = edges(read("lambda/list_event_source_mappings.every_source"))[1]
    assert clicks.filter == Filter(
        "lambda.criteria.kinesis",
        '{"Filters":[{"Pattern":"{\\"data\\": {\\"kind\\": [\\"buy\\"]}}"}]}',
    )


def test_criteria_that_cannot_be_decrypted_are_a_filter_nobody_can_read_and_unread():
    facts = read("lambda/list_event_source_mappings.every_source")
    assert edges(facts)[-1].filter == Filter("lambda.criteria.sqs", "")
    [gap] = unread(facts)
    assert (gap.code, gap.action) == ("KMSAccessDeniedException", "kms:Decrypt")


def test_destinations_are_kept_by_the_qualifier_they_belong_to():
    found = edges(read("lambda/list_function_event_invoke_configs.qualifiers", {}))
    assert [(e.label, e.kind, e.target, dict(e.attributes)) for e in found] == [
        ("$LATEST", "lambda.async.onsuccess", arn("events", "event-bus/shop"), {}),
        ("$LATEST", "lambda.async.onfailure", arn("sqs", "orders-dead"), {}),
        ("live", "lambda.async.onsuccess", arn("lambda", "function:mail"), {"qualifier": "live"}),
    ]
    assert {edge.source for edge in found} == {ORDERS}


def test_dead_letters_and_criteria_are_read_over_the_wire_and_secrets_are_not(aws, proxy):
    proxy.answer(recording("lambda/list_functions.dead_letters"), "lambda.ListFunctions")
    proxy.answer(
        recording("lambda/list_event_source_mappings.every_source"),
        "lambda.ListEventSourceMappings",
    )
    proxy.answer(
        recording("lambda/list_function_event_invoke_configs.qualifiers"),
        "lambda.ListFunctionEventInvokeConfigs",
    )
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    assert {"lambda.dlq", "esm.selfkafka.lambda", "lambda.async.onsuccess"} <= {
        edge.kind for edge in observation.edges
    }
    assert {gap.action for gap in observation.gaps} == {"kms:Decrypt"}
    assert "canary" not in repr(observation)
