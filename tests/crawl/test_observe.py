"""A whole observation over HTTP: what is found, in which order, and what never leaves AWS."""

from __future__ import annotations

import json
import random
import time

import pytest

from tests.rig import estate
from topology import catalog, crawl
from topology.catalog.policy import read_policy
from topology.crawl.ledger import afterwards, at_first
from topology.demo.asked import snake
from topology.graph import GLOBAL, Meaning, Observation, ReadStatus, canonical_json, graph


def facts(observation: Observation) -> str:
    """Everything but the clock, in the order it was given."""
    return repr((observation.resources, observation.edges, observation.gaps, observation.reads))


def short(text: str) -> str:
    """The end of an ARN, a stream without the moment it was made."""
    return text.partition("/stream/")[0].rpartition(":")[2]


@pytest.fixture(scope="module")
def observation(seeded):
    return crawl.observe(seeded.connection, seeded.identity, seeded.region)


def test_it_finds_every_edge_of_a_small_estate(seeded, observation):
    bucket = estate.bucket_name(seeded)
    found = {(e.kind, short(e.source), short(e.target)) for e in observation.edges}
    assert found >= {
        ("ddb.stream", "table/orders", "table/orders"),
        ("eb.rule.dlq", "event-bus/shop", "dead"),
        ("eb.rule.lambda", "event-bus/shop", "worker"),
        ("eb.rule.schedule", "rule/nightly", "jobs"),
        ("esm.dynamodb.lambda", "table/orders", "worker"),
        ("esm.onfailure", "worker", "dead"),
        ("esm.sqs.lambda", "jobs", "worker"),
        ("lambda.async.onfailure", "worker", "dead"),
        ("lambda.async.onsuccess", "worker", "jobs"),
        ("s3.notif.sqs", bucket, "jobs"),
        ("sns.sub.redrive", "news", "dead"),
        ("sns.sub.sqs", "news", "jobs"),
        ("sqs.redrive", "jobs", "dead"),
    }


def test_it_finds_every_resource_with_its_kind_and_place(seeded, observation):
    assert {(r.kind, r.name) for r in observation.resources} >= {
        ("dynamodb.stream", "orders (stream)"),
        ("dynamodb.table", "orders"),
        ("events.bus", "default"),
        ("events.bus", "shop"),
        ("events.schedule", "nightly"),
        ("lambda.function", "worker"),
        ("s3.bucket", estate.bucket_name(seeded)),
        ("sns.topic", "news"),
        ("sqs.queue", "dead"),
        ("sqs.queue", "jobs"),
    }
    assert {(r.account, r.region) for r in observation.resources} == {(seeded.id, seeded.region)}


def test_every_planned_read_is_complete_and_there_is_no_gap(seeded, observation):
    planned = crawl.planned(seeded.identity, seeded.region)
    assert {read.status for read in planned} == {ReadStatus.NOT_READ}
    waiting = {service.name_of(call) for service, call in afterwards(seeded.region)}
    read = {read.call for read in observation.reads}
    assert read | waiting == {read.call for read in planned}
    assert {read.status for read in observation.reads} == {ReadStatus.COMPLETE}
    assert observation.gaps == ()


def test_every_fact_says_which_read_showed_it(observation):
    calls = {read.call for read in observation.reads}
    assert {fact.read for fact in (*observation.resources, *observation.edges)} <= calls
    [mapped] = [edge for edge in observation.edges if edge.kind == "s3.notif.sqs"]
    assert mapped.read == "s3.get_bucket_notification_configuration"
    assert mapped.subject == mapped.source.rpartition(":")[2]


def test_it_keeps_what_is_switched_off_dormant(observation):
    asleep = {edge.kind: edge.dormant for edge in observation.edges if edge.dormant}
    assert asleep["esm.dynamodb.lambda"] == "the event source mapping is Disabled"
    assert asleep["eb.rule.schedule"] == "the rule is DISABLED"
    assert not asleep.keys() & {"esm.sqs.lambda", "eb.rule.lambda", "sns.sub.sqs"}


def test_it_keeps_filters_as_aws_stores_them(observation):
    heard = {e.kind: e.filter for e in observation.edges if e.filter}
    assert heard["sns.sub.sqs"].language == "sns.policy.attributes"
    assert json.loads(heard["sns.sub.sqs"].document) == {"status": ["new"]}
    assert json.loads(heard["eb.rule.lambda"].document) == {"source": ["shop"]}
    assert heard["esm.dynamodb.lambda"].language == "lambda.criteria.dynamodb"
    assert json.loads(heard["s3.notif.sqs"].document) == {
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
    }


