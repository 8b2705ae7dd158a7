"""The least-privilege read policy."""

from __future__ import annotations

import json
import re

import pytest

from topology import catalog
from topology.catalog.policy import EVIDENCE, read_policy

LARGEST_MANAGED_POLICY = 6144  # characters, white space not counted
READS_DATA = re.compile(
    r"s3:GetObject.*|sqs:ReceiveMessage|secretsmanager:Get.*|ssm:GetParameter.*|logs:Get.*|"
    r"logs:Filter.*|dynamodb:(GetItem|GetRecords|BatchGet.*|Query|Scan|PartiQL.*)|kinesis:Get(Records|ShardIterator)|"
    r"lambda:GetFunction|lambda:GetLayerVersion|kms:.*|.*\*.*"
)


def allowed(**options):
    return [action for each in read_policy(**options)["Statement"] for action in each["Action"]]


def test_it_allows_every_declared_call_and_nothing_else():
    declared = {s.action_of(call) for s in catalog.services() for call in s.calls}
    assert {statement["Effect"] for statement in read_policy()["Statement"]} == {"Allow"}
    assert sorted(allowed()) == sorted(declared)


def test_it_is_the_same_on_every_run_and_fits_one_managed_policy():
    text = json.dumps(read_policy(), separators=(",", ":"))
    assert text == json.dumps(read_policy(), separators=(",", ":"))
    assert len(text) <= LARGEST_MANAGED_POLICY
    assert all(each["Action"] == sorted(each["Action"]) for each in read_policy()["Statement"])


def test_it_uses_iams_names_where_they_differ_from_the_operations():
    assert {"s3:ListAllMyBuckets", "s3:GetBucketNotification"} <= set(allowed())
    assert "s3:ListBuckets" not in allowed()


def test_nothing_it_allows_reads_data_or_secrets():
    assert not list(filter(READS_DATA.fullmatch, allowed()))


@pytest.mark.parametrize("kind", EVIDENCE)
def test_evidence_is_a_statement_of_its_own_that_is_off_by_default(kind):
    [*reads, evidence] = read_policy({kind})["Statement"]
    assert reads == read_policy()["Statement"]
    assert set(evidence["Action"]) == set(EVIDENCE[kind])
    assert not set(EVIDENCE[kind]) & set(allowed())


def test_an_action_that_names_too_much_is_narrowed_to_what_is_read():
    """``apigateway:GET`` anywhere would show API keys."""
    narrowed = {
        action: statement["Resource"]
        for statement in read_policy(partition="aws-cn")["Statement"]
        for action in statement["Action"]
    }
    for service in catalog.services():
        for call in service.calls:
            within = [each.format(partition="aws-cn") for each in service.within]
            assert narrowed[service.action_of(call)] == (within or "*")
