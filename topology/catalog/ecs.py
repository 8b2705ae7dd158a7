"""ECS: task definitions, where their logs go, and what hooks into a service's deployments.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog import containers, named
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.ecs"
TASK_DEFINITION = "ecs.taskdefinition"
SERVICE = "ecs.service"

service = Service(
    client="ecs",
    title="Amazon ECS",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html",
    kinds=(
        Kind(TASK_DEFINITION, "ECS task definition", Part.ACTOR),
        Kind(SERVICE, "ECS service", Part.CHANNEL),
    ),
    writes=(
        Write("run", TASK_DEFINITION, ("ecs:RunTask", "ecs:StartTask")),
        Write("deploy", SERVICE, ("ecs:UpdateService",)),
    ),
    emissions=(
        Emission(
            "task",
            ("ecs:RunTask", "ecs:StartTask", "ecs:StopTask"),
            SOURCE,
            ("ECS Task State Change",),
        ),
        Emission(
            "service",
            ("ecs:CreateService", "ecs:UpdateService"),
            SOURCE,
            ("ECS Service Action", "ECS Deployment State Change", "ECS Task State Change"),
        ),
    ),
    edges=("ecs.hook", "ecs.logs"),
    busy=("RunTask", "StopTask", "SubmitContainer"),
)

clusters = Call("list_clusters", items="clusterArns")
services = Call(
    "list_services",
    items="serviceArns",
    for_each=clusters,
    parameters={"cluster": Of()},
    gone=frozenset({"ClusterNotFoundException"}),
    names=str,
)
described = Call(
    "describe_services",
    items="services",
    for_each=services,
    parameters={"cluster": Of(above=1), "services": [Of()]},
    gone=frozenset({"ClusterNotFoundException"}),
    names=str,
)
# A service may run a revision that is not the newest of its family, and has another role.
running = Call(
    "describe_task_definition",
    for_each=described,
    parameters={"taskDefinition": Of("taskDefinition")},
    where=lambda service: bool(service.get("taskDefinition")),
    gone=frozenset({"ClientException"}),
    names=itemgetter("taskDefinition"),
)
families = Call("list_task_definition_families", items="families", parameters={"status": "ACTIVE"})
newest = Call(
    "describe_task_definition",
    for_each=families,
    parameters={"taskDefinition": Of()},
    gone=frozenset({"ClientException"}),
    names=str,
)


@service.reads(described)
def hooks(here: Here, item: Item, *above: Item) -> Iterator[Fact]:
    """The functions that a service's deployments wait for."""
    found = item.get("deploymentConfiguration", {}).get("lifecycleHooks", ())
    for hook in found:
        if hook.get("hookTargetArn"):
            arn = item["serviceArn"]
            yield resource(here, arn, SERVICE)
            yield delivery(
                arn,
                hook["hookTargetArn"],
                Meaning.TRIGGERS,
                "ecs.hook",
                stages=sorted(hook.get("lifecycleStages", ())),
            )


# The newest is planned last: of two roles, the one that is stated last stands.
@service.reads(newest)
@service.reads(running)
def task_definition(here: Here, item: Item, *above: Item) -> Iterator[Fact]:
    """A revision as its family: its role, what its environment mentions, where its logs go."""
    known = item["taskDefinition"]
    arn, revision = arns.canonical(known["taskDefinitionArn"])
    role = named.role(here, known.get("taskRoleArn"))
    yield resource(here, arn, TASK_DEFINITION, role=role, versions={revision: role})
    for container in known.get("containerDefinitions", ()):
        yield from containers.mentions(arn, container)
        yield from containers.logs(here, arn, container, "ecs.logs")
