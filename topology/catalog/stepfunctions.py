"""Step Functions: state machines, what their tasks reach, and the events they send of themselves.

A definition says what a machine calls: declared targets are edges, and for calls whose targets
depend on data the role answers. A task that waits for its token sends the token out like any
other parameter; who returns it goes on with the same execution and starts no new one.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from topology import arn as arns
from topology.catalog import named, states_language
from topology.catalog.ec2 import PROFILE
from topology.catalog.raises import raised
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.states_language import Task
from topology.catalog.states_tasks import ACTIVITY, EDGES, Deed, deed
from topology.catalog.wiring import delivery, resource
from topology.graph import Edge, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

MACHINE = "states.stateMachine"
JOB = "states.job"
ACTIVITY_KIND = "states.activity"
STATUS_CHANGE = "Step Functions Execution Status Change"
STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE")
MALFORMED, AT_RUN_TIME = "DefinitionNotUnderstood", "KnownAtRunTimeOnly"
GONE = frozenset({"StateMachineDoesNotExist"})

service = Service(
    client="stepfunctions",
    title="AWS Step Functions",
    iam_prefix="states",
    rate=2.5,  # of 5/s for the list calls
    source="https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html",
    kinds=(
        Kind(MACHINE, "state machine", Part.ACTOR),
        Kind(JOB, "job that a task starts under a role of its own", Part.ACTOR),
        Kind(ACTIVITY_KIND, "activity", Part.OTHER),
    ),
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
    edges=(*EDGES, "sfn.status", "sfn.logs"),
    busy=("StartExecution", "StartSyncExecution", "StopExecution", "RedriveExecution"),
)

machines = Call("list_state_machines", items="stateMachines")
description = Call(
    "describe_state_machine",
    for_each=machines,
    parameters={"stateMachineArn": Of("stateMachineArn")},
    gone=GONE,
    names=itemgetter("stateMachineArn"),
)
versions = Call(
    "list_state_machine_versions",
    items="stateMachineVersions",
    on_cycle=MACHINE,
    parameters={"stateMachineArn": Of("arn")},
    token=("nextToken", "nextToken"),
    gone=GONE,
    names=itemgetter("arn"),
)
version_description = Call(
    "describe_state_machine",
    for_each=versions,
    parameters={"stateMachineArn": Of("stateMachineVersionArn")},
    gone=GONE,
    names=itemgetter("stateMachineVersionArn"),
)
aliases = Call(
    "list_state_machine_aliases",
    items="stateMachineAliases",
    on_cycle=MACHINE,
    parameters={"stateMachineArn": Of("arn")},
    token=("nextToken", "nextToken"),
    gone=GONE,
    names=itemgetter("arn"),
)
alias_description = Call(
    "describe_state_machine_alias",
    for_each=aliases,
    parameters={"stateMachineAliasArn": Of("stateMachineAliasArn")},
    gone=frozenset({"ResourceNotFound"}),
    names=itemgetter("stateMachineAliasArn"),
)


@service.reads(machines)
def machine(here: Here, item: Item) -> Iterator[Fact]:
    """A state machine; a standard one tells the default bus of each of its executions."""
    arn, kind = item["stateMachineArn"], item["type"]
    yield resource(here, arn, MACHINE, type=kind, versions={}, aliases={})
    if kind == "STANDARD":
        bus = named.arn_of(here, "events", "event-bus/default")
        yield delivery(arn, bus, Meaning.TRIGGERS, "sfn.status")


@service.reads(description)
def definition(here: Here, item: Item, machine: Item) -> Iterator[Fact]:
    """The newest definition of a machine, its role and its logs."""
    yield from _defined(here, item, version="")
    yield resource(here, item["stateMachineArn"], MACHINE, role=item["roleArn"])


@service.reads(version_description)
def version(here: Here, item: Item, listed: Item, machine: Item) -> Iterator[Fact]:
    """A published version has a definition and a role of its own."""
    _, number = arns.canonical(listed["stateMachineVersionArn"])
    yield from _defined(here, item, number)
    yield resource(here, machine["arn"], MACHINE, versions={number: item["roleArn"]})


@service.reads(alias_description)
def alias(here: Here, item: Item, listed: Item, machine: Item) -> Iterator[Fact]:
    """An alias leads to one version, or to two."""
    _, name = arns.canonical(listed["stateMachineAliasArn"])
    routes = [route["stateMachineVersionArn"] for route in item.get("routingConfiguration", ())]
    numbers = sorted(arns.canonical(arn)[1] for arn in routes)
    yield resource(here, machine["arn"], MACHINE, aliases={name: numbers})


def _defined(here: Here, item: Item, version: str) -> Iterator[Fact]:
    """What a definition says, told by the version it belongs to."""
    arn, _ = arns.canonical(item["stateMachineArn"])
    found = states_language.parse(item.get("definition", ""))
    for fault in found.faults:
        yield Unread(arn, MALFORMED, fault)
    calls: set[str] = set()
    declared: set[str] = set()
    is_whole = not found.faults
    for task in found.tasks:
        does = deed(here, task)
        yield from _reached(here, arn, task, does, version)
        yield from _handed_on(here, arn, task, does)
        declared.update(does.declared)
        if not task.role:
            calls.update(does.calls or ())
        is_whole &= does.calls is not None
    yield resource(
        here,
        arn,
        MACHINE,
        calls={version: sorted(calls) if is_whole else None},
        declared_calls={version: sorted(declared)},
    )
    yield from _logged(arn, item.get("loggingConfiguration", {}))


def _reached(here: Here, arn: str, task: Task, does: Deed, version: str) -> Iterator[Fact]:
    """One edge per target. What a version puts on a channel is not told: versions differ."""
    for reach in does.reaches:
        known: dict[str, object] = {}
        if not version and reach.meaning is Meaning.WRITES:
            known["actions"] = list(reach.actions)
            if reach.entry:
                known["entry"] = dict(reach.entry)
        edge = delivery(arn, reach.target, reach.meaning, reach.kind, label=task.name)
        yield replace(edge, attributes={**edge.attributes, **known})
        if reach.kind == ACTIVITY and arns.parse(reach.target).account == here.account:
            yield resource(here, reach.target, ACTIVITY_KIND)
    if does.fault:
        code = MALFORMED if does.calls is None else AT_RUN_TIME
        yield Unread(arn, code, f"{task.name} {does.fault}")


def _handed_on(here: Here, arn: str, task: Task, does: Deed) -> Iterator[Fact]:
    """The roles other than the machine's that a task uses or hands on, each with its own job."""
    if task.role is None:
        reason = f"{task.name} acts under a role that is known at run time only"
        yield Unread(arn, AT_RUN_TIME, reason)
    own = [task.role] if task.role and does.calls != () else []
    for role in dict.fromkeys((*own, *does.roles)):
        account = arns.parse(role).account
        if account != here.account:
            reason = f"{task.name} acts under a role of account {account}"
            yield Unread(arn, "RoleOfAnotherAccount", reason)
            continue
        name = role.rpartition("/")[2]
        if ":instance-profile/" in role:
            job = named.arn_of(here, "ec2", f"instance-profile/{name}")
            yield resource(here, job, PROFILE, profile=role)
        else:
            job = named.arn_of(here, "states", f"job:{name}")
            yield resource(here, job, JOB, role=role)
        yield delivery(arn, job, Meaning.TRIGGERS, does.kind, label=task.name)


def _logged(arn: str, logging: Item) -> Iterator[Fact]:
    destinations: Sequence[Item] = logging.get("destinations", ())
    if logging.get("level", "OFF") == "OFF":
        return
    for destination in destinations:
        group = destination.get("cloudWatchLogsLogGroup", {}).get("logGroupArn")
        if group:
            yield delivery(arn, group, Meaning.WRITES, "sfn.logs")


@service.carries("sfn.status")
def status_change(events: EventSet, edge: Edge, bus: Resource) -> EventSet:
    """Every execution says when it starts and how it ends.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
    """
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


@service.carries("sfn.task.dynamodb", "sfn.task.events", "sfn.task.awssdk")
def written(events: EventSet, edge: Edge, channel: Resource) -> EventSet:
    """What the task's action raises; of an event put on a bus, some fields may be constant."""
    entry: dict[str, str] = edge.attributes.get("entry", {})
    constant = EventSet.scalars({(name,): strings.literal(text) for name, text in entry.items()})
    return raised(edge.attributes.get("actions", ()), channel) & constant
