"""The templates of the role allow what the crawler reads, and one principal with one id."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from topology.catalog import reading_role
from topology.catalog.policy import read_policy

EVIDENCE = [(), ("runtime",), ("code", "runtime")]
MOST = 10_240  # characters of a role's inline policies, without white space


class Template(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, as their arguments."""


for tag in ("!Ref", "!GetAtt"):
    Template.add_constructor(tag, lambda loader, node: (node.tag, node.value))


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_cloudformation_allows_just_what_is_read(evidence):
    text = reading_role.cloudformation(evidence)
    role = yaml.load(text, Template)["Resources"]["Role"]["Properties"]
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"] == read_policy(evidence)
    assert len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) < MOST
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": ("!Ref", "TrustedPrincipal")}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": ("!Ref", "ExternalId")}}


@pytest.mark.parametrize("evidence", EVIDENCE)
def test_terraform_allows_just_what_is_read(evidence):
    text = reading_role.terraform(evidence, "aws-cn")
    found = re.search(r"policy = <<-POLICY\n(.*?)\n  POLICY\n", text, re.DOTALL)
    assert found
    assert json.loads(found[1]) == read_policy(evidence, "aws-cn")
    assert '"sts:ExternalId" = var.external_id' in text
