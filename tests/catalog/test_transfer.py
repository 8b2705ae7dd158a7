"""Transfer: uploads start workflows, which call functions and copy files."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[SERVER] = items("transfer/list_servers.one")
[LISTED] = items("transfer/list_workflows.one")
WORKFLOW = arn("transfer", "workflow/w-1111aaaa2222bbbb3")


def test_an_upload_starts_a_workflow_while_its_server_is_online():
    [edge] = edges(read("transfer/describe_server.online", SERVER))
    assert (edge.source, edge.target) == (SERVER["Arn"], WORKFLOW)
    assert (edge.kind, edge.label, edge.dormant) == ("transfer.workflow", "OnUpload", "")
    [asleep] = edges(read("transfer/describe_server.offline", SERVER))
    assert asleep.dormant == "the server is OFFLINE"


def test_a_workflow_calls_functions_and_stores_files():
    facts = read("transfer/describe_workflow.every_step", LISTED)
    assert [(each.arn, each.kind) for each in resources(facts)] == [(WORKFLOW, "transfer.workflow")]
    assert [(edge.meaning, edge.label, edge.target) for edge in edges(facts)] == [
        (Meaning.WRITES, "Steps 1", "arn:aws:s3:::received"),
        (Meaning.TRIGGERS, "Steps 2", arn("lambda", "function:scan")),
        (Meaning.WRITES, "Steps 3", "arn:aws:s3:::plain"),
        (Meaning.ON_FAILURE, "OnExceptionSteps 1", arn("lambda", "function:complain")),
    ]


def test_no_banner_no_host_and_no_path_is_kept():
    assert "canary" not in repr(read("transfer/describe_server.online", SERVER))
    assert "canary" not in repr(read("transfer/describe_workflow.every_step", LISTED))
