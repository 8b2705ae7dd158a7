"""A small estate with one of everything the catalog reads, seeded the way a customer would."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from tests.rig.account import Account

SECRET = "canary-7f3a9c-do-not-store"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def seed(account: Account) -> None:
    """Fill the account's region: two queues, topic, bucket, bus, table, function, role."""
    role = _role(account)
    sqs = account.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    jobs = sqs.create_queue(
        QueueName="jobs",
        Attributes={
            "RedrivePolicy": json.dumps(
                {"deadLetterTargetArn": account.arn("sqs", "dead"), "maxReceiveCount": 3}
            )
        },
    )["QueueUrl"]
    table = _table(account)
    environment = {
        "QUEUE_URL": jobs,
        "DEAD_URL": dead,
        "TABLE": "orders",
        "TOPIC_ARN": account.arn("sns", "news"),
        "ELSEWHERE": account.arn("sqs", "far", "us-east-1"),
        "PASSWORD": SECRET,
    }
    function(account, "worker", role, environment)
    _mappings(account, table)
    _topic(account)
    _bucket(account)
    _bus(account)


def function(
    account: Account, name: str, role: str = "", environment: dict[str, str] | None = None
) -> str:
    """A function; its ARN."""
    created = account.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role or f"arn:aws:iam::{account.id}:role/worker",
        Handler="app.handler",
        Code={"ZipFile": zipped()},
        Timeout=30,
        Environment={"Variables": environment or {}},
    )
    return str(created["FunctionArn"])


def bucket_name(account: Account) -> str:
    """Bucket names are one space for all accounts."""
    return f"uploads-{account.id}"


def _role(account: Account) -> str:
    iam = account.client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    allow: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}],
    }
    iam.put_role_policy(RoleName="worker", PolicyName="send", PolicyDocument=json.dumps(allow))
    policy = iam.create_policy(PolicyName="shared", PolicyDocument=json.dumps(allow))
    iam.attach_role_policy(RoleName="worker", PolicyArn=policy["Policy"]["Arn"])
    iam.create_policy(PolicyName="unused", PolicyDocument=json.dumps(allow))
    return str(role)


def _table(account: Account) -> str:
    created = account.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    return str(created["TableDescription"]["LatestStreamArn"])


def _mappings(account: Account, stream: str) -> None:
    functions = account.client("lambda")
    functions.create_event_source_mapping(
        EventSourceArn=account.arn("sqs", "jobs"), FunctionName="worker"
    )
    functions.create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName="worker",
        StartingPosition="LATEST",
        Enabled=False,
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"]})}]},
        DestinationConfig={"OnFailure": {"Destination": account.arn("sqs", "dead")}},
    )
    functions.put_function_event_invoke_config(
        FunctionName="worker",
        DestinationConfig={
            "OnSuccess": {"Destination": account.arn("sqs", "jobs")},
            "OnFailure": {"Destination": account.arn("sqs", "dead")},
        },
    )


def _topic(account: Account) -> None:
    sns = account.client("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=account.arn("sqs", "jobs"),
        Attributes={
            "FilterPolicy": json.dumps({"status": ["new"]}),
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": account.arn("sqs", "dead")}),
        },
    )
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="somebody@example.com")


def _bucket(account: Account) -> None:
    s3, name = account.client("s3"), bucket_name(account)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": account.region})
    s3.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "Id": "uploads",
                    "QueueArn": account.arn("sqs", "jobs"),
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}},
                }
            ]
        },
        SkipDestinationValidation=True,
    )


def _bus(account: Account) -> None:
    events = account.client("events")
    events.create_event_bus(Name="shop")
    events.put_rule(
        Name="placed", EventBusName="shop", EventPattern=json.dumps({"source": ["shop"]})
    )
    events.put_targets(
        Rule="placed",
        EventBusName="shop",
        Targets=[
            {
                "Id": "worker",
                "Arn": account.arn("lambda", "function:worker"),
                "DeadLetterConfig": {"Arn": account.arn("sqs", "dead")},
            }
        ],
    )
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)", State="DISABLED")
    events.put_targets(Rule="nightly", Targets=[{"Id": "jobs", "Arn": account.arn("sqs", "jobs")}])


def zipped() -> bytes:
    """The code of a function that does nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): pass")
    return buffer.getvalue()
