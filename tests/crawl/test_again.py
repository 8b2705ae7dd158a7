"""What changes while it is read is read again, or is a gap; what stays the same costs little."""

from __future__ import annotations

import json

import pytest

from tests.rig import estate
from topology import catalog, crawl
from topology.crawl import again
from topology.graph import ReadStatus

LISTS = ("sqs.ListQueues", "sns.ListTopics", "lambda.ListFunctions", "dynamodb.ListTables")


@pytest.fixture
def observe(aws, proxy):
    """Read a small estate through the proxy."""
    estate.seed(aws)
    return lambda **more: crawl.observe(aws.through(proxy.url), aws.identity, aws.region, **more)


def meanwhile(proxy, operation, change, times=1):
    """Do something to the account when an operation is asked, the first few times."""
    left = [change] * times

    def fault(request, forward):
        answer = forward()
        if left:
            left.pop()()
        return answer

    proxy.fail(fault, operation)


def named(observation, kind):
    return {r.name for r in observation.resources if r.kind == kind}


def test_what_was_made_meanwhile_is_read_with_all_that_belongs_to_it(aws, proxy, observe):
    sqs = aws.client("sqs")
    redrive = {"deadLetterTargetArn": aws.arn("sqs", "dead"), "maxReceiveCount": 3}
    meanwhile(
        proxy,
        "lambda.ListFunctionEventInvokeConfigs",
        lambda: sqs.create_queue(
            QueueName="late", Attributes={"RedrivePolicy": json.dumps(redrive)}
        ),
    )
    observation = observe()
    assert named(observation, "sqs.queue") >= {"dead", "jobs", "late"}
    assert aws.arn("sqs", "late") in {e.source for e in observation.edges}
    assert observation.gaps == ()


def test_what_was_changed_meanwhile_stands_as_it_is_now(aws, proxy, observe):
    role = aws.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=estate.TRUST)
    functions = aws.client("lambda")
    meanwhile(
        proxy,
        "sqs.GetQueueAttributes",
        lambda: functions.update_function_configuration(
            FunctionName="worker",
            Role=role["Role"]["Arn"],
            Environment={"Variables": {"ONLY": aws.arn("sqs", "jobs")}},
        ),
    )
    observation = observe()
    [worker] = [r for r in observation.resources if r.kind == "lambda.function"]
    assert worker.attributes["role"] == role["Role"]["Arn"]
    assert [each["variable"] for each in worker.attributes["environment"]] == ["ONLY"]
    assert observation.gaps == ()


def test_what_never_stays_the_same_is_a_gap_that_names_it(aws, proxy, observe):
    sqs, number = aws.client("sqs"), iter(range(1000))
    meanwhile(
        proxy,
        "sqs.ListQueues",
        lambda: sqs.create_queue(QueueName=f"more-{next(number)}"),
        times=1000,
    )
    observation = observe()
    assert {(gap.call, gap.code) for gap in observation.gaps} == {
        ("sqs.list_queues", again.CHANGED)
    }
    assert all("more-" in gap.resource for gap in observation.gaps)
    [row] = [row for row in observation.reads if row.call == "sqs.list_queues"]
    assert row.status is ReadStatus.PARTIAL


def test_what_is_gone_at_the_second_look_is_a_gap_and_still_shown(aws, proxy, observe):
    topic, looks = aws.arn("sns", "news"), []

    def gone(request, forward):
        looks.append(request)
        if len(looks) == 2:
            aws.client("sns").delete_topic(TopicArn=topic)
        return forward()

    proxy.fail(gone, "sns.ListTopics")
    observation = observe()
    assert {(gap.call, gap.resource) for gap in observation.gaps if gap.code == again.CHANGED} >= {
        ("sns.list_topics", topic)
    }
    assert "news" in named(observation, "sns.topic")
    [row] = [row for row in observation.reads if row.call == "sns.list_topics"]
    assert row.status is ReadStatus.PARTIAL


def test_a_second_look_that_is_refused_is_a_gap_and_the_first_one_stands(proxy, observe):
    proxy.deny("sqs.ListQueues", skip=1)
    observation = observe()
    assert [(gap.call, gap.code) for gap in observation.gaps] == [
        ("sqs.list_queues", "AccessDenied")
    ]
    assert named(observation, "sqs.queue") == {"dead", "jobs"}
    [row] = [row for row in observation.reads if row.call == "sqs.list_queues"]
    assert row.status is ReadStatus.COMPLETE


def test_a_refused_second_look_does_not_make_up_for_what_the_first_could_not_read(proxy, observe):
    proxy.answer({"Functions": [{"FunctionName": "nameless"}]}, "lambda.ListFunctions")
    proxy.deny("lambda.ListFunctions", skip=1)
    [row] = [row for row in observe().reads if row.call == "lambda.list_functions"]
    assert row.status is ReadStatus.PARTIAL


def test_a_list_is_asked_twice_and_what_belongs_to_its_items_once(proxy, observe):
    observe()
    asked = [request.name for request in proxy.log]
    assert {asked.count(name) for name in LISTS} == {2}
    assert asked.count("lambda.ListFunctionEventInvokeConfigs") == 1
    assert asked.count("sqs.GetQueueAttributes") == 2  # queues


def test_a_list_that_was_not_read_whole_is_not_asked_again(proxy, observe):
    proxy.split("sqs.ListQueues", 1)
    proxy.deny("sqs.ListQueues", skip=1)
    observe()
    assert [request.name for request in proxy.log].count("sqs.ListQueues") == 2  # pages


def test_a_service_that_must_be_asked_slowly_is_not_asked_again_at_any_price(
    proxy, observe, monkeypatch
):
    [sqs] = [service for service in catalog.services() if service.client == "sqs"]
    monkeypatch.setattr(sqs, "rate", 0.9)
    monkeypatch.setattr(again, "SHARE", 0.0)
    observation = observe()
    asked = [request.name for request in proxy.log]
    assert (asked.count("sqs.ListQueues"), asked.count("sns.ListTopics")) == (1, 2)
    assert observation.gaps == ()
