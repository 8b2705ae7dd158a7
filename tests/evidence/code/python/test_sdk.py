"""What is known of the SDK's methods, against its own description of them."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest
from botocore import xform_name
from botocore.model import ServiceModel

from topology.catalog.code_calls import actions
from topology.catalog.sdk_calls import READS
from topology.evidence.code.parameters import CONDITIONS, TARGETS
from topology.evidence.code.python.actions import ACTIONS, BATCHES, GIVEN, QUIET, SERVICE_OF
from topology.evidence.code.python.requests import DISTINCT, TRANSFERS, operation_of


@cache
def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


@pytest.mark.parametrize("service", [*TARGETS, "athena", "textract", "transcribe", "rds"])
def test_a_methods_operation_needs_the_same_permission(service: str) -> None:
    """IAM does not tell cases apart; what is written anywhere must be spelled as it is."""
    for operation in model(service).operation_names:
        named = operation_of(xform_name(operation))
        assert named.lower() == operation.replace("_", "").lower()
        assert bool(READS.match(named)) == bool(READS.match(operation))
        if len(actions(service, operation)) > 1:
            assert named == operation


def test_distinct_names_are_methods_of_clients():
    services = ("s3", "sqs", "sns", "dynamodb", "events", "lambda", "kinesis", "firehose")
    methods = {xform_name(each) for service in services for each in model(service).operation_names}
    assert {"put_object", "send_message", "put_events", "put_item"} <= DISTINCT & methods


@pytest.mark.parametrize("service", TARGETS)
def test_targets_are_parameters_of_requests(service: str) -> None:
    given = {
        name
        for operation in model(service).operation_names
        if (shape := model(service).operation_model(operation).input_shape) is not None
        for name in shape.members
    }
    assert set(TARGETS[service]) <= given
    entries: Any = model("events").operation_model("PutEvents").input_shape
    assert set(CONDITIONS) <= entries.members["Entries"].member.members.keys()


def _description(service: str) -> Any:
    loader = boto3.Session()._session.get_component("data_loader")
    return loader.load_service_model(service, "resources-1")


@pytest.mark.parametrize("service", SERVICE_OF)
def test_every_action_of_resources_is_known(service: str) -> None:
    described = _description(service)
    assert set(described["resources"]) == set(SERVICE_OF[service])
    for kind, resource in {**described["resources"], "": described["service"]}.items():
        for name, action in resource.get("actions", {}).items():
            method, operation = xform_name(name), action["request"]["operation"]
            if READS.match(operation):
                known = method in QUIET or (kind, method) in GIVEN
                assert known, (kind, method)
            else:
                assert ACTIONS[kind, method] == operation
            if "resource" in action:
                assert GIVEN[kind, method].rstrip("*") == action["resource"]["type"]
        for name, action in resource.get("batchActions", {}).items():
            assert BATCHES[kind, xform_name(name)] == action["request"]["operation"]
        for name, other in resource.get("has", {}).items():
            assert GIVEN.get((kind, name), name) == other["resource"]["type"], (kind, name)


def test_what_boto3_adds_to_resources_is_known():
    s3: Any = boto3.resource("s3", region_name="us-east-1")
    for kind, made in {"Bucket": s3.Bucket("b"), "Object": s3.Object("b", "k")}.items():
        methods = {name for name in dir(made) if name in TRANSFERS}
        assert methods
        assert all((kind, name) in ACTIONS for name in methods)
