"""The least-privilege read policy."""

from __future__ import annotations

import json

from topology import catalog
from topology.catalog.policy import read_policy

LARGEST_MANAGED_POLICY = 6144  # characters, white space not counted


def test_it_allows_every_declared_call_and_nothing_else():
    [statement] = read_policy()["Statement"]
    declared = {s.action_of(call) for s in catalog.services() for call in s.calls}
    assert statement["Effect"] == "Allow"
    assert set(statement["Action"]) == declared


def test_it_is_the_same_on_every_run_and_fits_one_managed_policy():
    text = json.dumps(read_policy(), separators=(",", ":"))
    assert text == json.dumps(read_policy(), separators=(",", ":"))
    assert len(text) <= LARGEST_MANAGED_POLICY
    assert read_policy()["Statement"][0]["Action"] == sorted(
        read_policy()["Statement"][0]["Action"]
    )


def test_it_uses_iams_names_where_they_differ_from_the_operations():
    [statement] = read_policy()["Statement"]
    assert {"s3:ListAllMyBuckets", "s3:GetBucketNotification"} <= set(statement["Action"])
    assert "s3:ListBuckets" not in statement["Action"]
