"""Systems Manager: parameters, automations and commands that change tell the default bus.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.ssm"

service = Service(
    client="ssm",
    title="AWS Systems Manager",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html",
    emissions=(
        Emission(
            "parameter",
            (
                "ssm:PutParameter",
                "ssm:DeleteParameter",
                "ssm:DeleteParameters",
                "ssm:LabelParameterVersion",
                "ssm:UnlabelParameterVersion",
            ),
            SOURCE,
            ("Parameter Store Change",),
            of=("parameter/", "parameter"),
            name_at=("detail", "name"),
        ),
        Emission(
            "automation",
            (
                "ssm:StartAutomationExecution",
                "ssm:StopAutomationExecution",
                "ssm:SendAutomationSignal",
            ),
            SOURCE,
            (
                "EC2 Automation Execution Status-change Notification",
                "EC2 Automation Step Status-change Notification",
            ),
        ),
        Emission(
            "command",
            ("ssm:SendCommand", "ssm:CancelCommand"),
            SOURCE,
            (
                "EC2 Command Status-change Notification",
                "EC2 Command Invocation Status-change Notification",
            ),
        ),
    ),
)
