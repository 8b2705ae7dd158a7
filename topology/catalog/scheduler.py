"""EventBridge Scheduler: schedules, which whoever may create them starts, and their targets.

A schedule's input may be a secret: it is read for what it names, and nothing of it is kept.

Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.event_targets import forwards
from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.universal_targets import call_of, caller, delivers, is_universal
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SCHEDULE = "scheduler.schedule"
CALL = "scheduler.call"
UNIVERSAL = "scheduler.universal"

service = Service(
    client="scheduler",
    title="Amazon EventBridge Scheduler",
    source="https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_service-with-iam.html",
    kinds=(
        Kind(SCHEDULE, "schedule", Part.CHANNEL),
        Kind(CALL, "API call of a schedule", Part.ACTOR),
    ),
    writes=(Write("schedule", SCHEDULE, ("scheduler:CreateSchedule", "scheduler:UpdateSchedule")),),
    edges=("scheduler.templated", UNIVERSAL, "scheduler.dlq"),
)

schedules = Call("list_schedules", items="Schedules")
description = Call(
    "get_schedule",
    for_each=schedules,
    parameters={"Name": Of("Name"), "GroupName": Of("GroupName")},
    gone=frozenset({"ResourceNotFoundException"}),
    names=itemgetter("Arn"),
)


@service.reads(schedules)
def schedule(here: Here, item: Item) -> Iterator[Fact]:
    """A schedule of any group."""
    yield resource(here, item["Arn"], SCHEDULE)


@service.reads(description)
def target(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """What a schedule starts or calls, and its dead-letter queue."""
    arn, target = item["Arn"], item["Target"]
    yield resource(here, arn, SCHEDULE, expression=item.get("ScheduleExpression"))
    dormant = "the schedule is DISABLED" if item.get("State") == "DISABLED" else ""
    retries = target.get("RetryPolicy", {})
    known = {
        "role": target["RoleArn"],
        "retries": retries.get("MaximumRetryAttempts"),
        "retry_seconds": retries.get("MaximumEventAgeInSeconds"),
    }
    attributes = {key: value for key, value in known.items() if value is not None}
    kind, ends = "scheduler.templated", [_runs(target)]
    if is_universal(target["Arn"]):
        kind, call = UNIVERSAL, call_of(here, target["Arn"], target.get("Input"))
        if delivers(call):
            ends = [each.arn for each in call.targets]
        else:
            made = arn.replace(":schedule/", ":call/", 1)  # beside the schedule's own name
            ends = [made]
            yield from caller(here, made, CALL, call, role=target["RoleArn"], edge=UNIVERSAL)
    for end in ends:
        yield delivery(
            arn, end, forwards(end), kind, label=item["Name"], dormant=dormant, **attributes
        )
    if dead_letters := target.get("DeadLetterConfig", {}).get("Arn"):
        yield delivery(
            arn,
            dead_letters,
            Meaning.ON_FAILURE,
            "scheduler.dlq",
            label=item["Name"],
            dormant=dormant,
        )


def _runs(target: Item) -> str:
    """The target; of a cluster the task definition."""
    task: str = target.get("EcsParameters", {}).get("TaskDefinitionArn", target["Arn"])
    return task
