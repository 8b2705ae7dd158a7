"""A wide account as AWS would answer for it, sized by its number of functions.

Two thousand functions come with 500 queues, 200 buckets, 300 rules and 200 topics; everything
else the catalog asks for is there and empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from topology.demo.answers import Reply, error, result
from topology.demo.asked import Asked, snake
from topology.demo.missing import empty

ACCOUNT, REGION = "111122223333", "eu-west-1"
MISSING = {  # what AWS says of something that was never configured
    "s3.GetBucketPolicy": ("NoSuchBucketPolicy", 404),
    "s3.GetBucketReplication": ("ReplicationConfigurationNotFoundError", 404),
    "s3.GetBucketEncryption": ("ServerSideEncryptionConfigurationNotFoundError", 404),
    "s3.GetPublicAccessBlock": ("NoSuchPublicAccessBlockConfiguration", 404),
    "s3.GetBucketOwnershipControls": ("OwnershipControlsNotFoundError", 404),
    "lambda.GetPolicy": ("ResourceNotFoundException", 404),
}


def arn(service: str, resource: str) -> str:
    """An ARN of the account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


class WideAccount:
    """Answers for every operation that a crawler may ask; ``functions`` is its size."""

    def __init__(self, functions: int) -> None:
        self.functions = [f"function-{number:05}" for number in range(functions)]
        self.queues = [f"queue-{number:04}" for number in range(functions // 4)]
        self.buckets = [f"wide-bucket-{number:04}" for number in range(functions // 10)]
        self.rules = [f"rule-{number:04}" for number in range(functions * 3 // 20)]
        self.topics = [f"topic-{number:04}" for number in range(functions // 10)]

    def reply(self, asked: Asked) -> Reply:
        """The answer in the operation's own protocol."""
        if asked.name in MISSING:
            code, status = MISSING[asked.name]
            return error(asked, code, "there is none", status)
        answer = getattr(self, f"_{asked.service}_{snake(asked.model.name)}", None)
        if answer:
            return result(asked, answer(asked.parameters))
        call = asked.call
        if call and call.absent:
            return error(asked, min(call.absent), "there is none", 404)
        return result(asked, empty(asked, call) if call else {})

    def _sts_get_caller_identity(self, _: Mapping[str, Any]) -> dict[str, Any]:
        role = f"arn:aws:sts::{ACCOUNT}:assumed-role/loopscope/bench"
        return {"UserId": "AROAEXAMPLE:bench", "Account": ACCOUNT, "Arn": role}

    def _lambda_list_functions(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names, marker = _page(self.functions, asked.get("Marker"), 50)
        listed = [
            {
                "FunctionName": name,
                "FunctionArn": arn("lambda", f"function:{name}"),
                "Runtime": "python3.13",
                "Role": f"arn:aws:iam::{ACCOUNT}:role/role-{int(name[-5:]) % 100:03}",
                "Handler": "app.handler",
                "Timeout": 30,
                "MemorySize": 256,
                "LastModified": "2026-11-01T08:00:00.000+0000",
                "Version": "$LATEST",
                "Environment": {"Variables": {"LEVEL": "info", "TABLE": "orders"}},
            }
            for name in names
        ]
        return {"Functions": listed, "NextMarker": marker}

    def _lambda_list_event_source_mappings(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        if asked.get("FunctionName"):
            return {"EventSourceMappings": []}
        pairs = list(zip(self.queues, self.functions, strict=False))
        rows, marker = _page(pairs, asked.get("Marker"), 100)
        listed = [
            {
                "UUID": f"0000{queue[-4:]}-0000-4000-8000-000000000000",
                "EventSourceArn": arn("sqs", queue),
                "FunctionArn": arn("lambda", f"function:{function}"),
                "BatchSize": 10,
                "State": "Enabled",
            }
            for queue, function in rows
        ]
        return {"EventSourceMappings": listed, "NextMarker": marker}

    def _lambda_list_function_event_invoke_configs(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"FunctionEventInvokeConfigs": []}

    def _lambda_list_aliases(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"Aliases": []}

    def _sqs_list_queues(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names, token = _page(self.queues, asked.get("NextToken"), 1000)
        host = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}"
        return {"QueueUrls": [f"{host}/{name}" for name in names], "NextToken": token}

    def _sqs_get_queue_attributes(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        name = asked["QueueUrl"].rpartition("/")[2]
        return {"Attributes": {"QueueArn": arn("sqs", name), "VisibilityTimeout": "30"}}

    def _s3_list_buckets(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names, token = _page(self.buckets, asked.get("ContinuationToken"), 1000)
        return {"Buckets": [{"Name": name} for name in names], "ContinuationToken": token}

    def _s3_get_bucket_notification_configuration(self, _: Mapping[str, Any]) -> dict[str, Any]:
        function = arn("lambda", f"function:{self.functions[0]}")
        heard = {"Id": "in", "LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}
        return {"LambdaFunctionConfigurations": [heard]}

    def _events_list_event_buses(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"EventBuses": [{"Name": "default", "Arn": arn("events", "event-bus/default")}]}

    def _events_list_rules(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names, token = _page(self.rules, asked.get("NextToken"), 100)
        listed = [
            {
                "Name": name,
                "Arn": arn("events", f"rule/{name}"),
                "EventPattern": json.dumps({"source": [name]}),
                "State": "ENABLED",
                "EventBusName": "default",
            }
            for name in names
        ]
        return {"Rules": listed, "NextToken": token}

    def _events_list_targets_by_rule(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        number = int(asked["Rule"][-4:])
        function = self.functions[number % len(self.functions)]
        return {"Targets": [{"Id": "one", "Arn": arn("lambda", f"function:{function}")}]}

    def _sns_list_topics(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        names, token = _page(self.topics, asked.get("NextToken"), 100)
        return {"Topics": [{"TopicArn": arn("sns", name)} for name in names], "NextToken": token}

    def _sns_get_topic_attributes(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"Attributes": {"TopicArn": asked["TopicArn"]}}


def _page(rows: Sequence[Any], token: str | None, size: int) -> tuple[Sequence[Any], str | None]:
    start = int(token or 0)
    more = str(start + size) if start + size < len(rows) else None
    return rows[start : start + size], more
