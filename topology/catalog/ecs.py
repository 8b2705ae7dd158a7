"""ECS: tasks and services that change state tell the default bus.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
"""

from __future__ import annotations

from topology.catalog.service import Emission, Service

SOURCE = "aws.ecs"

service = Service(
    client="ecs",
    title="Amazon ECS",
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html",
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
)
