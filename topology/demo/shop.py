"""What the stories are written in: one region of the account, whose every verb may be repeated.

Each verb looks before it creates, so that seeding twice changes nothing, and returns the ARN.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import boto3
from botocore.exceptions import ClientError

from topology.demo.emulator import DemoError

ACCOUNT = "123456789012"  # the emulator's own
ASSUME = {"Effect": "Allow", "Action": "sts:AssumeRole"}
ABSENT = frozenset(
    {"404", "NoSuchEntity", "ResourceNotFoundException", "AWS.SimpleQueueService.NonExistentQueue"}
)


def allow(actions: str | Sequence[str], resource: str) -> dict[str, Any]:
    """A policy statement that allows the actions on one resource pattern."""
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


class Shop:
    """The account as seen from one region, through boto3 over HTTP."""

    def __init__(self, session: boto3.session.Session, endpoint_url: str) -> None:
        self._session = session
        self._endpoint_url = endpoint_url
        self.region: str = session.region_name
        self._client = cache(self._connect)

    def bucket(self, name: str) -> str:
        """A bucket without notifications; a name is unique in the world, so give it a prefix."""
        s3 = self._client("s3")
        if not _exists(s3.head_bucket, Bucket=name):
            place = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
            s3.create_bucket(Bucket=name, **({} if self.region == "us-east-1" else place))
        return f"arn:aws:s3:::{name}"

    def notify(self, bucket: str, target: str, key: Mapping[str, str] | None = None) -> None:
        """Tell a function or topic of every object created whose key has this prefix or suffix."""
        s3 = self._client("s3")
        name = bucket.rpartition(":")[2]
        what = "Topic" if ":sns:" in target else "LambdaFunction"
        group = f"{what}Configurations"
        if group in s3.get_bucket_notification_configuration(Bucket=name):
            return
        notification: dict[str, Any] = {
            "Id": f"{target.rpartition(':')[2]}-on-upload",
            f"{what}Arn": target,
            "Events": ["s3:ObjectCreated:*"],
        }
        if key:
            rules = [{"Name": part, "Value": value} for part, value in key.items()]
            notification["Filter"] = {"Key": {"FilterRules": rules}}
        if what == "Topic":
            self._let_publish(target, bucket)
        else:
            self._let_invoke(target, bucket)
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={group: [notification]}
        )

    def queue(self, name: str, dead_letters: str = "") -> str:
        """A queue; messages that failed three times go to ``dead_letters``, where that is given."""
        sqs = self._client("sqs")
        if not _exists(sqs.get_queue_url, QueueName=name):
            redrive = {"deadLetterTargetArn": dead_letters, "maxReceiveCount": "3"}
            attributes = {"RedrivePolicy": json.dumps(redrive)} if dead_letters else {}
            sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "180", **attributes})
        return self.arn("sqs", name)

    def queue_url(self, queue: str) -> str:
        """The URL AWS would give the queue, as a function's environment holds it."""
        return f"https://sqs.{self.region}.amazonaws.com/{ACCOUNT}/{queue.rpartition(':')[2]}"

    def topic(self, name: str) -> str:
        """A topic without subscriptions (creating one again is AWS's own look-up)."""
        return str(self._client("sns").create_topic(Name=name)["TopicArn"])

    def subscribe(self, topic: str, queue: str, policy: Mapping[str, Any] | None = None) -> None:
        """Deliver a topic's messages to a queue, those that match the filter policy if given."""
        sns = self._client("sns")
        if sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
            return
        self._let_send(queue, topic)
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=attributes)

    def table(self, name: str) -> tuple[str, str]:
        """A table with a stream of new and old images: the ARNs of both."""
        dynamodb = self._client("dynamodb")
        if not _exists(dynamodb.describe_table, TableName=name):
            dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                BillingMode="PAY_PER_REQUEST",
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )
        table = dynamodb.describe_table(TableName=name)["Table"]
        return str(table["TableArn"]), str(table["LatestStreamArn"])

    def bus(self, name: str) -> str:
        """A custom event bus without rules."""
        events = self._client("events")
        if not _exists(events.describe_event_bus, Name=name):
            events.create_event_bus(Name=name)
        return self.arn("events", f"event-bus/{name}")

    def rule(self, bus: str, name: str, pattern: Mapping[str, Any], function: str) -> None:
        """A rule on the bus that invokes the function (putting it again is AWS's own update)."""
        events = self._client("events")
        on = bus.rpartition("/")[2]
        rule = events.put_rule(Name=name, EventBusName=on, EventPattern=json.dumps(pattern))
        self._let_invoke(function, rule["RuleArn"])
        targets = [{"Id": function.rpartition(":")[2], "Arn": function}]
        answer = events.put_targets(Rule=name, EventBusName=on, Targets=targets)
        if answer["FailedEntryCount"]:
            raise DemoError(f"EventBridge refused the target of {name}: {answer['FailedEntries']}")

    def role(self, name: str, *statements: Mapping[str, Any], managed: bool = False) -> str:
        """A Lambda role with one policy of these statements, inline or customer managed."""
        iam = self._client("iam")
        if not _exists(iam.get_role, RoleName=name):
            trust = _policy({**ASSUME, "Principal": {"Service": "lambda.amazonaws.com"}})
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        if not managed:
            iam.put_role_policy(
                RoleName=name, PolicyName=f"{name}-access", PolicyDocument=_policy(*statements)
            )
        elif not iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            policy = f"arn:aws:iam::{ACCOUNT}:policy/{name}-access"
            if not _exists(iam.get_policy, PolicyArn=policy):
                iam.create_policy(PolicyName=f"{name}-access", PolicyDocument=_policy(*statements))
            iam.attach_role_policy(RoleName=name, PolicyArn=policy)
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def function(self, name: str, role: str, environment: Mapping[str, str] | None = None) -> str:
        """A Python function whose code does nothing: the emulator never runs it."""
        functions = self._client("lambda")
        if not _exists(functions.get_function, FunctionName=name):
            functions.create_function(
                FunctionName=name,
                Role=role,
                Runtime="python3.13",
                Handler="main.handler",
                Timeout=30,
                Code={"ZipFile": self._code},
                Environment={"Variables": dict(environment or {})},
            )
        return self.arn("lambda", f"function:{name}")

    def listen(self, function: str, source: str, enabled: bool = True) -> None:
        """An event source mapping: the function takes its events from a queue or stream."""
        functions = self._client("lambda")
        name = function.rpartition(":")[2]
        known = functions.list_event_source_mappings(FunctionName=name, EventSourceArn=source)
        if known["EventSourceMappings"]:
            return
        position = {} if ":sqs:" in source else {"StartingPosition": "LATEST"}
        functions.create_event_source_mapping(
            FunctionName=name, EventSourceArn=source, BatchSize=10, Enabled=enabled, **position
        )

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this region."""
        return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{resource}"

    # Resource policies, without which AWS would refuse the deliveries:

    def _let_invoke(self, function: str, source: str) -> None:
        functions = self._client("lambda")
        if not _exists(functions.get_policy, FunctionName=function):
            functions.add_permission(
                FunctionName=function,
                StatementId="deliveries",
                Action="lambda:InvokeFunction",
                Principal=_service(source),
                SourceArn=source,
            )

    def _let_publish(self, topic: str, source: str) -> None:
        policy = _policy(_delivery("sns:Publish", topic, source))
        self._client("sns").set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=policy
        )

    def _let_send(self, queue: str, source: str) -> None:
        sqs = self._client("sqs")
        url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
        policy = _policy(_delivery("sqs:SendMessage", queue, source))
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def _connect(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint_url)

    @cached_property
    def _code(self) -> bytes:
        """The smallest deployment package."""
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            # Without a date of its own it has the first that a zip knows: one hash at every start.
            archive.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context): ...\n")
        return package.getvalue()


def _exists(look: Callable[..., object], **parameters: str) -> bool:
    try:
        look(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return False
        raise
    return True


def _delivery(action: str, target: str, source: str) -> dict[str, Any]:
    return {
        **allow(action, target),
        "Principal": {"Service": _service(source)},
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }


def _service(arn: str) -> str:
    return f"{arn.split(':')[2]}.amazonaws.com"


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
