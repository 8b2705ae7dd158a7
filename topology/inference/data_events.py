"""Which API calls are data events: trails log them only where a selector asks for their type.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

from collections.abc import Mapping

# The calls on a type of resource, by the names of CloudTrail and where those differ of IAM too.
DATA_EVENTS: Mapping[str, tuple[str, frozenset[str]]] = {
    "AWS::S3::Object": (
        "s3",
        frozenset(
            {
                *("AbortMultipartUpload", "CompleteMultipartUpload", "CopyObject"),
                *("CreateMultipartUpload", "DeleteObject", "DeleteObjectTagging"),
                *("DeleteObjectVersion", "DeleteObjectVersionTagging", "DeleteObjects"),
                *("GetObject", "GetObjectAcl", "GetObjectAttributes", "GetObjectLegalHold"),
                *("GetObjectRetention", "GetObjectTagging", "GetObjectTorrent"),
                *("GetObjectVersion", "HeadObject", "ListObjectVersions", "ListObjects"),
                *("ListObjectsV2", "ListParts", "PostObject", "PutObject", "PutObjectAcl"),
                *("PutObjectLegalHold", "PutObjectRetention", "PutObjectTagging"),
                *("PutObjectVersionAcl", "PutObjectVersionTagging", "RestoreObject"),
                *("SelectObjectContent", "UploadPart", "UploadPartCopy"),
            }
        ),
    ),
    "AWS::Lambda::Function": (
        "lambda",
        frozenset({"Invoke", "InvokeAsync", "InvokeFunction", "InvokeWithResponseStream"}),
    ),
    "AWS::DynamoDB::Table": (
        "dynamodb",
        frozenset(
            {
                *("BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem"),
                *("ExecuteStatement", "ExecuteTransaction", "GetItem", "PartiQLDelete"),
                *("PartiQLInsert", "PartiQLSelect", "PartiQLUpdate", "PutItem", "Query", "Scan"),
                *("TransactGetItems", "TransactWriteItems", "UpdateItem"),
            }
        ),
    ),
    "AWS::SNS::Topic": ("sns", frozenset({"Publish", "PublishBatch"})),
    "AWS::SQS::Queue": (
        "sqs",
        frozenset(
            {
                *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage"),
                *("DeleteMessageBatch", "ReceiveMessage", "SendMessage", "SendMessageBatch"),
            }
        ),
    ),
    "AWS::Kinesis::Stream": (
        "kinesis",
        frozenset({"GetRecords", "GetShardIterator", "PutRecord", "PutRecords"}),
    ),
}

# Kinds of channels and actors, by the type that stands for them.
KINDS: Mapping[str, str] = {
    "AWS::S3::Object": "s3.bucket",
    "AWS::S3::AccessPoint": "s3.accesspoint",
    "AWS::Lambda::Function": "lambda.function",
    "AWS::DynamoDB::Table": "dynamodb.table",
    "AWS::SNS::Topic": "sns.topic",
    "AWS::SQS::Queue": "sqs.queue",
    "AWS::Kinesis::Stream": "kinesis.stream",
}

# Calls that rules hear of although their names are those of reads: management events that change
# something, and reads of data, which are no management events. Only the commonest are known.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
HEARD_ANYWAY: Mapping[str, frozenset[str]] = {
    "sts": frozenset({"GetFederationToken", "GetSessionToken"}),
    "cognito-identity": frozenset({"GetCredentialsForIdentity", "GetId", "GetOpenIdToken"}),
    "ebs": frozenset({"GetSnapshotBlock", "ListChangedBlocks", "ListSnapshotBlocks"}),
    "monitoring": frozenset(
        {"GetMetricData", "GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics"}
    ),
    **dict(DATA_EVENTS.values()),
}


def type_of(host: str, name: str) -> str | None:
    """The type of resource whose data events a call is among; None where that is not known."""
    found = (kind for kind, (of, names) in DATA_EVENTS.items() if of == host and name in names)
    return next(found, None)
