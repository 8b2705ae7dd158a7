"""CodeDeploy: deployment groups and the topics their deployments notify.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog import named
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

GROUP = "codedeploy.deploymentgroup"
APPLICATION = "codedeploy.application"

service = Service(
    client="codedeploy",
    title="AWS CodeDeploy",
    source="https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications.html",
    kinds=(
        Kind(GROUP, "CodeDeploy deployment group", Part.CHANNEL),
        Kind(APPLICATION, "CodeDeploy application", Part.OTHER),
    ),
    writes=(Write("deploy", GROUP, ("codedeploy:CreateDeployment",)),),
    edges=("codedeploy.trigger",),
)

applications = Call("list_applications", items="applications")
groups = Call(
    "list_deployment_groups",
    items="deploymentGroups",
    for_each=applications,
    parameters={"applicationName": Of()},
    gone=frozenset({"ApplicationDoesNotExistException"}),
    names=str,
)
described = Call(
    "get_deployment_group",
    for_each=groups,
    parameters={"applicationName": Of(above=1), "deploymentGroupName": Of()},
    gone=frozenset({"ApplicationDoesNotExistException", "DeploymentGroupDoesNotExistException"}),
    names=str,
)


@service.reads(groups)
def group(here: Here, name: str, application: str) -> Iterator[Fact]:
    """A group. Of its deployments, those who watch its application hear as well."""
    arn = _arn(here, application, name)
    whole = named.arn_of(here, "codedeploy", f"application:{application}")
    yield resource(here, arn, GROUP)
    yield resource(here, whole, APPLICATION)
    yield delivery(arn, whole, Meaning.FORWARDS, "codedeploy.trigger")


@service.reads(described)
def triggers(here: Here, item: Item, name: str, application: str) -> Iterator[Fact]:
    """The topics that hear of a group's deployments."""
    for trigger in item["deploymentGroupInfo"].get("triggerConfigurations", ()):
        if trigger.get("triggerTargetArn"):
            yield delivery(
                _arn(here, application, name),
                trigger["triggerTargetArn"],
                Meaning.FORWARDS,
                "codedeploy.trigger",
                label=trigger.get("triggerName", ""),
                events=sorted(trigger.get("triggerEvents", ())),
            )


def _arn(here: Here, application: str, group: str) -> str:
    return named.arn_of(here, "codedeploy", f"deploymentgroup:{application}/{group}")
