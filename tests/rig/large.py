"""A large account, made with boto3 the way its owners would; it remembers every edge it made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.rig import estate
from tests.rig.account import Account

AT_ONCE = 8  # makers; the emulator is one process
Wanted = tuple[str, str, str]  # kind, source, target


@dataclass
class Large:
    """``size`` scales it: 1.0 is 500 functions, 300 buckets, 400 rules, 200 queues and topics."""

    account: Account
    size: float = 1.0
    edges: Counter[Wanted] = field(default_factory=Counter)

    def seed(self) -> None:
        """Make everything, and note each edge."""
        iam = self.account.client("iam")
        made = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=estate.TRUST)
        self._role, self._zip = made["Role"]["Arn"], estate.zipped()
        self._clients = {
            name: self.account.client(name)
            for name in (
                *("lambda", "sqs", "sns", "s3", "events", "dynamodb", "stepfunctions"),
                *("kinesis", "firehose", "logs", "pipes", "scheduler"),
            )
        }
        self._clients["sqs"].create_queue(QueueName="dead")
        for count, make in (
            (200, self._queue),
            (500, self._function),
            (8, self._stream),  # the emulator lists ten, and names no next page
            (50, self._table),
            (200, self._topic),
            (100, self._machine),
            (300, self._bucket),
            (4, self._bus),
            (400, self._rule),
            (20, self._firehose),
            (60, self._group),
            (30, self._pipe),
            (60, self._schedule),
        ):
            self._each(max(2, round(count * self.size)), make)

    def arn(self, service: str, resource: str) -> str:
        """An ARN of the account."""
        return self.account.arn(service, resource)

    def _each(self, count: int, make: Callable[[int], Iterable[Wanted]]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for made in pool.map(lambda number: list(make(number)), range(count)):
                self.edges.update(made)

    def _queue(self, number: int) -> Iterable[Wanted]:
        attributes = {}
        if number % 2:
            dead = self.arn("sqs", "dead")
            redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": "5"}
            attributes["RedrivePolicy"] = json.dumps(redrive)
            yield "sqs.redrive", self.arn("sqs", f"queue-{number}"), dead
        self._clients["sqs"].create_queue(QueueName=f"queue-{number}", Attributes=attributes)

    def _function(self, number: int) -> Iterable[Wanted]:
        functions, name = self._clients["lambda"], f"function-{number}"
        arn = functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=self._role,
            Handler="app.handler",
            Code={"ZipFile": self._zip},
        )["FunctionArn"]
        yield "lambda.loggroup", arn, self.arn("logs", f"log-group:/aws/lambda/{name}")
        queue = self.arn("sqs", f"queue-{number % max(2, round(200 * self.size))}")
        if number % 2:
            functions.create_event_source_mapping(EventSourceArn=queue, FunctionName=name)
            yield "esm.sqs.lambda", queue, arn
        if number % 5 == 0:
            functions.put_function_event_invoke_config(
                FunctionName=name, DestinationConfig={"OnSuccess": {"Destination": queue}}
            )
            yield "lambda.async.onsuccess", arn, queue

    def _stream(self, number: int) -> Iterable[Wanted]:
        self._clients["kinesis"].create_stream(StreamName=f"stream-{number}", ShardCount=1)
        function, stream = self._lambda(number), self.arn("kinesis", f"stream/stream-{number}")
        self._clients["lambda"].create_event_source_mapping(
            EventSourceArn=stream, FunctionName=function, StartingPosition="LATEST"
        )
        yield "esm.kinesis.lambda", stream, function

    def _table(self, number: int) -> Iterable[Wanted]:
        created = self._clients["dynamodb"].create_table(
            TableName=f"table-{number}",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )["TableDescription"]
        yield "ddb.stream", created["TableArn"], created["LatestStreamArn"]

    def _topic(self, number: int) -> Iterable[Wanted]:
        topic = self._clients["sns"].create_topic(Name=f"topic-{number}")["TopicArn"]
        queue = self.arn("sqs", f"queue-{number % 2}")
        for protocol, endpoint in (("sqs", queue), ("lambda", self._lambda(number))):
            self._clients["sns"].subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
            yield f"sns.sub.{protocol}", topic, endpoint

    def _machine(self, number: int) -> Iterable[Wanted]:
        function, name = self._lambda(number), f"machine-{number}"
        task = {"Type": "Task", "Resource": function, "End": True}
        definition = {"StartAt": "Work", "States": {"Work": task}}
        self._clients["stepfunctions"].create_state_machine(
            name=name, definition=json.dumps(definition), roleArn=self._role
        )
        machine = self.arn("states", f"stateMachine:{name}")
        yield "sfn.task.lambda.direct", machine, function
        yield "sfn.status", machine, self.arn("events", "event-bus/default")

    def _bucket(self, number: int) -> Iterable[Wanted]:
        s3, name = self._clients["s3"], f"large-{self.account.id}-{number}"
        place = {"LocationConstraint": self.account.region}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        queue, function = self.arn("sqs", f"queue-{number % 2}"), self._lambda(number)
        events = ["s3:ObjectCreated:*"]
        wanted = {
            "QueueConfigurations": [{"Id": "queue", "QueueArn": queue, "Events": events}],
            "LambdaFunctionConfigurations": [
                {"Id": "function", "LambdaFunctionArn": function, "Events": ["s3:ObjectRemoved:*"]}
            ],
        }
        s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=wanted, SkipDestinationValidation=True
        )
        yield "s3.notif.sqs", f"arn:aws:s3:::{name}", queue
        yield "s3.notif.lambda", f"arn:aws:s3:::{name}", function

    def _bus(self, number: int) -> Iterable[Wanted]:
        self._clients["events"].create_event_bus(Name=f"bus-{number}")
        return ()

    def _rule(self, number: int) -> Iterable[Wanted]:
        events, bus, rule = self._clients["events"], f"bus-{number % 2}", f"rule-{number}"
        pattern = json.dumps({"source": [f"shop.{number}"]})
        events.put_rule(Name=rule, EventBusName=bus, EventPattern=pattern)
        targets = {
            "eb.rule.lambda": self._lambda(number),
            "eb.rule.sqs": self.arn("sqs", f"queue-{number % 2}"),
            "eb.rule.sfn": self.arn("states", f"stateMachine:machine-{number % 2}"),
        }
        events.put_targets(
            Rule=rule,
            EventBusName=bus,
            Targets=[
                {"Id": str(place), "Arn": arn, "RoleArn": self._role}
                for place, arn in enumerate(targets.values())
            ],
        )
        source = self.arn("events", f"event-bus/{bus}")
        yield from ((kind, source, target) for kind, target in targets.items())

    def _firehose(self, number: int) -> Iterable[Wanted]:
        bucket, name = f"arn:aws:s3:::large-{self.account.id}-{number % 2}", f"hose-{number}"
        self._clients["firehose"].create_delivery_stream(
            DeliveryStreamName=name,
            ExtendedS3DestinationConfiguration={"RoleARN": self._role, "BucketARN": bucket},
        )
        hose = self.arn("firehose", f"deliverystream/{name}")
        yield "firehose.dest", hose, bucket
        yield "firehose.dest", hose, bucket  # what could not be processed goes there too

    def _group(self, number: int) -> Iterable[Wanted]:
        logs, name, function = self._clients["logs"], f"/app/{number}", self._lambda(number)
        logs.create_log_group(logGroupName=name)
        logs.put_subscription_filter(
            logGroupName=name, filterName="all", filterPattern="", destinationArn=function
        )
        yield "logs.subscription", self.arn("logs", f"log-group:{name}"), function

    def _pipe(self, number: int) -> Iterable[Wanted]:
        name, queue = f"pipe-{number}", self.arn("sqs", f"queue-{number % 2}")
        machine = self.arn("states", f"stateMachine:machine-{number % 2}")
        self._clients["pipes"].create_pipe(
            Name=name, RoleArn=self._role, Source=queue, Target=machine
        )
        pipe = self.arn("pipes", f"pipe/{name}")
        yield "pipe.source.sqs", queue, pipe
        yield "pipe.target.sfn", pipe, machine

    def _schedule(self, number: int) -> Iterable[Wanted]:
        name, queue = f"schedule-{number}", self.arn("sqs", f"queue-{number % 2}")
        self._clients["scheduler"].create_schedule(
            Name=name,
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": queue, "RoleArn": self._role},
        )
        yield "scheduler.templated", self.arn("scheduler", f"schedule/default/{name}"), queue

    def _lambda(self, number: int) -> str:
        count = max(2, round(500 * self.size))
        return self.arn("lambda", f"function:function-{number % count}")


def edges_of(found: Iterable[Any]) -> Counter[Wanted]:
    """Edges as the account remembers them."""
    return Counter((edge.kind, edge.source, edge.target) for edge in found)
