"""Systems Manager: own automations and their roles, maintenance windows, and what all of it tells.

Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-schemas-features.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from topology import arn as arns
from topology.catalog import named
from topology.catalog.event_targets import commanded
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
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

SOURCE = "aws.ssm"
DOCUMENT = "ssm.document"
WINDOW = "ssm.maintenancewindow"
OF_AWS = ("aws", "amazon", "amzn")  # what only names of AWS's own documents begin with
REFERENCE = re.compile(r"\{\{\s*([\w:.-]+)\s*\}\}")

service = Service(
    client="ssm",
    title="AWS Systems Manager",
    source="https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html",
    kinds=(
        Kind(DOCUMENT, "automation document", Part.ACTOR),
        Kind(WINDOW, "maintenance window", Part.OTHER),
    ),
    writes=(Write("automate", DOCUMENT, ("ssm:StartAutomationExecution",)),),
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
    edges=("ssm.maintenance",),
    # The first is the agent's own call, of every instance every five minutes.
    busy=("UpdateInstanceInformation", "PutInventory", "SendCommand", "StartExecutionPreview"),
)

documents = Call(
    "list_documents",
    items="DocumentIdentifiers",
    parameters={
        "Filters": [
            {"Key": "Owner", "Values": ["Self"]},
            {"Key": "DocumentType", "Values": ["Automation"]},
        ]
    },
)
contents = Call(
    "get_document",
    for_each=documents,
    parameters={"Name": Of("Name"), "DocumentFormat": "JSON"},
    gone=frozenset({"InvalidDocument"}),
    names=itemgetter("Name"),
)
windows = Call("describe_maintenance_windows", items="WindowIdentities")
tasks = Call(
    "describe_maintenance_window_tasks",
    items="Tasks",
    for_each=windows,
    parameters={"WindowId": Of("WindowId")},
    gone=frozenset({"DoesNotExistException"}),
    names=itemgetter("WindowId"),
)


@service.reads(contents)
def document(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """An automation and the role its document names; of its content nothing else is looked at.

    Where the role is a parameter, or there is none, whoever starts the automation decides.
    https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup.html
    """
    arn = named.arn_of(here, "ssm", f"document/{item['Name']}")
    role = None
    try:
        content = json.loads(item.get("Content", ""))
        given = _resolved(here, str(content.get("assumeRole") or ""), content)
        role = given if arns.is_arn(given) and "{{" not in given else None
    except (ValueError, AttributeError):
        yield Unread(arn, "MalformedDocument", "the document cannot be read as JSON")
    facts = {"role": role, "versions": {item.get("DocumentVersion", ""): role}}
    yield resource(here, arn, DOCUMENT, **facts, role_of_caller=role is None)


@service.reads(windows)
def window(here: Here, item: Item) -> Iterator[Fact]:
    """A maintenance window: events enter here by the clock."""
    found = resource(here, _window(here, item), WINDOW, schedule=item.get("Schedule"))
    yield replace(found, name=item.get("Name") or item["WindowId"])


@service.reads(tasks)
def task(here: Here, item: Item, window: Item) -> Iterator[Fact]:
    """What a window's task runs, and the instances that its commands are sent to."""
    started = item["TaskArn"]
    ends = [started if arns.is_arn(started) else _document(here, started)]
    if item.get("Type") == "RUN_COMMAND":
        instances = commanded(item.get("Targets", ()))
        ends += [named.arn_of(here, "ec2", f"instance/{each}") for each in instances]
    for end in ends:
        yield delivery(
            _window(here, window),
            end,
            Meaning.TRIGGERS,
            "ssm.maintenance",
            label=item.get("Name", ""),
            dormant="" if window.get("Enabled", True) else "the maintenance window is disabled",
            task=item["WindowTaskId"],
        )


def _resolved(here: Here, text: str, content: Item) -> str:
    """A text with the account, the Region and the defaults of parameters filled in."""
    known = {"global:ACCOUNT_ID": here.account, "global:REGION": here.region}
    for name, parameter in content.get("parameters", {}).items():
        if isinstance(parameter.get("default"), str):
            known[name] = parameter["default"]
    return REFERENCE.sub(lambda found: known.get(found[1]) or found[0], text)


def _document(here: Here, name: str) -> str:
    account = "" if name.lower().startswith(OF_AWS) else here.account
    return f"arn:{here.partition}:ssm:{here.region}:{account}:document/{name}"


def _window(here: Here, item: Item) -> str:
    return named.arn_of(here, "ssm", f"maintenancewindow/{item['WindowId']}")
