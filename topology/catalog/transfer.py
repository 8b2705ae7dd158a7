"""Transfer Family: servers, and the workflows that files start when they are uploaded.

Source: https://docs.aws.amazon.com/transfer/latest/userguide/transfer-workflows.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SERVER, WORKFLOW = "transfer.server", "transfer.workflow"
GONE = frozenset({"ResourceNotFoundException"})
AT_REST = ("OFFLINE", "STOPPING", "STOP_FAILED", "START_FAILED")

service = Service(
    client="transfer",
    title="AWS Transfer Family",
    source="https://docs.aws.amazon.com/transfer/latest/userguide/transfer-workflows.html",
    kinds=(
        Kind(SERVER, "file transfer server", Part.OTHER),  # files come from outside
        Kind(WORKFLOW, "file transfer workflow", Part.ACTOR),
    ),
    edges=("transfer.workflow",),
)

servers = Call("list_servers", items="Servers")
server_description = Call(
    "describe_server",
    for_each=servers,
    parameters={"ServerId": Of("ServerId")},
    gone=GONE,
    names=itemgetter("Arn"),
)
workflows = Call("list_workflows", items="Workflows")
workflow_description = Call(
    "describe_workflow",
    for_each=workflows,
    parameters={"WorkflowId": Of("WorkflowId")},
    gone=GONE,
    names=itemgetter("Arn"),
)


@service.reads(server_description)
def server(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A server, and the workflows that its uploads start, whole or broken off."""
    known = item["Server"]
    state = known.get("State", "")
    dormant = f"the server is {state}" if state in AT_REST else ""
    yield resource(here, known["Arn"], SERVER)
    for when, started in known.get("WorkflowDetails", {}).items():
        for each in started:
            yield delivery(
                known["Arn"],
                _arn(here, each["WorkflowId"]),
                Meaning.TRIGGERS,
                "transfer.workflow",
                label=when,
                dormant=dormant,
            )


@service.reads(workflow_description)
def workflow(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A workflow: its functions and the buckets it copies to; it does nothing else."""
    known = item["Workflow"]
    arn = _arn(here, known["WorkflowId"])
    yield resource(here, arn, WORKFLOW)
    for steps, meanings in (
        ("Steps", (Meaning.TRIGGERS, Meaning.WRITES)),
        ("OnExceptionSteps", (Meaning.ON_FAILURE, Meaning.ON_FAILURE)),
    ):
        triggers, writes = meanings
        for number, step in enumerate(known.get(steps, ()), start=1):
            label = f"{steps} {number}"
            if function := step.get("CustomStepDetails", {}).get("Target"):
                yield delivery(arn, function, triggers, "transfer.workflow", label=label)
            for stored in ("CopyStepDetails", "DecryptStepDetails"):
                place = step.get(stored, {}).get("DestinationFileLocation", {})
                if bucket := place.get("S3FileLocation", {}).get("Bucket"):
                    target = f"arn:{here.partition}:s3:::{bucket}"
                    yield delivery(arn, target, writes, "transfer.workflow", label=label)


def _arn(here: Here, workflow: str) -> str:
    return f"arn:{here.partition}:transfer:{here.region}:{here.account}:workflow/{workflow}"
