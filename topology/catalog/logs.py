"""CloudWatch Logs: log groups.

What may write to one is told by configuration alone: the policy that every function is given
allows ``logs:PutLogEvents`` on any group, and functions use it for their own.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service

GROUP = "logs.loggroup"

service = Service(
    client="logs",
    title="Amazon CloudWatch Logs",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    kinds=(Kind(GROUP, "log group", Part.CHANNEL),),
)
