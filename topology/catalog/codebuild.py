"""CodeBuild: projects with their roles, what builds write, and builds that change state.

Source: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetProjects.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog import named
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
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

PROJECT = "codebuild.project"
STARTS = (
    "codebuild:StartBuild",
    "codebuild:StartBuildBatch",
    "codebuild:RetryBuild",
    "codebuild:RetryBuildBatch",
)

service = Service(
    client="codebuild",
    title="AWS CodeBuild",
    source="https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html",
    kinds=(Kind(PROJECT, "CodeBuild project", Part.ACTOR),),
    writes=(Write("build", PROJECT, STARTS),),
    emissions=(
        Emission(
            "build",
            (*STARTS, "codebuild:StopBuild"),
            "aws.codebuild",
            ("CodeBuild Build State Change", "CodeBuild Build Phase Change"),
            of=("project/",),
            name_at=("detail", "project-name"),
        ),
    ),
    edges=("codebuild.out",),
    busy=("StartBuild", "StopBuild"),
)

projects = Call("list_projects", items="projects")
described = Call(
    "batch_get_projects",
    items="projects",
    for_each=projects,
    parameters={"names": [Of()]},
    names=str,
)


@service.reads(described)
def project(here: Here, item: Item, name: str) -> Iterator[Fact]:
    """A project, what its environment mentions, and where its builds leave something."""
    yield resource(here, item["arn"], PROJECT, role=named.role(here, item.get("serviceRole")))
    for variable in item.get("environment", {}).get("environmentVariables", ()):
        if variable.get("type", "PLAINTEXT") == "PLAINTEXT":
            yield Mention(item["arn"], variable["name"], variable["value"])
    for label, target in _outputs(here, item):
        yield delivery(item["arn"], target, Meaning.WRITES, "codebuild.out", label=label)


def _outputs(here: Here, item: Item) -> Iterator[tuple[str, str]]:
    """Artifacts, cache and logs: what they are, and the bucket or log group they go to.

    A project that says nothing of CloudWatch Logs writes to a group of its own name.
    https://docs.aws.amazon.com/codebuild/latest/userguide/change-project-console.html
    """
    kept = [("artifacts", item.get("artifacts", {})), ("cache", item.get("cache", {}))]
    kept += [("artifacts", each) for each in item.get("secondaryArtifacts", ())]
    for label, output in kept:
        if output.get("type") == "S3" and output.get("location"):
            yield label, named.bucket(here, output["location"])
    logs = item.get("logsConfig", {})
    if logs.get("s3Logs", {}).get("status") == "ENABLED" and logs["s3Logs"].get("location"):
        yield "logs", named.bucket(here, logs["s3Logs"]["location"])
    group = logs.get("cloudWatchLogs", {})
    if group.get("status") != "DISABLED":
        yield (
            "logs",
            named.log_group(here, group.get("groupName") or f"/aws/codebuild/{item['name']}"),
        )
