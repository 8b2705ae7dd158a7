"""Which parameters of a request name the resource, and which decide the event that it raises.

Source: https://boto3.amazonaws.com/v1/documentation/api/latest/reference/services/index.html
"""

from __future__ import annotations

TARGETS: dict[str, tuple[str, ...]] = {
    "s3": ("Bucket",),
    "sqs": ("QueueUrl",),
    "sns": ("TopicArn", "TargetArn"),
    "dynamodb": ("TableName",),
    "events": ("EventBusName",),
    "kinesis": ("StreamARN", "StreamName"),
    "firehose": ("DeliveryStreamName",),
    "lambda": ("FunctionName",),
    "stepfunctions": ("stateMachineArn",),
    "logs": ("logGroupName",),
    "iot-data": ("topic",),
    "batch": ("jobDefinition",),
    "codebuild": ("projectName",),
    "codepipeline": ("name",),
    "ecs": ("taskDefinition",),
    "glue": ("JobName", "Name"),
    "scheduler": ("Name",),
}
CONDITIONS = ("Source", "DetailType")
