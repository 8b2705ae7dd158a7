"""What the tasks of a state machine do: the resources they reach, and the roles they hand on.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from topology import arn as arns
from topology.catalog import sdk_calls
from topology.catalog.sdk_calls import READS, Called, Target
from topology.catalog.sdk_names import actions_of, operation_of, prefix_of
from topology.catalog.service import Here
from topology.catalog.states_language import Task
from topology.graph import Meaning

# The edge's kind by the service of an optimized integration.
KINDS = {
    "apigateway": "sfn.task.apigateway",
    "athena": "sfn.task.athena",
    "batch": "sfn.task.batch",
    "bedrock": "sfn.task.bedrock",
    "codebuild": "sfn.task.codebuild",
    "databrew": "sfn.task.databrew",
    "dynamodb": "sfn.task.dynamodb",
    "ecs": "sfn.task.ecs",
    "eks": "sfn.task.eks",
    "elasticmapreduce": "sfn.task.emr",
    "emr-containers": "sfn.task.emr-containers",
    "emr-serverless": "sfn.task.emr-serverless",
    "events": "sfn.task.events",
    "glue": "sfn.task.glue",
    "http": "sfn.task.http",
    "lambda": "sfn.task.lambda.invoke",
    "mediaconvert": "sfn.task.mediaconvert",
    "sagemaker": "sfn.task.sagemaker",
    "sns": "sfn.task.sns",
    "sqs": "sfn.task.sqs",
    "states": "sfn.task.states",
}
DIRECT, ACTIVITY, SDK = "sfn.task.lambda.direct", "sfn.task.activity", "sfn.task.awssdk"
EDGES = (*KINDS.values(), DIRECT, ACTIVITY, SDK)

INTEGRATION = re.compile(
    r"arn:[\w-]+:states:::(?P<sdk>aws-sdk:)?(?P<service>[\w-]+):(?P<action>\w+)"
    r"(\.(sync(:\d+)?|waitForTaskToken))?"
)
THROUGH_VPC = re.compile(r"-vpce-\w+(?=\.execute-api\.)")

# Where jobs that an optimized integration starts run: the parameter and the form of the ARN.
HOSTS = {
    "databrew": ("Name", "job/{}"),
    "eks": ("ClusterName", "cluster/{}"),
    "elasticmapreduce": ("ClusterId", "cluster/{}"),
    "emr-containers": ("VirtualClusterId", "/virtualclusters/{}"),
    "emr-serverless": ("ApplicationId", "/applications/{}"),
}
WRITERS = ("athena", "bedrock", "mediaconvert", "sagemaker")  # of results to S3
OUTPUTS = ("s3outputpath", "outputlocation", "destination", "s3outputlocation")
AS_OUTPUT = re.compile(r"output|checkpoint")

# Parameters that hand a role on, or a profile with a role, under which the instances of EMR act.
INSTANCE_PROFILE = "jobflowrole"
ROLE = re.compile(r"\w*role(arn|override)?")
SURELY_ROLE = re.compile(r"\w*rolearn|jobflowrole")
ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:(role|instance-profile)/.+")
OVERRIDING = ("ecs", "codebuild")  # may run under another role than their definition says
PAYLOADS = ("body", "input", "output", "payload", "environment", "hyperparameters")


@dataclass(frozen=True, slots=True)
class Reach:
    """A declared target of a task. ``entry`` is what is constant of the event put on a bus."""

    kind: str
    target: str
    actions: tuple[str, ...] = ()
    entry: tuple[tuple[str, str], ...] = ()

    @property
    def meaning(self) -> Meaning:
        """Tasks write to channels and start everything else."""
        return Target(self.target, "").meaning


@dataclass(frozen=True, slots=True)
class Deed:
    """What one task does.

    ``declared`` are the IAM actions whose targets ``reaches`` says, ``calls`` those for which the
    role answers (None: any). ``roles``, or instance profiles, are handed on to what the task
    starts. ``fault``: what of it nobody can tell before it runs.
    """

    reaches: tuple[Reach, ...] = ()
    declared: tuple[str, ...] = ()
    calls: tuple[str, ...] | None = ()
    roles: tuple[str, ...] = ()
    kind: str = SDK
    fault: str = ""


def deed(here: Here, task: Task) -> Deed:
    """What a task of a machine of ``here`` does."""
    if task.role and arns.parse(task.role).account:
        here = replace(here, account=arns.parse(task.role).account)
    if found := INTEGRATION.fullmatch(task.resource):
        service, action = found["service"], found["action"]
        if found["sdk"]:
            return _called(here, service, action, task.parameters, SDK)
        if service in ("apigateway", "http"):
            return _requested(service, task.parameters)
        return _called(here, service, action, task.parameters, KINDS.get(service, SDK))
    if arns.is_arn(task.resource):
        arn = arns.parse(task.resource)
        if arn.service == "lambda":
            actions = ("lambda:InvokeFunction",)
            return Deed((Reach(DIRECT, task.resource, actions),), declared=actions)
        if arn.service == "states" and arn.resource.startswith("activity:"):
            return Deed((Reach(ACTIVITY, task.resource),))
    return Deed(calls=None, fault="calls a resource of a kind that is not known")


def _called(
    here: Here, service: str, action: str, parameters: Mapping[str, Any] | None, kind: str
) -> Deed:
    prefix, operation = prefix_of(service), operation_of(action)
    found = sdk_calls.called(here, service, action, parameters)
    if kind != SDK:
        found = _optimized(here, prefix, operation, parameters, found)
    by_arn: dict[str, set[str]] = {}
    for target in found.targets:
        by_arn.setdefault(target.arn, set()).add(target.action)
    entries = _entries(parameters) if (prefix, operation) == ("events", "PutEvents") else {}
    reaches = tuple(
        Reach(kind, arn, tuple(sorted(actions)), entries.get(arns.name(arn), ()))
        for arn, actions in sorted(by_arn.items())
    )
    roles, fault = _handed_on(here, prefix, operation, parameters)
    calls = found.actions if found.dynamic else ()
    declared = () if found.dynamic else found.actions
    return Deed(reaches, declared, calls, roles, kind, fault)


def _optimized(
    here: Here, prefix: str, operation: str, parameters: Mapping[str, Any] | None, found: Called
) -> Called:
    """What an integration of its own is known to do beyond the call of the same name."""
    given = parameters or {}
    targets, actions = list(found.targets), actions_of(prefix, operation)
    if prefix in HOSTS:
        name, form = HOSTS[prefix]
        host = given.get(name)
        if isinstance(host, str) and not sdk_calls.AT_RUN_TIME.search(host):
            resource = form.format(host)
            head = f"arn:{here.partition}:{prefix}:{here.region}:{here.account}"
            targets.append(Target(f"{head}:{resource}", actions[0]))
    if prefix in WRITERS:
        buckets = {f"arn:{here.partition}:s3:::{bucket}" for bucket in _outputs(given)}
        targets += [Target(bucket, "s3:PutObject") for bucket in sorted(buckets)]
    if prefix == "bedrock" and (parameters is None or any(map(AS_OUTPUT.match, _keys(given)))):
        actions = (*actions, "s3:PutObject")  # a model's answer is written by the machine itself
    return Called(tuple(targets), actions, found.dynamic)


def _keys(parameters: Mapping[str, Any]) -> Iterator[str]:
    return (str(name).lower() for name in parameters)


def _requested(service: str, parameters: Mapping[str, Any] | None) -> Deed:
    """A request to an API, or to any web address: scheme and host, the rest may be secret."""
    kind = KINDS[service]
    endpoint = (parameters or {}).get("ApiEndpoint")
    if not isinstance(endpoint, str) or sdk_calls.AT_RUN_TIME.match(endpoint):
        return Deed(fault="sends a request to an address that is known at run time only")
    if service == "apigateway":
        endpoint = f"https://{THROUGH_VPC.sub('', endpoint)}"
    split = urlsplit(endpoint)
    if not split.hostname or sdk_calls.AT_RUN_TIME.search(split.hostname):
        return Deed(fault="sends a request to an address that is not understood")
    reach = Reach(kind, f"{split.scheme}://{split.hostname}")
    return Deed((reach,), ("execute-api:Invoke",) if service == "apigateway" else ())


def _entries(parameters: Mapping[str, Any] | None) -> dict[str, tuple[tuple[str, str], ...]]:
    """What is constant of the one event for each bus, by the bus's name."""
    entries = (parameters or {}).get("Entries")
    by_bus: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping) or "EventBusName.$" in entry:
            return {}  # it may join any other at its bus
        bus = entry.get("EventBusName", "default")
        if not isinstance(bus, str) or sdk_calls.AT_RUN_TIME.search(bus):
            return {}
        by_bus.setdefault(_bus_name(bus), []).append(entry)
    return {bus: _constants(each[0]) for bus, each in by_bus.items() if len(each) == 1}


