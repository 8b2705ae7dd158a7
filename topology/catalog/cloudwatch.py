"""CloudWatch: alarms that change tell the default bus.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.cloudwatch"

service = Service(
    client="cloudwatch",
    title="Amazon CloudWatch",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html",
    emissions=(
        Emission(
            "alarm",
            ("cloudwatch:SetAlarmState",),
            SOURCE,
            ("CloudWatch Alarm State Change",),
            of=("alarm:",),
            name_at=("detail", "alarmName"),
        ),
        Emission(
            "metric", ("cloudwatch:PutMetricData",), SOURCE, ("CloudWatch Alarm State Change",)
        ),
        Emission(
            "alarm configuration",
            (
                "cloudwatch:PutMetricAlarm",
                "cloudwatch:PutCompositeAlarm",
                "cloudwatch:DeleteAlarms",
                "cloudwatch:EnableAlarmActions",
                "cloudwatch:DisableAlarmActions",
            ),
            SOURCE,
            ("CloudWatch Alarm Configuration Change",),
            of=("alarm:",),
            name_at=("detail", "alarmName"),
        ),
    ),
)
