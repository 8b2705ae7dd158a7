"""SDK calls named in configuration: what they reach, and when only the role can tell."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn
from tests.catalog.test_registry import is_known, model
from topology.catalog.sdk_calls import TARGETS, Called, Target, called
from topology.catalog.sdk_names import ACTIONS, VERSIONED, actions_of, prefix_of

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"
MACHINE = arn("states", "stateMachine:nightly")

ONE_TARGET = [
    ("s3", "putObject", {"Bucket": "in", "Key.$": "$.key"}, "arn:aws:s3:::in", "s3:PutObject"),
    ("s3", "copyObject", {"Bucket": "in", "Key": "a"}, "arn:aws:s3:::in", "s3:PutObject"),
    (
        "s3",
        "completeMultipartUpload",
        {"Bucket": "in", "Key": "a"},
        "arn:aws:s3:::in",
        "s3:PutObject",
    ),
    ("s3", "deleteObjects", {"Bucket": "in"}, "arn:aws:s3:::in", "s3:DeleteObject"),
    ("sqs", "sendMessage", {"QueueUrl": QUEUE_URL}, arn("sqs", "jobs"), "sqs:SendMessage"),
    ("SQS", "SendMessageBatch", {"queueUrl": QUEUE_URL}, arn("sqs", "jobs"), "sqs:SendMessage"),
    ("sns", "publish", {"TopicArn": arn("sns", "news")}, arn("sns", "news"), "sns:Publish"),
    ("sns", "publish", {"TargetArn": arn("sns", "news")}, arn("sns", "news"), "sns:Publish"),
    ("sns", "publishBatch", {"TopicArn": arn("sns", "news")}, arn("sns", "news"), "sns:Publish"),
    (
        "lambda",
        "invoke",
        {"FunctionName": "mail"},
        arn("lambda", "function:mail"),
        "lambda:InvokeFunction",
    ),
    (
        "lambda",
        "invoke",
        {"FunctionName": "mail", "Qualifier": "live"},
        arn("lambda", "function:mail:live"),
        "lambda:InvokeFunction",
    ),
    (
        "lambda",
        "invoke",
        {"FunctionName": "444455556666:function:mail:7"},
        arn("lambda", "function:mail:7", "444455556666"),
        "lambda:InvokeFunction",
    ),
    (
        "lambda",
        "invokeAsync",
        {"FunctionName": arn("lambda", "function:mail")},
        arn("lambda", "function:mail"),
        "lambda:InvokeFunction",
    ),
    ("sfn", "startExecution", {"StateMachineArn": MACHINE}, MACHINE, "states:StartExecution"),
    (
        "states",
        "startSyncExecution",
        {"StateMachineArn": MACHINE},
        MACHINE,
        "states:StartSyncExecution",
    ),
    (
        "dynamodb",
        "putItem",
        {"TableName": "orders"},
        arn("dynamodb", "table/orders"),
        "dynamodb:PutItem",
    ),
    (
        "dynamodb",
        "deleteItem",
        {"TableName": arn("dynamodb", "table/orders")},
        arn("dynamodb", "table/orders"),
        "dynamodb:DeleteItem",
    ),
    (
        "kinesis",
        "putRecord",
        {"StreamName": "clicks"},
        arn("kinesis", "stream/clicks"),
        "kinesis:PutRecord",
    ),
    (
        "kinesis",
        "putRecords",
        {"StreamARN": arn("kinesis", "stream/clicks")},
        arn("kinesis", "stream/clicks"),
        "kinesis:PutRecords",
    ),
    (
        "firehose",
        "putRecord",
        {"DeliveryStreamName": "archive"},
        arn("firehose", "deliverystream/archive"),
        "firehose:PutRecord",
    ),
    (
        "cloudwatchlogs",
        "putLogEvents",
        {"LogGroupName": "/audit"},
        arn("logs", "log-group:/audit"),
        "logs:PutLogEvents",
    ),
    (
        "ecs",
        "runTask",
        {"TaskDefinition": "render:3", "Cluster.$": "$.cluster"},
        arn("ecs", "task-definition/render:3"),
        "ecs:RunTask",
    ),
    ("glue", "startJobRun", {"JobName": "etl"}, arn("glue", "job/etl"), "glue:StartJobRun"),
    ("glue", "startCrawler", {"Name": "raw"}, arn("glue", "crawler/raw"), "glue:StartCrawler"),
    (
        "glue",
        "startWorkflowRun",
        {"Name": "daily"},
        arn("glue", "workflow/daily"),
        "glue:StartWorkflowRun",
    ),
    (
        "codebuild",
        "startBuild",
        {"ProjectName": "site"},
        arn("codebuild", "project/site"),
        "codebuild:StartBuild",
    ),
    (
        "codepipeline",
        "startPipelineExecution",
        {"Name": "release"},
        arn("codepipeline", "release"),
        "codepipeline:StartPipelineExecution",
    ),
    (
        "eventbridgev2",
        "putEvents",
        {"EventBusArn": arn("events", "event-busv2/shop"), "Entries": []},
        arn("events", "event-busv2/shop"),
        "events:PutEvents",
    ),
    (
        "eventbridgev2",
        "putRawEvents",
        {"EventBusArn": arn("events", "event-busv2/shop")},
        arn("events", "event-busv2/shop"),
        "events:PutRawEvents",
    ),
]


@pytest.mark.parametrize(("service", "action", "parameters", "target", "allowed_by"), ONE_TARGET)
def test_it_names_the_resource_that_a_call_reaches(service, action, parameters, target, allowed_by):
    found = called(HERE, service, action, parameters)
    assert found.targets == (Target(target, allowed_by),)
    assert allowed_by in found.actions
    assert not found.dynamic


AT_RUN_TIME = [
    {"QueueUrl.$": "$.queue"},
    {"QueueUrl": "{% $queue %}"},
    {"QueueUrl": "$.detail.queue"},
    {"QueueUrl": "<aws.scheduler.execution-id>"},
    {"QueueUrl": "https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/111122223333/jobs"},
    {},
    None,
]


@pytest.mark.parametrize("parameters", AT_RUN_TIME)
def test_the_role_answers_for_a_target_that_is_known_at_run_time_only(parameters):
    found = called(HERE, "sqs", "sendMessage", parameters)
    assert found == Called((), ("sqs:SendMessage",), dynamic=True)


@pytest.mark.parametrize("bucket", [arn("s3", "accesspoint/in"), "in-7f-s3alias", "$.bucket"])
def test_an_access_point_does_not_say_which_bucket_is_written(bucket):
    assert called(HERE, "s3", "putObject", {"Bucket": bucket}).dynamic


def test_a_function_whose_version_is_known_at_run_time_only_is_a_target_and_its_role_answers():
    found = called(HERE, "lambda", "invoke", {"FunctionName": "mail", "Qualifier.$": "$.alias"})
    assert [target.arn for target in found.targets] == [arn("lambda", "function:mail")]
    assert found.dynamic


def test_an_entry_without_a_bus_goes_to_the_default_one():
    entries = [
        {"Source": "shop", "EventBusName": "orders"},
        {"Source": "shop"},
        {"Source": "shop", "EventBusName": arn("events", "event-bus/theirs", "444455556666")},
    ]
    found = called(HERE, "eventbridge", "putEvents", {"Entries": entries})
    assert found.targets == tuple(
        Target(each, "events:PutEvents")
        for each in (
            arn("events", "event-bus/default"),
            arn("events", "event-bus/orders"),
            arn("events", "event-bus/theirs", "444455556666"),
        )
    )
    assert not found.dynamic


@pytest.mark.parametrize(
    "parameters",
    [
        {"Entries": [{"EventBusName.$": "$.bus"}]},
        {"Entries": ["{% $entry %}"]},
        {"Entries": "{% $entries %}"},
        {"Entries.$": "$.entries"},
    ],
)
def test_an_entry_made_at_run_time_may_go_to_any_bus(parameters):
    found = called(HERE, "events", "putEvents", parameters)
    assert (found.targets, found.dynamic) == ((), True)


def test_a_batch_writes_to_each_of_its_tables():
    items = {"orders": [{"PutRequest": {}}], "stock": [{"DeleteRequest": {}}], "more.$": "$.more"}
    found = called(HERE, "dynamodb", "batchWriteItem", {"RequestItems": items})
    assert [target.arn for target in found.targets] == [
        arn("dynamodb", "table/orders"),
        arn("dynamodb", "table/stock"),
    ]
    assert found.dynamic


def test_a_transaction_does_to_each_table_what_its_entries_say():
    entries = [
        {"Put": {"TableName": "orders"}},
        {"Delete": {"TableName": "stock"}},
        {"ConditionCheck": {"TableName": "prices"}},
    ]
    found = called(HERE, "dynamodb", "transactWriteItems", {"TransactItems": entries})
    assert found == Called(
        (
            Target(arn("dynamodb", "table/orders"), "dynamodb:PutItem"),
            Target(arn("dynamodb", "table/stock"), "dynamodb:DeleteItem"),
        ),
        ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        dynamic=False,
    )


def test_a_transaction_made_at_run_time_may_reach_any_table():
    for entries in ([{"Update.$": "$.update"}], [{"Update": {"TableName.$": "$.table"}}]):
        assert called(HERE, "dynamodb", "transactWriteItems", {"TransactItems": entries}).dynamic


def test_a_job_starts_its_definition_in_its_queue():
    jobs = {"JobDefinition": "resize:2", "JobQueue": arn("batch", "job-queue/slow")}
    assert [target.arn for target in called(HERE, "batch", "submitJob", jobs).targets] == [
        arn("batch", "job-definition/resize:2"),
        arn("batch", "job-queue/slow"),
    ]


def test_a_phone_and_an_app_end_the_journey():
    endpoint = arn("sns", "endpoint/APNS/app/0")
    for parameters in ({"PhoneNumber": "+15550100"}, {"TargetArn": endpoint}):
        found = called(HERE, "sns", "publish", parameters)
        assert (found.targets, found.dynamic) == ((), False)


@pytest.mark.parametrize("action", ["getItem", "query", "scan", "batchGetItem", "describeTable"])
def test_what_only_reads_reaches_nothing(action):
    found = called(HERE, "dynamodb", action, {"TableName": "orders"})
    assert (found.targets, found.dynamic) == ((), False)


def test_the_role_answers_for_an_operation_of_which_nothing_is_known():
    found = called(HERE, "ssm", "putParameter", {"Name": "/limit"})
    assert found == Called((), ("ssm:PutParameter",), dynamic=True)


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("sfn", "states"),
        ("eventbridge", "events"),
        ("cloudwatchlogs", "logs"),
        ("cognitoidentityprovider", "cognito-idp"),
        ("rdsdata", "rds-data"),
        ("emr", "elasticmapreduce"),
        ("emr-serverless", "emr-serverless"),
        ("iotdataplane", "iot"),
        ("sqs", "sqs"),
    ],
)
def test_a_service_has_its_iam_prefix(service, prefix):
    assert prefix_of(service) == prefix


def test_every_exception_ends_at_actions_that_iam_knows():
    for operation, actions in ACTIONS.items():
        assert not is_known(operation) or operation in actions, f"{operation} is no exception"
        for action in actions:
            assert is_known(action), action
    for operation, action in VERSIONED.items():
        assert is_known(f"s3:{operation}")
        assert is_known(action)


CLIENTS = {"states": ["stepfunctions"], "events": ["events", "eventbridgev2"]}


@pytest.mark.parametrize(("prefix", "operation"), TARGETS, ids=":".join)
def test_every_operation_with_targets_exists_and_so_do_its_actions(prefix, operation):
    assert any(
        operation in model(client).operation_names for client in CLIENTS.get(prefix, [prefix])
    )
    for action in actions_of(prefix, operation):
        assert is_known(action), action
