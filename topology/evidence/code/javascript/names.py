"""What packages of the AWS SDK for JavaScript are called, and which parameters name a resource.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

import re

# Services whose client is called otherwise than boto calls it; the rest lose their hyphens only.
SERVICES = {
    "applicationautoscaling": "application-autoscaling",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentity": "cognito-identity",
    "cognitoidentityprovider": "cognito-idp",
    "cognitoidentityserviceprovider": "cognito-idp",
    "bedrockagent": "bedrock-agent",
    "bedrockagentruntime": "bedrock-agent-runtime",
    "bedrockruntime": "bedrock-runtime",
    "configservice": "config",
    "databasemigrationservice": "dms",
    "dynamodbdocument": "dynamodb",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "emrserverless": "emr-serverless",
    "eventbridge": "events",
    "iotdata": "iot-data",
    "iotdataplane": "iot-data",
    "rdsdata": "rds-data",
    "redshiftdata": "redshift-data",
    "sfn": "stepfunctions",
}
DOCUMENT = {
    "batchget": "BatchGetItem",
    "batchwrite": "BatchWriteItem",
    "delete": "DeleteItem",
    "get": "GetItem",
    "put": "PutItem",
    "transactget": "TransactGetItems",
    "transactwrite": "TransactWriteItems",
    "update": "UpdateItem",
}
# Methods of clients that call nothing by themselves.
QUIET = frozenset(
    [
        "config",
        "middlewareStack",
        "destroy",
        "constructor",
        "endpoint",
        "api",
        "service",
        "setupRequestListeners",
        "apiVersions",
        "customizeRequests",
        "getSignedUrl",
        "getSignedUrlPromise",
        "createPresignedPost",
        "waitFor",
        "createSet",
        "httpOptions",
    ]
)
CONDITIONS = ("Source", "DetailType")
TARGETS: dict[str, tuple[str, ...]] = {
    "s3": ("Bucket",),
    "sqs": ("QueueUrl",),
    "sns": ("TopicArn", "TargetArn"),
    "dynamodb": ("TableName",),
    "events": ("EventBusName", "EventBusArn"),
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
SDK = re.compile(r"(?:@aws-sdk/|@smithy/|aws-sdk(?:/|$)|aws-sdk-)")
KNOWN = re.compile(
    r"(?:@aws-sdk/|@smithy/|@aws-crypto/|@aws-lambda-powertools/|aws-sdk(?:/|$)|aws-xray-sdk"
    r"|aws-lambda(?:/|$)|tslib$)"
)


def service_of_package(package: str) -> str:
    """Boto's name of the service of ``@aws-sdk/client-…``; empty: the package is no client."""
    if package == "@aws-sdk/lib-dynamodb":
        return "dynamodb"
    name = package.removeprefix("@aws-sdk/client-")
    return service_of(name) if name != package else ""


def service_of(client: str) -> str:
    """Boto's name of the service of a client's name (``S3``, ``cloudwatch-logs``)."""
    name = client.lower().replace("-", "").removesuffix("client")
    return SERVICES.get(name, name)


def operation_of(name: str, service: str) -> str:
    """The API's operation of a command's or a method's name."""
    name = name.removesuffix("Command").removesuffix("Promise")
    if service == "dynamodb" and name.lower() in DOCUMENT:
        return DOCUMENT[name.lower()]
    return name[:1].upper() + name[1:]


BUILTIN = frozenset(
    [
        "assert",
        "async_hooks",
        "buffer",
        "console",
        "constants",
        "crypto",
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string_decoder",
        "sys",
        "timers",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "zlib",
        "test",
        "sqlite",
        "sea",
    ]
)
# Modules that reach out of what is followed, and what they are to people.
REACHING = {
    **dict.fromkeys(("child_process", "cluster", "worker_threads"), "starts other programs"),
    **dict.fromkeys(("vm", "module", "inspector", "repl", "wasi"), "runs code made at run time"),
    **dict.fromkeys(("net", "tls", "dgram"), "opens connections of its own"),
    **dict.fromkeys(
        [
            "http",
            "https",
            "http2",
            "undici",
            "axios",
            "got",
            "node-fetch",
            "cross-fetch",
            "isomorphic-fetch",
            "ky",
            "needle",
            "superagent",
            "request",
            "phin",
            "bent",
            "ws",
            "aws4",
            "aws4fetch",
            "aws4-axios",
        ],
        "sends HTTP requests of its own",
    ),
}
