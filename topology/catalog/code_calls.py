"""What is known of calls that functions' code makes, beyond the IAM actions they need.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from topology import catalog
from topology.catalog.sdk_names import actions_of, prefix_of

# The names of the events that an operation of S3 raises; other operations raise what they may.
# A presigned request for PutObject may also be a form that is posted.
CREATED: Mapping[str, tuple[str, ...]] = {
    "PutObject": ("ObjectCreated:Put", "ObjectCreated:Post"),
    "CopyObject": ("ObjectCreated:Copy",),
    "CompleteMultipartUpload": ("ObjectCreated:CompleteMultipartUpload",),
    "CreateMultipartUpload": ("ObjectCreated:CompleteMultipartUpload",),
    "UploadPart": ("ObjectCreated:CompleteMultipartUpload",),
    "UploadPartCopy": ("ObjectCreated:CompleteMultipartUpload",),
}

# What a request to make an object may do besides, by parameters that are not told. Whether the
# object's tags then raise an event of their own, AWS does not say.
BESIDES = ("s3:PutObjectAcl", "s3:PutObjectRetention", "s3:PutObjectTagging")
# Channels that calls do not name: by a topic or a thing behind them, or by an address of mail.
BY_OTHER_NAMES = frozenset(("iot.thing", "iot.topic", "ses.address", "ses.identity"))

# Fields that a call fills in and its event then carries.
CARRIED: Mapping[str, tuple[str, ...]] = {"Source": ("source",), "DetailType": ("detail-type",)}

# Services whose data calls act on nothing but what they name, in nobody else's stead.
PLAIN = frozenset(
    (
        "dynamodb",
        "events",
        "firehose",
        "iot",
        "kinesis",
        "lambda",
        "s3",
        "ses",
        "sns",
        "sqs",
        "states",
    )
)
# Calls besides that put no event on any channel that is modelled.
HARMLESS = frozenset(
    (
        "cloudwatch:PutMetricData",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "s3:AbortMultipartUpload",
        "sqs:ChangeMessageVisibility",
        "sqs:ChangeMessageVisibilityBatch",
        "sqs:DeleteMessage",
        "sqs:DeleteMessageBatch",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    )
)
# Texts that name a bucket by another name than its own.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
OTHER_NAMES = ("*-s3alias", "*--ol-s3", "*:accesspoint*", "*.mrap", "*--op-s3")


def actions(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions that allow a call, as boto names the service."""
    return actions_of(prefix_of(service), operation)


def also(service: str, operation: str) -> tuple[str, ...]:
    """Further actions that a call may need, depending on parameters that are not told."""
    return BESIDES if "s3:PutObject" in actions(service, operation) else ()


def is_plain(service: str, operation: str) -> bool:
    """Whether a call writes to nothing but what it names.

    Others may have AWS write elsewhere with the caller's permissions: a query leaves its result
    in a bucket, a stack makes resources.
    """
    needed = actions(service, operation)
    prefix = prefix_of(service)
    if all(action in HARMLESS for action in needed):
        return True
    return prefix in PLAIN and all(a in _written() and a.startswith(f"{prefix}:") for a in needed)


@cache
def _written() -> frozenset[str]:
    return frozenset(action for write in catalog.writes() for action in write.actions)