def _bus_name(bus: str) -> str:
    return arns.name(bus) if arns.is_arn(bus) else bus


def _constants(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    known = (
        (name, entry.get(key))
        for name, key in (("detail-type", "DetailType"), ("source", "Source"))
    )
    return tuple(
        (name, text)
        for name, text in known
        if isinstance(text, str) and not sdk_calls.AT_RUN_TIME.search(text)
    )


def _outputs(parameters: object, path: str = "") -> Iterator[str]:
    """Buckets in parameters that say where results go."""
    if isinstance(parameters, list):
        for each in parameters:
            yield from _outputs(each, path)
    elif isinstance(parameters, Mapping):
        for name, value in parameters.items():
            key = str(name).lower()
            yield from _outputs(value, f"{path}.{key}")
    elif isinstance(parameters, str) and parameters.startswith("s3://"):
        *above, key = path.split(".")
        is_output = key in OUTPUTS or (key == "s3uri" and AS_OUTPUT.search(".".join(above)))
        bucket = parameters.removeprefix("s3://").partition("/")[0]
        if is_output and bucket and not sdk_calls.AT_RUN_TIME.search(bucket):
            yield bucket


def _handed_on(
    here: Here, prefix: str, operation: str, parameters: Mapping[str, Any] | None
) -> tuple[tuple[str, ...], str]:
    """The roles that what a task starts acts under, and what is not known of them."""
    is_plain = (prefix, operation) in sdk_calls.TARGETS and prefix not in OVERRIDING
    if is_plain or READS.match(operation) or prefix == "sts":
        return (), ""
    found = set(_roles(here, parameters or {}))
    fault = "hands on a role that is known at run time only" if None in found else ""
    return tuple(sorted(role for role in found if role)), fault


def _roles(here: Here, parameters: object) -> Iterator[str | None]:
    """Roles by the names AWS gives such parameters; None for one that only the run knows."""
    if isinstance(parameters, list):
        for each in parameters:
            yield from _roles(here, each)
    elif isinstance(parameters, Mapping):
        for name, value in parameters.items():
            key = str(name).removesuffix(".$").lower()
            if ROLE.fullmatch(key):
                role = None if name.endswith(".$") else _role(here, key, value)
                if role or SURELY_ROLE.fullmatch(key):
                    yield role
            elif key not in PAYLOADS:
                yield from _roles(here, value)


def _role(here: Here, key: str, value: object) -> str | None:
    if not isinstance(value, str) or sdk_calls.AT_RUN_TIME.search(value):
        return None
    if key == INSTANCE_PROFILE and not arns.is_arn(value):
        return f"arn:{here.partition}:iam::{here.account}:instance-profile/{value}"
    return value if ROLE_ARN.fullmatch(value) else None