def test_failure_paths_are_on_failure_edges(observation):
    failing = {e.kind for e in observation.edges if e.meaning is Meaning.ON_FAILURE}
    assert failing >= {
        "eb.rule.dlq",
        "esm.onfailure",
        "lambda.async.onfailure",
        "sns.sub.redrive",
        "sqs.redrive",
    }


def test_it_keeps_of_the_environment_only_names_and_the_resources_they_name(seeded, observation):
    [worker] = [r for r in observation.resources if r.kind == "lambda.function"]
    assert worker.attributes["environment"] == [
        {"variable": "DEAD_URL", "names": seeded.arn("sqs", "dead")},
        {"variable": "ELSEWHERE", "names": seeded.arn("sqs", "far", "us-east-1")},
        {"variable": "QUEUE_URL", "names": seeded.arn("sqs", "jobs")},
        {"variable": "TABLE", "names": seeded.arn("dynamodb", "table/orders")},
        {"variable": "TOPIC_ARN", "names": seeded.arn("sns", "news")},
    ]


def test_no_secret_of_the_environment_is_anywhere_in_the_observation(observation):
    assert estate.SECRET not in repr(observation)
    assert "PASSWORD" not in repr(observation)
    attributes = [dict(resource.attributes) for resource in observation.resources]
    assert estate.SECRET not in canonical_json(attributes)
    assert "example.com" not in repr(observation)


def test_the_account_wide_walk_reads_roles_and_used_policies(seeded):
    walked = crawl.observe(seeded.connection, seeded.identity, GLOBAL)
    by_name = {resource.name: resource for resource in walked.resources}
    assert set(by_name) >= {"shared", "worker"}
    assert "unused" not in by_name
    role = by_name["worker"].attributes
    assert [policy["name"] for policy in role["policies"]] == ["send"]
    assert role["attached"] == [by_name["shared"].arn]
    assert role["boundary"] is None
    assert by_name["shared"].attributes["document"]["Version"] == "2012-10-17"
    assert {read.status for read in walked.reads} == {ReadStatus.COMPLETE}


def test_an_empty_account_is_read_completely(aws):
    observation = crawl.observe(aws.connection, aws.identity, "eu-north-1")
    assert {read.status for read in observation.reads} == {ReadStatus.COMPLETE}
    assert observation.edges == ()
    assert "default" in {resource.name for resource in observation.resources}


def test_answers_in_any_order_give_the_same_bytes(seeded, proxy, observation):
    timing = random.Random(2)

    def late(request, forward):
        time.sleep(timing.random() / 200)
        return forward()

    proxy.fail(late)
    for _ in range(8):
        shuffled = crawl.observe(seeded.through(proxy.url), seeded.identity, seeded.region)
        assert facts(shuffled) == facts(observation)


def test_it_asks_only_what_its_policy_allows_and_every_list_in_it(seeded, proxy):
    connection = seeded.through(proxy.url)
    identity = crawl.identify(connection)
    crawl.regions(connection, identity)
    for place in (seeded.region, GLOBAL):
        crawl.observe(connection, identity, place)
    actions = {
        (service.client, call.operation): service.action_of(call)
        for service in catalog.services()
        for call in service.calls
    }
    asked = {
        (request.service, snake(request.model.name))
        for request in proxy.log
        if request.name != "sts.AssumeRole"
    }
    allowed = {action for one in read_policy()["Statement"] for action in one["Action"]}
    assert {actions[each] for each in asked} <= allowed
    lists = (*at_first(seeded.region), *at_first(GLOBAL))
    assert asked >= {
        (service.client, call.operation) for service, call in lists if not call.for_each
    }


def test_progress_is_told_in_the_callers_thread_and_may_stop_the_crawl(seeded):
    seen: list[tuple[str, int, int]] = []
    crawl.observe(
        seeded.connection,
        seeded.identity,
        seeded.region,
        lambda call, done, planned: seen.append((call, done, planned)),
    )
    assert [done for _, done, _ in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][1] == seen[-1][2]

    def stop(call: str, done: int, planned: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        crawl.observe(seeded.connection, seeded.identity, seeded.region, stop)


def test_a_graph_of_the_observation_has_a_place_for_every_end(observation):
    whole = graph(observation.resources, observation.edges)
    assert all(edge.source in whole.resources for edge in whole.edges)
    assert all(edge.target in whole.resources for edge in whole.edges)
