"""The accounts of an organisation are found whole, or not at all."""

from __future__ import annotations

import pytest

from topology import crawl
from topology.crawl import CrawlError


@pytest.fixture(scope="module")
def organisation(emulator):
    """A root with two accounts, and a unit within a unit with one each."""
    from tests.rig.account import fresh

    account = fresh(emulator)
    client = account.client("organizations")
    client.create_organization(FeatureSet="ALL")
    root = client.list_roots()["Roots"][0]["Id"]
    outer = client.create_organizational_unit(ParentId=root, Name="outer")
    inner = client.create_organizational_unit(
        ParentId=outer["OrganizationalUnit"]["Id"], Name="inner"
    )
    units = {"outer": outer["OrganizationalUnit"]["Id"], "inner": inner["OrganizationalUnit"]["Id"]}
    ids = {}
    for name, unit in (("top", root), ("middle", units["outer"]), ("bottom", units["inner"])):
        made = client.create_account(Email=f"{name}@example.com", AccountName=name)
        ids[name] = made["CreateAccountStatus"]["AccountId"]
        if unit != root:
            client.move_account(AccountId=ids[name], SourceParentId=root, DestinationParentId=unit)
    return account, units, ids


def names(found):
    return {each.name for each in found}


def test_it_finds_every_account_however_deep(organisation):
    account, _, ids = organisation
    found = crawl.members(account.connection, account.identity)
    assert {each.id for each in found} >= set(ids.values())
    assert list(found) == sorted(found)


def test_it_finds_those_below_a_unit_without_those_left_out(organisation):
    account, units, ids = organisation
    reached = account.connection, account.identity
    assert names(crawl.members(*reached, [units["outer"]])) == {"middle", "bottom"}
    assert names(crawl.members(*reached, [units["outer"]], [units["inner"]])) == {"middle"}
    assert names(crawl.members(*reached, [units["outer"]], [ids["middle"]])) == {"bottom"}


@pytest.mark.parametrize("operation", ["ListRoots", "ListOrganizationalUnitsForParent"])
def test_a_refused_list_is_no_shorter_list(organisation, proxy, operation):
    account, _, _ = organisation
    proxy.deny(f"organizations.{operation}")
    with pytest.raises(CrawlError, match="delegated administrator"):
        crawl.members(account.through(proxy.url), account.identity)
