"""What packages of the AWS SDK for JavaScript, their services and operations are called.

Source: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

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
