"""Organizations: accounts, what is above them, and the service control policies of each level."""

from __future__ import annotations

import json

import pytest

from tests.catalog.recorded import HERE, items, read, resources
from topology.catalog import organizations
from topology.catalog.organizations import REFUSED, ROOT, SERVICE_CONTROL, UNIT


def of(resource):
    return f"arn:aws:organizations::{HERE.account}:{resource}"


ROOT_ITEM = {
    "Id": "r-abcd",
    "Arn": of("root/o-abcdefghij/r-abcd"),
    "Name": "Root",
    "PolicyTypes": [{"Type": SERVICE_CONTROL, "Status": "ENABLED"}],
}
UNIT_ITEM = {"Id": "ou-abcd-workload", "Arn": of("ou/o-abcdefghij/ou-abcd-workload")}
DEEPER = {"Id": "ou-abcd-producti", "Arn": of("ou/o-abcdefghij/ou-abcd-producti")}
LISTED = {"Arn": of("policy/o-abcdefghij/service_control_policy/p-guardrail0")}
ACCOUNTS = "organizations/list_accounts_for_parent.production"
ATTACHED = "organizations/list_policies_for_target.two"


def test_an_account_is_bound_by_every_level_above_it_and_by_its_own():
    member, _ = resources(read(ACCOUNTS, DEEPER, UNIT_ITEM, ROOT_ITEM))
    assert member.arn == of("account/o-abcdefghij/222233334444")
    assert member.attributes == {
        "levels": [ROOT_ITEM["Arn"], UNIT_ITEM["Arn"], DEEPER["Arn"], member.arn]
    }


def test_nothing_binds_the_management_account():
    _, management = resources(read(ACCOUNTS, ROOT_ITEM))
    assert management.attributes == {"levels": []}


@pytest.mark.parametrize(
    "types",
    [
        [],
        [{"Type": SERVICE_CONTROL, "Status": "PENDING_DISABLE"}],
        [{"Type": "TAG_POLICY", "Status": "ENABLED"}],
    ],
)
def test_nothing_binds_anybody_where_the_policies_are_not_switched_on(types):
    root = {**ROOT_ITEM, "PolicyTypes": types}
    assert {str(each.attributes) for each in resources(read(ACCOUNTS, root))} == {"{'levels': []}"}


def test_no_address_and_no_name_of_an_account_is_kept():
    assert "canary" not in repr(read(ACCOUNTS, ROOT_ITEM))
    assert "canary" not in repr(read(ATTACHED, UNIT_ITEM, ROOT_ITEM))


def test_a_level_keeps_the_names_of_its_policies_and_says_that_these_are_all():
    [unit] = resources(read(ATTACHED, UNIT_ITEM, ROOT_ITEM))
    assert (unit.arn, unit.kind) == (UNIT_ITEM["Arn"], UNIT)
    assert sorted(unit.attributes["policies"].values()) == ["FullAWSAccess", "guardrails"]
    assert unit.attributes["is_whole"] is True


def test_a_page_that_another_follows_does_not_say_that_these_are_all():
    [root] = resources(read("organizations/list_policies_for_target.first_page", ROOT_ITEM))
    assert root.kind == ROOT
    assert "is_whole" not in root.attributes


def test_a_policy_is_kept_as_it_is_stored():
    [policy] = resources(read("organizations/describe_policy.guardrails", LISTED))
    assert json.loads(policy.attributes["document"])["Statement"][0]["Sid"] == "NoWrites"
    assert "canary" not in repr(policy)


def test_a_refused_read_is_no_gap_and_says_nothing():
    assert all(call.absent == REFUSED for call in organizations.service.calls)
    assert list(organizations.attached(HERE, {}, UNIT_ITEM, ROOT_ITEM)) == []
    [policy] = resources(organizations.policy(HERE, {}, LISTED))
    assert policy.attributes == {"document": None}


def test_units_are_read_as_deep_as_aws_lets_them_be_nested():
    calls = [call.operation for call in organizations.service.calls]
    assert calls.count("list_organizational_units_for_parent") == 5
    assert calls.count("list_accounts_for_parent") == 6
    [deepest] = [call for call in organizations.accounts if len(call.ancestors) == 6]
    assert deepest.ancestors[-1] is organizations.roots
    assert items(ACCOUNTS)[0]["Id"] == "222233334444"
