"""Whatever fails is a gap at the call that failed, names its IAM action, and hides no sibling."""

from __future__ import annotations

import pytest

from tests.rig import estate, invented
from topology import crawl
from topology.crawl.ask import ask
from topology.crawl.errors import code_of
from topology.crawl.ledger import at_first
from topology.crawl.session import ATTEMPTS, Connection, Session
from topology.graph import GLOBAL, ReadStatus

NO_PARSER = ("UnexpectedAnswer", "ResponseParserError", "500")  # by protocol; S3 says 500
LISTS = {  # one for every protocol
    ("lambda", "list_functions"),
    ("sqs", "list_queues"),
    ("sns", "list_topics"),
    ("s3", "list_buckets"),
    ("ec2", "describe_instances"),
    ("eventbridgev2", "list_event_buses"),
}


@pytest.fixture(scope="module")
def whole(seeded):
    return crawl.observe(seeded.connection, seeded.identity, seeded.region)


@pytest.fixture(scope="module")
def session(_proxy):
    return Session(Connection(endpoint_url=_proxy.url))


@pytest.fixture
def read(seeded, proxy):
    return lambda: crawl.observe(seeded.through(proxy.url), seeded.identity, seeded.region)


def test_a_denied_list_is_a_gap_and_everything_else_is_read(proxy, read, whole):
    proxy.deny("sqs.ListQueues")
    observation = read()
    assert [(gap.call, gap.action) for gap in observation.gaps] == [
        ("sqs.list_queues", "sqs:ListQueues")
    ]
    refused = {"sqs.list_queues", "sqs.get_queue_attributes"}
    unread = {row.call for row in observation.reads if row.status is not ReadStatus.COMPLETE}
    assert unread == refused
    assert {edge for edge in whole.edges if edge.read not in refused} <= set(observation.edges)


def test_a_denied_iam_walk_is_a_gap_of_the_account(seeded, proxy):
    proxy.deny("iam.GetAccountAuthorizationDetails")
    walked = crawl.observe(seeded.through(proxy.url), seeded.identity, GLOBAL)
    [gap] = walked.gaps
    assert (gap.region, gap.action, gap.code) == (
        GLOBAL,
        "iam:GetAccountAuthorizationDetails",
        "AccessDenied",
    )
    assert {row.call: row.status for row in walked.reads}[gap.call] is ReadStatus.NOT_READ


def test_a_resource_that_is_denied_is_named_and_its_neighbours_are_read(proxy, read):
    proxy.deny("sqs.GetQueueAttributes", resource="dead")
    observation = read()
    [gap] = observation.gaps
    assert (gap.resource, gap.code) == ("dead", "AccessDenied")
    assert "sqs.redrive" in {edge.kind for edge in observation.edges}
    [row] = [row for row in observation.reads if row.call == "sqs.get_queue_attributes"]
    assert (row.status, row.requests) == (ReadStatus.PARTIAL, 2)


def test_a_subscription_whose_filter_is_denied_still_stands_and_its_filter_is_unknown(proxy, read):
    proxy.deny("sns.GetSubscriptionAttributes")
    [edge] = [edge for edge in read().edges if edge.kind == "sns.sub.sqs"]
    assert edge.filter is not None
    assert edge.filter.document == ""


def test_everything_denied_leaves_nothing_read_and_a_gap_per_list(proxy, read):
    proxy.deny(region="eu-west-1")
    observation = read()
    assert observation.resources == observation.edges == ()
    assert {row.status for row in observation.reads} == {ReadStatus.NOT_READ}
    assert {gap.call for gap in observation.gaps} == {
        service.name_of(call) for service, call in at_first("eu-west-1") if not call.for_each
    }


def test_three_throttled_calls_in_ten_lose_nothing(proxy, read, whole):
    proxy.throttle(every=3, in_a_row=ATTEMPTS - 1)
    observation = read()
    assert observation.gaps == ()
    assert observation.edges == whole.edges


def test_an_operation_throttled_for_good_is_a_gap(proxy, read):
    proxy.throttle("lambda.ListEventSourceMappings")
    [gap] = read().gaps
    assert gap.code == "TooManyRequestsException"


