"""Patches of buckets: notifications, replication, access logs.

``PutBucketNotificationConfiguration`` replaces the whole configuration of a bucket, so every
command reads it first, keeps it, and changes the one part.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.analysis.changes import Refilter, Retarget, SwitchOff
from topology.graph import Edge
from topology.reports.patches.in_words import sentence
from topology.reports.patches.table import Resources, says
from topology.reports.patches.tongues import (
    AFTER,
    BEFORE,
    Patch,
    aws,
    block,
    cloudformation,
    edited,
    terraform,
)

BUCKET = "AWS::S3::Bucket"
REPLACED = (
    "S3 replaces the whole notification configuration, so it is read, kept and edited; let nobody "
    "else change it in between."
)
# The list of a target's kind: in S3's API, in CloudFormation and in Terraform.
LISTS = {
    "s3.notif.lambda": ("LambdaFunctionConfigurations", "LambdaConfigurations", "Function"),
    "s3.notif.sqs": ("QueueConfigurations", "QueueConfigurations", "Queue"),
    "s3.notif.sns": ("TopicConfigurations", "TopicConfigurations", "Topic"),
}
BLOCKS = {
    "s3.notif.lambda": ("lambda_function", "lambda_function_arn"),
    "s3.notif.sqs": ("queue", "queue_arn"),
    "s3.notif.sns": ("topic", "topic_arn"),
}


@says(SwitchOff, *LISTS)
def notification_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """One configuration is left out; the others stay."""
    listed = LISTS[edge.kind][0]
    return Patch(
        f"{sentence(change, edge, resources)} {REPLACED} What is uploaded meanwhile is not told.",
        _edited(edge, f".{listed} |= map(select(.Id != $id))", id=edge.label),
        _put(edge, BEFORE),
        "",
        "",
    )


@says(Refilter, *LISTS)
def notification_narrowed(change: Refilter, edge: Edge, resources: Resources) -> Patch:
    """One configuration gets another prefix or suffix; the others stay."""
    if change.filter is None:
        return Patch(sentence(change, edge, resources))
    listed, in_template, end = LISTS[edge.kind]
    document = json.loads(change.filter.document)
    rules = document.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    ends = {rule["Name"].lower(): rule["Value"] for rule in rules}
    name, arn = BLOCKS[edge.kind]
    said = " and ".join(f"{word} `{value}`" for word, value in ends.items())
    shown = [
        {
            "Event": event,
            "Filter": {"S3Key": {"Rules": [{"Name": word, "Value": ends[word]} for word in ends]}},
            end: edge.target,
        }
        for event in document["Events"]
    ]
    attributes = {
        arn: edge.target,
        "events": document["Events"],
        **{f"filter_{word}": value for word, value in ends.items()},
    }
    program = (
        f".{listed} |= map(if .Id == $id then .Filter = $filter | .Events = $events else . end)"
    )
    return Patch(
        f"Let the notification *{edge.label}* hear only keys with {said}. Whoever uploads what it "
        f"is for has to use such keys. {REPLACED}",
        _edited(
            edge,
            program,
            id=edge.label,
            filter=document.get("Filter", {}),
            events=document["Events"],
        ),
        _put(edge, BEFORE),
        cloudformation(BUCKET, {"NotificationConfiguration": {in_template: shown}}),
        terraform(
            "aws_s3_bucket_notification", {"bucket": _bucket(edge)}, [block(name, attributes)]
        ),
    )


@says(SwitchOff, "s3.notif.eventbridge")
def eventbridge_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """The bucket tells the default bus nothing any more, and nobody who listens there."""
    return Patch(
        f"{sentence(change, edge, resources)} No rule hears of the bucket then. {REPLACED}",
        _edited(edge, "del(.EventBridgeConfiguration)"),
        _put(edge, BEFORE),
        cloudformation(
            BUCKET,
            {
                "NotificationConfiguration": {
                    "EventBridgeConfiguration": {"EventBridgeEnabled": False}
                }
            },
        ),
        terraform("aws_s3_bucket_notification", {"bucket": _bucket(edge), "eventbridge": False}),
    )


@says(SwitchOff, "s3.replication")
def replication_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A rule that is disabled copies nothing; what is written meanwhile is not copied later."""
    bucket = _bucket(edge)
    get = aws("s3api", "get-bucket-replication", bucket=bucket)

    def put(file: str) -> str:
        return aws(
            "s3api",
            "put-bucket-replication",
            bucket=bucket,
            replication_configuration=f"file://{file}",
        )

    program = (
        ".ReplicationConfiguration | "
        '.Rules |= map(if .ID == $id then .Status = "Disabled" else . end)'
    )
    again = f"jq .ReplicationConfiguration {BEFORE} > {AFTER}\n{put(AFTER)}"
    rule = {"Id": edge.label, "Status": "Disabled"}
    return Patch(
        f"{sentence(change, edge, resources)} What is written meanwhile is not copied later.",
        edited(get, program, put(AFTER), id=edge.label),
        again,
        cloudformation(BUCKET, {"ReplicationConfiguration": {"Rules": [rule]}}),
        terraform(
            "aws_s3_bucket_replication_configuration",
            {"bucket": bucket},
            [block("rule", {"id": edge.label, "status": "Disabled"})],
        ),
    )


@says(SwitchOff, "s3.logging")
def access_log_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """No access log is written; what happens meanwhile is not logged later."""
    bucket = _bucket(edge)
    get = aws("s3api", "get-bucket-logging", bucket=bucket)
    return Patch(
        f"{sentence(change, edge, resources)} Requests made meanwhile are not logged.",
        edited(get, "{}", _put_logging(bucket, AFTER)),
        _put_logging(bucket, BEFORE),
        "",
        "",
    )


@says(Retarget, "s3.logging")
def access_log_elsewhere(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """Access logs go to a bucket that is not logged itself."""
    bucket, other = _bucket(edge), arns.name(change.target)
    get = aws("s3api", "get-bucket-logging", bucket=bucket)
    prefix = str(edge.attributes.get("prefix", ""))
    return Patch(
        f"{sentence(change, edge, resources)} That bucket has to allow logging.s3.amazonaws.com to "
        "write, and must not be logged into itself.",
        edited(
            get, ".LoggingEnabled.TargetBucket = $bucket", _put_logging(bucket, AFTER), bucket=other
        ),
        _put_logging(bucket, BEFORE),
        cloudformation(
            BUCKET,
            {"LoggingConfiguration": {"DestinationBucketName": other, "LogFilePrefix": prefix}},
        ),
        terraform(
            "aws_s3_bucket_logging",
            {"bucket": bucket, "target_bucket": other, "target_prefix": prefix},
        ),
    )


def _edited(edge: Edge, program: str, **arguments: object) -> str:
    get = aws("s3api", "get-bucket-notification-configuration", bucket=_bucket(edge))
    return edited(get, program, _put(edge, AFTER), **arguments)


def _put(edge: Edge, file: str) -> str:
    return aws(
        "s3api",
        "put-bucket-notification-configuration",
        bucket=_bucket(edge),
        notification_configuration=f"file://{file}",
    )


def _put_logging(bucket: str, file: str) -> str:
    return aws("s3api", "put-bucket-logging", bucket=bucket, bucket_logging_status=f"file://{file}")


def _bucket(edge: Edge) -> str:
    return arns.name(edge.source)
