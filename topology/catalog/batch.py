"""Batch: job definitions, where the logs of their jobs go, and jobs that change state.

Source: https://docs.aws.amazon.com/batch/latest/APIReference/API_DescribeJobDefinitions.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology import arn as arns
from topology.catalog import containers, named
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import resource

JOB_DEFINITION = "batch.jobdefinition"
# https://docs.aws.amazon.com/batch/latest/userguide/using_cloudwatch_logs.html
LOG_GROUP = "/aws/batch/job"

service = Service(
    client="batch",
    title="AWS Batch",
    source="https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html",
    kinds=(Kind(JOB_DEFINITION, "Batch job definition", Part.ACTOR),),
    writes=(Write("submit", JOB_DEFINITION, ("batch:SubmitJob",)),),
    emissions=(
        Emission(
            "job",
            ("batch:SubmitJob", "batch:CancelJob", "batch:TerminateJob"),
            "aws.batch",
            ("Batch Job State Change",),
        ),
    ),
    edges=("batch.logs",),
    busy=("SubmitJob",),
)

definitions = Call(
    "describe_job_definitions", items="jobDefinitions", parameters={"status": "ACTIVE"}
)


@service.reads(definitions)
def definition(here: Here, item: Item) -> Iterator[Fact]:
    """A revision as its family: its role, what its environment mentions, where its logs go.

    Every active revision is listed, in no order. What is said of one resource is put together in
    the order of the text, so ``newest`` has a fixed width: the newest revision's role stands.
    """
    arn, _ = arns.canonical(item["jobDefinitionArn"])
    revision = item["revision"]
    roles = sorted({named.role(here, role) or "" for role in _roles(item)})
    role = roles[-1] if roles and roles[-1] else None
    yield resource(
        here,
        arn,
        JOB_DEFINITION,
        newest=f"{revision:010d}",
        role=role,
        versions={str(revision): role},
    )
    if len(list(filter(None, roles))) > 1:
        reason = f"revision {revision} has several roles, of which one is followed"
        yield Unread(item["jobDefinitionArn"], "SeveralRoles", reason)
    for container in _containers(item):
        yield from containers.mentions(arn, container)
        yield from containers.logs(here, arn, container, "batch.logs", unless_said=LOG_GROUP)
    for pod in _pods(item):
        for container in (*pod.get("containers", ()), *pod.get("initContainers", ())):
            yield from containers.mentions(arn, {"environment": container.get("env", ())})
        reason = f"revision {revision} runs in Kubernetes, which gives its pods their role"
        yield Unread(item["jobDefinitionArn"], "RoleOutsideBatch", reason)


def _parts(item: Item) -> Iterator[Item]:
    """The definition itself, and each of its ranges of nodes."""
    yield item
    yield from item.get("nodeProperties", {}).get("nodeRangeProperties", ())


def _roles(item: Item) -> Iterator[str | None]:
    for container in _alone(item):
        yield container.get("jobRoleArn")
    for task in _tasks(item):
        yield task.get("taskRoleArn")


def _containers(item: Item) -> Iterator[Item]:
    yield from _alone(item)
    for task in _tasks(item):
        yield from task.get("containers", ())


def _alone(item: Item) -> Iterator[Item]:
    """Containers that are no part of a task: a job has one, a range of nodes another."""
    for part in _parts(item):
        for key in ("containerProperties", "container"):
            if part.get(key):
                yield part[key]


def _tasks(item: Item) -> Iterator[Item]:
    for part in _parts(item):
        yield from part.get("ecsProperties", {}).get("taskProperties", ())


def _pods(item: Item) -> Iterator[Item]:
    for part in _parts(item):
        if "eksProperties" in part:
            yield part["eksProperties"].get("podProperties", {})
