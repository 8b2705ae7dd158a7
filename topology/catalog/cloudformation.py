"""CloudFormation: stacks and their resources that change tell the default bus.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.cloudformation"

service = Service(
    client="cloudformation",
    title="AWS CloudFormation",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html",
    emissions=(
        Emission(
            "stack",
            (
                "cloudformation:CreateStack",
                "cloudformation:UpdateStack",
                "cloudformation:DeleteStack",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:RollbackStack",
                "cloudformation:ContinueUpdateRollback",
                "cloudformation:CancelUpdateStack",
            ),
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
)
