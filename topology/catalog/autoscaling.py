"""Auto Scaling: groups, whom they notify, and that they tell the default bus.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from topology import arn as arns
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

SOURCE = "aws.autoscaling"
GROUP = "autoscaling.group"
SCALES = (
    "autoscaling:SetDesiredCapacity",
    "autoscaling:UpdateAutoScalingGroup",
    "autoscaling:ExecutePolicy",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "autoscaling:StartInstanceRefresh",
)

service = Service(
    client="autoscaling",
    title="Amazon EC2 Auto Scaling",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html",
    kinds=(Kind(GROUP, "Auto Scaling group", Part.CHANNEL),),
    writes=(Write("scale", GROUP, SCALES),),
    emissions=(
        Emission(
            "group",
            SCALES,
            SOURCE,
            (
                "EC2 Instance Launch Successful",
                "EC2 Instance Launch Unsuccessful",
                "EC2 Instance-launch Lifecycle Action",
                "EC2 Instance Terminate Successful",
                "EC2 Instance Terminate Unsuccessful",
                "EC2 Instance-terminate Lifecycle Action",
            ),
        ),
        Emission(
            "refresh",
            (
                "autoscaling:StartInstanceRefresh",
                "autoscaling:CancelInstanceRefresh",
                "autoscaling:RollbackInstanceRefresh",
            ),
            SOURCE,
            (
                "EC2 Auto Scaling Instance Refresh Started",
                "EC2 Auto Scaling Instance Refresh Succeeded",
                "EC2 Auto Scaling Instance Refresh Failed",
                "EC2 Auto Scaling Instance Refresh Cancelled",
            ),
        ),
    ),
    edges=("asg.notify",),
    busy=("CompleteLifecycleAction", "RecordLifecycle"),
)

groups = Call("describe_auto_scaling_groups", items="AutoScalingGroups")
notifications = Call(
    "describe_notification_configurations",
    items="NotificationConfigurations",
    for_each=groups,
    parameters={"AutoScalingGroupNames": [Of("AutoScalingGroupName")]},
    names=itemgetter("AutoScalingGroupName"),
)
hooks = Call(
    "describe_lifecycle_hooks",
    items="LifecycleHooks",
    for_each=groups,
    parameters={"AutoScalingGroupName": Of("AutoScalingGroupName")},
    gone=frozenset({"ValidationError"}),
    names=itemgetter("AutoScalingGroupName"),
)


@service.reads(groups)
def group(here: Here, item: Item) -> Iterator[Fact]:
    """A group. Its ARN holds an id before the name."""
    found = resource(here, item["AutoScalingGroupARN"], GROUP)
    yield replace(found, name=item["AutoScalingGroupName"])


@service.reads(notifications)
def notification(here: Here, item: Item, group: Item) -> Iterator[Fact]:
    """A topic that hears of one kind of change."""
    yield delivery(
        group["AutoScalingGroupARN"],
        item["TopicARN"],
        Meaning.FORWARDS,
        "asg.notify",
        label=item["NotificationType"],
    )


@service.reads(hooks)
def hook(here: Here, item: Item, group: Item) -> Iterator[Fact]:
    """What is told while an instance waits to start or to end; others are told by a bus alone."""
    target = item.get("NotificationTargetARN")
    if target:
        starts = arns.parse(target).service == "lambda"
        yield delivery(
            group["AutoScalingGroupARN"],
            target,
            Meaning.TRIGGERS if starts else Meaning.FORWARDS,
            "asg.notify",
            label=item["LifecycleHookName"],
            transition=item.get("LifecycleTransition"),
        )
