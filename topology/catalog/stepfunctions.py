"""Step Functions: state machines, and the events that standard workflows send of themselves.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

from topology import arn as arns
from topology.catalog.service import Emission, Kind, Part, Service, Write
from topology.graph import Edge, Resource
from topology.sets import strings
from topology.sets.events import EventSet

MACHINE = "states.stateMachine"
STATUS_CHANGE = "Step Functions Execution Status Change"
STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE")

service = Service(
    client="stepfunctions",
    title="AWS Step Functions",
    iam_prefix="states",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html",
    kinds=(Kind(MACHINE, "state machine", Part.ACTOR),),
    writes=(Write("start", MACHINE, ("states:StartExecution", "states:StartSyncExecution")),),
    emissions=(
        Emission(
            "execution",
            ("states:StartExecution",),
            "aws.states",
            (STATUS_CHANGE,),
            of=("stateMachine:",),
            arn_at=("detail", "stateMachineArn"),
            unless="sfn.status",
        ),
        Emission(
            "end",
            ("states:StopExecution", "states:RedriveExecution"),
            "aws.states",
            (STATUS_CHANGE,),
        ),
    ),
)


@service.carries("sfn.status")
def status_change(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """Every execution says when it starts and how it ends."""
    machine = edge.source
    started = machine.replace(":stateMachine:", ":execution:", 1)
    known = {
        ("source",): strings.literal("aws.states"),
        ("detail-type",): strings.literal(STATUS_CHANGE),
        ("account",): strings.literal(arns.parse(machine).account),
        ("region",): strings.literal(arns.parse(machine).region),
        ("resources",): strings.prefix(f"{started}:"),
        ("detail", "executionArn"): strings.prefix(f"{started}:"),
        ("detail", "stateMachineArn"): strings.literal(machine),
        ("detail", "status"): strings.one_of(STATUSES),
    }
    return EventSet.scalars(known)
