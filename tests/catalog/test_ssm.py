"""Systems Manager: the roles that automations name, and what maintenance windows run."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources, unread
from topology.graph import Meaning

AWAKE, ASLEEP = items("ssm/describe_maintenance_windows.two")
TASKS = "ssm/describe_maintenance_window_tasks.every_type"


@pytest.mark.parametrize(
    ("case", "name", "role"), [("named_role", "mend", "mend"), ("default_role", "default", "usual")]
)
def test_an_automation_has_the_role_that_its_document_names(case, name, role):
    [document] = resources(read(f"ssm/get_document.{case}", {}))
    assert (document.arn, document.kind) == (arn("ssm", f"document/{name}"), "ssm.document")
    arn_of_role = f"arn:aws:iam::111122223333:role/{role}"
    assert document.attributes == {
        "role": arn_of_role,
        "versions": {"2": arn_of_role},
        "role_of_caller": False,
    }


@pytest.mark.parametrize("case", ["given_role", "no_role"])
def test_an_automation_whose_role_its_caller_gives_says_so(case):
    facts = read(f"ssm/get_document.{case}", {})
    [document] = resources(facts)
    assert (document.attributes["role"], document.attributes["role_of_caller"]) == (None, True)
    assert not unread(facts)


def test_a_document_that_cannot_be_parsed_is_unread():
    facts = read("ssm/get_document.malformed", {})
    [gap] = unread(facts)
    assert (gap.resource, gap.code) == (arn("ssm", "document/broken"), "MalformedDocument")
    assert "canary" not in repr(facts)


@pytest.mark.parametrize("case", ["named_role", "default_role", "given_role", "no_role"])
def test_nothing_else_of_a_document_is_kept(case):
    assert "canary" not in repr(read(f"ssm/get_document.{case}", {}))


def test_windows_are_called_by_their_names():
    found = resources(read("ssm/describe_maintenance_windows.two"))
    assert [(each.arn, each.kind, each.name) for each in found] == [
        (arn("ssm", "maintenancewindow/mw-0a000000000000000"), "ssm.maintenancewindow", "nightly"),
        (arn("ssm", "maintenancewindow/mw-0b000000000000000"), "ssm.maintenancewindow", "asleep"),
    ]


def test_a_window_starts_functions_machines_documents_and_commands_on_instances():
    facts = read(TASKS, AWAKE)
    assert {(edge.source, edge.kind, edge.meaning, edge.dormant) for edge in edges(facts)} == {
        (
            arn("ssm", "maintenancewindow/mw-0a000000000000000"),
            "ssm.maintenance",
            Meaning.TRIGGERS,
            "",
        )
    }
    assert [(edge.label, edge.target) for edge in edges(facts)] == [
        ("clean", arn("lambda", "function:clean")),
        ("order", arn("states", "stateMachine:order")),
        ("mend", arn("ssm", "document/mend")),
        ("patch", arn("ssm", "document/AWS-RunPatchBaseline", account="")),
        ("patch", arn("ec2", "instance/i-0a")),
        ("patch", arn("ec2", "instance/*")),
    ]
    assert "canary" not in repr(facts)


def test_a_disabled_window_is_dormant():
    assert {edge.dormant for edge in edges(read(TASKS, ASLEEP))} == {
        "the maintenance window is disabled"
    }
