"""CodePipeline: what starts a pipeline, what its actions start, and what it tells.

Source: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog import named, pipeline_actions
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Mention,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.codepipeline"
PIPELINE = "codepipeline.pipeline"

service = Service(
    client="codepipeline",
    title="AWS CodePipeline",
    source="https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html",
    kinds=(Kind(PIPELINE, "pipeline of CodePipeline", Part.ACTOR),),
    writes=(Write("start", PIPELINE, ("codepipeline:StartPipelineExecution",)),),
    emissions=(
        Emission(
            "pipeline",
            ("codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution"),
            SOURCE,
            (
                "CodePipeline Pipeline Execution State Change",
                "CodePipeline Stage Execution State Change",
                "CodePipeline Action Execution State Change",
            ),
            of=("",),
            name_at=("detail", "pipeline"),
        ),
        Emission(
            "stage",
            (
                "codepipeline:RetryStageExecution",
                "codepipeline:RollbackStage",
                "codepipeline:PutApprovalResult",
                "codepipeline:PutJobSuccessResult",
                "codepipeline:PutJobFailureResult",
            ),
            SOURCE,
            (
                "CodePipeline Pipeline Execution State Change",
                "CodePipeline Stage Execution State Change",
                "CodePipeline Action Execution State Change",
            ),
        ),
    ),
    edges=("codepipeline.source", "codepipeline.action"),
    busy=("StartPipelineExecution",),
)

pipelines = Call("list_pipelines", items="pipelines")
described = Call(
    "get_pipeline",
    for_each=pipelines,
    parameters={"name": Of("name")},
    gone=frozenset({"PipelineNotFoundException"}),
    names=itemgetter("name"),
)


@service.reads(described)
def pipeline(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A pipeline, its sources, its actions and the buckets of its artifacts."""
    known = item["pipeline"]
    arn = named.arn_of(here, "codepipeline", known["name"])
    yield resource(here, arn, PIPELINE, role=named.role(here, known["roleArn"]))
    for stage in known["stages"]:
        for action in stage["actions"]:
            label = f"{stage['name']}/{action['name']}"
            if action["actionTypeId"]["category"] == "Source":
                yield from _source(here, arn, label, action, item)
            else:
                yield from _action(here, arn, label, action["actionTypeId"], action)
            for variable in action.get("environmentVariables", ()):
                if variable.get("type", "PLAINTEXT") == "PLAINTEXT":
                    yield Mention(arn, variable["name"], variable["value"])
        for rule in pipeline_actions.rules(stage):
            label = f"{stage['name']}/{rule['name']}"
            yield from _action(here, arn, label, rule["ruleTypeId"], rule)
    for store in (known.get("artifactStore", {}), *known.get("artifactStores", {}).values()):
        if store:
            bucket = named.bucket(here, store["location"])
            yield delivery(arn, bucket, Meaning.WRITES, "codepipeline.action", label="artifacts")


def _source(here: Here, arn: str, label: str, action: Item, item: Item) -> Iterator[Fact]:
    is_polled = "pollingDisabledAt" not in item.get("metadata", {})
    start = pipeline_actions.start(here, action, is_polled)
    if start is None:
        provider = action["actionTypeId"]["provider"]
        yield Unread(arn, "SourceNotUnderstood", f"{label} waits for a source of {provider}")
        return
    yield delivery(
        start.source,
        arn,
        Meaning.TRIGGERS,
        "codepipeline.source",
        label=label,
        filter=start.heard,
        dormant=start.dormant,
    )


def _action(here: Here, arn: str, label: str, type_id: Item, action: Item) -> Iterator[Fact]:
    target = pipeline_actions.target(here, type_id["provider"], action)
    if target is None:
        return
    if target.arn:
        yield delivery(arn, target.arn, target.meaning, "codepipeline.action", label=label)
    elif action.get("roleArn"):  # otherwise the pipeline's own role says what it may be
        reason = f"{label} has a role of its own, and acts on what an earlier action names"
        yield Unread(arn, "DynamicTarget", reason)
