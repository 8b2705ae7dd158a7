"""Metrics of CloudWatch, which have no ARN: what they are called here, and whose they are.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from topology import arn as arns
from topology.catalog.service import Here

METRIC = "cloudwatch.metric"
SERVICE_METRICS = "cloudwatch.servicemetrics"
OF_SERVICES = "AWS/"

# Whose metric it is, by namespace and dimension: the service and the kind of its ARN.
OWNERS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("AWS/CodeBuild", "ProjectName"): ("codebuild", "project/"),
    ("AWS/DynamoDB", "TableName"): ("dynamodb", "table/"),
    ("AWS/EventBridge/Pipes", "PipeName"): ("pipes", "pipe/"),
    ("AWS/Events", "EventBusName"): ("events", "event-bus/"),
    ("AWS/Firehose", "DeliveryStreamName"): ("firehose", "deliverystream/"),
    ("AWS/Kinesis", "StreamName"): ("kinesis", "stream/"),
    ("AWS/Lambda", "FunctionName"): ("lambda", "function:"),
    ("AWS/Logs", "LogGroupName"): ("logs", "log-group:"),
    ("AWS/SNS", "TopicName"): ("sns", ""),
    ("AWS/SQS", "QueueName"): ("sqs", ""),
    ("AWS/States", "LambdaFunctionArn"): ("lambda", "function:"),
    ("AWS/States", "StateMachineArn"): ("states", "stateMachine:"),
}


def is_of_a_service(namespace: str) -> bool:
    """Whether only AWS may publish to it."""
    return namespace.startswith(OF_SERVICES)


def metric(here: Here, namespace: str, name: str) -> str:
    """One metric, whatever its dimensions."""
    return f"{_metrics(here)}/{namespace}/{name}"


def service_metrics(here: Here, namespace: str) -> str:
    """All metrics of a service that are not told apart by whose they are."""
    return f"{_metrics(here)}/{namespace}"


def any_metric(here: Here) -> str:
    """Whatever a query over metrics may find."""
    return f"{_metrics(here)}/any"


def owners(here: Here, namespace: str, dimensions: Mapping[str, str]) -> Iterator[str]:
    """The ARNs of the resources that a service's metric is about; none where that is not said."""
    if namespace == "AWS/S3" and "BucketName" in dimensions:
        yield f"arn:{here.partition}:s3:::{dimensions['BucketName']}"
    if namespace == "AWS/Events" and dimensions.keys() & {"RuleName", "EventBusName"}:
        dimensions = {"EventBusName": "default", **dimensions}
    for name, value in dimensions.items():
        if (namespace, name) in OWNERS:
            service, kind = OWNERS[namespace, name]
            head = f"arn:{here.partition}:{service}:{here.region}:{here.account}:{kind}"
            yield value if arns.is_arn(value) else f"{head}{value}"


def _metrics(here: Here) -> str:
    return f"arn:{here.partition}:cloudwatch:{here.region}:{here.account}:metric"