def test_passing_faults_of_the_wire_are_tried_again(proxy, read, whole):
    proxy.error("InternalError", status=500, every=11)
    proxy.reset(every=17)
    proxy.truncate(every=23)
    observation = read()
    assert observation.gaps == ()
    assert observation.edges == whole.edges


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (lambda proxy, name: proxy.error("InternalError", name, status=500), "InternalError"),
        (lambda proxy, name: proxy.reset(name), "ConnectionClosedError"),
        (lambda proxy, name: proxy.truncate(name), NO_PARSER),
        (lambda proxy, name: proxy.say(b"", name), "UnexpectedAnswer"),
        (lambda proxy, name: proxy.say(b"<HTML><body/></HTML>", name), "UnexpectedAnswer"),
        (lambda proxy, name: proxy.say(b"nothing AWS says", name), NO_PARSER),
    ],
    ids=["500", "reset", "truncated", "empty", "a login page", "noise"],
)
@pytest.mark.parametrize(("client", "method"), sorted(LISTS))
def test_a_broken_answer_is_an_error_and_never_an_empty_list(
    session, proxy, client, method, fault, code
):
    service, call = next(
        (service, call)
        for service, call in at_first("eu-west-1")
        if (service.client, call.operation) == (client, method)
    )
    fault(proxy, f"{client}.{invented.operation(service, call).name}")
    answer = ask(session, "eu-west-1", service, call, invented.HERE)
    assert answer.error is not None
    assert code_of(answer.error) in code
    assert answer.items == ()


def test_a_broken_answer_is_a_gap_of_its_call_alone(proxy, read, whole):
    proxy.truncate("sns.ListTopics")
    observation = read()
    assert {gap.call for gap in observation.gaps} == {"sns.list_topics"}
    assert "sqs.redrive" in {edge.kind for edge in observation.edges}


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_credentials_that_expire_on_the_way_are_gaps_of_the_rest(proxy, read, whole, share):
    asked = sum(row.requests for row in whole.reads)
    proxy.error("ExpiredTokenException", skip=int(asked * share))
    observation = read()
    assert {gap.code for gap in observation.gaps} == {"ExpiredTokenException"}
    assert any(row.status is not ReadStatus.COMPLETE for row in observation.reads)
    assert any(row.status is ReadStatus.COMPLETE for row in observation.reads) == (share > 0.1)
    assert {r.arn for r in observation.resources} <= {r.arn for r in whole.resources}


def test_an_answer_of_an_unknown_shape_is_a_gap_and_its_siblings_are_read(proxy, read, whole):
    proxy.answer(
        {"Table": {"TableName": "orders", "StreamSpecification": {"StreamEnabled": True}}},
        "dynamodb.DescribeTable",
    )
    observation = read()
    assert {(gap.call, gap.resource, gap.code) for gap in observation.gaps} == {
        ("dynamodb.describe_table", "orders", "UnexpectedAnswer")
    }
    reasons = " ".join(gap.reason for gap in observation.gaps)
    assert "LatestStreamArn" in reasons  # what the stream is read from
    assert "TableArn" in reasons  # whom the next call would have asked
    assert len(observation.edges) == len(whole.edges) - 1


def test_an_item_without_its_name_is_a_gap_and_no_end_of_the_crawl(proxy, read):
    proxy.answer({"Rules": [{"Name": "nameless", "State": "ENABLED"}]}, "events.ListRules")
    observation = read()
    assert {gap.call for gap in observation.gaps} == {"events.list_rules"}
    [row] = [row for row in observation.reads if row.call == "events.list_targets_by_rule"]
    assert row.status is ReadStatus.NOT_READ


def test_an_environment_aws_cannot_decrypt_is_a_gap_inside_a_200(proxy, read, seeded):
    function = {
        "FunctionName": "sealed",
        "FunctionArn": seeded.arn("lambda", "function:sealed"),
        "Role": seeded.role_arn,
        "Environment": {"Error": {"ErrorCode": "KMSAccessDenied", "Message": "no key for you"}},
    }
    proxy.answer({"Functions": [function]}, "lambda.ListFunctions")
    proxy.answer({"FunctionEventInvokeConfigs": []}, "lambda.ListFunctionEventInvokeConfigs")
    observation = read()
    [gap] = observation.gaps
    assert (gap.action, gap.code) == ("kms:Decrypt", "KMSAccessDenied")
    assert gap.resource == function["FunctionArn"]


def test_a_secret_in_an_answer_that_cannot_be_parsed_is_not_quoted(proxy, read):
    proxy.say(f'{{"PASSWORD": "{estate.SECRET}"'.encode(), "lambda.ListFunctions")
    assert estate.SECRET not in repr(read())


def test_a_table_deleted_since_it_was_listed_is_no_gap(aws, proxy):
    estate.seed(aws)

    def delete_and_look(request, forward):
        aws.client("dynamodb").delete_table(TableName="orders")
        return forward()

    proxy.fail(delete_and_look, "dynamodb.DescribeTable")
    observation = crawl.observe(aws.through(proxy.url), aws.identity, aws.region)
    assert observation.gaps == ()
    assert {row.status for row in observation.reads} == {ReadStatus.COMPLETE}


def test_a_table_said_to_be_gone_that_is_still_listed_is_a_gap(proxy, read):
    proxy.error("ResourceNotFoundException", "dynamodb.DescribeTable")
    observation = read()
    [gap] = observation.gaps
    assert (gap.call, gap.resource, gap.code) == (
        "dynamodb.describe_table",
        "orders",
        "ResourceNotFoundException",
    )
