"""How IAM calls what an SDK calls otherwise: services by their SDK's name, actions by operation.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

# Prefixes with hyphens: the SDK's name of the service is the same without them.
HYPHENATED = (
    "access-analyzer",
    "acm-pca",
    "application-autoscaling",
    "application-signals",
    "bedrock-agentcore",
    "codeguru-profiler",
    "codeguru-reviewer",
    "codestar-connections",
    "codestar-notifications",
    "cognito-identity",
    "cognito-idp",
    "cognito-sync",
    "compute-optimizer",
    "devops-guru",
    "docdb-elastic",
    "ecr-public",
    "emr-containers",
    "emr-serverless",
    "license-manager",
    "medical-imaging",
    "network-firewall",
    "neptune-graph",
    "payment-cryptography",
    "rds-data",
    "redshift-data",
    "redshift-serverless",
    "resource-explorer-2",
    "resource-groups",
    "ssm-contacts",
    "ssm-incidents",
    "ssm-quicksetup",
    "ssm-sap",
    "timestream-influxdb",
    "vpc-lattice",
    "waf-regional",
)

# Services that SDK and IAM call by different names.
PREFIXES = {
    **{prefix.replace("-", ""): prefix for prefix in HYPHENATED},
    "amp": "aps",
    "apigatewaymanagementapi": "execute-api",
    "apigatewayv2": "apigateway",
    "applicationdiscoveryservice": "discovery",
    "bedrockagent": "bedrock",
    "bedrockagentruntime": "bedrock",
    "bedrockdataautomation": "bedrock",
    "bedrockdataautomationruntime": "bedrock",
    "bedrockruntime": "bedrock",
    "cloudcontrol": "cloudformation",
    "cloudhsmv2": "cloudhsm",
    "cloudwatchevents": "events",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "connectcampaigns": "connect-campaigns",
    "connectcases": "cases",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "customerprofiles": "profile",
    "databasemigration": "dms",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elasticloadbalancingv2": "elasticloadbalancing",
    "elasticsearchservice": "es",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "eventbridgev2": "events",
    "greengrassv2": "greengrass",
    "iotdata": "iot",
    "iotdataplane": "iot",
    "iotjobsdataplane": "iotjobsdata",
    "keyspaces": "cassandra",
    "kinesisanalyticsv2": "kinesisanalytics",
    "kinesisfirehose": "firehose",
    "lexmodelbuildingservice": "lex",
    "lexmodelsv2": "lex",
    "lexruntime": "lex",
    "lexruntimeservice": "lex",
    "lexruntimev2": "lex",
    "location": "geo",
    "mailmanager": "ses",
    "mediapackagevod": "mediapackage-vod",
    "migrationhub": "mgh",
    "mwaa": "airflow",
    "neptune": "rds",
    "neptunedata": "neptune-db",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "pinpoint": "mobiletargeting",
    "pinpointemail": "ses",
    "pinpointsmsvoice": "sms-voice",
    "pinpointsmsvoicev2": "sms-voice",
    "qconnect": "wisdom",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sagemakerfeaturestoreruntime": "sagemaker",
    "sagemakermetrics": "sagemaker",
    "sagemakerruntime": "sagemaker",
    "serverlessapplicationrepository": "serverlessrepo",
    "servicecatalogappregistry": "servicecatalog",
    "sesv2": "ses",
    "sfn": "states",
    "ssoadmin": "sso",
    "stepfunctions": "states",
    "timestreamquery": "timestream",
    "timestreamwrite": "timestream",
    "workspacesweb": "workspaces-web",
}

# Operations that IAM has no action of the same name for, or not only that one: some write their
# results as their caller.
ACTIONS: dict[str, tuple[str, ...]] = {
    "athena:StartQueryExecution": ("athena:StartQueryExecution", "s3:PutObject"),
    "bedrock:Converse": ("bedrock:InvokeModel",),
    "bedrock:ConverseStream": ("bedrock:InvokeModelWithResponseStream",),
    "bedrock:StartAsyncInvoke": ("bedrock:InvokeModel",),
    "dynamodb:BatchExecuteStatement": (
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
    ),
    "dynamodb:ExecuteStatement": (
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
    ),
    "dynamodb:ExecuteTransaction": (
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
    ),
    "dynamodb:ExportTableToPointInTime": ("dynamodb:ExportTableToPointInTime", "s3:PutObject"),
    "dynamodb:TransactGetItems": ("dynamodb:GetItem",),
    "dynamodb:TransactWriteItems": (
        "dynamodb:DeleteItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
    ),
    "execute-api:DeleteConnection": ("execute-api:ManageConnections",),
    "execute-api:GetConnection": ("execute-api:ManageConnections",),
    "execute-api:PostToConnection": ("execute-api:ManageConnections",),
    "lambda:Invoke": ("lambda:InvokeFunction",),
    "lambda:InvokeAsync": ("lambda:InvokeAsync", "lambda:InvokeFunction"),
    "lambda:InvokeWithResponseStream": ("lambda:InvokeFunction",),
    "polly:StartSpeechSynthesisTask": (
        "polly:StartSpeechSynthesisTask",
        "s3:PutObject",
        "sns:Publish",
    ),
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:CopyObject": ("s3:PutObject",),
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:DeleteObjects": ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    "s3:PutBucketNotificationConfiguration": ("s3:PutBucketNotification",),
    "s3:RenameObject": ("s3:DeleteObject", "s3:PutObject"),
    "s3:UploadPart": ("s3:PutObject",),
    "s3:UploadPartCopy": ("s3:PutObject",),
    "sns:PublishBatch": ("sns:Publish",),
    "sqs:ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility",),
    "sqs:DeleteMessageBatch": ("sqs:DeleteMessage",),
    "sqs:SendMessageBatch": ("sqs:SendMessage",),
    "textract:StartDocumentAnalysis": ("s3:PutObject", "textract:StartDocumentAnalysis"),
    "textract:StartDocumentTextDetection": ("s3:PutObject", "textract:StartDocumentTextDetection"),
    "textract:StartExpenseAnalysis": ("s3:PutObject", "textract:StartExpenseAnalysis"),
    "textract:StartLendingAnalysis": ("s3:PutObject", "textract:StartLendingAnalysis"),
    "transcribe:StartMedicalTranscriptionJob": (
        "s3:PutObject",
        "transcribe:StartMedicalTranscriptionJob",
    ),
    "transcribe:StartTranscriptionJob": ("s3:PutObject", "transcribe:StartTranscriptionJob"),
}

# Operations of S3 on one object that IAM allows under another name where a version is named.
VERSIONED = {
    "DeleteObject": "s3:DeleteObjectVersion",
    "DeleteObjectAnnotation": "s3:DeleteObjectVersionAnnotation",
    "DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
    "PutObjectAcl": "s3:PutObjectVersionAcl",
    "PutObjectAnnotation": "s3:PutObjectVersionAnnotation",
    "PutObjectTagging": "s3:PutObjectVersionTagging",
}


def prefix_of(service: str) -> str:
    """The IAM prefix of a service that an SDK, a state machine or a schedule names."""
    name = service.lower().replace("-", "")
    return PREFIXES.get(name, service.lower())


def operation_of(action: str) -> str:
    """The operation's own name: ``sendMessage`` is ``SendMessage``."""
    return action[:1].upper() + action[1:]


def actions_of(prefix: str, operation: str) -> tuple[str, ...]:
    """The IAM actions that allow an operation, of those that write if it does both."""
    action = f"{prefix}:{operation}"
    if prefix == "s3" and operation in VERSIONED:
        return (action, VERSIONED[operation])
    return ACTIONS.get(action, (action,))
