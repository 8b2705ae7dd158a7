"""CloudFormation: stacks, whom they notify, and that they tell the default bus.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology import arn as arns
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.cloudformation"
STACK = "cloudformation.stack"
CHANGES = (
    "cloudformation:CreateStack",
    "cloudformation:UpdateStack",
    "cloudformation:DeleteStack",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:RollbackStack",
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CancelUpdateStack",
)

service = Service(
    client="cloudformation",
    title="AWS CloudFormation",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html",
    kinds=(Kind(STACK, "CloudFormation stack", Part.CHANNEL),),
    writes=(Write("change", STACK, CHANGES),),
    emissions=(
        Emission(
            "stack",
            CHANGES,
            SOURCE,
            ("CloudFormation Stack Status Change", "CloudFormation Resource Status Change"),
            of=("stack/",),
            arn_at=("detail", "stack-id"),
        ),
        Emission(
            "drift",
            ("cloudformation:DetectStackDrift", "cloudformation:DetectStackResourceDrift"),
            SOURCE,
            ("CloudFormation Drift Detection Status Change",),
            of=("stack/",),
            arn_at=("detail", "stack-id"),
        ),
    ),
    edges=("cfn.notify",),
)

stacks = Call("describe_stacks", items="Stacks")


@service.reads(stacks)
def stack(here: Here, item: Item) -> Iterator[Fact]:
    """A stack without the id its ARN ends with, and the topics that hear of its events."""
    arn, _ = arns.canonical(item["StackId"])
    yield resource(here, arn, STACK)
    for topic in item.get("NotificationARNs", ()):
        yield delivery(arn, topic, Meaning.FORWARDS, "cfn.notify")
