"""Lambda: functions, mappings of every source, destinations by qualifier, what loops are asked."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, read, resources, unread
from tests.rig.answers import recording
from topology import catalog, crawl, filters
from topology.catalog import lambda_code
from topology.catalog.service import Mention
from topology.graph import Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet, compare
from topology.verdict import Cannot

ORDERS = arn("lambda", "function:orders")
SUSPECT = {"arn": ORDERS, "name": "orders"}
CLUSTER = arn("kafka", "cluster/events/0a1b2c3d-0000-0000-0000-000000000000-1")
THEIRS = arn("kafka", "vpc-connection/444455556666/theirs/0a1b2c3d-0000-0000-0000-000000000000-2")


def of(kind, facts):
    return [edge for edge in edges(facts) if edge.kind == kind]


def record_of(topic):
    return EventSet.scalars({("topic",): strings.literal(topic)})


def test_it_reads_functions_with_their_role():
    orders, image = resources(read("lambda/list_functions.dead_letters"))
    assert (orders.arn, orders.kind, orders.name) == (ORDERS, "lambda.function", "orders")
    assert orders.attributes == {
        "role": "arn:aws:iam::111122223333:role/orders",
        "runtime": "python3.13",
        "timeout": 30,
        "tracing": "PassThrough",
        "package": "Zip",
        "log_group": "/shop/orders",
        "handler": "app.handler",
    }
    assert (image.attributes["runtime"], image.attributes["package"]) == (None, "Image")
    assert image.attributes["tracing"] is None


def test_a_function_writes_to_its_log_group_named_or_not():
    groups = of("lambda.loggroup", read("lambda/list_functions.dead_letters"))
    assert [(e.source, e.target, e.meaning) for e in groups] == [
        (ORDERS, arn("logs", "log-group:/shop/orders"), Meaning.WRITES),
        (
            arn("lambda", "function:image"),
            arn("logs", "log-group:/aws/lambda/image"),
            Meaning.WRITES,
        ),
    ]


def test_a_dead_letter_queue_is_a_failure_path():
    [edge] = of("lambda.dlq", read("lambda/list_functions.dead_letters"))
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
        ("esm.selfkafka.lambda", "kafka://b1.example.com:9092"),
        ("esm.mq.lambda", arn("mq", "broker:events:b-0000")),
        ("esm.docdb.lambda", arn("rds", "cluster:documents")),
        ("esm.sqs.lambda", arn("sqs", "sealed")),
        ("esm.msk.lambda", THEIRS),
    ]
    assert {edge.target for edge in found if edge.meaning is Meaning.TRIGGERS} == {ORDERS}
    assert found[0].attributes["qualifier"] == "live"


def test_mappings_of_one_source_are_told_apart_by_the_topic_queue_or_collection():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    labels = {e.kind: e.label for e in found if e.meaning is Meaning.TRIGGERS}
    assert labels["esm.msk.lambda"] == labels["esm.selfkafka.lambda"] == "clicks to orders"
    assert labels["esm.mq.lambda"] == "jobs to orders"
    assert labels["esm.docdb.lambda"] == "shop.orders to orders"


def test_a_mapping_hears_its_own_topic_only():
    msk, *_, theirs = of("esm.msk.lambda", read("lambda/list_event_source_mappings.every_source"))
    clicks, orders = record_of("clicks"), record_of("orders")
    for edge in (msk, theirs):
        assert isinstance(compare(orders, filters.heard(edge.filter)), Cannot)
        assert not isinstance(compare(clicks, filters.heard(edge.filter)), Cannot)
    assert '\\"value\\":{\\"kind\\":[\\"buy\\"]}' in theirs.filter.document


def test_it_keeps_how_a_mapping_repeats_and_scales_in_numbers():
    jobs, clicks, *_ = edges(read("lambda/list_event_source_mappings.every_source"))
    assert jobs.attributes["max_concurrency"] == 5
    assert dict(clicks.attributes) == {
        "uuid": "11111111-0000-0000-0000-000000000002",
        "batch_size": 100,
        "parallelization": 2,
        "max_retries": 3,
        "max_age": 3600,
        "bisects": True,
        "partial_batch": True,
    }


def test_a_mapping_that_names_no_source_is_unread():
    facts = read("lambda/list_event_source_mappings.unnamed")
    assert edges(facts) == []
    assert [gap.code for gap in unread(facts)] == ["EventSourceUnnamed"]


def test_neither_a_secrets_name_nor_a_password_of_a_mapping_is_kept():
    assert "canary" not in repr(read("lambda/list_event_source_mappings.every_source"))


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
        (ORDERS, CLUSTER),
        (ORDERS, "kafka://b1.example.com:9092"),
    ]


def test_batches_discarded_to_a_topic_come_back_to_none_but_those_who_poll_it():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    [failing] = [edge for edge in found if edge.kind == "esm.onfailure" and edge.target == CLUSTER]
    [polling] = [edge for edge in found if edge.source == CLUSTER]
    sent = catalog.carriers()["esm.onfailure"](
        EventSet.anything(), failing, Resource(CLUSTER, "kafka.cluster", "", "", "")
    )
    assert failing.attributes["topic"] == "failures"
    assert isinstance(compare(sent, filters.heard(polling.filter)), Cannot)


def test_of_what_is_discarded_to_a_bucket_nothing_is_claimed():
    found = edges(read("lambda/list_event_source_mappings.every_source"))
    bucket = next(edge for edge in found if edge.kind == "esm.onfailure")
    carried = catalog.carriers()["esm.onfailure"]
    target = Resource(bucket.target, "s3.bucket", "", "", "")
    assert carried(EventSet.anything(), bucket, target) == EventSet.anything()


def test_criteria_are_kept_as_aws_stores_them():
    clicks = edges(read("lambda/list_event_source_mappings.every_source"))[1]
    assert clicks.filter == Filter(
        "lambda.criteria.kinesis",
        '{"Filters":[{"Pattern":"{\\"data\\": {\\"kind\\": [\\"buy\\"]}}"}]}',
    )


def test_criteria_that_cannot_be_decrypted_are_a_filter_nobody_can_read_and_unread():
    facts = read("lambda/list_event_source_mappings.every_source")
    [sealed] = [edge for edge in edges(facts) if edge.source == arn("sqs", "sealed")]
    assert sealed.filter == Filter("lambda.criteria.sqs", "")
    [gap] = unread(facts)
    assert (gap.code, gap.action) == ("KMSAccessDeniedException", "kms:Decrypt")


def test_destinations_are_kept_by_the_qualifier_they_belong_to():
    found = edges(read("lambda/list_function_event_invoke_configs.qualifiers", {}))
    assert [(e.label, e.kind, e.target, dict(e.attributes)) for e in found] == [
        ("$LATEST", "lambda.async.onsuccess", arn("events", "event-bus/shop"), {}),
        ("$LATEST", "lambda.async.onfailure", arn("sqs", "orders-dead"), {}),
        ("live", "lambda.async.onsuccess", arn("lambda", "function:mail"), {"qualifier": "live"}),
        ("5", "lambda.async.onfailure", "arn:aws:s3:::failed", {}),
    ]
    assert {edge.source for edge in found} == {ORDERS}


def test_how_often_an_asynchronous_invocation_is_repeated_is_kept_by_qualifier():
    facts = read("lambda/list_function_event_invoke_configs.qualifiers", {})
    first, last = resources(facts)
    assert first.attributes == {"async_retries": {"$LATEST": 2}}
    assert last.attributes == {"async_retries": {"5": 0}, "async_max_age": {"5": 60}}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("get_function_recursion_config.allowed", {"recursive_loop": "Allow"}),
        ("get_function_concurrency.none_left", {"reserved_concurrency": 0}),
        ("get_function_concurrency.not_reserved", {"reserved_concurrency": None}),
    ],
)
def test_a_function_on_a_loop_is_asked_what_would_stop_it(name, known):
    [function] = resources(read(f"lambda/{name}", SUSPECT))
    assert (function.arn, function.name, function.attributes) == (ORDERS, "orders", known)


def test_an_alias_stands_for_a_version_and_by_weight_for_another():
    facts = read("lambda/list_aliases.weighted", SUSPECT)
    assert [function.attributes for function in resources(facts)] == [
        {"aliases": {"live": ["5", "6"]}},
        {"aliases": {"dev": ["$LATEST"]}},
    ]
    assert "canary" not in repr(facts)


def test_a_version_keeps_its_role_its_dead_letters_and_its_log_group():
    facts = read("lambda/list_versions_by_function.other_role", SUSPECT)
    assert [function.attributes for function in resources(facts)] == [
        {"versions": {"$LATEST": "arn:aws:iam::111122223333:role/orders"}},
        {"versions": {"5": "arn:aws:iam::111122223333:role/orders-of-old"}},
    ]
    assert [edge.target for edge in of("lambda.dlq", facts)] == [arn("sns", "dead-of-old")]
    assert {edge.label for edge in edges(facts)} == {""}
    assert "canary" not in repr(facts)


def test_a_web_address_starts_what_it_is_of_and_its_path_is_not_kept():
    facts = read("lambda/list_function_url_configs.alias", SUSPECT)
    [edge] = of("lambda.url", facts)
    assert edge.source == "https://abcdefghijklmnop.lambda-url.eu-west-1.on.aws"
    assert (edge.target, edge.meaning) == (ORDERS, Meaning.TRIGGERS)
    assert dict(edge.attributes) == {"auth": "NONE", "qualifier": "live"}
    assert "canary" not in repr(facts)


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
    codes = {gap.code for gap in observation.gaps if gap.action == "kms:Decrypt"}
    assert codes == {"KMSAccessDeniedException"}
    assert "canary" not in repr(observation)


def test_what_a_reading_of_its_code_depends_on_is_told_and_no_value():
    item = {
        "CodeSha256": "c2hh",
        "Handler": "app.handler",
        "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:1:layer:shared:3", "CodeSize": 1}],
        "Environment": {
            "Variables": {
                "NODE_OPTIONS": "--enable-source-maps --max-old-space-size=512",
                "PYTHONPATH": "/mnt/code",
                "PASSWORD": "secret",
            }
        },
    }
    assert lambda_code.deployed(item) == {
        "code_sha256": "c2hh",
        "handler": "app.handler",
        "layers": ["arn:aws:lambda:eu-west-1:1:layer:shared:3"],
        "steered_by": ["PYTHONPATH"],
    }
    assert lambda_code.deployed({"FunctionName": "image"}) == {}
    for name in ("AWS_LAMBDA_EXEC_WRAPPER", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX"):
        found = lambda_code.deployed({"Environment": {"Variables": {name: "/opt/x"}}})
        assert found == {"steered_by": [name]}


def test_variables_that_cannot_be_read_may_steer_what_runs():
    item = {"Environment": {"Error": {"ErrorCode": "AccessDeniedException", "Message": "KMS"}}}
    assert lambda_code.deployed(item) == {"steered_by": [lambda_code.UNREADABLE]}


def test_versions_are_alike_only_with_the_same_environment_layers_runtime_and_handler():
    item = {"Handler": "a.b", "Runtime": "r", "Environment": {"Variables": {"A": "1"}}}
    assert lambda_code.alike(item, {**item, "CodeSha256": "another package"})
    for other in (
        {"Handler": "a.c"},
        {"Runtime": "s"},
        {"Layers": [{"Arn": "x"}]},
        {"Environment": {"Variables": {"A": "2"}}},
    ):
        assert not lambda_code.alike(item, {**item, **other})
    unreadable = {**item, "Environment": {"Error": {"ErrorCode": "KMS"}}}
    assert not lambda_code.alike(unreadable, unreadable)
