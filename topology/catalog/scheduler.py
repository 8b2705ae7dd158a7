"""EventBridge Scheduler: schedules, which whoever may create them starts.

Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from topology.catalog.service import Kind, Part, Service, Write

SCHEDULE = "scheduler.schedule"

service = Service(
    client="scheduler",
    title="Amazon EventBridge Scheduler",
    source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_service-with-iam.html",
    kinds=(Kind(SCHEDULE, "schedule", Part.CHANNEL),),
    writes=(Write("schedule", SCHEDULE, ("scheduler:CreateSchedule", "scheduler:UpdateSchedule")),),
)
