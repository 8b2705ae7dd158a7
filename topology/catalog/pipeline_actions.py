"""What the actions of a CodePipeline pipeline start, write to, or wait for.

An action of a kind that is not known here does what the pipeline's role allows.

Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from topology import arn as arns
from topology.catalog import named
from topology.catalog.service import Here, Item
from topology.graph import Filter, Meaning, canonical_json

VARIABLE = "#{"  # begins what an earlier action fills in
RULE_STARTS = "the source is not polled: a rule or a webhook starts the pipeline"


@dataclass(frozen=True, slots=True)
class Start:
    """What starts a pipeline: its ARN or address, what of it is heard, and why it is off."""

    source: str
    heard: Filter | None = None
    dormant: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What an action starts or writes to; one whose name is filled in later has no ARN."""

    arn: str
    meaning: Meaning


Naming = Callable[[Here, str, str, Item], str]  # (here, region, value, configuration)


def _of(service: str, form: str = "{}") -> Naming:
    def name(here: Here, region: str, value: str, known: Item) -> str:
        return (
            value if arns.is_arn(value) else named.arn_of(here, service, form.format(value), region)
        )

    return name


def _in_bucket(here: Here, region: str, value: str, known: Item) -> str:
    return named.bucket(here, value)


def _service(here: Here, region: str, value: str, known: Item) -> str:
    cluster = known.get("ClusterName", "default")
    return named.arn_of(here, "ecs", f"service/{cluster}/{value}", region)


def _group(here: Here, region: str, value: str, known: Item) -> str:
    group = f"deploymentgroup:{known.get('ApplicationName', '')}/{value}"
    return named.arn_of(here, "codedeploy", group, region)


# What a provider's configuration names: the key, how that becomes an ARN, and what is done there.
PROVIDERS: dict[str, tuple[str, Naming, Meaning]] = {
    "Lambda": ("FunctionName", _of("lambda", "function:{}"), Meaning.TRIGGERS),
    "LambdaInvoke": ("FunctionName", _of("lambda", "function:{}"), Meaning.TRIGGERS),
    "StepFunctions": ("StateMachineArn", _of("states", "stateMachine:{}"), Meaning.TRIGGERS),
    "CodeBuild": ("ProjectName", _of("codebuild", "project/{}"), Meaning.TRIGGERS),
    "CodePipeline": ("PipelineName", _of("codepipeline"), Meaning.TRIGGERS),
    "ECS": ("ServiceName", _service, Meaning.TRIGGERS),
    "CodeDeploy": ("DeploymentGroupName", _group, Meaning.TRIGGERS),
    "CodeDeployToECS": ("DeploymentGroupName", _group, Meaning.TRIGGERS),
    "CloudFormation": ("StackName", _of("cloudformation", "stack/{}"), Meaning.TRIGGERS),
    "S3": ("BucketName", _in_bucket, Meaning.WRITES),
    "Manual": ("NotificationArn", _of("sns"), Meaning.WRITES),
}


def target(here: Here, provider: str, action: Item) -> Target | None:
    """What an action or a rule of a provider starts or writes to; None where that is nothing."""
    if provider not in PROVIDERS:
        return None
    key, naming, meaning = PROVIDERS[provider]
    known = action.get("configuration", {})
    value = known.get(key)
    if not value:
        return None
    if VARIABLE in value or VARIABLE in known.get("ApplicationName", ""):
        return Target("", meaning)
    return Target(naming(here, action.get("region", here.region), value, known), meaning)


def start(here: Here, action: Item, is_polled: bool) -> Start | None:
    """What a source action waits for; None for a source of a kind not known here.

    AWS may have switched off the polling of a whole pipeline.
    """
    known, region = action.get("configuration", {}), action.get("region", here.region)
    match action["actionTypeId"]["provider"]:
        case "S3":
            return Start(
                named.bucket(here, known["S3Bucket"]), _object(known), _polled(known, is_polled)
            )
        case "CodeCommit":
            source = named.arn_of(here, "codecommit", known["RepositoryName"], region)
            return Start(source, dormant=_polled(known, is_polled))
        case "ECR":
            source = named.arn_of(here, "ecr", f"repository/{known['RepositoryName']}", region)
            return Start(source, dormant=RULE_STARTS)
        case "CodeStarSourceConnection":
            is_heard = known.get("DetectChanges", "true").lower() != "false"
            return Start(known["ConnectionArn"], dormant="" if is_heard else "DetectChanges is off")
        case "GitHub":
            return Start("https://github.com", dormant=_polled(known, is_polled))
    return None


def rules(stage: Item) -> Iterator[Item]:
    """The rules of a stage's conditions: they run as actions do."""
    for moment in ("beforeEntry", "onSuccess", "onFailure"):
        for condition in stage.get(moment, {}).get("conditions", ()):
            yield from condition.get("rules", ())


def _polled(known: Item, is_polled: bool) -> str:
    """Sources are polled unless they say that they are not."""
    says_no = known.get("PollForSourceChanges", "true").lower() == "false"
    return RULE_STARTS if says_no or not is_polled else ""


def _object(known: Item) -> Filter | None:
    """The one object that an S3 source waits for, as a notification would name it."""
    key = known.get("S3ObjectKey")
    if not key or VARIABLE in key:
        return None
    rules = [{"Name": name, "Value": key} for name in ("prefix", "suffix")]
    heard = {"Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    return Filter("s3.notification", canonical_json(heard))
