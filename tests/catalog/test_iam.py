"""IAM: roles and policies as the account-wide walk gives them."""

from __future__ import annotations

import json

from tests.catalog.recorded import HERE, items, resources, unread
from topology import crawl
from topology.catalog import iam
from topology.graph import GLOBAL

RECORDED = "iam/get_account_authorization_details.malformed"
[PAGE] = items(RECORDED)


def decoded(page):
    """A page as botocore hands it over: documents that are JSON objects are decoded."""
    text = json.dumps(page)
    for role in (page := json.loads(text))["RoleDetailList"]:
        for inline in role["RolePolicyList"]:
            inline["PolicyDocument"] = _try(inline["PolicyDocument"])
    for policy in page["Policies"]:
        for version in policy["PolicyVersionList"]:
            version["Document"] = _try(version["Document"])
    return page


def _try(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_a_role_keeps_its_policies_and_the_names_of_shared_ones():
    [role] = resources(iam.roles(HERE, decoded(PAGE)))
    assert (role.kind, role.name) == ("iam.role", "service/orders")
    assert [policy["name"] for policy in role.attributes["policies"]] == ["broken", "write"]
    assert role.attributes["attached"] == [
        "arn:aws:iam::111122223333:policy/shared",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    ]
    assert role.attributes["boundary"] == "arn:aws:iam::111122223333:policy/limit"


def test_a_profile_has_the_role_it_holds():
    [page] = items("iam/get_account_authorization_details.profiles")
    [profile] = resources(iam.profiles(HERE, page))
    assert (profile.kind, profile.name) == ("iam.instanceprofile", "service/orders")
    assert profile.arn == "arn:aws:iam::111122223333:instance-profile/service/orders"
    assert profile.attributes == {"role": "arn:aws:iam::111122223333:role/service/orders"}


def test_a_document_that_is_not_json_is_unread_and_kept_as_nothing():
    facts = list(iam.roles(HERE, decoded(PAGE)))
    [role] = resources(facts)
    broken, write = role.attributes["policies"]
    assert broken["document"] is None
    assert write["document"]["Statement"][0]["Action"] == "s3:PutObject"
    [gap] = unread(facts)
    assert gap.code == "MalformedPolicyDocument"
    assert "broken" in gap.reason


def test_a_managed_policy_is_read_in_its_default_version_if_anything_uses_it():
    facts = list(iam.policies(HERE, decoded(PAGE)))
    found = {policy.name: policy for policy in resources(facts)}
    assert set(found) == {"shared", "limit"}
    assert found["shared"].attributes["document"]["Statement"]
    assert found["limit"].attributes["document"] is None
    [gap] = unread(facts)
    assert gap.resource == "arn:aws:iam::111122223333:policy/limit"


def test_a_malformed_policy_is_a_gap_over_the_wire_and_its_neighbours_are_read(aws, proxy):
    proxy.answer(PAGE, "iam.GetAccountAuthorizationDetails")
    walked = crawl.observe(aws.through(proxy.url), aws.identity, GLOBAL)
    assert {gap.code for gap in walked.gaps} == {"MalformedPolicyDocument"}
    assert {gap.action for gap in walked.gaps} == {"iam:GetAccountAuthorizationDetails"}
    [role] = [r for r in walked.resources if r.kind == "iam.role"]
    assert [p["document"] is None for p in role.attributes["policies"]] == [True, False]
