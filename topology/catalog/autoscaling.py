"""Auto Scaling: groups that start and stop instances tell the default bus.

Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.autoscaling"

service = Service(
    client="autoscaling",
    title="Amazon EC2 Auto Scaling",
    source="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html",
    emissions=(
        Emission(
            "group",
            (
                "autoscaling:SetDesiredCapacity",
                "autoscaling:UpdateAutoScalingGroup",
                "autoscaling:ExecutePolicy",
                "autoscaling:TerminateInstanceInAutoScalingGroup",
                "autoscaling:StartInstanceRefresh",
            ),
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
)
