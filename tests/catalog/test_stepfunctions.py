"""Step Functions: what definitions declare, what is left to the role, versions and aliases."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread
from topology.catalog import stepfunctions
from topology.graph import Meaning

LISTED = "stepfunctions/list_state_machines.two_types"
MACHINE, QUICK = items(LISTED)
ORDER = arn("states", "stateMachine:order")
FOUND = {"arn": ORDER, "name": "order"}  # what a call that follows loops is repeated for
T, W = Meaning.TRIGGERS, Meaning.WRITES


def described(case, machine=MACHINE):
    return read(f"stepfunctions/describe_state_machine.{case}", machine)


def reached(facts):
    return [(edge.label, edge.kind, edge.target, edge.meaning) for edge in edges(facts)]


def said(facts):
    """What is said of the machine, put together."""
    found = [each.attributes for each in resources(facts) if each.arn == ORDER]
    return {name: value for attributes in found for name, value in attributes.items()}


def test_a_standard_machine_tells_the_default_bus_of_itself_and_an_express_one_does_not():
    facts = read(LISTED)
    assert [(each.arn, each.attributes["type"]) for each in resources(facts)] == [
        (ORDER, "STANDARD"),
        (arn("states", "stateMachine:quick"), "EXPRESS"),
    ]
    [status] = edges(facts)
    assert (status.source, status.target) == (ORDER, arn("events", "event-bus/default"))
    assert (status.kind, status.meaning) == ("sfn.status", T)


def test_every_task_is_an_edge_to_what_it_reaches():
    job = arn("states", "job:{}").format
    assert reached(described("every_task")) == [
        ("Invoke", "sfn.task.lambda.invoke", arn("lambda", "function:mail"), T),
        ("Direct", "sfn.task.lambda.direct", arn("lambda", "function:bill"), T),
        ("Work", "sfn.task.activity", arn("states", "activity:pack"), T),
        ("Queue", "sfn.task.sqs", arn("sqs", "jobs"), W),
        ("Tell", "sfn.task.sns", arn("sns", "news"), W),
        ("Save", "sfn.task.dynamodb", arn("dynamodb", "table/orders"), W),
        ("Announce", "sfn.task.events", arn("events", "event-bus/default"), W),
        ("Announce", "sfn.task.events", arn("events", "event-bus/orders"), W),
        ("Nested", "sfn.task.states", arn("states", "stateMachine:ship"), T),
        ("Render", "sfn.task.ecs", arn("ecs", "task-definition/render"), T),
        ("Render", "sfn.task.ecs", job("renderer"), T),
        ("Resize", "sfn.task.batch", arn("batch", "job-definition/resize"), T),
        ("Resize", "sfn.task.batch", arn("batch", "job-queue/slow"), T),
        ("Etl", "sfn.task.glue", arn("glue", "job/etl"), T),
        ("Clean", "sfn.task.databrew", arn("databrew", "job/clean"), T),
        ("Build", "sfn.task.codebuild", arn("codebuild", "project/site"), T),
        ("Ask", "sfn.task.apigateway", "https://a1b2c3.execute-api.eu-west-1.amazonaws.com", T),
        ("Call", "sfn.task.http", "https://api.example.com", T),
        ("Query", "sfn.task.athena", "arn:aws:s3:::answers", W),
        ("Cluster", "sfn.task.emr", arn("ec2", "instance-profile/EMR_EC2_DefaultRole"), T),
        ("Step", "sfn.task.emr", arn("elasticmapreduce", "cluster/j-1"), T),
        ("Virtual", "sfn.task.emr-containers", arn("emr-containers", "/virtualclusters/v1"), T),
        ("Virtual", "sfn.task.emr-containers", job("spark"), T),
        ("Serverless", "sfn.task.emr-serverless", arn("emr-serverless", "/applications/00f"), T),
        ("Serverless", "sfn.task.emr-serverless", job("spark"), T),
        ("Pod", "sfn.task.eks", arn("eks", "cluster/k8s"), T),
        ("Train", "sfn.task.sagemaker", "arn:aws:s3:::models", W),
        ("Train", "sfn.task.sagemaker", job("trainer"), T),
        ("Convert", "sfn.task.mediaconvert", "arn:aws:s3:::films", W),
        ("Convert", "sfn.task.mediaconvert", job("video"), T),
        ("Think", "sfn.task.bedrock", "arn:aws:s3:::thoughts", W),
        ("Drop", "sfn.task.awssdk", "arn:aws:s3:::uploads", W),
        ("", "sfn.logs", arn("logs", "log-group:/aws/vendedlogs/order"), W),
    ]


def test_it_keeps_the_alias_or_version_that_a_task_calls():
    kept = {
        (edge.label, edge.attributes["qualifier"])
        for edge in edges(described("every_task"))
        if edge.label and "qualifier" in edge.attributes
    }
    assert kept == {("Invoke", "live"), ("Direct", "3"), ("Nested", "prod"), ("Render", "3")}


@pytest.mark.parametrize("case", ["every_task", "dynamic", "malformed", "not_understood"])
def test_nothing_that_a_definition_sends_is_kept(case):
    assert "canary" not in repr(described(case)).lower()


def test_of_the_one_event_for_a_bus_what_is_constant_is_kept():
    entries = {edge.target: edge.attributes.get("entry") for edge in edges(described("every_task"))}
    assert entries[arn("events", "event-bus/default")] == {
        "source": "shop",
        "detail-type": "Ordered",
    }
    assert entries[arn("events", "event-bus/orders")] is None  # two events, unlike each other


def test_a_write_keeps_the_actions_that_tell_what_it_raises():
    actions = {
        edge.label: edge.attributes.get("actions") for edge in edges(described("every_task"))
    }
    assert actions["Save"] == ["dynamodb:PutItem"]
    assert actions["Drop"] == ["s3:DeleteObject"]
    assert actions["Invoke"] is None


def test_a_job_runs_under_the_role_that_its_task_hands_on():
    jobs = {
        each.name: each.attributes["role"]
        for each in resources(described("every_task"))
        if each.kind == "states.job"
    }
    head = "arn:aws:iam::111122223333:role"
    assert jobs == {
        "renderer": f"{head}/renderer",
        "spark": f"{head}/spark",
        "trainer": f"{head}/service-role/trainer",
        "video": f"{head}/video",
    }


def test_instances_of_a_cluster_run_under_their_profile():
    [profile] = [each for each in resources(described("every_task")) if each.kind == "ec2.profile"]
    held = "arn:aws:iam::111122223333:instance-profile/EMR_EC2_DefaultRole"
    assert profile.attributes == {"profile": held}


def test_tasks_are_found_in_whatever_they_are_nested():
    facts = described("nested")
    assert reached(facts) == [
        ("Both / Left", "sfn.task.sns", arn("sns", "news"), W),
        ("Both / Each / Right", "sfn.task.sqs", arn("sqs", "jobs"), W),
        ("All / One", "sfn.task.lambda.invoke", arn("lambda", "function:mail"), T),
        ("All / ResultWriter", "sfn.task.awssdk", "arn:aws:s3:::results", W),
    ]
    assert not unread(facts)


def test_a_machine_whose_targets_are_all_declared_calls_nothing_by_its_role():
    known = said(described("nested"))
    assert known["role"] == "arn:aws:iam::111122223333:role/order"
    assert known["calls"] == {"": []}
    assert known["declared_calls"] == {
        "": ["lambda:InvokeFunction", "s3:PutObject", "sns:Publish", "sqs:SendMessage"]
    }


def test_the_role_answers_for_calls_whose_targets_depend_on_data():
    facts = described("dynamic")
    assert [edge.label for edge in edges(facts)] == ["Tell"]
    assert said(facts)["calls"] == {
        "": ["lambda:InvokeFunction", "sqs:SendMessage", "ssm:PutParameter"]
    }


def test_jsonata_is_read_as_jsonpath_is():
    facts = described("jsonata")
    assert [edge.label for edge in edges(facts)] == ["Tell"]
    assert said(facts)["calls"] == {"": ["events:PutEvents", "sqs:SendMessage"]}


def test_a_task_under_another_role_of_the_account_is_a_job_of_that_role():
    facts = described("other_roles")
    assert reached(facts) == [
        ("Ours", "sfn.task.sqs", arn("states", "job:sender"), T),
        (
            "Theirs",
            "sfn.task.lambda.invoke",
            arn("lambda", "function:mail", "444455556666"),
            T,
        ),
    ]
    assert "sqs:SendMessage" not in said(facts)["calls"][""]


def test_a_role_that_only_the_run_knows_is_unread():
    assert [(each.code, each.reason) for each in unread(described("other_roles"))] == [
        ("KnownAtRunTimeOnly", "Whose acts under a role that is known at run time only"),
        ("KnownAtRunTimeOnly", "Train hands on a role that is known at run time only"),
    ]


def test_a_definition_that_cannot_be_read_is_unread_and_may_call_anything():
    facts = described("malformed")
    [gap] = unread(facts)
    assert (gap.resource, gap.code) == (ORDER, "DefinitionNotUnderstood")
    assert said(facts)["calls"] == {"": None}
    assert said(facts)["role"]


def test_what_is_not_understood_of_a_definition_hides_nothing_else():
    facts = described("not_understood")
    assert [edge.label for edge in edges(facts)] == ["Tell"]
    assert [(each.code, each.reason) for each in unread(facts)] == [
        ("DefinitionNotUnderstood", "New is of a Type that is not known"),
        ("DefinitionNotUnderstood", "Bad is no state"),
        ("DefinitionNotUnderstood", "Void has no Resource"),
        ("DefinitionNotUnderstood", "Fork has no Branches"),
        ("DefinitionNotUnderstood", "Loop has no States"),
        ("DefinitionNotUnderstood", "Strange calls a resource of a kind that is not known"),
        (
            "KnownAtRunTimeOnly",
            "Anywhere sends a request to an address that is known at run time only",
        ),
        ("KnownAtRunTimeOnly", "Api sends a request to an address that is known at run time only"),
    ]
    assert said(facts)["calls"] == {"": None}


def test_a_version_has_a_definition_and_a_role_of_its_own():
    [listed] = read_items("list_state_machine_versions.one")
    [item] = read_items("describe_state_machine.version")
    facts = list(stepfunctions.version(HERE, item, listed, FOUND))
    assert {edge.source for edge in edges(facts)} == {ORDER}
    assert [(edge.label, edge.attributes) for edge in edges(facts)] == [("Save", {})]
    assert said(facts) == {
        "calls": {"3": ["sqs:SendMessage"]},
        "declared_calls": {"3": ["dynamodb:DeleteItem"]},
        "versions": {"3": "arn:aws:iam::111122223333:role/older"},
    }


def test_an_alias_leads_to_its_versions():
    [listed] = read_items("list_state_machine_aliases.one")
    [alias] = resources(
        read("stepfunctions/describe_state_machine_alias.two_versions", listed, FOUND)
    )
    assert (alias.arn, alias.attributes) == (ORDER, {"aliases": {"prod": ["3", "4"]}})


def read_items(case):
    return items(f"stepfunctions/{case}")
