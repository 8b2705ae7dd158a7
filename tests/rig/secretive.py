"""An account that keeps secrets where people do: each place holds the same canary."""

from __future__ import annotations

import json
from typing import Any

from tests.evidence.code import zips
from tests.rig import estate
from tests.rig.account import Account

CANARY = "canary-5e1d-never-keep-this"
CODE = f"""
// {CANARY}
const {{ SQSClient, SendMessageCommand }} = require("@aws-sdk/client-sqs");
const password = "{CANARY}";
const client = new SQSClient({{ credentials: {{ secretAccessKey: "{CANARY}" }} }});
exports.handler = async (event) => {{
  const sent = {{ QueueUrl: process.env.QUEUE, MessageBody: `{CANARY} ${{password}}` }};
  await client.send(new SendMessageCommand(sent));
}};
"""


def seed(account: Account) -> None:
    """Make a function on a loop, and one of everything that may hold a secret."""
    iam = account.client("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=estate.TRUST)["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": account.arn("sqs", "jobs")}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="worker", PolicyName="send", PolicyDocument=policy)
    account.client("sqs").create_queue(QueueName="jobs")
    queue = account.arn("sqs", "jobs")
    environment = {"QUEUE": queue, "PASSWORD": CANARY, "URL": f"https://u:{CANARY}@x.example/y"}
    function = _function(account, role, environment)
    account.client("lambda").create_event_source_mapping(
        EventSourceArn=queue, FunctionName="worker"
    )
    _messages(account, queue)
    _workflows(account, role, function, queue)
    _builds(account, role)
    _stores(account)


def _function(account: Account, role: str, environment: dict[str, str]) -> str:
    """A function whose package and layer hold the secret in code, in comments and beside them."""
    files = {
        "index.js": CODE,
        "config.json": json.dumps({"password": CANARY}),
        ".env": f"PASSWORD={CANARY}",
        f"{CANARY}.pem": CANARY,
    }
    functions = account.client("lambda")
    layer = functions.publish_layer_version(
        LayerName="shared",
        Content={"ZipFile": zips.zipped({"nodejs/node_modules/shared/index.js": CODE})},
    )["LayerVersionArn"]
    created = functions.create_function(
        FunctionName="worker",
        Runtime="nodejs22.x",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": zips.zipped(files)},
        Layers=[layer],
        Environment={"Variables": environment},
    )
    return str(created["FunctionArn"])


def _messages(account: Account, queue: str) -> None:
    sns = account.client("sns")
    topic = sns.create_topic(Name="news", Attributes={"DisplayName": CANARY})["TopicArn"]
    hook = f"https://hooks.example.com/services/{CANARY}?token={CANARY}"
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=hook)
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=f"{CANARY}@example.com")
    events = account.client("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)", Description=CANARY)
    constant = json.dumps({"password": CANARY})
    events.put_targets(Rule="nightly", Targets=[{"Id": "1", "Arn": queue, "Input": constant}])
    connection = events.create_connection(
        Name="crm",
        AuthorizationType="API_KEY",
        AuthParameters={"ApiKeyAuthParameters": {"ApiKeyName": "key", "ApiKeyValue": CANARY}},
    )["ConnectionArn"]
    events.create_api_destination(
        Name="crm",
        ConnectionArn=connection,
        InvocationEndpoint=f"https://crm.example.com/hook?key={CANARY}",
        HttpMethod="POST",
    )


def _workflows(account: Account, role: str, function: str, queue: str) -> None:
    parameters = {"FunctionName": function, "Payload": {"password": CANARY}}
    task: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": parameters,
        "End": True,
    }
    definition = {"Comment": CANARY, "StartAt": "Work", "States": {"Work": task}}
    account.client("stepfunctions").create_state_machine(
        name="orders", definition=json.dumps(definition), roleArn=role
    )
    account.client("scheduler").create_schedule(
        Name="hourly",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": queue, "RoleArn": role, "Input": json.dumps({"password": CANARY})},
    )
    account.client("pipes").create_pipe(
        Name="copy",
        RoleArn=role,
        Source=queue,
        Target=function,
        TargetParameters={"InputTemplate": json.dumps({"password": CANARY})},
    )


def _builds(account: Account, role: str) -> None:
    account.client("ecs").register_task_definition(
        family="worker",
        taskRoleArn=role,
        containerDefinitions=[
            {
                "name": "app",
                "image": "app",
                "memory": 128,
                "command": ["run", f"--password={CANARY}"],
                "environment": [{"name": "PASSWORD", "value": CANARY}],
            }
        ],
    )
    account.client("codebuild").create_project(
        name="build",
        source={
            "type": "GITHUB",
            "location": f"https://x:{CANARY}@example.com/shop.git",
            "buildspec": f"# {CANARY}",
        },
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": "PASSWORD", "value": CANARY, "type": "PLAINTEXT"}],
        },
        serviceRole=role,
    )


def _stores(account: Account) -> None:
    account.client("secretsmanager").create_secret(Name="crm", SecretString=CANARY)
    account.client("ssm").put_parameter(Name="/crm/key", Value=CANARY, Type="SecureString")
    logs = account.client("logs")
    logs.create_log_group(logGroupName="/app/one")
    logs.create_log_stream(logGroupName="/app/one", logStreamName="one")
    logs.put_log_events(
        logGroupName="/app/one",
        logStreamName="one",
        logEvents=[{"timestamp": 1_790_000_000_000, "message": CANARY}],
    )
